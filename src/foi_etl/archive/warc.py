"""The alphabet of the archive: exchanges as gzip members of a WARC file, and members as records again.

An exchange is three members: request, response, metadata. The metadata member comes last, so that it seals
the exchange: where it is whole, everything before it is. Records are read by warcio and written here: warcio
parses the headers of an answer and writes them anew, and writes no revisit without that.
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from warcio.archiveiterator import ArchiveIterator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from warcio.recordloader import ArcWarcRecord

    from foi_etl.model import Exchange

_CHUNK = 1 << 20
_GZIP = 31
_LEVEL = 6
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
_Headers = list[tuple[str, str]]
_UNSAFE = re.compile(r"[%\x00-\x1f\x7f\u0085\u2028\u2029]|^\s+|\s+$")
_INFO = {
    "software": "foi-etl",
    "format": "WARC File Format 1.1",
    "conformsTo": "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "description": "annual reports on open government information, as the portals answered",
}


class Member(NamedTuple):
    """One whole gzip member: where it lies, and the record in it."""

    start: int
    end: int
    record: bytes


def members(stream: BinaryIO) -> Iterator[Member]:
    """Every whole member from where the stream stands; ends, without a word, at the first that is not."""
    start, rest = stream.tell(), b""
    while True:
        unpacker, pieces, end = zlib.decompressobj(_GZIP), [], start
        while not unpacker.eof:
            rest = rest or stream.read(_CHUNK)
            if not rest:
                return
            try:
                pieces.append(unpacker.decompress(rest))
            except zlib.error:
                return
            end += len(rest) - len(unpacker.unused_data)
            rest = unpacker.unused_data
        yield Member(start, end, b"".join(pieces))
        start = end


def record_of(member: Member) -> ArcWarcRecord:
    """The record of a member, as warcio reads it."""
    return next(iter(ArchiveIterator(BytesIO(member.record))))


def response_id(capture_id: str) -> str:
    """The record id of a capture's response: made of the capture's, so that a later note can refer to it."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'foi-etl:capture:{capture_id}')}>"


class Earlier(NamedTuple):
    """The response whose bytes an answer says again, and how it says so."""

    profile: str
    """server-not-modified or identical-payload-digest."""
    capture: str
    url: str
    date: str
    digest: str


def info_member(file_name: str, date: str) -> bytes:
    """The first member of every file: who wrote it, and by which rules."""
    headers = [("WARC-Type", "warcinfo"), ("WARC-Record-ID", _new_id())]
    headers += [("WARC-Filename", file_name), ("WARC-Date", date)]
    return _member(headers, "application/warc-fields", _fields(_INFO))


def exchange_members(
    exchange: Exchange, capture_id: str, fields: Mapping[str, str], earlier: Earlier | None = None
) -> tuple[bytes, int]:
    """The three members of an exchange, and how far in the answer begins; a revisit if it is as before."""
    seal, about = response_id(capture_id), (exchange.url, exchange.fetched_at)
    with_it = ("WARC-Concurrent-To", seal)
    request = _member(
        [*_headers("request", *about), with_it, ("WARC-Payload-Digest", digest_of(exchange.request_body))],
        "application/http; msgtype=request",
        _http(f"{exchange.method} {_target(exchange)} HTTP/1.1", exchange.request_headers)
        + exchange.request_body,
    )
    head = _http(f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), _without_transfer(exchange))
    headers = _headers("revisit" if earlier else "response", *about, record_id=seal)
    answer = _member(
        [
            *headers,
            *(_referring(earlier) if earlier else [("WARC-Payload-Digest", digest_of(exchange.body))]),
        ],
        "application/http; msgtype=response",
        head if earlier else head + exchange.body,
    )
    words = [*_headers("metadata", *about), with_it]
    return request + answer + _member(words, "application/warc-fields", _fields(fields)), len(request)


def note_member(url: str, date: str, capture_id: str, fields: Mapping[str, str]) -> bytes:
    """A later word about an earlier response."""
    headers = [*_headers("metadata", url, date), ("WARC-Refers-To", response_id(capture_id))]
    return _member(headers, "application/warc-fields", _fields(fields))


def digest_of(payload: bytes) -> str:
    """A payload's digest, as WARC writes it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def read_fields(block: bytes) -> dict[str, str]:
    """The named values of a metadata record."""
    pairs = (line.split(": ", 1) for line in block.decode("utf-8").split("\r\n") if ": " in line)
    return {name: unquote(value) for name, value in pairs}


def _fields(fields: Mapping[str, str]) -> bytes:
    """Chinese stays readable; only what would break a line, and the escape itself, is escaped."""
    escaped = (
        (name, _UNSAFE.sub(lambda hit: quote(hit[0], safe=""), value)) for name, value in fields.items()
    )
    return "".join(f"{name}: {value}\r\n" for name, value in escaped if value).encode()


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _target(exchange: Exchange) -> str:
    parts = urlsplit(exchange.url)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _headers(kind: str, url: str, date: str, *, record_id: str = "") -> _Headers:
    headers = [("WARC-Type", kind), ("WARC-Record-ID", record_id or _new_id())]
    return [*headers, ("WARC-Target-URI", url), ("WARC-Date", date)]


def _referring(earlier: Earlier) -> _Headers:
    return [
        ("WARC-Profile", _PROFILE + earlier.profile),
        ("WARC-Refers-To", response_id(earlier.capture)),
        ("WARC-Refers-To-Target-URI", earlier.url),
        ("WARC-Refers-To-Date", earlier.date),
        ("WARC-Payload-Digest", earlier.digest),
    ]


def _member(headers: _Headers, content_type: str, block: bytes) -> bytes:
    """One record in one gzip member."""
    digest, size = ("WARC-Block-Digest", digest_of(block)), ("Content-Length", str(len(block)))
    lines = [
        f"{name}: {_flat(value)}\r\n"
        for name, value in (*headers, digest, ("Content-Type", content_type), size)
    ]
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    parts = (f"WARC/1.1\r\n{''.join(lines)}\r\n".encode(), block, b"\r\n\r\n")
    return b"".join([*map(packer.compress, parts), packer.flush()])


def _flat(line: str) -> str:
    return line.replace("\r", " ").replace("\n", " ")


def _http(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return b"".join(_wire(line) + b"\r\n" for line in lines) + b"\r\n"


def _wire(line: str) -> bytes:
    """Header bytes as they came: the HTTP library reads them as latin-1, whatever they were meant to be."""
    try:
        return _flat(line).encode("latin-1")
    except UnicodeEncodeError:
        return _flat(line).encode()


def _without_transfer(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Transfer encoding is off already: a reader that met the plain header would take it off again."""
    for name, value in exchange.response_headers:
        yield (f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name), value
