"""Which family a page belongs to, told by its address and by its own words, strongest first."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from foi_etl.model import Page


class _Sign(NamedTuple):
    family: str
    weight: int
    """How sure it makes: 1 a hint, 3 a habit of this family, 9 nobody else's."""
    pattern: re.Pattern[str]
    why: str


def _sign(family: str, weight: int, pattern: str, why: str) -> _Sign:
    return _Sign(family, weight, re.compile(pattern, re.IGNORECASE), why)


_ADDRESSES = (
    _sign("hanweb_xxgk", 9, r"/module/xxgk/xxgkAnnualReport\.jsp", "its address is that of the xxgk module"),
    _sign("hanweb_jpage", 3, r"/col/col\d+/(?:index\.html)?(?:\?|$)", "its address is /col/col<number>/"),
    _sign("hanweb_jpage", 5, r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+", "its address is that of an article"),
    _sign("hanweb_jpaas", 5, r"/art/\d{4}/art_[0-9a-z]+", "its address is /art/<year>/art_<id>"),
    _sign("gkmlpt", 9, r"/gkmlpt/", "its address lies under /gkmlpt/"),
    _sign("nfcms", 6, r"/content/post_\d+", "its address is content/post_<id>"),
    _sign("lonsun", 9, r"/public/column/\d+", "its address is /public/column/<unit>"),
    _sign(
        "lonsun", 6, r"/public/\d+/\d+\.html|/site/(?:tpl|label)/\d+", "its address is /public/<unit>/<id>"
    ),
    _sign("openness", 9, r"/openness(?:AnnualReport|Target|Content|/detail)", "its address names openness"),
    _sign("xuancheng", 9, r"/XxgkAnnualReport/", "its address names XxgkAnnualReport"),
    _sign(
        "chinatax",
        9,
        r"/getFileListByCodeId|//(?:www|fgk)\.chinatax\.gov\.cn/chinatax/",
        "it is the tax portal",
    ),
    _sign(
        "ucap_json", 6, r"/(?:common/search|searchList)/[0-9a-f]{32}", "its address asks a channel for rows"
    ),
    _sign(
        "ucap",
        5,
        r"/\d{6}/(?:[0-9a-f]{32}|c\d{2}_\d+)\.shtml|/\d{4}/\d{1,2}/\d{1,2}/[0-9a-f]{32}\.shtml",
        "its address is <month>/<32 hex>.shtml",
    ),
    _sign("ucap", 3, r"/c\d{5,}/[^/]*(?:\.shtml)?$", "its address names a channel c<number>"),
    _sign("truecms", 6, r"/content/[0-9a-f]{8}-[0-9a-f-]{27}\.html", "its address is content/<uuid>"),
    _sign(
        "epoint", 9, r"/govInfoPub\.html|/EpointWebBuilder", "its address is that of Epoint's column pages"
    ),
    _sign("trs", 5, r"/t\d{6,}(?:_\d+)*(?:_app)?\.s?html?", "its address is t<date>_<id>"),
)
_TEXTS = (
    _sign("hanweb_jpage", 9, r"dataproxy\.jsp|\.jpage\(\{", "it pages with jpage"),
    _sign("hanweb_jpage", 2, r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+", "it links jpage articles"),
    _sign(
        "hanweb_xxgk",
        12,
        r"""(?:action|href)=["']?/module/xxgk/(?:search|xxgkAnnualReport)\.jsp|xxgk/tree\.jsp\?area""",
        "it asks the xxgk module",
    ),
    _sign(
        "hanweb_jpaas", 9, r"jpaas-publish-server|queryData=|unitbuild\.js", "its list comes from build/unit"
    ),
    _sign("hanweb_jpaas", 4, r"/art/\d{4}/art_[0-9a-z]+", "it links /art/<year>/art_<id>"),
    _sign(
        "hanweb_jpaas",
        3,
        r'"success"\s*:\s*true\s*,\s*"data"\s*:\s*\{\s*"html"',
        "it is an answer of build/unit",
    ),
    _sign("gkmlpt", 9, r"/gkmlpt/(?:api|content|index)", "it links /gkmlpt/"),
    _sign(
        "gkmlpt",
        9,
        r"""_CONFIG\s*=\s*\{[^<]*\bTREE\b|"classify"\s*:\s*\{[^}]*"post_count\"""",
        "it has gkmlpt's tree",
    ),
    _sign("nfcms", 6, r"content/post_\d+\.html|nfw-cms", "it links content/post_<id>"),
    _sign("lonsun", 9, r"/site/label/\d+|publicInfoList|Ls\.(?:pagination|ajax)", "it uses Lonsun's labels"),
    _sign("lonsun", 6, r"/public/(?:column/)?\d+(?:\?type=|/\d+\.html)", "it links /public/<unit>/<id>"),
    _sign("openness", 9, r"/openness(?:AnnualReport|Target|/detail)/", "it links openness pages"),
    _sign("xuancheng", 9, r"/XxgkAnnualReport/show/", "it links XxgkAnnualReport/show"),
    _sign("chinatax", 12, r"getFileListByCodeId|chinatax\.gov\.cn/zcfgk/", "it asks by code id"),
    _sign(
        "ucap_json",
        7,
        r"domainMetaList|/common/search/|/searchList/|\bchannelId\s*=\s*[\"'][0-9a-f]{32}",
        "its rows come by channel id",
    ),
    _sign("ucap", 6, r"/\d{6}/(?:[0-9a-f]{32}|c\d{2}_\d+)\.shtml|UCAP", "it links <month>/<32 hex>.shtml"),
    _sign("truecms", 12, r"messageController/getMessage\.do", "it asks getMessage.do"),
    _sign("epoint", 12, r"getgovinfolist|webBuilderCommon\.js|EpointWebBuilder", "it uses Epoint's scripts"),
    _sign("trs", 5, r"/?t\d{8}_\d+(?:_app)?\.s?html?", "it links t<date>_<id>"),
    _sign(
        "trs",
        4,
        r"createPage(?:HTML)?\(|\.pagination\(\s*[\"']setPage|countPage\s*=\s*\d",
        "it has a pager of TRS",
    ),
    _sign("trs", 5, r"TRS_(?:Editor|DOCUMENT|UEDITOR)|/[PW]0\d{17,}\.", "it has marks of TRS"),
)


def recognise(page: Page) -> list[tuple[str, str]]:
    """The families a page may belong to, likeliest first, each with the signs that speak for it.

    Where nothing speaks for any, the general column tree is what is left.
    """
    weights: defaultdict[str, int] = defaultdict(int)
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    told = [sign for sign in _ADDRESSES if sign.pattern.search(_address(page.url))]
    told += [sign for sign in _TEXTS if sign.pattern.search(page.text)]
    for sign in told:
        weights[sign.family] += sign.weight
        reasons[sign.family].append(sign.why)
    ranked = sorted(weights, key=lambda family: -weights[family])
    return [(family, "; ".join(reasons[family])) for family in ranked] or [("tree", "nothing tells more")]


def _address(url: str) -> str:
    """The address without its fragment."""
    return urlsplit(url)._replace(fragment="").geturl()
