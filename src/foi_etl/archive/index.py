"""The index: one line for each capture and each later note, in the order of the archive.

It is derived. Everything in it stands in the WARC files too, and `lines_of` reads it from there.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from sys import intern
from typing import TYPE_CHECKING, Any, TypedDict

from foi_etl.archive.payload import unpacked
from foi_etl.archive.warc import members, read_fields, record_of
from foi_etl.errors import ArchiveDamaged
from foi_etl.model import Capture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

    from foi_etl.archive.warc import Member
    from foi_etl.model import Exchange

INDEX = "index.jsonl"
OPEN = ".open"
"""Behind the name of a file that is being written."""


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

    @property
    def warc(self) -> str:
        """The file it stands in."""
        return self.capture.warc


@dataclass(frozen=True, slots=True)
class Noted:
    """A line that says: this earlier capture turned out to be something else."""

    id: str
    warc: str
    words: Words

    def applied(self, capture: Capture) -> Capture:
        """The capture as it is known from now on."""
        return replace(capture, **self.words)


def write_line(line: Kept | Noted) -> str:
    """One line of JSON, newline included."""
    if isinstance(line, Noted):
        fields: dict[str, object] = {"note": line.id, "warc": line.warc, **line.words}
    else:
        fields = {"key": line.key, **asdict(line.capture)}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def read_line(text: str) -> Kept | Noted:
    """What a line says. Raises ValueError where it is torn."""
    if not text.endswith("\n"):
        raise ValueError("no end of line")
    fields: dict[str, Any] = {
        name: intern(one) if type(one) is str else one for name, one in json.loads(text).items()
    }
    try:
        if "note" in fields:
            return Noted(fields.pop("note"), fields.pop("warc"), Words(**fields))  # type: ignore[typeddict-item]
        return Kept(fields.pop("key"), Capture(**fields))
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


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


def lines_of(path: Path) -> Iterator[tuple[Kept | Noted, int]]:
    """Every line a WARC file stands for, and where the record ends that seals it."""
    name, response, end = path.name.removesuffix(OPEN), None, 0
    with path.open("rb") as stream:
        for member in members(stream):
            end = member.end
            record = record_of(member)
            if record.rec_type in {"response", "revisit"}:
                response = (member, record)
            if record.rec_type == "metadata":
                yield _sealed(name, record, response), member.end
    # A file under its last name was closed whole; what cannot be read in it has been damaged since.
    if path.name == name and end != path.stat().st_size:
        raise ArchiveDamaged(
            "the file ends in, or holds, a broken record: restore it from a backup", file=path, offset=end
        )


def _sealed(name: str, record: ArcWarcRecord, response: tuple[Member, ArcWarcRecord] | None) -> Kept | Noted:
    fields = read_fields(record.raw_stream.read())
    words = _words(fields)
    if response is None or record.rec_headers.get_header("WARC-Refers-To"):
        return Noted(fields["foi-capture"], name, words)
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
