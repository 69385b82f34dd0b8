"""One request over the wire, and its answer as it came: what may be sent and taken, nothing about manners."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import requests
import urllib3
from requests.cookies import extract_cookies_to_jar

from foi_etl.crawl.address import END, PublicOnly, host_of, is_practice
from foi_etl.crawl.body import Limits, check_unpacked, received, too_slow
from foi_etl.crawl.tls import STRICT, context
from foi_etl.errors import FixTheRegistry
from foi_etl.model import Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from foi_etl.model import Ask

_TROUBLE = (requests.RequestException, urllib3.exceptions.HTTPError)


class Known(NamedTuple):
    """What the portal said of a page when it gave it to us: sent back, so that it need not give it again."""

    url: str
    """Where the page came from: nobody else is told."""
    etag: str
    last_modified: str


class Hop(NamedTuple):
    """One request on the way to an answer."""

    ask: Ask
    url: str
    method: str
    body: bytes
    known: Known | None = None


class _Mine(threading.local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self.sessions: dict[str, requests.Session] = {}


class Wire:
    """Carries one request at a time for each thread that asks."""

    def __init__(
        self,
        *,
        user_agent: str,
        practice_port: int | None,
        limits: Limits,
        tls: Mapping[str, str],
        intermediates: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._user_agent = user_agent
        self._practice_port = practice_port
        self._limits = limits
        self._tls = tls
        self._intermediates = intermediates
        self._not_strict: set[str] = set()
        self._now = now
        self._mine = _Mine()
        self._sessions: list[requests.Session] = []

    def close(self) -> None:
        """Close every connection."""
        for session in self._sessions:
            session.close()

    def once(self, hop: Hop) -> Exchange | Exception:
        """One request. The trouble, if time may help it; raised, if it may not.

        A host that cannot prove strictly who it is may do so by the exception on record for it, from then on.
        """
        host = host_of(hop.url)
        exception = self._tls.get(host, "")
        try:
            return self._carried(hop, exception if host in self._not_strict else STRICT)
        except requests.exceptions.SSLError as error:
            if not exception or host in self._not_strict:
                raise _unproven(hop, error) from error
        self._not_strict.add(host)
        try:
            return self._carried(hop, exception)
        except requests.exceptions.SSLError as error:
            raise _unproven(hop, error) from error

    def _carried(self, hop: Hop, transport: str) -> Exchange | Exception:
        fetched_at = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        END.at = end = time.monotonic() + self._limits.total
        try:
            prepared, response = self._sent(hop, transport)
            with response:
                body = received(response, hop.url, self._limits, end)
        except requests.exceptions.SSLError:
            raise
        except _TROUBLE as error:
            if time.monotonic() > end:
                raise too_slow(hop.url, self._limits) from error
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
            transport=transport if hop.url.startswith("https:") else "",
        )
        if header(exchange, "content-encoding"):
            check_unpacked(body, hop.url, self._limits.unpacked)
        return exchange

    def _sent(self, hop: Hop, transport: str) -> tuple[requests.PreparedRequest, requests.Response]:
        """The request sent and the head of its answer: straight through the adapter.

        A session would read the whole body of a redirect by itself, whatever its size.
        """
        session = self._session(transport)
        prepared = requests.PreparedRequest()  # a session would merge what it has none of, for a fifth more
        prepared.prepare(
            method=hop.method,
            url=hop.url,
            headers={**session.headers, **self._headers(hop)},
            data=hop.body or None,
            cookies=session.cookies,
        )
        adapter = session.get_adapter(hop.url)
        response = adapter.send(
            prepared,
            stream=True,
            timeout=(self._limits.connect, self._limits.read),
            verify=not isinstance(adapter, PublicOnly) or adapter.proven,
            proxies=self._proxies(hop.url),
        )
        extract_cookies_to_jar(session.cookies, prepared, response.raw)  # type: ignore[no-untyped-call]
        return prepared, response

    def _headers(self, hop: Hop) -> dict[str, str]:
        headers = {"User-Agent": self._user_agent}
        if hop.ask.referer:
            headers["Referer"] = requests.utils.requote_uri(hop.ask.referer)
        if hop.method == "POST":
            kind = "application/json" if hop.ask.body else "application/x-www-form-urlencoded"
            headers["Content-Type"] = f"{kind}; charset=UTF-8"
            headers["X-Requested-With"] = "XMLHttpRequest"
        elif hop.known and hop.known.url == hop.url:
            told = {"If-None-Match": hop.known.etag, "If-Modified-Since": hop.known.last_modified}
            headers |= {name: value for name, value in told.items() if value}
        return headers

    def _proxies(self, url: str) -> dict[str, str]:
        host = host_of(url)
        if not is_practice(host):
            return {}
        if self._practice_port is None:
            raise FixTheRegistry(
                "this is a practice portal and none is being served: run `foi-etl practice serve`", host=host
            )
        return dict.fromkeys(("http", "https"), f"http://127.0.0.1:{self._practice_port}")

    def _session(self, transport: str) -> requests.Session:
        """The session of this thread. It trusts no settings of the machine: no proxies, no passwords."""
        if transport not in self._mine.sessions:
            made = None if transport == STRICT else context(transport, self._intermediates)
            session = requests.Session()
            session.trust_env = False
            session.headers.update({"Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate"})
            for scheme in ("http://", "https://"):
                session.mount(scheme, PublicOnly(made))
            self._sessions.append(session)
            self._mine.sessions[transport] = session
        return self._mine.sessions[transport]


def header(exchange: Exchange, name: str) -> str:
    """The first header of an answer with that name, or nothing."""
    return next((value for key, value in exchange.response_headers if key.lower() == name), "")


def _unproven(hop: Hop, error: Exception) -> FixTheRegistry:
    reason = str(error.args[0] if error.args else error)[:200]
    remedy = "look at its certificate; an exception is made for one host, on record, or not at all"
    return FixTheRegistry(f"the portal cannot prove who it is ({reason}): {remedy}", url=hop.url)
