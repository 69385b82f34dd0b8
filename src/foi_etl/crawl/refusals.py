"""How a portal says no, in a status or behind one that says yes. The sign is recorded, never answered.

A challenge is a page that wants a script to be run before it shows anything. We do not run it: whoever set it
up does not want programs there, and a person may write to them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foi_etl.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from foi_etl.model import Exchange

REFUSAL = "refusal"
"""The purpose of a capture that holds a refusal: it is kept, and read as nothing else."""
REFUSING = frozenset({401, 403, 412, 521})
"""Statuses that are a refusal whatever stands in the page."""
_STUB = 12_000
"""Bytes. No challenge seen is larger; a page of a portal that is smaller has words in it."""
_LEAST_WORDS = 30
_TOO_MANY, _SERVER_TROUBLE = 429, 500
_MAKERS = (
    ("River Security", re.compile(r"FSSBB|\$_ts\b|\b80[ST]=")),
    ("Jiasule", re.compile(r"__jsl(?:uid|_clearance)")),
    ("C3VK", re.compile(r"\bC3VK\b")),
    ("Alibaba WAF", re.compile(r"acw_sc__v|\barg1\s*=\s*['\"]")),
    ("Yunsuo", re.compile(r"yunsuo_session|security_session_verify")),
    ("Yundun", re.compile(r"\byd_cookie\b")),
    ("NWAF", re.compile(r"\bNWAF", re.IGNORECASE)),
)
_WORDS = re.compile(
    r"访问被(?:拦截|拒绝|阻断)|请求被(?:拦截|拒绝|阻断)|访问过于频繁|安全威胁|安全验证|人机(?:验证|识别)"
    r"|滑动验证|拖动滑块|您的(?:访问|请求|操作)(?:行为)?(?:存在|可能|含有)|网站防火墙|Web应用防火墙"
    r"|知道创宇|创宇盾|request (?:was )?blocked|access denied|web application firewall|captcha",
    re.IGNORECASE,
)
_WANTS_A_SCRIPT_RUN = re.compile(
    r"document\s*\.\s*cookie|\beval\s*\(|setCookie|\$_ts\b|\barg1\s*=", re.IGNORECASE
)
_HIDDEN = re.compile(
    r"<(script|style|noscript)\b.*?(?:</\1\s*>|$)|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL
)
_CONTENT = re.compile(r"<table\b|<datastore\b|<record", re.IGNORECASE)


def sign_of(exchange: Exchange, payload: bytes) -> str:
    """The sign by which an answer refuses us, in one line; empty where it does not."""
    refusing = exchange.status in REFUSING
    busy = exchange.status == _TOO_MANY or exchange.status >= _SERVER_TROUBLE
    if not refusing and (busy or len(payload) > _STUB):
        return ""
    text = decode(payload[:_STUB])[0]
    if refusing:
        return f"{exchange.status}{_said(_maker(exchange, text), text)}"
    if _CONTENT.search(text):
        return ""
    if _is_stub(text):
        maker = _maker(exchange, text)
        return f"{exchange.status} with a script instead of a page{f' ({maker})' if maker else ''}"
    if word := _WORDS.search(_HIDDEN.sub(" ", text)):
        return f"{exchange.status} with the page of a firewall ({word[0]})"
    return ""


def _maker(exchange: Exchange, text: str) -> str:
    """Whose challenge it is, by a word in the page or a cookie; empty where nobody's that we know."""
    cookies = " ".join(_all(exchange.response_headers, "set-cookie"))
    return next((name for name, mark in _MAKERS if mark.search(f"{cookies} {text}")), "")


def _is_stub(text: str) -> bool:
    words = _HIDDEN.sub(" ", text).strip()
    return "<script" in text.lower() and len(words) < _LEAST_WORDS and bool(_WANTS_A_SCRIPT_RUN.search(text))


def _said(maker: str, text: str) -> str:
    word = _WORDS.search(text)
    script = " with a script" if "<script" in text.lower() else ""
    return f"{script} ({maker})" if maker else f"{script} ({word[0]})" if word else script


def _all(headers: Iterable[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key.lower() == name]
