"""What the pages for people say, held against what is there."""

from __future__ import annotations

import re
import tomllib

import pytest

from foi_etl.cli.app import COMMANDS, command_named
from helpers import ROOT

PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/RELEASES.md", "benchmarks/README.md")
GROUPS = {name: set(getattr(command_named(name), "commands", ())) for name in COMMANDS}
"""Each command of foi-etl, and the commands below it."""


def said(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def named(text: str) -> list[list[str]]:
    """The words behind each foi-etl that stands in code: `foi-etl releases diff OLD NEW` gives two."""
    code = "\n".join(
        block or word for block, word in re.findall(r"```sh\n(.*?)```|`([^`\n]+)`", text, re.DOTALL)
    )
    return [words.split() for words in re.findall(r"\bfoi-etl((?: [a-z]+(?![\w./]))+)", code)]


def exists(words: list[str]) -> bool:
    name, *rest = words
    return name in GROUPS and (not GROUPS[name] or (bool(rest) and rest[0] in GROUPS[name]))


@pytest.mark.parametrize("page", PAGES)
def test_a_command_that_a_page_names_exists(page: str) -> None:
    assert [" ".join(words) for words in named(said(page)) if not exists(words)] == []


def test_a_command_that_is_none_would_be_noticed() -> None:
    assert [exists(words) for words in named("`foi-etl frobnicate` and `foi-etl releases burn`")] == [
        False,
        False,
    ]


def test_the_readme_names_every_command() -> None:
    full = {f"{name} {below}" for name, group in GROUPS.items() for below in group}
    single = {name for name, group in GROUPS.items() if not group}
    assert sorted(words for words in full | single if words not in said("README.md")) == []


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_a_file_leads_to_one(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)\)", said(page))
    inside = [link for link in links if "://" not in link]
    assert [link for link in inside if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_readme_says_first_how_to_start_and_how_to_test() -> None:
    assert "python3 bootstrap.py demo\npython3 bootstrap.py test" in said("README.md")[:2500]


def test_the_changelog_and_the_citation_know_the_version() -> None:
    version = tomllib.loads(said("pyproject.toml"))["project"]["version"]
    assert f"\n## [{version}] - " in said("CHANGELOG.md")
    assert f"\nversion: {version}\n" in said("CITATION.cff")


def test_contributing_opens_with_how_to_add_an_agency() -> None:
    assert said("CONTRIBUTING.md").startswith("# Contributing\n\n## Add an agency in five steps\n")
