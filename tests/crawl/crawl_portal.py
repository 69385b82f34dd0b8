"""A real server on loopback that answers for every practice host as its test tells it to."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from foi_etl.crawl.body import Limits
from foi_etl.crawl.fetch import Fetcher
from foi_etl.crawl.manners import RobotsAnswer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Ask, Exchange

HOST = "http://harbour.practice.invalid"
FAST = Limits(received=200_000, unpacked=1_000_000, connect=2, read=2, total=5, waits=(0.0, 0.0))


class Reply(NamedTuple):
    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    """What Content-Length says, where it lies; -1 for none at all."""
    drip: float = 0.0
    """Seconds between one byte and the next."""


@dataclass
class Seen:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    began: float
    ended: float = 0.0


@dataclass
class Portal:
    port: int
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    """By path; the last one is given for ever. What is not here is 404."""
    seen: list[Seen] = field(default_factory=list)

    def fetcher(self, **settings: object) -> Fetcher:
        given = {
            "user_agent": "foi-etl/0.1 (+test)",
            "pause": 0.0,
            "practice_port": self.port,
            "limits": FAST,
            **settings,
        }
        return Fetcher(**given)  # type: ignore[arg-type]

    def get(self, ask: Ask, **settings: object) -> Exchange:
        with self.fetcher(**settings) as fetcher:
            return fetcher.fetch(ask, lambda _: RobotsAnswer(404, ""))

    def reply_to(self, url: str) -> Reply:
        queue = self.replies.get(urlsplit(url).path, [Reply(404, b"gone")])
        return queue.pop(0) if len(queue) > 1 else queue[0]

    @property
    def paths(self) -> list[str]:
        return [urlsplit(one.url).path for one in self.seen]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        began = time.monotonic()
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        seen = Seen(self.command, self.path, dict(self.headers), body, began)
        self.portal.seen.append(seen)
        reply = self.portal.reply_to(self.path)
        try:
            self._send(reply)
        except OSError:
            self.close_connection = True
        seen.ended = time.monotonic()

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        length = len(reply.body) if reply.length is None else reply.length
        if length >= 0:
            self.send_header("Content-Length", str(length))
        self.end_headers()
        if reply.drip:
            for byte in reply.body:
                self.wfile.write(bytes([byte]))
                time.sleep(reply.drip)
        else:
            self.wfile.write(reply.body)
        self.close_connection = reply.length is not None

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Hang-ups are part of the tests."""


@contextmanager
def serving() -> Iterator[Portal]:
    handler = type("Handler", (_Handler,), {})
    with _Server(("127.0.0.1", 0), handler) as server:
        handler.portal = Portal(server.server_port)  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield handler.portal  # type: ignore[attr-defined]
        finally:
            server.shutdown()
            thread.join()


def zipped(body: bytes) -> Reply:
    return Reply(body=gzip.compress(body), headers=(("Content-Encoding", "gzip"),))
