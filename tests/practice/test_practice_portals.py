"""Portals speak the protocols of their families, over real HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup

from foi_etl.model import Agency
from foi_etl.practice.country import country
from foi_etl.practice.dice import dice
from foi_etl.practice.lists import entries
from foi_etl.practice.pages import render
from foi_etl.practice.server import PracticeServer, serve
from foi_etl.practice.styles import style_of
from helpers import STATUTE

LAND = country(STATUTE, agencies=24)
FAMILIES = sorted({agency.family for agency in LAND.agencies})


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(LAND, STATUTE) as running:
        yield running


@pytest.fixture
def web(server: PracticeServer) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = {"http": f"http://127.0.0.1:{server.port}"}
        yield session


def _agencies(family: str) -> list[Agency]:
    return [agency for agency in LAND.agencies if agency.family == family]


def _titles(agency: Agency) -> list[str]:
    return [LAND.title(agency.id, year) for year in LAND.published(agency.id)]


def _links(html: str, url: str) -> list[tuple[str, str]]:
    anchors = BeautifulSoup(html, "lxml").select("li a")
    shown = ((str(a.get("title") or a.find(string=True)).strip(), str(a["href"])) for a in anchors)
    return [(text, urljoin(url, href)) for text, href in shown]


def _records(text: str, url: str) -> list[tuple[str, str]]:
    return _links("".join(re.findall(r"<record><!\[CDATA\[(.*?)\]\]></record>", text, re.DOTALL)), url)


def _jpage(web: requests.Session, agency: Agency) -> list[tuple[str, str]]:
    """Every line of a jpage list: asked for by record, and by page where that brings nothing new."""
    first = web.get(agency.portal).text
    total, per_page = (int(re.findall(rf"{name}:(\d+)", first)[-1]) for name in ("totalRecord", "perPage"))
    fields = dict(re.findall(r"(\w+):'?([^',}]*)'?", re.findall(r"var param_\d+={(.*?)};", first)[0]))
    proxy = urljoin(agency.portal, re.findall(r"proxyUrl:'(.*?)'", first)[0])
    seen = dict.fromkeys(_records(first, agency.portal))
    size = len(seen)
    while len(seen) < total:
        window = {"startrecord": len(seen) + 1, "endrecord": len(seen) + size, "perpage": per_page}
        group = _records(web.post(proxy, params=window, data=fields).text, agency.portal)
        if not set(group) - set(seen):
            page = {"page": len(seen) // size + 1, "perpage": size, **fields}
            group = _records(web.get(proxy, params=page).text, agency.portal)
        assert set(group) - set(seen), "a group brings something new in one of the two dialects"
        seen |= dict.fromkeys(group)
    return list(seen)


def _trs(web: requests.Session, agency: Agency) -> list[tuple[str, str]]:
    first = web.get(agency.portal).text
    named = re.search(r"createPageHTML\('paging', (\d+), 1,", first)
    plain = re.search(r"createPageHTML\((\d+), 0,", first)
    pages, base = (int(named[1]), 1) if named else (int(plain[1]) if plain else 0, 0)
    links = _links(first, agency.portal)
    for number in range(1, pages):
        url = agency.portal.replace("index.html", f"index_{number + base}.html")
        links += _links(web.get(url).text, url)
    assert web.get(agency.portal.replace("index.html", f"index_{pages + base}.html")).status_code == 404
    return links


@pytest.mark.parametrize("family", ["hanweb_jpage", "trs"])
def test_paging_yields_each_report_exactly_once_and_decoys_between_them(
    web: requests.Session, family: str
) -> None:
    read = {"hanweb_jpage": _jpage, "trs": _trs}[family]
    for agency in _agencies(family):
        lines = read(web, agency)
        said = [text for text, _ in lines]
        assert said == [entry.title for entry in entries(LAND, agency.id)]
        home = [text for text, url in lines if ".practice.invalid/" in url]
        assert sorted(text for text in home if text in set(_titles(agency))) == sorted(_titles(agency))
        assert any("指南" in text for text in said)
        assert sum("年度报告编制" in text or "报表" in text or "自查" in text for text in said) > 2
        assert len({url for _, url in lines}) == len(lines)


def test_lists_need_several_requests_and_speak_several_dialects(web: requests.Session) -> None:
    assert any(len(entries(LAND, agency.id)) > 30 for agency in _agencies("hanweb_jpage"))
    calls = (web.get(agency.portal).text for agency in _agencies("trs"))
    said = {re.findall(r"createPageHTML\((?:'paging')?", call)[0] for call in calls}
    assert said == {"createPageHTML('paging'", "createPageHTML("}


def test_the_third_group_of_dialect_a_repeats_the_last_record_of_the_second(web: requests.Session) -> None:
    agency = max(_agencies("hanweb_jpage")[:4], key=lambda one: len(entries(LAND, one.id)))
    column = re.findall(r"col(\d+)", agency.portal)[0]
    proxy = urljoin(agency.portal, "/module/web/jpage/dataproxy.jsp")
    fields = {"columnid": column, "unitid": f"760{column}"}
    groups = [
        _records(web.get(proxy, params=fields | {"startrecord": n, "endrecord": n + 14}).text, proxy)
        for n in (16, 31)
    ]
    assert groups[0][-1] == groups[1][0]


@pytest.mark.parametrize("family", ["hanweb_jpage", "trs"])
def test_a_line_leads_to_the_bytes_of_its_report(web: requests.Session, family: str) -> None:
    agency = _agencies(family)[1]
    links = {"hanweb_jpage": _jpage, "trs": _trs}[family](web, agency)
    for text, url in (link for link in links if ".practice.invalid/" in link[1]):
        answer = web.get(url)
        assert answer.status_code == 200
        if text in _titles(agency):
            year = next(year for year in LAND.published(agency.id) if LAND.title(agency.id, year) == text)
            assert answer.content == _bytes(agency, year)


def _bytes(agency: Agency, year: int) -> bytes:
    rng = dice(LAND.seed, "page", agency.id, year)
    return render(LAND.report(agency.id, year), STATUTE, style_of(agency.id, year), rng=rng)


def test_the_xxgk_module_has_one_address_for_each_unit_and_year(web: requests.Session) -> None:
    for agency in _agencies("hanweb_xxgk"):
        for year in LAND.published(agency.id):
            assert web.get(f"{agency.portal}&fbtime={year}").content == _bytes(agency, year)


def test_a_year_the_xxgk_module_lacks_is_an_empty_template_with_status_200(web: requests.Session) -> None:
    agency = _agencies("hanweb_xxgk")[0]
    answer = web.get(f"{agency.portal}&fbtime=2012")
    assert answer.status_code == 200
    assert '<div id="zoom"></div>' in answer.text
    assert not any(section.title in answer.text for section in STATUTE.sections)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_that_has_not_changed_is_not_sent_again(web: requests.Session, family: str) -> None:
    url = _agencies(family)[0].portal
    first = web.get(url)
    assert web.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert web.get(url, headers={"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
    assert web.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    assert web.get(url, headers={"If-Modified-Since": "Tue, 01 Jan 2019 00:00:00 GMT"}).status_code == 200


def test_pages_are_compressed_when_asked_for(web: requests.Session) -> None:
    url = LAND.agencies[0].portal
    plain, packed = (web.get(url, headers={"Accept-Encoding": how}) for how in ("identity", "gzip"))
    assert plain.content == packed.content
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"


def test_every_host_has_a_robots_txt_and_one_forbids_a_path_without_reports(web: requests.Session) -> None:
    hosts = {agency.portal.split("/")[2]: agency.portal for agency in LAND.agencies}
    rules = {host: web.get(f"http://{host}/robots.txt").text for host in hosts}
    closing = [host for host, text in rules.items() if "Disallow: /was5/" in text]
    assert closing == ["trs-01.practice.invalid"]
    assert len(rules) == 6


def test_a_host_answers_by_its_host_header_too_and_the_log_says_so(server: PracticeServer) -> None:
    host, path = LAND.agencies[0].portal.removeprefix("http://").split("/", 1)
    before = len(server.log)
    with requests.Session() as session:
        session.trust_env = False
        url = f"http://127.0.0.1:{server.port}/{path}?uid=1"
        assert session.get(url, headers={"Host": host}).status_code == 200
        assert session.get(f"http://127.0.0.1:{server.port}/{path}").status_code == 502
    asked = [(one.host, one.method, one.path, one.status) for one in server.log[before:]]
    assert asked == [(host, "GET", f"/{path}?uid=1", 200), ("127.0.0.1", "GET", f"/{path}", 502)]


def test_an_address_that_leads_nowhere_is_not_found(web: requests.Session) -> None:
    for path in ("col/col999/index.html", "art/2020/1/1/art_100_1.html", "nothing"):
        assert web.get(f"http://hanweb-01.practice.invalid/{path}").status_code == 404
