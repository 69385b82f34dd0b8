"""Hosts that misbehave, each in one named way, and what is due when a crawler meets them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from io import BufferedIOBase
from threading import Event
from typing import Final, Protocol

from foi_etl.model import Agency, Portal
from foi_etl.practice.answers import EPOCH, HTML, Answer, Asked, page
from foi_etl.practice.attachments import file_bytes
from foi_etl.practice.places import DOMAIN
from foi_etl.practice.scripted import column, family_of

_HOST = re.compile(rf"(?:www-)?([a-z0-9-]+)\.hostile\.{re.escape(DOMAIN)}")
_PLAIN = "text/plain; charset=UTF-8"
LINKS: Final = 100_000
"""How many pages the listing without end links to."""
BOMB: Final = 1 << 30
"""How many bytes the gzip bomb becomes."""
RETRY_AFTER: Final = 2
"""Seconds that a busy host asks for."""
CRAWL_DELAY: Final = 1.5
_BUSY_TIMES = 1
_FEW = 3
_TITLE = "某局{}年政府信息公开工作年度报告"

OPTIONS: Final[Mapping[str, str]] = {
    "endless": "failed: the body never ends; cut at the size limit",
    "drip": "failed: one byte a second; cut at the time limit",
    "bomb": "failed: some MB that unpack to a GB; cut at the decompression limit",
    "loop": "failed: redirects in a circle; cut at the redirect limit",
    "to-loopback": "failed: redirects to 127.0.0.1, which is not asked",
    "to-link-local": "failed: redirects to 169.254.169.254, which is not asked",
    "truncated": "failed: the connection ends before the Content-Length is reached",
    "wrong-length": "failed: the Content-Length is longer than the body; silence, then the end",
    "waf-pdf": "blocked: the page of a firewall is sent where a .pdf was asked for",
    "challenge-412": "blocked: 412 and a script challenge; never retried",
    "challenge-521": "blocked: 521 and a script that sets a cookie; never retried",
    "forbidden": "blocked: 403",
    "busy": "ok: 429 with Retry-After once, then the listing; asked again no sooner",
    "always-busy": "busy: 429 with Retry-After for ever",
    "links": "partial: a listing that links 100,000 pages; cut at the budget",
    "robots-all": "blocked: robots.txt disallows everything; nothing else is asked",
    "robots-403": "blocked: robots.txt answers 403; nothing else is asked",
    "crawl-delay": "ok: Crawl-delay in robots.txt is longer than the pace, and kept",
    "token": "blocked: the list wants a token that only a browser's script makes",
    "endpoint-gone": "partial: the list's own address is gone, only the rows in the page remain",
    "expired-tls": "failed: over https (a tunnel through the proxy) the certificate has expired",
    "self-signed-tls": "failed: over https the certificate is signed by itself",
    "wrong-name-tls": "failed: over https the certificate is another host's",
}
"""Each way of misbehaving, and the outcome that is due."""


class Logged(Protocol):
    """What a log says of a request."""

    host: str
    path: str


def option_of(host: str, options: Mapping[str, str]) -> str:
    """How a host misbehaves: as the options say, or as its own name does; empty where it does not."""
    named = _HOST.fullmatch(host)
    return options.get(host) or (named[1] if named and named[1] in OPTIONS else "")


def answer(option: str, asked: Asked, host: str, log: Sequence[Logged]) -> Answer | None:
    """What a misbehaving host answers; None where it behaves, or where bytes must be sent by hand."""
    if not option:
        return None
    if asked.path == "/robots.txt":
        return _ROBOTS.get(option) or (None if not _HOST.fullmatch(host) else _robots(""))
    if option in _BUSY:
        times = sum(one.host == host and one.path != "/robots.txt" for one in log)
        return _busy() if times < _BUSY[option] else _ordinary(host, asked)
    if option in RAW:
        return None
    made = _ANSWERS[option](asked) if option in _ANSWERS else None
    return made or _ordinary(host, asked)


def agencies() -> tuple[Agency, ...]:
    """An agency for each way of misbehaving, at home on a host that misbehaves so."""
    return tuple(
        Agency(f"hostile-{option}", "某局", family_of(option), _portal(option), practice=True, note=due)
        for option, due in OPTIONS.items()
    )


def portals() -> tuple[Portal, ...]:
    """The hosts of those agencies."""
    return tuple(
        Portal(f"{one}.hostile.{DOMAIN}", family_of(one), practice=True, evidence="a practice portal")
        for one in OPTIONS
    )


def _portal(option: str) -> str:
    scheme = "https" if option.endswith("-tls") else "http"
    return f"{scheme}://{option}.hostile.{DOMAIN}/zfxxgknb/index.html"


def _ordinary(host: str, asked: Asked) -> Answer | None:
    """On a host that does nothing else: a short listing, reports without tables, a file beside each."""
    if not _HOST.fullmatch(host):
        return None
    if asked.path.endswith(".pdf"):
        return Answer(200, "application/pdf", file_bytes(_TITLE.format(2025), "pdf"), EPOCH)
    if "/t20" in asked.path:
        body = '<div id="zoom"><p>全文见附件。</p><a href="./P02026.pdf">附件</a></div>'
        text = f"<h1>{_TITLE.format(2025)}</h1>{body}"
        return page(f'<html><head><meta charset="UTF-8"></head><body>{text}</body></html>')
    named = _HOST.fullmatch(host)
    return column(named[1] if named else "") or _listing(_FEW)


def _robots(lines: str) -> Answer:
    return Answer(200, _PLAIN, f"User-agent: *\nDisallow:\n{lines}".encode(), EPOCH)


_ROBOTS: Final = {
    "robots-all": Answer(200, _PLAIN, b"User-agent: *\nDisallow: /\n", EPOCH),
    "robots-403": Answer(403, HTML, b"<html><body>403 Forbidden</body></html>", EPOCH),
    "crawl-delay": _robots(f"Crawl-delay: {CRAWL_DELAY}\n"),
}


@cache
def _listing(count: int) -> Answer:
    rows = "\n".join(
        f'<li><a href="./202{n % 6}01/t202{n % 6}0115_{n}.html">{_TITLE.format(2019 + n % 6)}</a>'
        f"<span>202{n % 6}-01-15</span></li>"
        for n in range(count)
    )
    return page(
        f'<html><head><meta charset="UTF-8"></head><body><ul>{rows}</ul></body></html>', date(2026, 1, 15)
    )


def _busy() -> Answer:
    body = "<html><body>访问过于频繁</body></html>".encode()
    return Answer(429, HTML, body, EPOCH, (("Retry-After", str(RETRY_AFTER)),))


_BUSY: Final = {"busy": _BUSY_TIMES, "always-busy": 1 << 60}


def _to(url: str) -> Callable[[Asked], Answer]:
    return lambda _asked: Answer(302, HTML, b"", EPOCH, (("Location", url),))


def _circle(asked: Asked) -> Answer:
    target = "/b/index.html" if asked.path.startswith("/a/") else "/a/index.html"
    return Answer(302, HTML, b"", EPOCH, (("Location", target),))


def _challenge(status: int, text: str, cookie: str) -> Callable[[Asked], Answer]:
    body = f"<html><head><script>{text}</script></head><body></body></html>".encode()
    return lambda _asked: Answer(status, HTML, body, EPOCH, (("Set-Cookie", cookie),))


def _firewall(_asked: Asked) -> Answer:
    told = "您的访问请求可能对网站造成安全威胁，已被拦截。"
    text = f"<html><head><title>WAF</title></head><body>{told}</body></html>"
    return Answer(200, "application/pdf", text.encode(), EPOCH)


def _firewall_for_files(asked: Asked) -> Answer | None:
    return _firewall(asked) if asked.path.endswith((".pdf", ".ofd", ".docx", "downfile.jsp")) else None


def _without_token(asked: Asked) -> Answer | None:
    """Pages come as ever; what a script would ask for does not."""
    searched = "_isJson" in asked.query or "/search/" in asked.path or "searchList" in asked.path
    return _ANSWERS["challenge-412"](asked) if searched else None


def _without_endpoint(asked: Asked) -> Answer | None:
    gone = asked.path.endswith(("dataproxy.jsp", "getMessage.do", "/unit", "getgovinfolist"))
    return Answer(404, HTML, b"<html><body>404</body></html>", EPOCH) if gone else None


_ANSWERS: Final[Mapping[str, Callable[[Asked], Answer | None]]] = {
    "loop": _circle,
    "to-loopback": _to("http://127.0.0.1:9/secret"),
    "to-link-local": _to("http://169.254.169.254/latest/meta-data/"),
    "waf-pdf": _firewall_for_files,
    "challenge-412": _challenge(412, "$_ts=window['$_ts'];if(!$_ts)$_ts={};", "FSSBBIl1UgzbN7N80S=x; Path=/"),
    "challenge-521": _challenge(
        521, "document.cookie='__jsl_clearance='+(0x1b2)+'; path=/'", "__jsluid_h=0; path=/"
    ),
    "forbidden": lambda _asked: Answer(403, HTML, b"<html><body>403 Forbidden</body></html>", EPOCH),
    "links": lambda asked: None if "/t20" in asked.path else _listing(LINKS),
    "token": _without_token,
    "endpoint-gone": _without_endpoint,
}


def _head(*lines: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html; charset=UTF-8", *lines, "", "")).encode()


_ROW = "<li>政府信息公开工作年度报告</li>\n".encode()


def _endless(out: BufferedIOBase, over: Event) -> None:
    out.write(_head("Connection: close"))
    while not over.is_set():
        out.write(_ROW * 256)


def _drip(out: BufferedIOBase, over: Event) -> None:
    out.write(_head("Connection: close"))
    while not over.wait(1.0):
        out.write(b"<")
        out.flush()


def _bomb(out: BufferedIOBase, _over: Event) -> None:
    body = gzip.compress(bytes(1 << 26), mtime=0) * (BOMB >> 26)
    out.write(_head("Content-Encoding: gzip", f"Content-Length: {len(body)}", "Connection: close") + body)


def _truncated(out: BufferedIOBase, _over: Event) -> None:
    out.write(_head("Content-Length: 100000", "Connection: close") + _ROW * 10)


def _wrong_length(out: BufferedIOBase, over: Event) -> None:
    out.write(_head(f"Content-Length: {len(_ROW) * 10 + 7}") + _ROW * 10)
    out.flush()
    over.wait(1.0)


RAW: Final[Mapping[str, Callable[[BufferedIOBase, Event], None]]] = {
    "endless": _endless,
    "drip": _drip,
    "bomb": _bomb,
    "truncated": _truncated,
    "wrong-length": _wrong_length,
}
"""Answers that only raw bytes can give."""
