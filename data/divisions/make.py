"""Makes counties.csv and townships.csv.gz anew from the packages named in README.md, unpacked in a folder.

A line is a spell: a code, its name, and the first and the last of the lists that have both. A list is a
vintage; what happened between two of them is not known to the day, and nothing here says that it is.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
from pathlib import Path

GB2260 = "gb2260-0.6.0"
STATISTICS = {
    "2016-07-31": "china-division-2.0.0",
    "2017-10-31": "china-division-2.1.1",
    "2018-10-31": "china-division-2.2.0",
    "2019-10-31": "china-division-2.3.1",
    "2020-06-30": "china-division-2.4.0",
    "2021-10-31": "china-division-2.5.0",
    "2022-10-31": "china-division-2.6.1",
    "2023-06-30": "china-division-2.7.0",
}
ELSEWHERE = {"71", "81", "82"}
"""No body there owes a report under the Regulation."""
"""English names of provinces and prefectures, by hand; who else has them spells 厦门 as Shamen."""
with (Path(__file__).parent / "english.csv").open(encoding="utf-8", newline="") as _text:
    ENGLISH = {row["name"]: row["name_en"] for row in csv.DictReader(_text)}
HEADER = ("code", "name", "name_en", "first", "last")
_SPACE = re.compile(r"\s+")
_BOUND = re.compile(r"街道办事处$")
"""The lists called every 街道 a 街道办事处 up to a year, and none since: the office is not the place."""


def main() -> None:
    """Read the packages, write the two files beside this one."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "packages", type=Path, help="where they are unpacked, each in a folder of its name"
    )
    packages = arguments.parse_args().packages
    here = Path(__file__).parent
    counties = spells(county_lists(packages))
    lines = [(code, name, _english(code, name), *span) for code, name, *span in counties]
    (here / "counties.csv").write_text(written(lines), encoding="utf-8", newline="")
    towns = [(code, name, "", *span) for code, name, *span in spells(township_lists(packages))]
    with gzip.GzipFile(here / "townships.csv.gz", "wb", mtime=0) as packed:
        packed.write(written(towns).encode())


def county_lists(packages: Path) -> dict[str, dict[str, str]]:
    """Code to name for each vintage, provinces, prefectures and counties."""
    lists = {}
    for path in sorted((packages / GB2260).rglob("20[0-9][0-9][0-9][0-9].json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        day = f"{path.stem[:4]}-{path.stem[4:]}"
        lists[day] = {code: tidy(name) for code, name in known.items() if code[:2] not in ELSEWHERE}
    for day, package in STATISTICS.items():
        lists[day] = {}
        for file in ("provinces", "cities", "areas"):
            lists[day] |= {code.ljust(6, "0"): name for code, name in rows(packages / package, file)}
    return lists


def township_lists(packages: Path) -> dict[str, dict[str, str]]:
    """Code to name for each vintage, townships."""
    return {
        day: {code: _BOUND.sub("街道", name) for code, name in rows(packages / package, "streets")}
        for day, package in STATISTICS.items()
    }


def rows(package: Path, file: str) -> list[tuple[str, str]]:
    """Code and name as a list of one level has them."""
    [path] = package.rglob(f"{file}.csv")
    with path.open(encoding="utf-8", newline="") as text:
        return [(row["code"], tidy(row["name"])) for row in csv.DictReader(text)]


def tidy(name: str) -> str:
    """A name without the spaces that some lists put in."""
    return _SPACE.sub("", name)


def spells(lists: dict[str, dict[str, str]]) -> list[tuple[str, str, str, str]]:
    """Code, name, first and last vintage of every spell; a code or a name that comes back has two."""
    made: list[tuple[str, str, str, str]] = []
    running: dict[str, tuple[str, str, str]] = {}
    for day in sorted(lists):
        now = lists[day]
        over = [code for code, (name, _, _) in running.items() if now.get(code) != name]
        made += [(code, *running.pop(code)) for code in over]
        for code, name in now.items():
            running[code] = (name, running[code][1] if code in running else day, day)
    return sorted(
        [*made, *((code, *rest) for code, rest in running.items())], key=lambda one: (one[0], one[2])
    )


def _english(code: str, name: str) -> str:
    """The name of a province or a prefecture in English; counties share theirs too often."""
    return ENGLISH.get(name, "") if code.endswith("00") else ""


def written(lines: list[tuple[str, ...]]) -> str:
    """The lines as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(lines)
    return text.getvalue()


if __name__ == "__main__":
    main()
