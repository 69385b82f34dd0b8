"""Hanweb's jpage lists: the first records lie inside the column page, the others behind a proxy address.

Portals differ in what they listen to (`startrecord`, or `page`, or neither), so every answer is judged by
what it brings: where a group of records brings nothing new, the other way is tried, once. What is
known so far travels with each ask, so that the reader itself remembers nothing.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from foi_etl.model import Ask
from foi_etl.sources.links import links_in, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Decoy, Found, Page
    from foi_etl.sources.links import Link

_STORE = re.compile(r"<datastore\b.*?</datastore>", re.DOTALL | re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)
_NEXT = re.compile(r"""<nextgroup>\s*<!\[CDATA\[.*?href=(["'])(?P<url>.*?)\1""", re.DOTALL)
_PARAM = re.compile(r"\bvar\s+param_\w+\s*=\s*\{([^}]*)\}|\bajaxParam\s*:\s*\{([^}]*)\}")
_FIELD = re.compile(r"""(\w+)\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"}\s]+))""")
_NUMBER = r"\b%s\s*:\s*'?(\d+)"
_PROXY = re.compile(r"""\bproxyUrl\s*:\s*["']([^"']+)""")
_COLUMN = re.compile(r"/col/col(\d+)/")
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.IGNORECASE)


class Course(NamedTuple):
    """How far the reading of one list has come, and how to go on."""

    proxy: str
    following: str
    """The address the portal itself names for what follows, as found."""
    fields: tuple[tuple[str, str], ...]
    total: int
    per_page: int
    group: int
    known: tuple[str, ...]
    next_record: int
    page: int = 0
    """Which page is asked for in the other way; 0 as long as records are asked for."""

    @classmethod
    def recalled(cls, memo: str) -> Self:
        """The course an ask took with it."""
        words = json.loads(memo)
        words["fields"] = tuple((name, value) for name, value in words["fields"])
        words["known"] = tuple(words["known"])
        return cls(**words)


class HanwebJpage:
    """Reads a column page and the groups of records behind its proxy address."""

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Ask | Found | Decoy]:
        """The reports of a column page or of one group, and the ask for the group that follows."""
        stores = _STORE.findall(page.text)
        shown = _links(stores, page.url) if stores else list(links_in(page.text, page.url))
        yield from told(agency, page, shown)
        if page.ask.memo:
            course = _went_on(Course.recalled(page.ask.memo), shown, page.text)
        else:
            course = _set_out(page, stores)
        if course:
            yield _ask(course, page.ask.referer or page.url)


def _links(stores: list[str], base: str) -> list[Link]:
    rows = "\n".join(row for store in stores for row in _RECORD.findall(store))
    return list(links_in(rows, base))


def _set_out(page: Page, stores: list[str]) -> Course | None:
    """The course from a column page; None where it holds everything already."""
    column = _COLUMN.search(page.url)
    fitting = [store for store in stores if column and re.search(rf"columnid={column[1]}\b", store)]
    store = next(iter(fitting or stores), "")
    known = tuple(link.url for link in _links([store], page.url))
    following, proxy = _following(store), _PROXY.search(page.text)
    totals = re.findall(_NUMBER % "totalRecord", page.text)
    if not totals or int(totals[-1]) <= len(known) or not (following or proxy):
        return None
    path = proxy[1] if proxy else urlsplit(following).path
    per_page = _number(page.text, "perPage", 15)
    return Course(
        proxy=urljoin(page.url, path),
        following=urljoin(page.url, following) if following else "",
        fields=_fields(page.text, following),
        total=int(totals[-1]),
        per_page=per_page,
        group=per_page * _number(page.text, "groupSize", 3),
        known=known,
        next_record=len(known) + 1,
    )


def _following(store: str) -> str:
    """The address a store names for what follows; only the proxy's is believed."""
    hit = _NEXT.search(store)
    url = hit["url"].replace("&amp;", "&") if hit else ""
    return url if urlsplit(url).path.endswith("dataproxy.jsp") else ""


def _fields(text: str, following: str) -> tuple[tuple[str, str], ...]:
    """What the page's own script would send; failing that, what the address of the next group holds."""
    found = [match for match in _PARAM.finditer(text) if "columnid" in match[0]]
    script = found[-1][1] or found[-1][2] if found else ""
    fields = [(hit[1], hit[2] or hit[3] or hit[4] or "") for hit in _FIELD.finditer(script)]
    said = {name for name, _ in fields}
    query = parse_qsl(urlsplit(following).query, keep_blank_values=True)
    return (*fields, *((name, value) for name, value in query if name not in {*said, "page"}))


def _number(text: str, name: str, otherwise: int) -> int:
    found = re.findall(_NUMBER % name, text)
    return int(found[-1]) if found else otherwise


def _went_on(course: Course, shown: list[Link], text: str) -> Course | None:
    """The course after one more group; None where the list has ended, or brings nothing in either way."""
    known = tuple(dict.fromkeys((*course.known, *(link.url for link in shown))))
    brought = len(known) - len(course.known)
    total = int(_TOTAL.findall(text)[-1]) if _TOTAL.search(text) else course.total
    course = course._replace(known=known, total=total)
    if len(known) >= total:
        return None
    if course.page:
        return _next_page(course, brought, shown)
    if not brought:
        return course._replace(page=1) if course.following else None
    further = course._replace(next_record=course.next_record + course.group)
    return further if further.next_record <= total else None


def _next_page(course: Course, brought: int, shown: list[Link]) -> Course | None:
    """The next page, unless this one was empty, or lay behind what was known and still brought nothing.

    Whether a page is `perPage` records or a whole group, and whether the first is 0 or 1, differs.
    """
    behind = course.page * course.per_page > len(course.known)
    if not shown or (not brought and behind and course.page > 1):
        return None
    return course._replace(page=course.page + 1, next_record=len(course.known) + 1)


def _ask(course: Course, referer: str) -> Ask:
    memo = json.dumps(course._asdict(), ensure_ascii=False)
    last = min(course.next_record + course.group - 1, course.total)
    window = {"startrecord": course.next_record, "endrecord": last}
    if not course.page:
        query = urlencode({**window, "perpage": course.per_page})
        return Ask(f"{course.proxy}?{query}", course.fields, referer, memo)
    parts = urlsplit(course.following)
    # The portal's own address as it stands, quoting included: some listen to nothing else.
    rest = "&".join(word for word in parts.query.split("&") if not re.match(r"(page|perpage)=", word))
    query = urlencode({"page": course.page, "perpage": course.group, **window})
    return Ask(parts._replace(query=f"{query}&{rest}".rstrip("&")).geturl(), (), referer, memo)
