"""One request over the wire, and its answer as it came: what may be sent and taken, nothing about manners."""

from __future__ import annotations

import threading
import time
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.cookies import extract_cookies_to_jar

from foi_etl.crawl.address import PublicOnly, host_of, is_practice
from foi_etl.errors import FixTheRegistry, NotAReport, WaitAndRetry
from foi_etl.model import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

    from foi_etl.model import Ask

_CHUNK = 1 << 16
_TROUBLE = (requests.RequestException, urllib3.exceptions.HTTPError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much we take, and how long we wait; bytes and seconds."""

    received: int = 64_000_000
    unpacked: int = 100_000_000
    connect: float = 10.0
    read: float = 30.0
    total: float = 180.0
    waits: tuple[float, ...] = (2.0, 8.0)
    """Before the second and third try."""
    longest_wait: float = 120.0
    """A portal that asks for more is left alone until the next run."""


class Hop(NamedTuple):
    """One request on the way to an answer."""

    ask: Ask
    url: str
    method: str
    body: bytes


class _Mine(threading.local):
    """What each thread has for itself."""

    session: requests.Session | None = None


class Wire:
    """Carries one request at a time for each thread that asks."""

    def __init__(
        self,
        *,
        user_agent: str,
        practice_port: int | None,
        limits: Limits,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._user_agent = user_agent
        self._practice_port = practice_port
        self._limits = limits
        self._now = now
        self._monotonic = monotonic
        self._mine = _Mine()
        self._sessions: list[requests.Session] = []

    def close(self) -> None:
        """Close every connection."""
        for session in self._sessions:
            session.close()

    def once(self, hop: Hop) -> Exchange | Exception:
        """One request. The trouble, if time may help it; raised, if it may not."""
        fetched_at = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            prepared, response = self._sent(hop)
            with response:
                body = self._received(response, hop.url)
        except requests.exceptions.SSLError as error:
            remedy = "look at its certificate; an exception is made for one host, on record, or not at all"
            raise FixTheRegistry(
                f"the portal cannot prove who it is ({_reason(error)}): {remedy}", url=hop.url
            ) from error
        except _TROUBLE as error:
            return error
        exchange = Exchange(
            ask=hop.ask,
            url=hop.url,
            fetched_at=fetched_at,
            method=hop.method,
            request_headers=(("Host", urlsplit(hop.url).netloc), *prepared.headers.items()),
            request_body=hop.body,
            status=response.status_code,
            reason=response.reason or "",
            response_headers=tuple(response.raw.headers.items()),
            body=body,
        )
        _check_unpacked(exchange, self._limits.unpacked)
        return exchange

    def _sent(self, hop: Hop) -> tuple[requests.PreparedRequest, requests.Response]:
        """The request sent and the head of its answer: straight through the adapter.

        A session would read the whole body of a redirect by itself, whatever its size.
        """
        session = self._session()
        request = requests.Request(hop.method, hop.url, data=hop.body or None, headers=self._headers(hop))
        prepared = session.prepare_request(request)
        response = session.get_adapter(hop.url).send(
            prepared,
            stream=True,
            timeout=(self._limits.connect, self._limits.read),
            proxies=self._proxies(hop.url),
        )
        extract_cookies_to_jar(session.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return prepared, response

    def _headers(self, hop: Hop) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent}
        if hop.ask.referer:
            headers["Referer"] = requests.utils.requote_uri(hop.ask.referer)
        if hop.method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
            headers["X-Requested-With"] = "XMLHttpRequest"
        return headers

    def _proxies(self, url: str) -> dict[str, str]:
        host = host_of(url)
        if not is_practice(host):
            return {}
        if self._practice_port is None:
            raise FixTheRegistry(
                "this is a practice portal and none is being served: run `foi-etl practice serve`", host=host
            )
        return {"http": f"http://127.0.0.1:{self._practice_port}"}

    def _received(self, response: requests.Response, url: str) -> bytes:
        """The body as it comes, within the limits; urllib3 raises where it is shorter than it said."""
        end = self._monotonic() + self._limits.total
        body = bytearray()
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self._limits.received:
                raise NotAReport(
                    f"the answer is larger than {self._limits.received} bytes: look at it by hand", url=url
                )
            if self._monotonic() > end:
                raise WaitAndRetry(
                    f"the answer takes longer than {self._limits.total:g} s: try later", url=url
                )
        return bytes(body)

    def _session(self) -> requests.Session:
        """The session of this thread. It trusts no settings of the machine: no proxies, no passwords."""
        if self._mine.session is None:
            session = requests.Session()
            session.trust_env = False
            session.headers.update({"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate"})
            for scheme in ("http://", "https://"):
                session.mount(scheme, PublicOnly(max_retries=0))
            self._sessions.append(session)
            self._mine.session = session
        return self._mine.session


def header(exchange: Exchange, name: str) -> str:
    """The first header of an answer with that name, or nothing."""
    return next((value for key, value in exchange.response_headers if key.lower() == name), "")


def _check_unpacked(exchange: Exchange, limit: int) -> None:
    if not header(exchange, "content-encoding"):
        return
    try:
        size = len(zlib.decompressobj(47).decompress(exchange.body, limit + 1))
    except zlib.error:
        return  # not packed after all: the size on the wire is the size
    if size > limit:
        raise NotAReport(
            f"the answer unpacks to more than {limit} bytes: look at it by hand", url=exchange.url
        )


def _reason(error: Exception) -> str:
    return str(error.args[0] if error.args else error)[:200]
