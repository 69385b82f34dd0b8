"""The same page, written otherwise: as another editor, another template or another year would have it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SCRIPT = re.compile(r"(<script\b(?![^>]*text/xml)[^>]*>)(.*?)(</script>)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"""<([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*(/?)>"""
)
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_LITERAL = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|//[^\n]*)""")
_DAY = re.compile(r"(?<![/\w=-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])")
_XML: Final = {"datastore", "record", "recordset", "nextgroup", "totalrecord"}
Attributes = list[tuple[str, str | None]]


def _markup(text: str, change: Callable[[str], str]) -> str:
    """A page with its markup changed and its scripts left alone."""
    parts = _SCRIPT.split(text)
    # Split gives the text between scripts at every fourth place.
    return "".join(change(part) if at % 4 == 0 else part for at, part in enumerate(parts))


def _scripts(text: str, change: Callable[[str], str]) -> str:
    return _SCRIPT.sub(lambda hit: hit[1] + change(hit[2]) + hit[3], text)


def _tags(write: Callable[[str, Attributes, str], str], text: str, url: str) -> str:
    def written(hit: re.Match[str]) -> str:
        if hit[1].lower() in _XML:
            return hit[0]
        found = [
            (one[1], next((word for word in one.groups()[1:] if word is not None), None))
            for one in _ATTRIBUTE.finditer(hit[2])
        ]
        return write(hit[1], found, hit[3])

    return _markup(text, lambda part: _TAG.sub(written, part))


def _quoted(name: str, value: str | None) -> str:
    return name if value is None else f"{name}='{value}'" if '"' in value else f'{name}="{value}"'


def _tag(name: str, found: Attributes, end: str, between: str = " ") -> str:
    said = between.join(_quoted(*one) for one in found)
    return f"<{name}{between if said else ''}{said}{end}>"


def _reversed(name: str, found: Attributes, end: str) -> str:
    return _tag(name, found[::-1], end)


def _shouted(name: str, found: Attributes, end: str) -> str:
    return _tag(name.upper(), [(word.upper(), value) for word, value in found], end)


def _bare(name: str, found: Attributes, end: str) -> str:
    """Quotes are left out where they may be, and single where not."""
    said = [
        word
        if value is None
        else f"{word}={value}"
        if re.fullmatch(r"[\w./:#?&;=%-]+", value)
        else f"{word}='{value}'"
        for word, value in found
        if value is None or "'" not in value
    ]
    kept = [_quoted(word, value) for word, value in found if value is not None and "'" in value]
    return f"<{' '.join((name, *said, *kept))}{' /' if end else ''}>"


def _airy(name: str, found: Attributes, end: str) -> str:
    said = "".join(
        f"\n\t{word}" if value is None else f'\n\t{word} = "{value}" '
        for word, value in found
        if value is None or '"' not in value
    )
    said += "".join(f" {word}='{value}'" for word, value in found if value is not None and '"' in value)
    return f"<{name}{said}\n{end}>"


def _links(change: Callable[[str, str], str], text: str, url: str) -> str:
    def write(name: str, found: Attributes, end: str) -> str:
        changed = [
            (
                word,
                change(value, url)
                if name.lower() in {"a", "iframe"} and word.lower() in {"href", "src"} and value
                else value,
            )
            for word, value in found
        ]
        return _tag(name, changed, end)

    return _tags(write, text, url)


def _whole(href: str, url: str) -> str:
    return (
        href
        if href.startswith("javascript")
        else urljoin(url, href.replace("&amp;", "&")).replace("&", "&amp;")
    )


def _schemeless(href: str, url: str) -> str:
    return re.sub(r"^http:", "", _whole(href, url))


def _with_port(href: str, url: str) -> str:
    return re.sub(r"^http://([^/:]+)/", r"http://\1:80/", _whole(href, url))


def _padded(href: str, _url: str) -> str:
    return f"\n   {href}  "


def _escaped(href: str, _url: str) -> str:
    return href.replace("/", "&#x2F;").replace("_", "&#95;")


def _lettered(text: str, _url: str) -> str:
    """Chinese as numbers, between tags and in titles alike."""
    return _markup(
        text, lambda part: part.replace("年", "&#24180;").replace("公开", "&#x516c;&#x5f00;&nbsp;")
    )


def _dressed(text: str, _url: str) -> str:
    """Words inside anchors are coloured, broken and spaced."""
    return _markup(
        text,
        lambda part: re.sub(
            r"(<a\b[^>]*>)([^<&]{6,})(?=<)",
            lambda hit: f"{hit[1]}\r\n\t<font color=red><b>{hit[2][:4]}</b>\n{hit[2][4:]}</font>&nbsp;",
            part,
        ),
    )


def _days(form: str, text: str, _url: str) -> str:
    return _DAY.sub(lambda hit: form.format(hit[1], hit[2], hit[3], int(hit[2]), int(hit[3])), text)


def _outside_literals(change: Callable[[str], str], text: str, _url: str) -> str:
    def changed(script: str) -> str:
        return "".join(
            change(part) if at % 2 == 0 else part for at, part in enumerate(_LITERAL.split(script))
        )

    return _scripts(text, changed)


def _spaced(script: str) -> str:
    return re.sub(r"([(,:=])(?!=)", r" \1 ", script)


def _dense(script: str) -> str:
    return re.sub(r"[ \t]*([(){},:=])[ \t]*", r"\1", script)


def _double_quoted(text: str, _url: str) -> str:
    return _scripts(text, lambda script: re.sub(r"(?<![\w\"<=])'([^'\"<>\n]*)'", r'"\1"', script))


def _words(word: str, text: str, _url: str) -> str:
    return re.sub(r">\s*(?:下一页|下页|后一页|›)[^<]*</a>", f">{word}</a>", text)


WAYS: Final[Mapping[str, Callable[[str, str], str]]] = {
    "attributes the other way round": partial(_tags, _reversed),
    "tags and attributes in capitals": partial(_tags, _shouted),
    "quotes left out": partial(_tags, _bare),
    "line ends between attributes": partial(_tags, _airy),
    "whole addresses": partial(_links, _whole),
    "addresses without a scheme": partial(_links, _schemeless),
    "addresses with the usual port": partial(_links, _with_port),
    "spaces around addresses": partial(_links, _padded),
    "addresses in entities": partial(_links, _escaped),
    "letters in entities": _lettered,
    "titles dressed up": _dressed,
    "days with slashes": partial(_days, "{0}/{1}/{2}"),
    "days in brackets with dots": partial(_days, "[{0}.{3}.{4}]"),
    "days in Chinese": partial(_days, "{0}年{3}月{4}日"),
    "days over three lines": partial(_days, "{0}-\n\t{1}-\n\t{2}\r\n"),
    "scripts with spaces": partial(_outside_literals, _spaced),
    "scripts without spaces": partial(_outside_literals, _dense),
    "scripts in double quotes": _double_quoted,
    "the next page by another word": partial(_words, "下页"),
    "the next page by an arrow": partial(_words, "&gt;&gt;"),
    "the next page in English": partial(_words, "<span>Next</span>"),
    "the next page behind its word an arrow": partial(_words, "后一页&nbsp;»"),
}
