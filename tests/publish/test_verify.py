"""Whatever happens to a released file is said in one sentence."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from foi_etl.publish.verify import verify
from verdicts import judged, released

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = released(tmp_path_factory.mktemp("releases"), judged())
    assert made is not None
    return made.path


@pytest.fixture
def release(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def resealed(release: Path) -> None:
    """Write new checksums, as someone would who edits a release and thinks of SHA256SUMS."""
    files = sorted(path for path in release.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(release)}\n" for path in files
    ]
    (release / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def flip_a_bit(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)


def lose_a_row(path: Path) -> None:
    table = pq.read_table(path)
    pq.write_table(table.slice(1), path)


def rename_a_field(path: Path) -> None:
    package = json.loads(path.read_bytes())
    package["resources"][0]["schema"]["fields"][0]["name"] = "other"
    path.write_text(json.dumps(package), encoding="utf-8")


def lose_a_resource(path: Path) -> None:
    package = json.loads(path.read_bytes())
    del package["resources"][0]
    path.write_text(json.dumps(package), encoding="utf-8")


def test_a_release_as_it_was_made_is_met_with_silence(release: Path) -> None:
    assert verify(release) == []


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        pytest.param(
            "review.parquet/2023.parquet",
            Path.unlink,
            "review.parquet/2023.parquet: the file is missing.",
            id="a lost file",
        ),
        pytest.param(
            "facts/2023.parquet", flip_a_bit, "facts/2023.parquet: .* checksum differs", id="a flipped bit"
        ),
        pytest.param(
            "extra.txt", Path.touch, "extra.txt: the file is no part of the release", id="a file too many"
        ),
        pytest.param("SHA256SUMS", Path.unlink, "SHA256SUMS: missing", id="lost checksums"),
        pytest.param("_manifest.json", Path.unlink, "no readable manifest", id="a lost manifest"),
        pytest.param(
            "_manifest.json", lambda p: p.write_text("{}"), "no readable manifest", id="a manifest of nothing"
        ),
        pytest.param(
            "datapackage.json",
            lambda p: p.write_text("["),
            "cannot be read as a data package",
            id="half json",
        ),
        pytest.param(
            "codebook.csv",
            flip_a_bit,
            "codebook.csv: .* checksum differs",
            id="a flipped bit in the codebook",
        ),
    ],
)
def test_damage_is_named(release: Path, name: str, damage: Callable[[Path], object], told: str) -> None:
    damage(release / name)

    assert any(re.search(told, fault) for fault in verify(release)), verify(release)


@pytest.mark.parametrize(
    ("name", "damage", "told"),
    [
        pytest.param(
            "review.parquet/2023.parquet", flip_a_bit, "do not state the same checksum", id="a flipped bit"
        ),
        pytest.param(
            "requests.parquet/2023.parquet",
            lose_a_row,
            "requests.parquet/2023.parquet: holds 6 rows, .* says 7",
            id="a lost row",
        ),
        pytest.param(
            "review.parquet/2023.parquet",
            lambda p: p.write_bytes(b"PAR1"),
            "cannot be read as Parquet",
            id="no Parquet",
        ),
        pytest.param("datapackage.json", rename_a_field, "does not name the columns", id="another column"),
        pytest.param(
            "datapackage.json", lose_a_resource, "do not describe the same file", id="a lost resource"
        ),
        pytest.param(
            "review.parquet/2023.parquet",
            Path.unlink,
            "do not state the same checksum",
            id="a file removed from both",
        ),
    ],
)
def test_damage_is_named_even_where_the_checksums_were_made_anew(
    release: Path, name: str, damage: Callable[[Path], object], told: str
) -> None:
    damage(release / name)
    resealed(release)

    assert any(re.search(told, fault) for fault in verify(release)), verify(release)


def test_a_release_under_the_name_of_another_is_noticed(release: Path) -> None:
    elsewhere = release.rename(release.with_name("2020.01.01"))

    [fault] = verify(elsewhere)
    assert fault == "_manifest.json: says version 2026.11.23, but the folder is 2020.01.01."


def test_a_release_that_is_not_there_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    assert verify(tmp_path / "2020.01.01") == [f"{tmp_path / '2020.01.01'}: there is no such folder."]
