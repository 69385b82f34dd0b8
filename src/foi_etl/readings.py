"""From the archive to a release: what nobody has read yet is read, in pieces, and the pieces are merged.

A night that brought nothing is told by one digest over what a release would be made from, before anything
is read or written. A night that brought little reads that little, and writes the files it changes.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from foi_etl.archive.shelf import Shelf
from foi_etl.chunks import PASSING, Chunk, Item, by_page, chunks, item, read_chunk, refused_chunk
from foi_etl.crew import Crew, Given, Share, here, work
from foi_etl.model import Capture, Refusal
from foi_etl.normalise.corrections import Correction
from foi_etl.publish.across import Study, look_across
from foi_etl.publish.codebook import codebook_csv
from foi_etl.publish.manifest import Source as Origin
from foi_etl.publish.manifest import latest
from foi_etl.publish.merge import Merge
from foi_etl.publish.pieces import PieceDamaged
from foi_etl.publish.place import Place
from foi_etl.publish.release import NOTHING, Release, publish
from foi_etl.publish.store import PieceStore
from foi_etl.publish.told import Told
from foi_etl.schemas import gate, layout, statute, version
from foi_etl.watch import SECONDS

_LARGE: Final = 2000
_SMALL: Final = 50
_SHARES: Final = 8
"""Chunks for each worker at least, so that the last one does not keep the others waiting."""
_TRIES: Final = 3
"""Times a piece may prove damaged, or be taken away by another process, while it is merged."""
LOST: Final = "WorkerLost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a release is made from, and where it is made."""

    shelf: Shelf
    captures: Callable[[], Iterable[Capture]]
    """Every capture of a report, those of an agency together; asked for again whenever it is gone through."""
    corrections: Mapping[str, Mapping[str, Correction]]
    pieces: Path
    releases: Path
    """The folder of the releases, or of copies of them."""
    state: Path
    """A file that says what the latest release was made from. It may be deleted."""
    description: str
    day: date
    attachments: Callable[[], Iterable[Capture]] = tuple
    """Every capture of a file beside a report."""
    accept: str = ""
    """Why what the gate objects to is published all the same; empty where nobody says so."""
    studies: tuple[Study, ...] = ()
    """What is worked out over all reports, in order."""
    made_from: Origin = NOTHING
    """What the release says of all this."""
    far_releases: str = ""
    """Where the releases stand, as a URL; empty where they are in the folder."""

    @property
    def place(self) -> Place:
        """Where the releases are."""
        return Place(self.releases, self.far_releases)


@dataclass(slots=True)
class Made:
    """What came of it."""

    release: Release | None = None
    """None where nothing is new."""
    due: int = 0
    """Captures of reports in the archive."""
    read: int = 0
    """Those that were read now; the others were read before."""
    refused: int = 0
    """Those that could not be read, now or before."""
    refusals: list[Refusal] | None = None
    """The refused ones; None where nothing was looked at, because nothing is new."""
    tally: Counter[str] = field(default_factory=Counter)
    """What was read now, counted."""
    removed: Sequence[str] = ()
    """Nightlies that were not to be kept any longer."""


def remake(
    source: Source,
    hire: Callable[[int], Crew],
    split: Callable[[int], AbstractContextManager[Share]] = lambda _: nullcontext(here),
    *,
    anew: bool = False,
    begin: Callable[[int], object] = lambda _: None,
    step: Callable[[int], object] = lambda _: None,
) -> Made:
    """A release of all there is. `hire` is told how many captures are read; `anew` reads all of them.

    `split` is told how many there are, and says how studies and files are shared out on this machine.
    """
    beside = by_page(source.attachments())
    live = {one.id: item(one, source.corrections, beside).made_from for one in source.captures()}
    archived = _archived(live)
    source = replace(source, made_from=source.made_from.model_copy(update={"archive": archived}))
    inputs = _inputs(source, archived)
    if mirror := source.place.mirror:
        mirror.catch_up()
    told = Told.read(source.state, source.releases)
    if told.inputs == inputs and not anew:
        return Made(due=len(live), refused=told.refused)
    made = Made(due=len(live))
    store = PieceStore(source.pieces, version())
    for left in reversed(range(_TRIES)):
        _read(source, store, live, beside, hire, made, anew=anew, begin=begin, step=step)
        try:
            with store.alone(), TemporaryDirectory(prefix=".added-", dir=source.pieces) as added:
                merge = Merge(store.pieces(), layout(), live, Path(added).absolute())
                if merge.captures == live.keys():
                    with split(len(live)) as share:
                        look_across(merge, source.studies, share)
                        _publish(source, merge, told, inputs, made, share)
                    store.tidy(layout(), live)
                    return made
        except PieceDamaged as error:
            if not left:
                raise
            store.remove(str(error.where.get("folder", "")))
        anew = False
    raise PieceDamaged(
        "pieces vanish while they are merged: let nobody else clean them up", folder=source.pieces
    )


def _read(
    source: Source,
    store: PieceStore,
    live: Mapping[str, str],
    beside: Mapping[tuple[str, str], tuple[Capture, ...]],
    hire: Callable[[int], Crew],
    made: Made,
    *,
    anew: bool,
    begin: Callable[[int], object],
    step: Callable[[int], object],
) -> None:
    """Every capture that no piece holds."""
    held = {} if anew else store.held(but=PASSING)
    due = sum(held.get(capture) != made_from for capture, made_from in live.items())
    begin(due)
    if not due:
        return
    wanted = (one for one in source.captures() if held.get(one.id) != live.get(one.id, ""))
    items: Iterable[Item] = (item(one, source.corrections, beside) for one in wanted if one.id in live)
    crew = hire(due)
    size = min(_LARGE, max(_SMALL, -(-due // (crew.size * _SHARES))))
    source.pieces.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".marks-", dir=source.pieces.absolute()) as marks:
        given = chunks(items, source.shelf, size, marks, SECONDS)
        for done in work(crew, read_chunk, given, Chunk.parts):
            piece = store.keep(_given_up(done.chunk) if isinstance(done, Given) else done)
            made.read += piece.card.captures
            made.tally.update(piece.card.tally)
            step(piece.card.captures)


def _given_up(chunk: Chunk) -> dict[str, bytes]:
    message = (
        f"each worker that was given this document died of it, or of {SECONDS:.0f} s: look at it by hand"
    )
    return refused_chunk(chunk, LOST, f"{message} [file={chunk.items[0].capture.id}]")


def _publish(source: Source, merge: Merge, told: Told, inputs: str, made: Made, share: Share) -> None:
    files = merge.files()
    made.refusals = [Refusal(one.capture, one.reason, one.message) for one in merge.refused]
    made.refused = len(made.refusals)
    made.release = publish(
        source.releases,
        merge.sheets(files, told.files, told.version or ""),
        day=source.day,
        layout=layout(),
        codebook=codebook_csv(statute(), layout()),
        description=source.description,
        made_from=source.made_from,
        checks=gate(),
        accept=source.accept,
        share=share,
    )
    if made.release and (mirror := source.place.mirror):
        mirror.send(made.release.version)
    passing = any(row.reason == PASSING for row in merge.refused)
    digests = {file.path: file.made_from for file in files}
    Told("" if passing else inputs, latest(source.releases), digests, made.refused).write(source.state)


def _inputs(source: Source, archived: str) -> str:
    """A digest of all that a release is made from."""
    digest = hashlib.sha256(f"{version()}\n{source.description}\n{archived}\n".encode())
    for study in source.studies:
        digest.update(f"{study.name} {study.inputs}\n".encode())
    return digest.hexdigest()


def _archived(live: Mapping[str, str]) -> str:
    """A digest of every capture, and of what it is read with."""
    digest = hashlib.sha256()
    for capture in sorted(live):
        digest.update(f"{capture} {live[capture]}\n".encode())
    return digest.hexdigest()
