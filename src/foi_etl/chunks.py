"""Some captures, read by whoever is given them: a description goes in, a piece comes back.

A chunk holds no body: whoever reads it fetches each from the archive. It knows which version of the
readers asked, so that a worker of another version says so instead of reading otherwise; and where to leave
a mark, so that the document a worker died of is known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from itertools import islice, pairwise
from operator import attrgetter
from typing import Final

from foi_etl.archive.records import body_at
from foi_etl.archive.shelf import Shelf
from foi_etl.errors import ArchiveDamaged, FoiError, NotAReport, WrongUsage
from foi_etl.heap import keep_memory
from foi_etl.model import Capture, Refusal
from foi_etl.normalise.corrections import Correction
from foi_etl.pipeline import NO_CORRECTIONS, judge_capture
from foi_etl.publish.pieces import Files, Result, piece
from foi_etl.schemas import layout, statute, version
from foi_etl.watch import marked, watched

PASSING: Final = "ArchiveDamaged"
"""The reason of a refusal that a restored file undoes: such a capture is tried again every time."""
NOTHING_BESIDE: Final[Mapping[tuple[str, str], tuple[Capture, ...]]] = {}
_OK: Final = 200
_SAID: Final = attrgetter(*(field.name for field in fields(Capture)))


@dataclass(frozen=True, slots=True)
class Item:
    """One capture to read."""

    capture: Capture
    made_from: str
    """A digest of all that its reading is made from, but for the readers themselves."""
    corrections: Mapping[str, Correction]
    beside: tuple[Capture, ...] = ()
    """The files beside the page."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some captures to read, and where their bytes are."""

    shelf: Shelf
    version: str
    items: tuple[Item, ...]
    marks: str = ""
    """The folder where its reader leaves its mark; empty for none."""
    seconds: float = 0.0
    """Processor time a document may take before its worker ends itself; 0 where it must not."""

    @property
    def mark(self) -> str:
        """The file that says which capture its reader is at."""
        return f"{self.marks}/{self.items[0].capture.id}-{len(self.items)}" if self.marks else ""

    def parts(self) -> tuple[Chunk, ...]:
        """What its worker was at when it was lost, and the others; halves where that is not known."""
        if len(self.items) == 1:
            return ()
        at = [one.capture.id for one in self.items].index(said) if (said := self._said()) else -1
        middle = len(self.items) // 2
        cuts = (0, middle, len(self.items)) if at < 0 else (0, at, at + 1, len(self.items))
        return tuple(
            replace(self, items=self.items[start:end]) for start, end in pairwise(cuts) if start < end
        )

    def _said(self) -> str:
        said = marked(self.mark)
        return said if any(one.capture.id == said for one in self.items) else ""


def item(
    capture: Capture,
    corrections: Mapping[str, Mapping[str, Correction]],
    beside: Mapping[tuple[str, str], tuple[Capture, ...]] = NOTHING_BESIDE,
) -> Item:
    """A capture, and what its reading is made from: itself, corrections, and the files beside it."""
    own = corrections.get(capture.id, NO_CORRECTIONS)
    files = beside.get((capture.agency_id, capture.url), ())
    told = f"{_SAID(capture)!r}{sorted(own.items()) if own else ''}"
    told += "".join(f"{one.id} {one.sha256}" for one in files)
    return Item(capture, hashlib.sha256(told.encode()).hexdigest()[:16], own, files)


def by_page(attachments: Iterable[Capture]) -> dict[tuple[str, str], tuple[Capture, ...]]:
    """The files beside each page, by agency and address of the page: the youngest capture of each file."""
    found: dict[tuple[str, str], dict[str, Capture]] = {}
    for one in attachments:
        if one.status == _OK:
            files = found.setdefault((one.agency_id, one.via), {})
            if one.url not in files or files[one.url].fetched_at <= one.fetched_at:
                files[one.url] = one
    return {page: tuple(files[url] for url in sorted(files)) for page, files in found.items()}


def chunks(
    items: Iterable[Item], shelf: Shelf, size: int, marks: str = "", seconds: float = 0.0
) -> Iterator[Chunk]:
    """The items, so many at a time, in their order: it is held no more of them than that."""
    waiting = iter(items)
    while some := tuple(islice(waiting, size)):
        yield Chunk(shelf, version(), some, marks, seconds)


def read_chunk(chunk: Chunk) -> Files:
    """The piece these captures give. What cannot be read is a refusal in it, and costs itself alone."""
    if chunk.version != version():
        raise WrongUsage(
            "a worker runs another version of foi-etl than the one that asks: install the same on both",
            worker=version(),
            asked=chunk.version,
        )
    keep_memory()
    body = partial(body_at, chunk.shelf)
    with watched(chunk.mark, chunk.seconds) as begin:
        results = ((one.made_from, _read(one, body, begin)) for one in chunk.items)
        return piece(results, statute(), layout(), version())


def refused_chunk(chunk: Chunk, reason: str, message: str) -> Files:
    """The piece that says why none of these captures was read."""
    results = [
        (one.made_from, (one.capture, Refusal(one.capture.id, reason, message))) for one in chunk.items
    ]
    return piece(results, statute(), layout(), version())


def _read(one: Item, body: Callable[[Capture], bytes], begin: Callable[[str], None]) -> Result:
    begin(one.capture.id)
    try:
        return judge_capture(one.capture, body, statute(), one.corrections, one.beside)
    except (NotAReport, ArchiveDamaged) as error:
        return _refused(one.capture, error)
    except (FoiError, OSError):
        # A stale correction, an archive that cannot be reached: a person is needed before anything is read.
        raise
    except Exception as error:
        return _refused(one.capture, error)


def _refused(capture: Capture, error: Exception) -> tuple[Capture, Refusal]:
    known = isinstance(error, NotAReport | ArchiveDamaged)
    message = str(error) if known else f"the reader failed, which is a fault of ours to report: {error!r}"
    return capture, Refusal(capture.id, type(error).__name__, message)
