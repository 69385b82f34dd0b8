"""Whatever the chunks and what was read before: the same release; and only what is new is read."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crews import alone, poisoned
from foi_etl import chunks, pipeline, readings
from foi_etl.archive.shelf import Shelf
from foi_etl.archive.store import Archive
from foi_etl.crew import Crew, Share, among, here
from foi_etl.errors import WaitAndRetry, WrongUsage
from foi_etl.hiring import cluster, processes
from foi_etl.model import Agency, Ask, Capture, Exchange
from foi_etl.owed import Owing
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.facts import PracticeReport
from foi_etl.practice.pages import render
from foi_etl.practice.styles import PRESETS
from foi_etl.publish.across import Study
from foi_etl.publish.store import PieceStore
from foi_etl.publish.verify import verify
from foi_etl.readings import Made, Source, remake
from foi_etl.schemas import version
from foi_etl.studies import studies
from helpers import STATUTE

if TYPE_CHECKING:
    from distributed import LocalCluster

REPORTS = list(country(STATUTE, seed=3, agencies=8).reports)[:12]


def page(report: PracticeReport, style: int = 0) -> bytes:
    return render(report, STATUTE, PRESETS[style], rng=dice("r", report.agency_id, report.year))


def keep(
    archive: Archive, report: PracticeReport, body: bytes, when: str = "2026-02-01T00:00:00Z"
) -> Capture:
    agency = Agency(report.agency_id, report.agency_name, "flat", "http://a.practice.invalid/")
    url = f"http://{report.agency_id}.practice.invalid/{report.year}.html"
    headers = (("Content-Type", "text/html"),)
    exchange = Exchange(Ask(url), url, when, "GET", (), b"", 200, "OK", headers, body)
    return archive.keep(exchange, purpose="report", agency=agency, link_text=report.title)


class Home:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.captures: list[Capture] = []

    def add(self, *kept: tuple[PracticeReport, bytes], when: str = "2026-02-01T00:00:00Z") -> None:
        with Archive.open(self.folder / "archive") as archive:
            for report, body in kept:
                keep(archive, report, body, when)
        with Archive.open(self.folder / "archive", read_only=True) as archive:
            self.captures = list(archive.by_agency("report"))

    def made(
        self,
        *,
        anew: bool = False,
        day: int = 23,
        crew: Crew | None = None,
        split: Crew | None = None,
        looked: tuple[Study, ...] = (),
        step: Callable[[int], object] = lambda _: None,
    ) -> Made:
        source = Source(
            shelf=Shelf(self.folder / "archive"),
            captures=lambda: self.captures,
            corrections={},
            pieces=self.folder / "pieces",
            releases=self.folder / "releases",
            state=self.folder / "released.json",
            description="",
            day=date(2026, 11, day),
            studies=looked,
        )

        def shared(_: int) -> AbstractContextManager[Share]:
            return among(split) if split else nullcontext(here)

        return remake(source, lambda _: crew or alone(), shared, anew=anew, step=step)

    def tables(self) -> dict[str, str]:
        latest = self.folder / "releases" / "latest"
        return {
            path.relative_to(latest).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in latest.rglob("*/*.parquet")
        }

    def stamps(self) -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in self.folder.rglob("*")}


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Home(tmp_path_factory.mktemp("plain"))
    made.add(*((report, page(report)) for report in REPORTS))
    return made.folder


@pytest.fixture(scope="module")
def plain(archived: Path) -> dict[str, str]:
    made = Home(archived)
    made.add()
    made.made()
    return made.tables()


@pytest.fixture
def home(archived: Path, tmp_path: Path) -> Home:
    shutil.copytree(archived / "archive", tmp_path / "archive")
    made = Home(tmp_path)
    made.add()
    return made


@pytest.mark.parametrize(("size", "slab", "few"), [(1, 4000, 16), (2, 3, 2), (3, 1, 3)])
def test_however_it_is_cut_the_bytes_are_the_same(
    home: Home, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch, size: int, slab: int, few: int
) -> None:
    monkeypatch.setattr(readings, "_LARGE", size)
    monkeypatch.setattr(readings, "_SMALL", size)
    monkeypatch.setattr("foi_etl.publish.merge._SLAB", slab)
    monkeypatch.setattr("foi_etl.publish.store._FEW", few)
    made = home.made()
    assert made.read == made.due == len(REPORTS)
    assert home.tables() == plain
    if few < 16:
        assert len(list((home.folder / "pieces").glob("[0-9a-f]*"))) < len(REPORTS) / size
    assert home.made(anew=True).release is None


def test_shared_out_to_processes_studies_and_files_are_the_same(home: Home) -> None:
    looked = studies(Owing(as_of=date(2026, 11, 1)))
    home.made(looked=looked)
    by_one = home.tables()
    shutil.rmtree(home.folder / "releases")
    (home.folder / "released.json").unlink()
    home.made(looked=looked, split=processes(2, "foi_etl.chunks"))
    assert home.tables() == by_one
    assert any(path.startswith("panel") for path in by_one)
    assert [path.name for path in (home.folder / "pieces").glob(".*")] == [".lock"]


def test_no_piece_grows_beyond_what_can_be_held(
    home: Home, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LARGE", "_SMALL"):
        monkeypatch.setattr(readings, name, 1)
    monkeypatch.setattr("foi_etl.publish.store._MOST", 5)
    monkeypatch.setattr("foi_etl.publish.store._FEW", 8)
    home.made()
    sizes = [one.card.captures for one in PieceStore(home.folder / "pieces", version()).pieces()]
    assert max(sizes) == 5
    assert sum(sizes) == len(REPORTS) > 2 * len(sizes)
    (home.folder / "released.json").unlink()
    shutil.rmtree(home.folder / "releases")
    assert home.made().read == 0
    assert home.tables() == plain


def test_a_night_with_nothing_new_reads_and_writes_nothing(home: Home) -> None:
    home.made()
    before = home.stamps()
    made = home.made(day=24)
    assert (made.release, made.read, made.due) == (None, 0, len(REPORTS))
    assert home.stamps() == before


def test_only_what_is_new_is_read_and_only_its_year_is_written(home: Home, plain: dict[str, str]) -> None:
    newest = max(report.year for report in REPORTS)
    late = [report for report in REPORTS if report.year == newest][:1]
    first = [one for one in home.captures if one.url != _url(late[0])]
    whole, home.captures = home.captures, first
    home.made()
    home.captures = whole
    made = home.made()
    assert made.read == 1
    assert home.tables() == plain
    latest = home.folder / "releases" / "latest"
    fresh = {
        path.relative_to(latest).as_posix()
        for path in latest.rglob("*/*.parquet")
        if path.stat().st_nlink == 1
    }
    assert {path.split("/")[1] for path in fresh} == {f"{newest}.parquet", "2026.parquet"}
    assert [verify(one) for one in (home.folder / "releases").glob("2026*")] == [[], []]


def _url(report: PracticeReport) -> str:
    return f"http://{report.agency_id}.practice.invalid/{report.year}.html"


def test_the_youngest_capture_that_reads_is_published_and_the_older_one_is_a_note(home: Home) -> None:
    report = REPORTS[0]
    home.made()
    before = home.tables()
    home.add((report, page(report, 1)), when="2026-03-01T00:00:00Z")
    home.add((report, b"<html>login</html>"), when="2026-04-01T00:00:00Z")
    made = home.made()
    assert (made.read, made.refused) == (2, 1)
    import pandas as pd  # noqa: PLC0415

    findings = pd.read_parquet(home.folder / "releases" / "latest" / "findings.parquet")
    noted = findings[findings["rule"] == "superseded"]
    assert noted["year"].tolist() == [report.year]
    told = pd.read_parquet(home.folder / "releases" / "latest" / "reports.parquet")
    mine = told[(told["agency_id"] == report.agency_id) & (told["year"] == report.year)]
    assert mine["fetched_at"].tolist() == ["2026-03-01T00:00:00Z"]
    assert home.tables() != before


@pytest.mark.parametrize("split", [None, processes(2, "foi_etl.chunks")])
def test_a_damaged_piece_is_read_again(home: Home, plain: dict[str, str], split: Crew | None) -> None:
    home.made()
    [facts] = (home.folder / "pieces").glob("*/facts.arrow")
    facts.write_bytes(facts.read_bytes()[:-9] + b"123456789")
    (home.folder / "released.json").unlink()
    assert home.made(split=split).read == len(REPORTS)
    assert home.tables() == plain


def test_pieces_of_other_readers_are_not_believed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.made()
    for module in (chunks, readings):
        monkeypatch.setattr(module, "version", lambda: "another")
    made = home.made()
    assert (made.read, made.release) == (len(REPORTS), None)
    assert len(list((home.folder / "pieces").glob("[0-9a-f]*"))) == 1


def test_a_fault_of_a_reader_costs_its_document(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., object] = pipeline.judge_capture

    def judge(capture: Capture, *rest: object) -> object:
        if capture.url == _url(REPORTS[0]):
            raise RecursionError("too deep")
        return real(capture, *rest)

    monkeypatch.setattr(chunks, "judge_capture", judge)
    made = home.made()
    assert made.refusals is not None
    assert [(one.reason, "fault of ours" in one.message) for one in made.refusals] == [
        ("RecursionError", True)
    ]


@pytest.mark.parametrize(("how", "count"), [("hangs", 1), ("dies", 2)])
def test_a_document_that_its_reader_dies_of_is_named_and_costs_itself(
    home: Home, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch, how: str, count: int
) -> None:
    monkeypatch.setattr(readings, "_LARGE", 8)
    monkeypatch.setattr(readings, "_SMALL", 8)
    monkeypatch.setattr(readings, "SECONDS", 2.0)  # a first document brings its libraries along
    poison = {_url(REPORTS[0]), _url(REPORTS[9])}
    made = home.made(crew=poisoned(count, poison, how))
    named = {one.id for one in home.captures if one.url in poison}
    assert made.refusals is not None
    assert {one.name: one.reason for one in made.refusals} == dict.fromkeys(named, "WorkerLost")
    assert all(one.name in one.message for one in made.refusals)
    assert made.read == len(REPORTS)
    assert [path.name for path in (home.folder / "pieces").glob(".*")] == [".lock"]
    assert home.made(anew=True).refused == 0
    assert home.tables() == plain


def test_what_a_restored_file_mends_is_tried_again(home: Home, plain: dict[str, str]) -> None:
    warcs = list((home.folder / "archive").rglob("*.warc.gz"))
    bodies = {path: path.read_bytes() for path in warcs}
    for path, body in bodies.items():
        path.write_bytes(b"\0" * len(body))
    assert home.made().refused == len(REPORTS)
    for path, body in bodies.items():
        path.write_bytes(body)
    made = home.made()
    assert (made.refused, made.read) == (0, len(REPORTS))
    assert home.tables() == plain


def test_a_chunk_of_another_version_is_not_read_otherwise(home: Home) -> None:
    chunk = next(chunks.chunks([chunks.item(home.captures[0], {})], Shelf(home.folder / "archive"), 1))
    with pytest.raises(Exception, match="another version"):
        chunks.read_chunk(replace(chunk, version="old"))


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    distributed = pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=":0"
    ) as running:
        yield running


def test_a_cluster_gives_the_same_bytes_although_a_worker_is_killed_midway(
    home: Home, plain: dict[str, str], monkeypatch: pytest.MonkeyPatch, dask: LocalCluster
) -> None:
    monkeypatch.setattr(readings, "_LARGE", 1)
    monkeypatch.setattr(readings, "_SMALL", 1)
    killed: list[int] = []

    def kill_one(_: int) -> None:
        if not killed:
            killed.append(dask.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    made = home.made(crew=cluster(dask.scheduler_address), step=kill_one)
    assert killed
    assert (made.read, made.refused) == (len(REPORTS), 0)
    assert home.tables() == plain


def test_nobody_looks_on_while_a_cluster_works_for_us(dask: LocalCluster) -> None:
    from distributed import Client  # noqa: PLC0415 - not always there

    def looked_at() -> set[bool]:
        with Client(dask.scheduler_address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            told = client.run(lambda dask_worker: "profile" in dask_worker.periodic_callbacks)
        return set(told.values())

    with cluster(dask.scheduler_address).hire():
        assert looked_at() == {False}
    assert looked_at() == {True}


def test_a_cluster_without_its_scheduler_is_told(dask: LocalCluster) -> None:
    def lose_it() -> None:
        with cluster(dask.scheduler_address).hire() as executor:
            vars(executor)["_client"].close()
            executor.submit(int)

    with pytest.raises(WaitAndRetry, match="the cluster's scheduler is gone"):
        lose_it()


def test_a_cluster_without_workers_is_not_waited_for(
    home: Home, monkeypatch: pytest.MonkeyPatch, dask: LocalCluster
) -> None:
    monkeypatch.setattr(readings, "_LARGE", 1)
    monkeypatch.setattr(readings, "_SMALL", 1)
    monkeypatch.setattr("foi_etl.crew._GLANCE", 0.1)
    crew = cluster(dask.scheduler_address)
    with pytest.raises(WaitAndRetry, match="no worker any more"):
        home.made(crew=crew, step=lambda _: dask.scale(0))  # type: ignore[no-untyped-call]
    with pytest.raises(WrongUsage, match="no worker:"):
        cluster(dask.scheduler_address)
