"""One answer, read back from its place in a WARC file. No ledger is needed for that."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from foi_etl.archive.lines import described, described_again
from foi_etl.archive.payload import UNPACKED_LIMIT, unpacked
from foi_etl.archive.warc import Earlier, members, record_of
from foi_etl.errors import ArchiveDamaged

if TYPE_CHECKING:
    from warcio.recordloader import ArcWarcRecord

    from foi_etl.archive.shelf import Shelf
    from foi_etl.archive.store import Archive
    from foi_etl.model import Capture, Exchange

_OK, _NOT_MODIFIED = 200, 304


def body_at(shelf: Shelf, capture: Capture, *, limit: int = UNPACKED_LIMIT) -> bytes:
    """What the server meant, with the content encoding taken off; proved by its digest.

    For a capture that holds bytes, which a revisit does not. Works in any process that reaches the files.
    """
    record = answer_at(shelf, capture)
    encoding = record.http_headers.get_header("Content-Encoding", "")
    payload = unpacked(record.raw_stream.read(), encoding, limit=limit)
    if hashlib.sha256(payload).hexdigest() != capture.sha256:
        raise damaged(capture, "the record is not what was written")
    return payload


def answer_at(shelf: Shelf, capture: Capture) -> ArcWarcRecord:
    """The response of a capture that holds bytes. ArchiveDamaged says where there is none any more."""
    try:
        with shelf.read(capture.warc) as stream:
            stream.seek(capture.offset)
            member = next(members(stream), None)
    except OSError as error:
        raise damaged(capture, f"the file cannot be read ({error.strerror})") from error
    record = record_of(member) if member else None
    if record is None or record.rec_type != "response":
        raise damaged(capture, "there is no whole response at this place")
    return record


def told_by(exchange: Exchange, archive: Archive) -> tuple[Capture, Earlier | None]:
    """The capture an exchange makes, and the response it says again, where that can still be read."""
    last = _last(exchange, archive)
    if last is None:
        return described(exchange), None
    profile = "server-not-modified" if exchange.status == _NOT_MODIFIED else "identical-payload-digest"
    earlier = _earlier(archive.shelf, archive.origin(last), profile)
    return (described_again(exchange, last), earlier) if earlier else (described(exchange), None)


def said_again(exchange: Exchange, archive: Archive) -> Capture | None:
    """The capture an exchange makes that says an earlier response again; that may be damaged meanwhile."""
    last = _last(exchange, archive)
    return described_again(exchange, last) if last else None


def _last(exchange: Exchange, archive: Archive) -> Capture | None:
    """What was last said in answer to an ask, where an exchange says nothing else."""
    if exchange.status == _NOT_MODIFIED:
        return archive.latest(exchange.ask.key, status=_OK)
    fresh = described(exchange)
    last = archive.latest(exchange.ask.key, status=fresh.status)
    return last if last and (last.sha256, last.url) == (fresh.sha256, fresh.url) else None


def _earlier(shelf: Shelf, holder: Capture, profile: str) -> Earlier | None:
    """What a revisit says of the response it stands for; None where it is damaged: keep the bytes."""
    try:
        headers = answer_at(shelf, holder).rec_headers
    except ArchiveDamaged:
        return None
    digest = headers.get_header("WARC-Payload-Digest")
    return Earlier(profile, holder.id, holder.url, holder.fetched_at, digest)


def damaged(capture: Capture, what: str) -> ArchiveDamaged:
    """The error that says what is wrong with a capture's record, and where it lies."""
    remedy = "restore the file from a backup, then `foi-etl rebuild`"
    return ArchiveDamaged(f"{what}: {remedy}", file=capture.warc, offset=capture.offset, capture=capture.id)
