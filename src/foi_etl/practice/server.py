"""The portals behind one real HTTP server on loopback, told apart by host name."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from foi_etl.forms import Statute
from foi_etl.practice.answers import Answer
from foi_etl.practice.country import Country
from foi_etl.practice.portals import Portals


class Served(NamedTuple):
    """One request that was answered."""

    time: float
    """Seconds on a clock that never goes back."""
    host: str
    method: str
    path: str
    """With its query."""
    status: int


class PracticeServer(ThreadingHTTPServer):
    """Serves a country as a proxy would (whole urls) and as a host would (paths and a Host header)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, portals: Portals, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.portals = portals
        self.log: list[Served] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_port


@contextmanager
def serve(country: Country, statute: Statute, port: int = 0) -> Iterator[PracticeServer]:
    """The country, reachable on 127.0.0.1 until the block ends; port 0 takes any free one."""
    with PracticeServer(Portals(country, statute), port) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Practice"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30
    server: PracticeServer

    def do_GET(self) -> None:
        self._reply(b"")

    def do_HEAD(self) -> None:
        self._reply(b"")

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep silent: the log is a list."""

    def _reply(self, posted: bytes) -> None:
        parts = urlsplit(self.path)
        host = (parts.hostname or self.headers.get("Host", "").split(":")[0]).lower()
        params = dict(parse_qsl(parts.query) + parse_qsl(posted.decode("utf-8", errors="replace")))
        answer = self.server.portals.answer(host, parts.path or "/", params)
        status = HTTPStatus.NOT_MODIFIED if self._known(answer) else HTTPStatus(answer.status)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        self.server.log.append(Served(time.monotonic(), host, self.command, target, status))
        self._send(status, answer)

    def _known(self, answer: Answer) -> bool:
        """Whether the client has this very page already."""
        if answer.status != HTTPStatus.OK or self.command == "POST":
            return False
        if tags := self.headers.get("If-None-Match"):
            return _tag(answer) in tags
        since = self.headers.get("If-Modified-Since")
        return bool(since) and parsedate_to_datetime(str(since)) >= _midnight(answer.modified)

    def _send(self, status: HTTPStatus, answer: Answer) -> None:
        body = b"" if status == HTTPStatus.NOT_MODIFIED else answer.body
        zipped = bool(body) and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, mtime=0) if zipped else body
        self.send_response(status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("ETag", _tag(answer))
        self.send_header("Last-Modified", format_datetime(_midnight(answer.modified), usegmt=True))
        self.send_header("Vary", "Accept-Encoding")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _tag(answer: Answer) -> str:
    return f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
