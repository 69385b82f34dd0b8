"""How far a family may go: which hosts count, whose report is whose, how deep a tree is followed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from foi_etl.model import Agency

PRACTICE = ".practice.invalid"
_OFFICIAL = ".gov.cn"
_BODY = re.compile(
    r"(?:局|委员会|[卫发国住]\w{0,3}委|厅|办公室|街道|办事处|[镇乡]|[镇乡]人民政府|中心|联合会|法院)$"
)
_COMMON = set("人民政府办公厅室局委员会管理党工街道事处省市县区州旗镇乡中心联合")
"""Letters that say what kind of body it is, and not which."""
_USUAL_PORTS = {None, 80, 443}
_BEFORE = re.compile(r"^(?:关于|《|[12]\d{3}年度?|二[〇○零]..年度?)+")
_AFTER = re.compile(r"(?:的)?(?:[12]\d{3}年|二[〇○零]..年|(?:政府|政务)?信息公开|政务公开|年度?报|年报).*$")


@dataclass(frozen=True)
class Reach:
    """What is known of the register when a page is read. An empty one believes every official host."""

    hosts: frozenset[str] = field(default_factory=frozenset)
    """Every host of the register."""
    names: frozenset[str] = field(default_factory=frozenset)
    """Every agency's name."""
    depth: int = 4
    """How many columns a column may lie beneath the first."""

    @cached_property
    def _sites(self) -> frozenset[str]:
        return frozenset(site_of(host) for host in self.hosts)

    def objection(self, agency: Agency, url: str) -> str:
        """Why a report of this agency cannot lie there; empty where it can.

        Copies of real reports fill foreign hosts, and back-office hosts at odd ports leak into lists.
        """
        there, own = urlsplit(url), urlsplit(agency.portal)
        host = there.hostname or ""
        if there.netloc == own.netloc or (host == own.hostname and _port(url) in _USUAL_PORTS):
            return ""
        if not host.endswith(PRACTICE if agency.practice else _OFFICIAL) and host not in self.hosts:
            return "on a foreign host"
        if _port(url) not in _USUAL_PORTS:
            return "at an odd port"
        known = not self.hosts or site_of(host) in self._sites
        return "" if known else "on a host that is not in the register"

    def owner(self, agency: Agency, title: str) -> str:
        """The other body a title names as its own; empty where it names none, or this one in other words."""
        subject = subject_of(title)
        registered = subject in self.names and subject != agency.name
        return subject if registered or _is_anothers(subject, agency.name) else ""


def site_of(host: str) -> str:
    """What hosts of one administration have in common: the three last parts of their name."""
    return ".".join(host.split(".")[-3:])


def subject_of(title: str) -> str:
    """Whose report a title says it is, as far as it says so.

    >>> subject_of("海港区教育局2023年政府信息公开工作年度报告"), subject_of("2023年海港区政务公开年报")
    ('海港区教育局', '海港区')
    """
    return _AFTER.sub("", _BEFORE.sub("", re.sub(r"\s", "", title)))


def _is_anothers(subject: str, name: str) -> bool:
    """Whether a subject is another body of the same place: bureaus are shortened, but keep some letter.

    >>> _is_anothers("海港市教育局", "海港市水利局"), _is_anothers("市住建局", "海港市住房和城乡建设局")
    (True, False)
    """
    if not name or subject[:1] in {"我", "本"} or not _BODY.search(subject):
        return False
    same = next((at for at, pair in enumerate(zip(subject, name, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return False
    theirs, ours = (set(words[same:]) - _COMMON for words in (subject, name))
    return bool(theirs) and not theirs & ours


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return -1
