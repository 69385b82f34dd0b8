"""One answer, read back from its place in a WARC file."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from foi_etl.archive.index import OPEN, described, described_again
from foi_etl.archive.warc import Earlier, members, record_of
from foi_etl.errors import ArchiveDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

    from foi_etl.archive.store import Archive
    from foi_etl.model import Capture, Exchange

_OK, _NOT_MODIFIED = 200, 304


def answer_at(folder: Path, capture: Capture) -> ArcWarcRecord:
    """The response of a capture that holds bytes. ArchiveDamaged says where there is none any more."""
    path = folder / capture.warc
    try:
        with _opened(path) as stream:
            stream.seek(capture.offset)
            member = next(members(stream), None)
    except OSError as error:
        raise damaged(capture, f"the file cannot be read ({error.strerror})") from error
    record = record_of(member) if member else None
    if record is None or record.rec_type != "response":
        raise damaged(capture, "there is no whole response at this place")
    return record


def told_by(exchange: Exchange, archive: Archive, folder: Path) -> tuple[Capture, Earlier | None]:
    """The capture an exchange makes, and the response it says again, where that can still be read."""
    fresh = described(exchange)
    modified = exchange.status != _NOT_MODIFIED
    last = archive.latest(exchange.ask.key, status=fresh.status if modified else _OK)
    if not last or (modified and (last.sha256, last.url) != (fresh.sha256, fresh.url)):
        return fresh, None
    profile = "identical-payload-digest" if modified else "server-not-modified"
    earlier = _earlier(folder, archive.origin(last), profile)
    return (described_again(exchange, last), earlier) if earlier else (fresh, None)


def _earlier(folder: Path, holder: Capture, profile: str) -> Earlier | None:
    """What a revisit says of the response it stands for; None where it is damaged: keep the bytes."""
    try:
        headers = answer_at(folder, holder).rec_headers
    except ArchiveDamaged:
        return None
    digest = headers.get_header("WARC-Payload-Digest")
    return Earlier(profile, holder.id, holder.url, holder.fetched_at, digest)


def damaged(capture: Capture, what: str) -> ArchiveDamaged:
    """The error that says what is wrong with a capture's record, and where it lies."""
    remedy = "restore the file from a backup, then `foi-etl rebuild`"
    return ArchiveDamaged(f"{what}: {remedy}", file=capture.warc, offset=capture.offset, capture=capture.id)


def _opened(path: Path) -> BinaryIO:
    """The file, under its open or its last name: a writer at work may be giving it its last name just now."""
    for name in (path, path.with_name(path.name + OPEN)):
        with suppress(FileNotFoundError):
            return name.open("rb")
    return path.open("rb")
