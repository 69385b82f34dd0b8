"""What a person types, what comes back, and what the exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foi_etl.cli.app import app, main
from foi_etl.documents import LARGEST_FILE
from foi_etl.errors import NotAReport, WrongUsage
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.pages import render
from foi_etl.practice.styles import BY_NAME
from helpers import CORPUS, STATUTE, needs_shared

RUN = CliRunner()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    report = country(STATUTE).report("practice-suqian", 2023)
    path = tmp_path / "report.html"
    path.write_bytes(render(report, STATUTE, BY_NAME["clean"], rng=dice("cli")))
    return path


def test_json_holds_one_object_for_each_document(page: Path) -> None:
    done = RUN.invoke(app, ["read", "--json", str(page), str(page)])
    assert done.exit_code == 0
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first == second
    assert {
        "file",
        "title",
        "agency_name",
        "year",
        "tables",
        "cells",
        "inferences",
        "findings",
    } <= first.keys()
    assert first["tables"] == [{"table": name, "edition": "e2021"} for name in ("t2", "t3", "t4")]
    fee = first["cells"]["t2_fee_amount"]
    assert {name: fee[name] for name in ("value", "state", "unit")} == {
        "value": 59237.2449,
        "state": "number",
        "unit": "万元",
    }
    assert fee["at"].startswith("t")


def test_a_refused_document_is_an_object_too_and_the_exit_code_says_so(page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_bytes(b"")
    done = RUN.invoke(app, ["read", "--json", str(tmp_path / "empty.html"), str(page)])
    assert done.exit_code == 1
    refused, read = (json.loads(line) for line in done.stdout.splitlines())
    assert refused["cells"] == {}
    assert refused["year"] is None
    assert refused["findings"][0]["rule"] == "unread"
    assert len(read["cells"]) == 200


def test_a_page_without_tables_says_whose_it_is_all_the_same(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>甲县司法局2022年政府信息公开工作年度报告</p><p>一、总体情况</p>", encoding="utf-8")
    refused = json.loads(RUN.invoke(app, ["read", "--json", str(page)]).stdout)
    assert (refused["agency_name"], refused["year"]) == ("甲县司法局", 2022)


def test_a_cell_that_the_page_lacks_is_absent_and_a_blank_one_is_null(tmp_path: Path) -> None:
    report = country(STATUTE).report("practice-pinghu", 2019)
    text = render(report, STATUTE, BY_NAME["clean"], rng=dice("cli")).decode()
    row = text[
        text.rindex("<tr", 0, text.index("重复申请")) : text.index("</tr>", text.index("重复申请")) + 5
    ]
    (tmp_path / "page.html").write_text(text.replace(row, ""), encoding="utf-8")
    done = json.loads(RUN.invoke(app, ["read", "--json", str(tmp_path / "page.html")]).stdout)
    assert "t3_noproc_duplicate_total" not in done["cells"]
    assert done["cells"]["t3_granted_biz"]["value"] is None
    assert any("t3_noproc_duplicate_total" in finding["cells"] for finding in done["findings"])


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("empty.html", b"", "empty"),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + bytes(64), "picture"),
        ("login.html", b"<html><body><form><input type=password></form></body></html>", "login"),
        ("other.html", b"<html><body><table><tr><td>a<td>b<td>c<td>d</table></body></html>", "landmarks"),
        ("cells.html", b"<html><table>" + b"<td>" * (50 * 2**20 // 4), "MB"),
        ("zeros.html", bytes(4096), "nothing"),
    ],
    ids=[
        "an empty file",
        "a picture named html",
        "a login page",
        "a page without the form",
        "50 MB of cells",
        "NULs",
    ],
)
def test_bad_input_is_refused_with_file_and_remedy(name: str, body: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(body)
    done = RUN.invoke(app, ["read", str(tmp_path / name)])
    assert done.exit_code == 1
    assert said in done.stderr
    assert name in done.stderr.replace("\n", "")


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    done = RUN.invoke(app, ["read", "nowhere.html"])
    assert isinstance(done.exception, WrongUsage)


def test_what_the_system_refuses_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setattr("sys.argv", ["foi-etl", "run", "--home", str(tmp_path / "a file" / "home")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "foi-etl: Not a directory: look at the path" in capsys.readouterr().err


def test_a_folder_is_no_file() -> None:
    done = RUN.invoke(app, ["read", "."])
    assert "name the files in it" in str(done.exception)


def test_what_is_piped_in_is_read(page: Path) -> None:
    named, piped = (
        json.loads(RUN.invoke(app, ["read", "--json", one], input=page.read_bytes()).stdout)
        for one in (str(page), "-")
    )
    assert piped == named | {"file": "-"}


def test_of_a_file_too_large_no_more_is_taken_into_memory_than_tells_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def refuse(body: bytes, *_: object) -> None:
        taken.append(len(body))
        raise NotAReport("too large")

    monkeypatch.setattr("foi_etl.cli.read.read_bytes", refuse)
    with (tmp_path / "x.pdf").open("wb") as file:
        file.truncate(LARGEST_FILE + 2**20)
    assert RUN.invoke(app, ["read", str(tmp_path / "x.pdf")]).exit_code == 1
    assert taken == [LARGEST_FILE + 1]


@pytest.mark.parametrize("words", [[], ["releases"], ["agencies"], ["practice"]])
def test_a_command_without_words_teaches(words: list[str]) -> None:
    done = RUN.invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.stdout


@needs_shared
def test_the_shipped_register_is_sound() -> None:
    assert RUN.invoke(app, ["agencies", "check"]).exit_code == 0


@needs_shared
def test_a_person_sees_how_the_identities_fared() -> None:
    done = RUN.invoke(app, ["read", str(CORPUS / "pinghu-2019-text" / "source.txt")])
    assert "blanks as zero: 40 held, 0 failed, 0 untestable" in done.stdout
