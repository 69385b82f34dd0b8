"""`foi-etl agencies check` on the shipped register: silent as it is, and naming each fault put into it."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from foi_etl.cli.app import app
from helpers import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PORTALS, AGENCIES = (
    (ROOT / "data" / name).read_text(encoding="utf-8") for name in ("portals.yaml", "agencies.csv")
)
LINE = next(line for line in AGENCIES.splitlines() if line.startswith("anqing-finance,"))
ROW = AGENCIES.splitlines().index(LINE) + 1
FIRST = re.compile(r"^[\w.-]+:\n(?:  .*\n)+", re.MULTILINE)
"""The entry of the first portal."""
HOST = FIRST.findall(PORTALS)[0].split(":")[0]
FIELDS = dict(zip(AGENCIES.splitlines()[0].split(","), LINE.split(","), strict=True))


def line(**changed: str) -> str:
    return ",".join((FIELDS | changed).values())


AGENCY_FAULTS = {
    "the id": (line(id="Anqing_Finance"), "must be small letters"),
    "an id used twice": (line(id="anhui-gov"), "ids are never shared"),
    "no Chinese name": (line(name="Anqing"), "the Chinese name is missing"),
    "no English name": (line(name_en=""), "the English name is missing"),
    "an English name in Chinese": (line(name_en="安庆市财政局"), "the English name is in Chinese"),
    "no host": (line(portal="nb/index.html"), "no web address"),
    "another scheme": (line(portal="ftp://a.gov.cn/nb"), "no web address"),
    "an unknown host": (line(portal="https://unknown.gov.cn/nb/"), "has no entry"),
    "a fragment": (line(portal=FIELDS["portal"] + "#a"), "has a fragment"),
    "a port without a word": (
        line(portal=FIELDS["portal"].replace(".gov.cn/", ".gov.cn:8080/"), note=""),
        "names a port",
    ),
    "a division code": (line(division_code="34"), "is no division code"),
    "a level": (line(level="city"), "there is no level 'city'"),
    "a kind": (line(kind="bureau"), "there is no kind 'bureau'"),
    "an unknown parent": (line(parent="nobody"), "is not in the register"),
    "its own parent": (line(parent="anqing-finance"), "it is its own parent"),
    "a day of beginning": (line(since="2020"), "`since` is '2020', and no date"),
    "a day of ending": (line(until="soon"), "`until` is 'soon', and no date"),
    "ending before it begins": (line(since="2021-01-01", until="2020-01-01"), "it ends before it begins"),
    "a space": (line(note="unverified "), "begins or ends with a space"),
    "full-width letters": (line(level="ｃounty"), "holds full-width characters"),
    "the same column": (line(id="other-finance") + "\n" + LINE, "listed twice on the same column"),
}
PORTAL_FAULTS = {
    "a family": ("  family: tsr\n", "there is no family 'tsr'"),
    "no evidence": ("  family: trs\n", "`evidence` is missing"),
    "a pace": ("  family: trs\n  evidence: x\n  pace: 0.1\n", "out of range"),
    "a TLS exception": ("  family: trs\n  evidence: x\n  tls: lax\n", "no TLS exception 'lax'"),
    "a parameter": ("  family: trs\n  evidence: x\n  parameters: {dialct: a}\n", "knows no parameter"),
    "practice": ("  family: trs\n  evidence: x\n  practice: true\n", "practice portals, and no others"),
    "nobody there": (
        "  family: trs\n  evidence: x\nlonely.gov.cn:\n  family: trs\n  evidence: x\n",
        "no agency",
    ),
}


def checked(home: Path, portals: str, agencies: str) -> tuple[int, str]:
    (home / "portals.yaml").write_text(portals, encoding="utf-8")
    (home / "agencies.csv").write_text(agencies, encoding="utf-8")
    result = CliRunner().invoke(app, ["agencies", "check", "--home", str(home)])
    return result.exit_code, result.output.replace("\n", " ")


def test_the_shipped_register_is_met_with_silence() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "foi_etl", "agencies", "check"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("fault", AGENCY_FAULTS)
def test_a_fault_of_an_agency_is_named_with_its_row(tmp_path: Path, fault: str) -> None:
    wrong, said = AGENCY_FAULTS[fault]
    code, told = checked(tmp_path, PORTALS, AGENCIES.replace(LINE, wrong))

    assert code == 1
    assert f"agencies.csv:{ROW}: " in told
    assert said in told


@pytest.mark.parametrize("fault", PORTAL_FAULTS)
def test_a_fault_of_a_portal_is_named_with_its_row(tmp_path: Path, fault: str) -> None:
    entry, said = PORTAL_FAULTS[fault]
    code, told = checked(tmp_path, FIRST.sub(f"{HOST}:\n{entry}", PORTALS, count=1), AGENCIES)

    assert (code, said in told) == (1, True)
    assert "portals.yaml:" in told
