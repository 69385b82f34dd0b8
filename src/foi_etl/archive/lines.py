"""The lines of the archive: one for each capture and each later note.

The ledger keeps them so that they are found quickly. Everything in them stands in the WARC files too, and
`lines_of` reads it from there.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TypedDict

from foi_etl.archive.payload import unpacked
from foi_etl.archive.warc import members, read_fields, record_of
from foi_etl.errors import ArchiveDamaged
from foi_etl.model import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warcio.recordloader import ArcWarcRecord

    from foi_etl.archive.warc import Member
    from foi_etl.model import Exchange


class Words(TypedDict):
    """What is said of a capture, and may be said anew by a later note."""

    purpose: str
    agency_id: str
    agency_name: str
    link_text: str
    via: str


class Proof(TypedDict):
    """What a record proves: of its own bytes, or of those it says again."""

    status: int
    sha256: str
    size: int
    revisit_of: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that says: this was captured, asked for by this key."""

    key: str
    capture: Capture


@dataclass(frozen=True, slots=True)
class Noted:
    """A line that says: this capture turned out to be something else."""

    id: str
    number: int
    """How many words on the capture were known before this one. The highest is believed."""
    warc: str
    offset: int
    words: Words


def described(exchange: Exchange) -> Capture:
    """The capture an exchange makes, before anything is said of it and before it lies anywhere."""
    headers = {name.lower(): value for name, value in reversed(exchange.response_headers)}
    payload = unpacked(exchange.body, headers.get("content-encoding", ""))
    digest = hashlib.sha256(payload).hexdigest()
    return Capture(
        id=_capture_id(exchange.ask.key, exchange.fetched_at, digest),
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=exchange.status,
        content_type=_plain(headers.get("content-type", "")),
        sha256=digest,
        size=len(payload),
        purpose="",
        etag=_plain(headers.get("etag", "")),
        last_modified=_plain(headers.get("last-modified", "")),
    )


def described_again(exchange: Exchange, earlier: Capture) -> Capture:
    """The capture an exchange makes that says: as before. It names the one that holds the bytes."""
    headers = {name.lower(): value for name, value in reversed(exchange.response_headers)}
    return Capture(
        id=_capture_id(exchange.ask.key, exchange.fetched_at, earlier.sha256),
        url=exchange.url,
        fetched_at=exchange.fetched_at,
        status=earlier.status,
        content_type=_plain(headers.get("content-type", "")),
        sha256=earlier.sha256,
        size=earlier.size,
        purpose="",
        revisit_of=earlier.revisit_of or earlier.id,
        etag=_plain(headers.get("etag", "")),
        last_modified=_plain(headers.get("last-modified", "")),
    )


def _plain(value: str) -> str:
    """A header's ASCII: of other bytes, the HTTP library and the WARC library each make something else."""
    return "".join(sign for sign in value if " " <= sign <= "~").strip()


def _capture_id(asked: str, fetched_at: str, sha256: str) -> str:
    return hashlib.sha256(f"{asked}\n{fetched_at}\n{sha256}".encode()).hexdigest()[:16]


def lines_of(stream: BinaryIO, name: str) -> Iterator[tuple[Kept | Noted, int]]:
    """Every line a WARC file stands for, and where the record ends that seals it.

    Ends, without a word, where the file is no longer whole: whoever asks knows whether it should be.
    """
    response = None
    for member in members(stream):
        record = record_of(member)
        if record.rec_type in {"response", "revisit"}:
            response = (member, record)
        if record.rec_type == "metadata":
            yield _sealed(name, member, record, response), member.end


def lines_of_whole(stream: BinaryIO, name: str) -> Iterator[Kept | Noted]:
    """The lines of a file that was closed whole; what cannot be read in it has been damaged since."""
    sealed = 0
    for line, end in lines_of(stream, name):
        sealed = end
        yield line
    stream.seek(sealed)
    if stream.read(1):
        message = "the file ends in, or holds, a broken record: restore it from a backup"
        raise ArchiveDamaged(message, file=name, offset=sealed)


def _sealed(
    name: str, at: Member, record: ArcWarcRecord, response: tuple[Member, ArcWarcRecord] | None
) -> Kept | Noted:
    fields = read_fields(record.raw_stream.read())
    words = _words(fields)
    if response is None or record.rec_headers.get_header("WARC-Refers-To"):
        return Noted(fields["foi-capture"], int(fields.get("foi-note", "1")), name, at.start, words)
    member, answer = response
    headers = answer.http_headers
    proof = _proof_again(fields) if answer.rec_type == "revisit" else _proof(answer)
    capture = Capture(
        id=fields["foi-capture"],
        url=answer.rec_headers.get_header("WARC-Target-URI"),
        fetched_at=answer.rec_headers.get_header("WARC-Date"),
        content_type=_plain(headers.get_header("Content-Type", "")),
        etag=_plain(headers.get_header("ETag", "")),
        last_modified=_plain(headers.get_header("Last-Modified", "")),
        warc=name,
        offset=member.start,
        **proof,
        **words,
    )
    return Kept(fields["foi-key"], capture)


def _proof(answer: ArcWarcRecord) -> Proof:
    headers = answer.http_headers
    payload = unpacked(answer.raw_stream.read(), headers.get_header("Content-Encoding", ""))
    digest = hashlib.sha256(payload).hexdigest()
    return Proof(status=int(headers.get_statuscode()), sha256=digest, size=len(payload), revisit_of="")


def _proof_again(fields: dict[str, str]) -> Proof:
    return Proof(
        status=int(fields["foi-status"]),
        sha256=fields["foi-sha256"],
        size=int(fields["foi-size"]),
        revisit_of=fields["foi-revisit-of"],
    )


def fields_of(capture: Capture, key: str = "") -> dict[str, str]:
    """What the metadata record says of a capture: with this, the archive alone tells what it holds."""
    again = {
        "foi-revisit-of": capture.revisit_of,
        "foi-status": str(capture.status),
        "foi-sha256": capture.sha256,
        "foi-size": str(capture.size),
    }
    return {
        "foi-capture": capture.id,
        "foi-key": key,
        "foi-purpose": capture.purpose,
        "foi-agency": capture.agency_id,
        "foi-agency-name": capture.agency_name,
        "via": capture.via,
        "foi-link-text": capture.link_text,
        **(again if capture.revisit_of else {}),
    }


def _words(fields: dict[str, str]) -> Words:
    return {
        "purpose": fields.get("foi-purpose", ""),
        "agency_id": fields.get("foi-agency", ""),
        "agency_name": fields.get("foi-agency-name", ""),
        "link_text": fields.get("foi-link-text", ""),
        "via": fields.get("via", ""),
    }


def words_of(capture: Capture) -> Words:
    """The five words a note may change."""
    return _words(fields_of(capture))
