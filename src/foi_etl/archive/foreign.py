"""Other people's WARC files: what web archives and Common Crawl kept of portals, as exchanges of ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from foi_etl.errors import ArchiveDamaged
from foi_etl.model import Ask, Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

LARGEST: Final = 32_000_000
"""Bytes. What is larger is no report."""
_TAKEN_OFF = {"content-encoding", "transfer-encoding"}


def exchanges_in(path: Path) -> Iterator[Exchange]:
    """Every answer of the web in a WARC file, with its encodings taken off. The file is only read."""
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                uri = record.rec_headers.get_header("WARC-Target-URI") or ""
                if record.rec_type == "response" and uri.startswith(("http://", "https://")):
                    body = record.content_stream().read(LARGEST + 1)
                    if len(body) <= LARGEST:
                        yield _exchange(record, uri, body)
    except ArchiveLoadFailed as error:
        raise ArchiveDamaged(f"this is no whole WARC file: {error}", file=path) from error


def _exchange(record: ArcWarcRecord, uri: str, body: bytes) -> Exchange:
    moment = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)
    answer = record.http_headers
    headers = tuple(
        (f"X-Archive-Orig-{name}" if name.lower() in _TAKEN_OFF else name, value)
        for name, value in answer.headers
    )
    return Exchange(
        ask=Ask(uri),
        url=uri,
        fetched_at=moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        method="GET",
        request_headers=(),
        request_body=b"",
        status=int(answer.get_statuscode()),
        reason="",
        response_headers=headers,
        body=body,
    )
