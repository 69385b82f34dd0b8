"""What describes a release is of the shape its standard asks for, and names what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from foi_etl.publish.croissant import croissant
from foi_etl.publish.manifest import read_manifest, sha256
from foi_etl.publish.package import datapackage
from helpers import ROOT
from verdicts import LAYOUT, judged, released

PRINTED = {"t3_granted_total": "5", "t3_carried_in_total": "0"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = [judged(year=year, printed=PRINTED) for year in (2022, 2023)]
    made = released(tmp_path_factory.mktemp("home") / "releases", *reports)
    assert made
    return made.path


def test_the_data_package_is_one_of_version_two(release: Path) -> None:
    package = json.loads((release / "datapackage.json").read_bytes())
    manifest = read_manifest(release)
    assert package == json.loads(json.dumps(datapackage(manifest, LAYOUT)))
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    names = [one["name"] for one in package["resources"]]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9._-]+", name) for name in (package["name"], *names))
    for one in package["resources"]:
        fields = {field["name"]: field["type"] for field in one["schema"]["fields"]}
        assert set(one["schema"].get("primaryKey", ())) <= fields.keys()
        assert set(fields.values()) <= {"string", "integer", "number", "boolean", "date", "any"}
        assert one["hash"] == f"sha256:{sha256(release / one['path'])}"


def test_the_croissant_names_every_file_and_every_column_once(release: Path) -> None:
    told = json.loads((release / "croissant.json").read_bytes())
    assert told == json.loads(json.dumps(croissant(read_manifest(release), LAYOUT)))
    assert (told["@type"], told["conformsTo"]) == ("sc:Dataset", "http://mlcommons.org/croissant/1.0")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", told["datePublished"])
    objects = {one["@id"]: one for one in told["distribution"] if one["@type"] == "cr:FileObject"}
    sets = {one["@id"]: one for one in told["distribution"] if one["@type"] == "cr:FileSet"}
    assert {path: one["sha256"] for path, one in objects.items()} == {
        entry.path: entry.sha256 for entry in read_manifest(release).tables
    }
    assert sorted(path for one in sets.values() for path in one["includes"]) == sorted(objects)
    ids = [field["@id"] for records in told["recordSet"] for field in records["field"]]
    assert len(ids) == len(set(ids)) == sum(len(table.columns) for table in LAYOUT.tables.values())
    for records in told["recordSet"]:
        assert {field["source"]["fileSet"]["@id"] for field in records["field"]} <= sets.keys()
        assert {key["@id"] for key in records.get("key", ())} <= set(ids)


def test_the_codebook_page_tells_how_often_a_variable_is_missing_and_how_it_is_spread(release: Path) -> None:
    page = (release / "codebook.html").read_text(encoding="utf-8")
    [granted] = [line for line in page.splitlines() if "<code>requests.granted</code>" in line]
    assert "予以公开" in granted
    assert "12 of 14 (85.7%)" in granted
    assert "5 | 5 | 5 | 5 | 5" in granted
    [cell] = [
        line for line in page.splitlines() if "<code>t3.t3_granted_natural</code>" in line and "e2021" in line
    ]
    assert "blank 100.0%" in cell
    assert "gov_aggregate" in page


def test_the_codebook_page_lists_what_the_codebook_lists_and_escapes_it(release: Path) -> None:
    page = (release / "codebook.html").read_text(encoding="utf-8")
    lines = (release / "codebook.csv").read_text(encoding="utf-8").count("\n") - 1
    assert page.count("<tr><td>") == lines
    assert "P4_review" in page
    assert "f_info_fee_yuan" in page


def test_what_zenodo_is_told_agrees_with_the_citation() -> None:
    told = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {told['version']}\n" in citation
    assert f"license: {told['license']}" in citation
    assert told["upload_type"] == "software"
    assert [one["name"] for one in told["creators"]] == re.findall(r"- name: (.*)", citation)
