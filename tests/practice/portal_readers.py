"""Readers that follow the written protocol of each family and nothing else, to test the portals with."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

from foi_etl.model import Agency
from foi_etl.practice.longtail import SHAPES

Web = requests.Session
Lines = Iterator[tuple[str, str]]
"""The words and the address of every line of a list."""


def get(web: Web, url: str, **params: str) -> str:
    answer = web.get(url, params=params, headers={"Referer": url})
    assert answer.status_code == 200, f"{answer.status_code} for {answer.url}"
    declared = b'charset="gb2312"' in answer.content
    return answer.content.decode("gb18030") if declared else answer.text


def anchors(html: str, base: str, select: str = "a") -> Lines:
    for a in BeautifulSoup(html, "lxml").select(select):
        text = str(a.get("title") or a.get_text())
        yield re.sub(r"\s*\d{4}[-.]\d\d[-.]\d\d\s*$", "", text).strip(), urljoin(base, str(a["href"]))


def records(text: str, base: str) -> Lines:
    yield from anchors("".join(re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", text, re.DOTALL)), base)


def jpage(web: Web, agency: Agency) -> Lines:
    """The unit of the column, read by what its own script or its own next group says."""
    page = get(web, agency.portal)
    column = int(re.findall(r"col(\d+)/", agency.portal)[0])
    unit = 760000 + column
    part = page[page.index(f'<div id="{unit}">') :].split("</script>\n<div", 1)[0]
    total = int(re.findall(r"totalRecord:(\d+)", part)[0])
    proxy = urljoin(agency.portal, re.findall(r"proxyUrl:'(.*?)'", part)[0])
    following = re.findall(r'href="([^"]*dataproxy[^"]*)"', part)[0].split("?")[1]
    named = re.findall(rf"var param_{unit}={{(.*?)}}", part)
    seen = dict.fromkeys(records(part, agency.portal))
    group = 15
    for first in range(group + 1, total + 1, group):
        window = f"startrecord={first}&endrecord={first + group - 1}&perpage=5"
        if named:
            fields = re.findall(r"(\w+):'?([^',]*)'?", named[0])
            if dict(agency.parameters)["dialect"] == "b":
                window = f"page={first // group + 1}&perpage={group}"
            answer = web.post(f"{proxy}?{window}", data=fields)
        else:
            rest = following.replace("page=1&", "", 1)
            answer = web.get(f"{proxy}?{window}&{rest}")
        seen |= dict.fromkeys(records(answer.text, agency.portal))
    assert len(seen) == total
    yield from seen


def xxgk(web: Web, agency: Agency) -> Lines:
    if "xxgkAnnualReport" in agency.portal:
        for year in range(2019, 2026):
            url = f"{agency.portal}&fbtime={year}"
            if "总体情况" in web.get(url).content.decode("gb18030", "ignore") or "总体情况" in get(web, url):
                yield str(year), url
        return
    form = BeautifulSoup(get(web, agency.portal), "lxml").select("form input")
    fields = {str(one["name"]): str(one["value"]) for one in form}
    number, pages = 1, 1
    while number <= pages:
        fields["currpage"] = str(number)
        text = web.post(urljoin(agency.portal, "/module/xxgk/search.jsp"), data=fields).text
        pages = int(re.findall(r"共(\d+)页", text)[0])
        column = re.findall(r"col(\d+)/", agency.portal)[0]
        found = list(anchors(text, agency.portal, "a.bt_link"))
        assert any(f"art_{column}_" not in url for _, url in found), "the search does not mind the column"
        yield from (line for line in found if f"art_{column}_" in line[1])
        number += 1


def jpaas(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    said = unescape(re.findall(r'queryData="(.*?)"', page)[0])
    query = dict(re.findall(r"'(\w+)':'(.*?)'", said))
    url = urljoin(agency.portal, re.findall(r'(?:unitUrl|url)="(/api.*?)"', page)[0])
    number, before = 1, list[tuple[str, str]]()
    while True:
        wanted = {**query, "paramJson": json.dumps({"pageNo": number, "pageSize": 9})}
        answer = web.get(url, params=wanted, headers={"Referer": agency.portal})
        html = json.loads(answer.text, strict=False)["data"]["html"]
        found = list(anchors(html, agency.portal, "li a"))
        if not found or found == before:
            return
        yield from found
        number, before = number + 1, found


def _numbered(web: Web, agency: Agency, pages: int, base: int, ending: str, name: str = "index") -> Lines:
    for number in range(1, pages):
        url = urljoin(agency.portal, f"{name}_{number + base}.{ending}")
        if web.get(url).status_code == 404:
            assert dict(agency.parameters)["dialect"] == "promises"
            return
        yield from anchors(get(web, url), url, "li a")


PAGER: Mapping[str, tuple[str, int, str]] = {
    "zero": (r"createPageHTML\((\d+), 0, \"index\", \"html\"\)", 0, "html"),
    "stub": (r"createPageHTML\((\d+), 0, \"index\", \"html\"\)", 0, "html"),
    "paging": (r"createPageHTML\('paging', (\d+), 1, 'index', 'html', \d+\)", 1, "html"),
    "create": (r"createPage\((\d+), 0, \"index\", \"html\"\)", 0, "html"),
    "count": (r"var countPage = (\d+)//", 0, "html"),
    "setpage": (r"pagination\(\"setPage\", 1, (\d+)\)", 1, "html"),
    "promises": (r"pagination\(\"setPage\", 1, (\d+)\)", 1, "html"),
    "totalpage": (r"pagination\(\{[^}]*totalPage: (\d+)", 1, "html"),
    "extra": (r"createPageHTML\((\d+), 0, \"index\", \"shtml\", \"black2\", \d+\)", 0, "shtml"),
    "records": (r"createPageHTML\(\d+, (\d+), 0, \"index\", \"html\"\)", 0, "html"),
}


def trs(web: Web, agency: Agency) -> Lines:
    page, dialect = get(web, agency.portal), dict(agency.parameters)["dialect"]
    if dialect == "years":
        for _, url in list(anchors(page, agency.portal, ".column a")):
            first = get(web, url)
            yield from anchors(first, url, "li a")
            pages = int(re.findall(r"createPageHTML\((\d+), 0", first)[0])
            for number in range(1, pages):
                further = urljoin(url, f"index_{number}.html")
                yield from anchors(get(web, further), further, "li a")
        return
    yield from anchors(page, agency.portal, "li a")
    if dialect == "base64":
        yield from _hidden(web, agency.portal, page)
    elif dialect != "slices":
        pattern, base, ending = PAGER[dialect]
        yield from _numbered(web, agency, int(re.findall(pattern, page)[0]), base, ending)


def _hidden(web: Web, url: str, page: str) -> Lines:
    while True:
        pager = b64decode(re.findall(r'atob\("(.*?)"\)', page)[0]).decode()
        following = [href for text, href in anchors(pager, url) if text == "下一页"]
        if not following:
            return
        url = following[0]
        page = get(web, url)
        yield from anchors(page, url, "li a")


def gkmlpt(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    sid = re.findall(r"SID: '(\d+)'", page)[0]
    tree = json.loads(re.findall(r"TREE: (\[.*\]),\n", page)[0])
    node = next(each for root in tree for each in root["children"] if each["name"] == "政府信息公开年报")
    if node["jump_url"]:
        yield from following(web, urljoin(agency.portal, node["jump_url"]), ".news_list a")
        return
    number, offset, total = 1, 0, 1
    while offset < total:
        url = urljoin(agency.portal, f"api/all/{node['id']}")
        block = json.loads(get(web, url, page=str(number), sid=sid))
        total = block["total"]
        assert node["post_count"] > total
        assert block["offset"] == offset
        yield from ((row["title"], row["url"]) for row in block["articles"])
        offset += len(block["articles"])
        number += 1
    assert web.get(url, params={"page": str(number), "sid": sid}).status_code == 404


def following(web: Web, url: str, select: str) -> Lines:
    """Pages that link to the next."""
    while True:
        page = get(web, url)
        yield from anchors(page, url, select)
        after = [href for text, href in anchors(page, url) if text == "下一页"]
        if not after:
            return
        url = after[0]


def nfcms(web: Web, agency: Agency) -> Lines:
    return following(web, agency.portal, ".news_list a")


def ucap(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    yield from anchors(page, agency.portal, "li a")
    pages = int(re.findall(r"createPageHTML\('page_div',(\d+), 1,'zfxxgknb','shtml',\d+\)", page)[0])
    yield from _numbered(web, agency, pages, 1, "shtml", "zfxxgknb")


def _plain(title: str) -> str:
    return BeautifulSoup(title, "lxml").get_text().replace("\xa0", " ").strip()


def ucap_json(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    channel, search = (re.findall(rf'var {name} = "(.*?)"', page)[0] for name in ("channelId", "searchPath"))
    url = urljoin(agency.portal, search + channel)
    yield from _pages(
        lambda n: json.loads(get(web, url, page=str(n), _pageSize="7", _isJson="true"))["data"], agency
    )


def _pages(ask: Callable[[int], dict[str, Any]], agency: Agency) -> Lines:
    number, seen = 1, 0
    while True:
        data = ask(number)
        for item in data["results"]:
            url = next(v for v in (item.get("redirectUrl", "null"), item["url"]) if v != "null")
            yield _plain(item["title"]), urljoin(agency.portal, url)
        seen += len(data["results"])
        if not data["results"]:
            assert seen == data["total"]
            return
        number += 1


def chinatax(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    channel = re.findall(r"channelId: '(\w+)'", page)[0]
    url = urljoin(agency.portal, "/getFileListByCodeId")
    assert web.get(url).status_code == 405
    form = {"channelId": channel, "size": "20", "relateSubChannels": "true"}
    yield from _pages(lambda n: web.post(url, data={**form, "page": n}).json()["results"]["data"], agency)


def lonsun(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    if years := list(anchors(page, agency.portal, ".tabs a")):
        for _, url in years:
            yield from anchors(get(web, url), url, ".gk_list a.title")
        return
    asked = re.findall(r'Ls.ajax\({url:"(.*?)",data:{(.*?)}', page)
    number, pages = 1, 1
    while number <= pages:
        if asked:
            fields = dict(re.findall(r'(\w+):"(.*?)"', asked[0][1]))
            page = get(web, urljoin(agency.portal, asked[0][0]), **{**fields, "pageIndex": str(number)})
        else:
            page = get(web, f"{agency.portal}&pageIndex={number}")
        yield from anchors(page, agency.portal, ".xxgk_navli a, .gk_list a.title")
        pages = int(re.findall(r"pageCount:(\d+)", page)[0])
        number += 1


def openness(web: Web, agency: Agency) -> Lines:
    return following(web, agency.portal, ".xxgk_navli a, ul.list a")


def truecms(web: Web, agency: Agency) -> Lines:
    page = get(web, agency.portal)
    yield from records(page, agency.portal)
    column, total = (
        re.findall(r'var columnId="(.*?)"', page)[0],
        int(re.findall(r"totalRecord:(\d+)", page)[0]),
    )
    url = urljoin(agency.portal, re.findall(r"proxyUrl:'(.*?)'", page)[0])
    for first in range(6, total + 1, 5):
        window = {"startrecord": str(first), "endrecord": str(first + 4), "perpage": "5", "columnId": column}
        yield from records(json.loads(get(web, url, **window))["result"], agency.portal)


def epoint(web: Web, agency: Agency) -> Lines:
    page, script = get(web, agency.portal), get(web, urljoin(agency.portal, "/js/webBuilderCommon.js"))
    site = json.loads(re.findall(r"siteInfo=({.*?});", script)[0])
    said = dict(re.findall(r"(\w+):'?([^',}]*)'?", re.findall(r"govInfo={(.*?)}", page)[0]))
    url = urljoin(agency.portal, f"{site['projectName']}/rest/lightfrontaction/getgovinfolist")
    number, rows = int(said["pageIndex"]), [{"realtitle": "", "infourl": ""}]
    while rows:
        question = {**said, "pageIndex": number, "siteGuid": site["siteGuid"]}
        body = {"params": question} if "{params:" in page else question
        rows = web.post(url, json=body).json()["custom"]["data"]
        yield from ((row["realtitle"], urljoin(agency.portal, row["infourl"])) for row in rows)
        number += 1


def tree(web: Web, agency: Agency) -> Lines:
    """Every branch; a hub's branch is that with the agency's own name."""
    page, dialect = get(web, agency.portal), dict(agency.parameters)["dialect"]
    if dialect in SHAPES:
        yield from _further(web, agency.portal, page)
        return
    branches = list(anchors(page, agency.portal, ".column a, .tab a"))
    if dialect == "hub":
        branches = [(text, url) for text, url in branches if text == agency.name]
    if frame := BeautifulSoup(page, "lxml").iframe:
        branches = [("", urljoin(agency.portal, str(frame["src"])))]
    for _, url in branches:
        below = get(web, url)
        yield from anchors(below, url, "dl a")
        for _, deeper in anchors(below, url, ".column a"):
            yield from anchors(get(web, deeper), deeper, "dl a")


def _further(web: Web, url: str, page: str) -> Lines:
    """Every page that the pages before it name."""
    waiting, met = [(url, page)], {url}
    for url, page in waiting:
        yield from anchors(page, url, ".list a")
        for _, other in anchors(page, url, ".pages a"):
            if other not in met:
                met.add(other)
                waiting.append((other, get(web, other)))


READERS: Mapping[str, Callable[[Web, Agency], Lines]] = {
    "hanweb_jpage": jpage, "hanweb_xxgk": xxgk, "hanweb_jpaas": jpaas, "trs": trs, "gkmlpt": gkmlpt,
    "nfcms": nfcms, "ucap": ucap, "ucap_json": ucap_json, "chinatax": chinatax, "lonsun": lonsun,
    "openness": openness, "xuancheng": openness, "truecms": truecms, "epoint": epoint, "tree": tree,
}  # fmt: skip


def attached(html: str, url: str) -> list[str]:
    """Files beside a report: in anchors, and in strings that a script would write."""
    hrefs = re.findall(r'href="([^"]+)"', html)
    files = [
        href
        for href in hrefs
        if re.search(r"P0\d|downfile|attachment/|group6|download/|upload/|attach/|files/", href)
    ]
    return [urljoin(url, unescape(href)) for href in dict.fromkeys(files)]
