"""Where practice portals stand: which host speaks which dialect, and what an agency's column is called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

PER_HOST: Final = 4
DOMAIN: Final = "practice.invalid"


class Kind(NamedTuple):
    """One way of being a portal: a family, and which of its habits."""

    family: str
    dialect: str
    prefix: str
    """What its hosts are called, before their number."""
    portal: str
    """The path of an agency's column."""
    plain: bool = False
    """Whether it does without attachments, second hosts and records that lead there."""

    @property
    def outcome(self) -> str:
        """How a visit is due to end: one dialect promises pages that it does not have."""
        return "partial" if self.dialect == "promises" else "ok"


_COL = "/col/col{column}/index.html"
_TRS = "/zwgk/bm{column}/zfxxgknb/index.html"
_LONSUN = "/public/column/{organ}?type=3&action=list"
_GKMLPT = "/bm{column}/gkmlpt/index"
_EPOINT = "/bm{column}/dynamic/zwgk/govInfoPub.html?categorynum=003{column}"
_ANNUAL = "/module/xxgk/xxgkAnnualReport.jsp?area={unit}"
KINDS: Final = (
    # The six hosts every country begins with.
    Kind("hanweb_jpage", "a", "hanweb", _COL, plain=True),
    Kind("hanweb_xxgk", "annual", "xxgk", _ANNUAL, plain=True),
    Kind("trs", "zero", "trs", _TRS, plain=True),
    Kind("hanweb_jpage", "b", "hanweb", _COL, plain=True),
    Kind("hanweb_xxgk", "annual", "xxgk", _ANNUAL, plain=True),
    Kind("trs", "paging", "trs", _TRS, plain=True),
    Kind("hanweb_jpage", "c", "hanweb", _COL),
    Kind("hanweb_jpaas", "province", "jpaas", _COL),
    Kind("gkmlpt", "list", "gkmlpt", _GKMLPT),
    Kind("ucap", "hex", "ucap", "/bm{column}/c{column}/zfxxgknb.shtml"),
    Kind("trs", "create", "trs", _TRS),
    Kind("lonsun", "fragment", "lonsun", _LONSUN),
    Kind("hanweb_jpage", "d", "hanweb", _COL),
    Kind("ucap_json", "common", "ucapjson", "/bm{column}/c{column}/list.shtml"),
    Kind("trs", "count", "trs", _TRS),
    Kind("nfcms", "next", "nfcms", "/bm{column}/zwgk/xxgknb/index.html"),
    Kind("openness", "branch", "openness", "/xxgk/opennessAnnualReport/?branch_id={hex24}"),
    Kind("hanweb_jpage", "e", "hanweb", _COL),
    Kind("trs", "setpage", "trs", _TRS),
    Kind("xuancheng", "show", "xuancheng", "/XxgkAnnualReport/list/{column}.html"),
    Kind("truecms", "empty", "truecms", "/bm{column}/zfxxgknb/index.html"),
    Kind("epoint", "zero", "epoint", _EPOINT),
    Kind("chinatax", "post", "chinatax", "/chinatax/n{column}/zfxxgknb.html"),
    Kind("tree", "years", "tree", "/zfxxgknb/bm{column}/index.html"),
    Kind("hanweb_jpaas", "ministry", "jpaas", _COL),
    Kind("trs", "totalpage", "trs", _TRS),
    Kind("gkmlpt", "jump", "gkmlpt", _GKMLPT),
    Kind("trs", "base64", "trs", _TRS),
    Kind("tree", "tabs", "tree", "/xxgknb/bm{column}/index.html"),
    Kind("trs", "slices", "trs", _TRS),
    Kind("ucap_json", "searchlist", "ucapjson", "/bm{column}/c{column}/list.shtml"),
    Kind("trs", "extra", "trs", "/zwgk/bm{column}/zfxxgknb/index.shtml"),
    Kind("trs", "records", "trs", _TRS),
    Kind("hanweb_xxgk", "search", "xxgk", _COL),
    Kind("trs", "stub", "trs", _TRS),
    Kind("tree", "iframe", "tree", "/xxgknb/bm{column}/index.html"),
    Kind("trs", "promises", "trs", _TRS),
    Kind("gkmlpt", "blocks", "gkmlpt", _GKMLPT),
    Kind("truecms", "lost", "truecms", "/bm{column}/zfxxgknb/index.html"),
    Kind("tree", "units", "tree", "/zfxxgknb/index.html"),
    Kind("epoint", "one", "epoint", _EPOINT),
    Kind("lonsun", "column", "lonsun", _LONSUN),
    Kind("trs", "years", "trs", _TRS),
    Kind("ucap", "c01", "ucap", "/bm{column}/c{column}/zfxxgknb.shtml"),
    Kind("tree", "hub", "tree", "/zwgk/hub{column}/index.html"),
    Kind("tree", "gongkai", "tree", "/gongkai/site_bm{column}/channel_{hex24}/index.html"),
    Kind("tree", "uuid", "tree", "/columns/{uuid}/index.html"),
    Kind("tree", "pclist", "tree", "/bm{column}/zfxxgknb/pc/list.html"),
    Kind("tree", "jeecms", "tree", "/bm{column}/zfxxgknb/index.jhtml"),
    Kind("tree", "numbers", "tree", "/xxgk/bm{column}/nb/1.html"),
    Kind("tree", "shtml", "tree", "/c/xxgk/bm{column}/index.shtml"),
    Kind("lonsun", "tpl", "lonsun", "/site/tpl/{organ}?nav=4"),
)
FAMILIES: Final = tuple(dict.fromkeys(kind.family for kind in KINDS))


def kinds_of(families: Sequence[str] | None) -> tuple[Kind, ...]:
    """The kinds a country takes in turn: all, or those of some families, each with all its habits."""
    if families is None:
        return KINDS
    unknown = sorted(set(families) - set(FAMILIES))
    if unknown:
        raise ValueError(
            f"no practice portal speaks {', '.join(unknown)}: choose among {', '.join(FAMILIES)}"
        )
    chosen = (kind._replace(plain=kind.dialect == "annual") for kind in KINDS if kind.family in families)
    return tuple(dict.fromkeys(chosen))


@dataclass(frozen=True, slots=True)
class Places:
    """The hosts of a country, by number, and the place of each agency on them."""

    kinds: tuple[Kind, ...]
    per_host: int

    def host_of(self, index: int) -> int:
        """The number of the host an agency publishes on; neighbours share one."""
        return index // self.per_host

    def kind(self, host: int) -> Kind:
        """Hosts take turns."""
        return self.kinds[host % len(self.kinds)]

    def host_name(self, host: int) -> str:
        """The virtual name of a host."""
        turn, place = divmod(host, len(self.kinds))
        prefix = self.kinds[place].prefix
        alike = [number for number, kind in enumerate(self.kinds) if kind.prefix == prefix]
        return f"{prefix}-{turn * len(alike) + alike.index(place) + 1:02d}.{DOMAIN}"

    def portal(self, index: int) -> str:
        """The url of an agency's list of reports."""
        host = self.host_of(index)
        path = self.kind(host).portal.format(
            column=column_of(index),
            unit=unit_of(index),
            organ=organ_of(index),
            hex24=branch_of(index),
            uuid=uuid_of("column", index),
        )
        return f"http://{self.host_name(host)}{path}"


def twin_of(host: str) -> str:
    """The second name of a host: some of its lines lead there."""
    return f"www-{host}"


def column_of(index: int) -> int:
    """The column number an agency's list stands under."""
    return 100 + index


def unit_of(index: int) -> str:
    """An agency's unit code, in the eighteen characters of a social credit code."""
    return f"1137{index:07d}434159{index % 10}"


def organ_of(index: int) -> int:
    """An agency's number where organs are numbered."""
    return 4640000 + index


def branch_of(index: int) -> str:
    """An agency's id where units have the ids of a document store."""
    return hexed(24, "branch", index)


def hexed(length: int, *about: object) -> str:
    """Hexadecimal digits that are always the same for what they are about."""
    return sha256("/".join(map(str, about)).encode()).hexdigest()[:length]


def uuid_of(*about: object) -> str:
    """The same in the form of a UUID."""
    digits = hexed(32, *about)
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
