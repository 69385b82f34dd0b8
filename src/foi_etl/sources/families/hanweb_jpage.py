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

from foi_etl.model import Ask, Declared
from foi_etl.sources.datastore import rows_of, stores_in, total_of
from foi_etl.sources.links import ANYWHERE, links_in, told
from foi_etl.sources.listing import listing
from foi_etl.sources.markup import unescaped
from foi_etl.sources.memo import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.model import Agency, Page
    from foi_etl.sources.links import Link
    from foi_etl.sources.reach import Reach
    from foi_etl.sources.step import Step

_NEXT = re.compile(
    r"""<nextgroup>\s*<!\[CDATA\[[^\]]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE
)
_PARAM = re.compile(r"\bvar\s+param_\w+\s*=\s*\{([^}]*)\}|\bajaxParam\s*:\s*\{([^}]*)\}")
_FIELD = re.compile(r"""(\w+)\s*:\s*(?:'([^']*)'|"([^"]*)"|([^,'"}\s]+))""")
_NUMBER = r"\b%s[\"']?\s*:\s*[\"']?(\d+)"
_PROXY = re.compile(r"""\bproxyUrl\s*:\s*["']([^"']+)""")
_ON_THE_WAY = "group"
"""Every course has it, and no other memo."""
_COLUMN = re.compile(r"/col/col(\d+)/")
_CALL = re.compile(r"""\(\s*["']#(\w+)["']\s*\)\s*\.jpage\s*\(""")
_UNIT = re.compile(r"unitid=([^&\"]+)")
_DIV = re.compile(r"""<div\b[^>]*\bid\s*=\s*["']?(\w+)""", re.IGNORECASE)


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

    def __init__(self, reach: Reach = ANYWHERE) -> None:
        self._reach = reach

    def start(self, agency: Agency) -> Iterator[Ask]:
        """The column page."""
        yield Ask(agency.portal)

    def read(self, agency: Agency, page: Page) -> Iterator[Step]:
        """The reports of a column page or of one group, and the ask for the group that follows."""
        if number(page.ask, _ON_THE_WAY):
            shown = rows_of(stores_in(page.text), page.url) or list(links_in(page.text, page.url))
            yield from told(agency, page, shown, self._reach)
            known = Course.recalled(page.ask.memo)
            course = _went_on(known, shown, page.text)
            yield Declared(total_of(page.text, known.total), len(shown), page.ask.referer)
        else:
            stores = stores_in(page.text)
            rows = rows_of(stores, page.url) if stores else None
            yield from listing(agency, page, self._reach, rows)
            store = _fitting(stores, page.url)
            course = _set_out(page, store)
            shown = rows_of([store], page.url)
            if stores:
                yield Declared(course.total if course else len(shown), len(shown), page.url)
        if course:
            yield _ask(course, page.ask.referer or page.url)


def _fitting(stores: list[str], url: str) -> str:
    """The list of the column itself: pages hold those of other columns too."""
    column = _COLUMN.search(url)
    signs = (rf"columnid={column[1]}\b", rf"/art_{column[1]}_") if column else ()
    fitting = ([store for store in stores if re.search(sign, store)] for sign in signs)
    return next(filter(None, fitting), [*stores, ""])[0]


def _set_out(page: Page, store: str) -> Course | None:
    """The course from a column page; None where it holds everything already."""
    call, script = _script(page.text, store)
    known = tuple(link.url for link in rows_of([store], page.url))
    following, proxy = _following(store), _PROXY.search(call)
    total = _number(call, "totalRecord", 0)
    if total <= len(known) or not (following or proxy):
        return None
    per_page = _number(call, "perPage", 15)
    return Course(
        proxy=urljoin(page.url, proxy[1] if proxy else urlsplit(following).path),
        following=urljoin(page.url, following) if following else "",
        fields=_fields(script, following),
        total=total,
        per_page=per_page,
        group=per_page * _number(call, "groupSize", 3),
        known=known,
        next_record=len(known) + 1,
    )


def _script(text: str, store: str) -> tuple[str, str]:
    """The call that pages through a store, and the script its fields are read from.

    A page with several lists has a call for each, and they are told apart by the id of the box.
    """
    calls = {hit[1]: hit for hit in _CALL.finditer(text)}
    boxes = _DIV.findall(text[: text.find(store)])[::-1]
    unit = next((name for name in (*_UNIT.findall(store), *boxes) if name in calls), "")
    if not unit:
        return text, text
    rest = text[calls[unit].end() :]
    end = _CALL.search(rest)
    call = rest[: end.start()] if end else rest
    own = re.search(rf"\bvar\s+param_{unit}\s*=\s*\{{[^}}]*\}}", text)
    return call, own[0] if own else call.split("</script>")[0]


def _following(store: str) -> str:
    """The address a store names for what follows; only the proxy's is believed."""
    hit = _NEXT.search(store)
    url = unescaped(hit[1] or hit[2] or hit[3] or "").strip() if hit else ""
    return url if urlsplit(url).path.endswith("dataproxy.jsp") else ""


def _fields(script_text: str, following: str) -> tuple[tuple[str, str], ...]:
    """What the page's own script would send; failing that, what the address of the next group holds."""
    found = [match for match in _PARAM.finditer(script_text) if "columnid" in match[0]]
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
    total = total_of(text, course.total)
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
