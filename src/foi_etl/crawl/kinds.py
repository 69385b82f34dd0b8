"""What bytes are, by what they begin with. Names and headers say pdf and send a firewall's page."""

from __future__ import annotations

import re

_FILE = re.compile(
    r"\.(pdf|ofd|docx?|docm|wps|wpt|rtf|xlsx?|et|csv|pptx?|zip|rar|7z|jpe?g|png)$", re.IGNORECASE
)
_MAGIC = (
    ("pdf", b"%PDF"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("zip", b"PK\x03\x04"),
    ("rar", b"Rar!\x1a\x07"),
    ("7z", b"7z\xbc\xaf\x27\x1c"),
    ("rtf", b"{\\rtf"),
    ("png", b"\x89PNG"),
    ("jpg", b"\xff\xd8\xff"),
)
_PAGE = re.compile(rb"<\s*(?:!doctype|html|head|body|script|meta|title|div|table|p)\b", re.IGNORECASE)
_ZIPPED = ((b"OFD.xml", "ofd"), (b"word/", "docx"), (b"xl/", "xlsx"), (b"ppt/", "pptx"))


def wrong_file(url: str, name: str, payload: bytes) -> str:
    """The sign that a web page came where a file was asked for; empty where what came may be the file."""
    promised = _FILE.search(url.split("?", 1)[0]) or _FILE.search(name)
    if promised and kind_of(payload) in {"page", "nothing"}:
        return f"a web page where a {promised[1].lower()} was asked for"
    return ""


def kind_of(payload: bytes) -> str:
    """What bytes are, by how they begin, whatever their name says: pdf, ole, ofd, page, text, nothing."""
    head = payload[:4096].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    kind = next((name for name, magic in _MAGIC if head.startswith(magic)), "")
    if kind == "zip":
        return next((name for mark, name in _ZIPPED if mark in payload), "zip")
    if kind or not head:
        return kind or "nothing"
    if _PAGE.search(head):
        return "page"
    return "binary" if b"\0" in head else "text"
