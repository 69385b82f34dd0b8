"""The portals behind one real HTTP server on loopback, told apart by host name."""

from __future__ import annotations

import gzip
import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from threading import Event, Thread
from urllib.parse import urlsplit

from foi_etl.forms import Statute
from foi_etl.practice import hostile
from foi_etl.practice.answers import Answer, Asked
from foi_etl.practice.country import Country
from foi_etl.practice.portals import Portals
from foi_etl.practice.tls import context


@dataclass
class Served:
    """One request that was answered."""

    time: float
    """When it came, in seconds on a clock that never goes back."""
    host: str
    method: str
    path: str
    """With its query."""
    status: int
    answered: float = inf
    """When its answer began: a request that came earlier to the same host came too early."""
    ended: float = inf
    """When the last byte had been sent, or the client had gone."""


class PracticeServer(ThreadingHTTPServer):
    """Serves a country as a proxy would (whole urls) and as a host would (paths and a Host header)."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, nights: Sequence[Portals], port: int, options: Mapping[str, str]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.nights = tuple(nights)
        self.night = 1
        """Which night it is; the last one stays for ever."""
        self.options = dict(options)
        """Host to the way in which it misbehaves; see `hostile.OPTIONS`."""
        self.log: list[Served] = []
        self.over = Event()
        """Set when the server ends, so that answers without end end too."""

    @property
    def portals(self) -> Portals:
        """The portals as they are tonight."""
        return self.nights[min(self.night, len(self.nights)) - 1]

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_port


@contextmanager
def serve(
    country: Country,
    statute: Statute,
    port: int = 0,
    *,
    tomorrow: Country | None = None,
    options: Mapping[str, str] | None = None,
) -> Iterator[PracticeServer]:
    """The country, reachable on 127.0.0.1 until the block ends; port 0 takes any free one.

    With `server.night = 2` it is the country of tomorrow. Options make hosts misbehave, by host name.
    """
    nights = [Portals(each, statute) for each in (country, tomorrow) if each]
    with PracticeServer(nights, port, options or {}) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Practice"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = 30
    server: PracticeServer
    _tunnel = ""
    """The host a tunnel leads to."""

    def do_GET(self) -> None:
        self._reply(b"")

    def do_HEAD(self) -> None:
        self._reply(b"")

    def do_POST(self) -> None:
        self._reply(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_CONNECT(self) -> None:
        """A tunnel to a host that speaks TLS; the certificate is as good as the host's option."""
        host = self.path.partition(":")[0].lower()
        option = hostile.option_of(host, self.server.options)
        self.send_response(HTTPStatus.OK, "Connection established")
        self.end_headers()
        try:
            secured = context(host, option).wrap_socket(self.connection, server_side=True)
        except OSError:
            self.close_connection = True
            return
        self._tunnel = host
        self.connection = self.request = secured
        self.rfile, self.wfile = secured.makefile("rb"), secured.makefile("wb")
        self.close_connection = False

    def finish(self) -> None:
        """Close the secured end of a tunnel too; the server knows only the plain one."""
        super().finish()
        if self._tunnel:
            self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep silent: the log is a list."""

    def _reply(self, posted: bytes) -> None:
        came, parts = time.monotonic(), urlsplit(self.path)
        host = (parts.hostname or self._tunnel or self.headers.get("Host", "").split(":")[0]).lower()
        asked = Asked(
            parts.path or "/",
            parts.query,
            posted.decode("utf-8", errors="replace"),
            self.command,
            self.headers.get("Referer", ""),
        )
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        served = Served(came, host, self.command, target, 0)
        try:
            self._answer(host, asked, served)
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        finally:
            served.ended = time.monotonic()

    def _answer(self, host: str, asked: Asked, served: Served) -> None:
        option = hostile.option_of(host, self.server.options)
        answer = hostile.answer(option, asked, host, self.server.log)
        if answer is None and option in hostile.RAW:
            served.status, served.answered = HTTPStatus.OK, time.monotonic()
            self.server.log.append(served)
            self.close_connection = True
            hostile.RAW[option](self.wfile, self.server.over)
            return
        answer = answer or self.server.portals.answer(host, asked)
        status = int(HTTPStatus.NOT_MODIFIED) if self._known(answer) else answer.status
        served.status, served.answered = status, time.monotonic()
        self.server.log.append(served)
        self._send(status, answer)

    def _known(self, answer: Answer) -> bool:
        """Whether the client has this very page already."""
        if answer.status != HTTPStatus.OK or self.command == "POST":
            return False
        if tags := self.headers.get("If-None-Match"):
            return _tag(answer) in tags
        since = self.headers.get("If-Modified-Since")
        return bool(since) and parsedate_to_datetime(str(since)) >= _midnight(answer.modified)

    def _send(self, status: int, answer: Answer) -> None:
        body = b"" if status == HTTPStatus.NOT_MODIFIED else answer.body
        zipped = bool(body) and "gzip" in self.headers.get("Accept-Encoding", "")
        body = gzip.compress(body, mtime=0) if zipped else body
        self.send_response(status, None if status in set(HTTPStatus) else "Refused")
        self.send_header("Content-Type", answer.kind)
        self.send_header("ETag", _tag(answer))
        self.send_header("Last-Modified", format_datetime(_midnight(answer.modified), usegmt=True))
        for name, value in answer.headers:
            self.send_header(name, value)
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
