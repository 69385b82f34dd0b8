"""A document that cannot be read is complained of once."""

from __future__ import annotations

from pathlib import Path

from foi_etl.cli.told import untold
from foi_etl.model import Refusal
from foi_etl.settings import Settings


def refused(name: str, reason: str = "NotAReport") -> Refusal:
    return Refusal(name, reason, "the portal answered 404: fetch it again")


def test_a_dead_link_is_news_once(tmp_path: Path) -> None:
    here = Settings(home=tmp_path)
    dead, other = refused("dead"), refused("other")
    assert untold(here, [dead]) == [dead]
    assert untold(here, [dead]) == []
    assert untold(here, [dead, other]) == [other]


def test_what_was_well_in_between_is_news_again_and_so_is_another_reason(tmp_path: Path) -> None:
    here = Settings(home=tmp_path)
    dead, damaged = refused("dead"), refused("dead", "ArchiveDamaged")
    assert [len(untold(here, one)) for one in ([dead], [], [dead], [damaged])] == [1, 0, 1, 1]


def test_a_home_without_refusals_gets_no_file(tmp_path: Path) -> None:
    assert untold(Settings(home=tmp_path), []) == []
    assert list(tmp_path.iterdir()) == []
