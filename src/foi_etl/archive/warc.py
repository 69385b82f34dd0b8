"""The alphabet of the archive: exchanges as gzip members of a WARC file, and members as records again.

An exchange is three members: request, response, metadata. The metadata member comes last, so that it seals
the exchange: where it is whole, everything before it is.
"""

from __future__ import annotations

import re
import uuid
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import BufferWARCWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from foi_etl.model import Exchange

_CHUNK = 1 << 20
_GZIP = 31
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


def info_member(file_name: str, date: str) -> bytes:
    """The first member of every file: who wrote it, and by which rules."""
    headers = StatusAndHeaders("", [("WARC-Filename", file_name), ("WARC-Date", date)], protocol="WARC/1.1")
    headers.add_header("WARC-Type", "warcinfo")
    headers.add_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid4()}>")
    return _member(headers, "application/warc-fields", _fields(_INFO))


def exchange_members(exchange: Exchange, capture_id: str, fields: Mapping[str, str]) -> tuple[bytes, int]:
    """The three members of an exchange, and how far in the response begins."""
    seal = response_id(capture_id)
    target = f"{urlsplit(exchange.url).path or '/'}"
    if query := urlsplit(exchange.url).query:
        target += f"?{query}"
    asked = _http(f"{exchange.method} {target} HTTP/1.1", exchange.request_headers)
    answered = _http(f"HTTP/1.1 {exchange.status} {exchange.reason}".rstrip(), _without_transfer(exchange))
    request = _member(
        _headers(
            "request", exchange.url, exchange.fetched_at, concurrent_to=seal, payload=exchange.request_body
        ),
        "application/http; msgtype=request",
        asked + exchange.request_body,
    )
    response = _member(
        _headers("response", exchange.url, exchange.fetched_at, record_id=seal, payload=exchange.body),
        "application/http; msgtype=response",
        answered + exchange.body,
    )
    metadata = _headers("metadata", exchange.url, exchange.fetched_at, concurrent_to=seal)
    return request + response + _member(metadata, "application/warc-fields", _fields(fields)), len(request)


def note_member(url: str, date: str, capture_id: str, fields: Mapping[str, str]) -> bytes:
    """A later word about an earlier response."""
    headers = _headers("metadata", url, date, refers_to=response_id(capture_id))
    return _member(headers, "application/warc-fields", _fields(fields))


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


def _headers(
    kind: str,
    url: str,
    date: str,
    *,
    record_id: str = "",
    concurrent_to: str = "",
    refers_to: str = "",
    payload: bytes | None = None,
) -> StatusAndHeaders:
    headers = StatusAndHeaders("", [("WARC-Type", kind)], protocol="WARC/1.1")
    headers.add_header("WARC-Record-ID", record_id or f"<urn:uuid:{uuid.uuid4()}>")
    headers.add_header("WARC-Target-URI", url)
    headers.add_header("WARC-Date", date)
    if concurrent_to:
        headers.add_header("WARC-Concurrent-To", concurrent_to)
    if refers_to:
        headers.add_header("WARC-Refers-To", refers_to)
    if payload is not None:
        headers.add_header("WARC-Payload-Digest", _digest(payload))
    return headers


def _digest(payload: bytes) -> str:
    digester = Digester("sha1")
    digester.update(payload)
    return str(digester)


def _member(headers: StatusAndHeaders, content_type: str, block: bytes) -> bytes:
    """One record in one gzip member. The block goes in as bytes: warcio rewrites headers it has parsed."""
    record = ArcWarcRecord(
        "warc", headers.get_header("WARC-Type"), headers, BytesIO(block), None, content_type, len(block)
    )
    if headers.get_header("WARC-Payload-Digest") is None:
        headers.add_header("WARC-Payload-Digest", _digest(block))
    writer = BufferWARCWriter(gzip=True, warc_version="WARC/1.1")
    try:
        writer.write_record(record)
        return bytes(writer.get_contents())
    finally:
        writer.out.close()


def _http(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    return b"".join(_wire(line) + b"\r\n" for line in lines) + b"\r\n"


def _wire(line: str) -> bytes:
    """Header bytes as they came: the HTTP library reads them as latin-1, whatever they were meant to be."""
    flat = line.replace("\r", " ").replace("\n", " ")
    try:
        return flat.encode("latin-1")
    except UnicodeEncodeError:
        return flat.encode()


def _without_transfer(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Transfer encoding is off already: a reader that met the plain header would take it off again."""
    for name, value in exchange.response_headers:
        yield (f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else name), value
