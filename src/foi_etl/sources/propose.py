"""The two lines a page asks for in the register: what can be told is filled in, a person does the rest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from foi_etl.model import Agency, Found, Portal
from foi_etl.sources.reach import PRACTICE, subject_of
from foi_etl.sources.registry import host_of, register_files
from foi_etl.text import squash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from foi_etl.model import Page
    from foi_etl.sources.step import Step

# The first ending that fits says what an agency is.
_KINDS = (
    (r"办公厅|政府办公室", "gov_office"),
    (r"街道(?:办事处)?", "street_office"),
    (r"(?:镇|乡)(?:人民政府)?", "township_gov"),
    (r"(?:税务|海关|气象|邮政|烟草).*局|海关", "vertical"),
    (r"(?:开发区|新区|园区|试验区|示范区).*(?:管理委员会|管委会)", "dev_zone"),
    (r"人民政府|省|市|县|区|旗|州|盟", "gov"),
    (r"局|委员会|委|厅|部|署|院|办公室|中心|联合会", "department"),
)
_LEVELS = (
    (r".*(?:镇|乡|街道)", "township"),
    (r".*(?:县|旗)|.*市.+[区市]", "county"),
    (r".{2,7}(?:省|自治区)", "province"),
    (r"(?:北京|天津|上海|重庆)市", "province"),
    (r".*[市州盟]", "prefecture"),
    (r".*区", "county"),
)


def proposal(page: Page, family: str, steps: Iterable[Step] = ()) -> tuple[str, str]:
    """The entry of the portal and the line of the agency, for a column page and what was read from it."""
    host, name = host_of(page.url), _name(page, steps)
    portal = Portal(host, family, practice=host.endswith(PRACTICE), evidence="its column page")
    agency = Agency(
        id=_id(host),
        name=name,
        family=family,
        portal=page.ask.url or page.url,
        note="unverified",
        level=_first(_LEVELS, name, re.match),
        kind=_first(tuple((f"(?:{ending})$", kind) for ending, kind in _KINDS), name, re.search),
    )
    entry, lines = register_files([portal], [agency])
    return entry.rstrip("\n"), lines.splitlines()[-1]


def _name(page: Page, steps: Iterable[Step]) -> str:
    """Whose reports the titles say they are; failing that, what the page calls its site."""
    subjects = Counter(subject_of(step.text) for step in steps if isinstance(step, Found))
    subjects.pop("", None)
    if subjects:
        return subjects.most_common(1)[0][0]
    for meta in BeautifulSoup(page.text, "lxml").find_all("meta", attrs={"name": "SiteName"}):
        return squash(str(meta.get("content") or "")).removesuffix("门户网站")
    return ""


def _id(host: str) -> str:
    """What distinguishes a host, the widest part first: wsjk.hld.gov.cn is hld-wsjk."""
    parts = host.removesuffix(PRACTICE).removesuffix(".gov.cn").split(".")
    return "-".join(part for part in reversed(parts) if part != "www")


def _first(
    table: tuple[tuple[str, str], ...], name: str, fits: Callable[[str, str], re.Match[str] | None]
) -> str:
    return next((word for pattern, word in table if fits(pattern, name)), "")
