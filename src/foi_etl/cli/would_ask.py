"""`foi-etl run --dry-run`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from foi_etl import wiring
from foi_etl.cli.say import table
from foi_etl.model import Agency
from foi_etl.replays import foreseen
from foi_etl.settings import Settings

_SHOWN: Final = 3


def would_ask(here: Settings, chosen: Sequence[Agency], *, force: bool) -> None:
    """What the archive makes us expect: the pages of the lists, and what they named that we do not have."""
    families = wiring.known_families(here)
    rows: list[tuple[str, str, int, int, str]] = []
    with ExitStack() as opened:
        there = wiring.has_archive(here)
        archive = opened.enter_context(wiring.archive_of(here, read_only=True)) if there else None
        for one in chosen:
            pages, named = foreseen(one, families[one.family], archive, here.budget)
            held = [ask for ask in named if archive and archive.latest(ask.key, status=200)]
            wanted = named if force else [ask for ask in named if ask not in held]
            asks = [ask.url for ask in (*pages, *wanted)]
            rows.append((one.id, one.family, len(held), len(asks), " ".join(asks[:_SHOWN])))
    columns = ("agency", "family", "reports held", "requests", "first of them")
    table("Would ask (nothing is asked now)", columns, rows)
