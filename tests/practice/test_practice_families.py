"""Every family and dialect answers as its protocol is written, and the truth of finding is complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import pytest
import requests
from bs4 import BeautifulSoup
from portal_readers import READERS, attached, jpage

from foi_etl.model import Agency
from foi_etl.practice.country import country
from foi_etl.practice.finding import Due, finding
from foi_etl.practice.places import FAMILIES, KINDS, Kind, kinds_of
from foi_etl.practice.server import PracticeServer, serve
from helpers import STATUTE

LAND = country(STATUTE, agencies=2 * len(KINDS), per_host=2, bare=True)
DUE = finding(LAND)
BY_KIND = {LAND.kind_of(agency.id): agency for agency in LAND.agencies}
PLACES = [pytest.param(kind, id=f"{kind.family}-{kind.dialect}") for kind in BY_KIND]


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


def _one(family: str, dialect: str) -> Agency:
    return next(agency for kind, agency in BY_KIND.items() if kind[:2] == (family, dialect))


def _due(agency: Agency) -> list[Due]:
    return [due for due in DUE if due.agency_id == agency.id]


@pytest.mark.parametrize("kind", PLACES)
def test_following_the_protocol_leads_to_every_report_that_is_due(web: requests.Session, kind: Kind) -> None:
    agency = BY_KIND[kind]
    urls = [url for _, url in READERS[kind.family](web, agency)]
    due = {url for each in _due(agency) for url in each.urls}
    assert due
    assert due <= set(urls)
    assert len(urls) > len(due) or kind.dialect == "annual", "there are decoys between them"


@pytest.mark.parametrize("kind", PLACES)
def test_a_report_lies_at_each_of_its_addresses_with_its_files_beside_it(
    web: requests.Session, kind: Kind
) -> None:
    with_files = sorted(_due(BY_KIND[kind]), key=lambda due: len(due.attachments), reverse=True)
    for due in with_files[:2]:
        files: list[str] = []
        for url in due.urls:
            answer = web.get(url)
            assert answer.status_code == 200
            text = answer.content.decode("gb18030" if b"\xb1\xa8\xb8\xe6" in answer.content else "utf-8")
            assert str(due.year) in text
            files += attached(text, url)
        assert files == list(due.attachments)
        assert all(web.get(file).content.startswith((b"%PDF-1.4", b"PK\x03\x04")) for file in files)


def test_some_reports_lie_on_two_hosts_some_on_the_other_host_only_and_some_are_files() -> None:
    hosts = [[url.split("/")[2].startswith("www-") for url in due.urls] for due in DUE]
    assert [False, True] in hosts
    assert [True] in hosts
    endings = {file.rsplit(".", 1)[-1] for due in DUE for file in due.attachments}
    assert {"pdf", "ofd", "docx", "html"} <= endings


def test_the_portals_of_a_country_are_all_hosts_its_reports_lie_on() -> None:
    hosts = {portal.host for portal in LAND.portals}
    assert {url.split("/")[2] for due in DUE for url in due.urls} <= hosts
    assert {agency.portal.split("/")[2] for agency in LAND.agencies} <= hosts


def test_a_country_can_be_of_some_families_only_and_has_all_their_dialects() -> None:
    land = country(STATUTE, agencies=20, families=["gkmlpt", "tree"])
    assert {agency.family for agency in land.agencies} == {"gkmlpt", "tree"}
    assert {kind.family for kind in KINDS} == set(FAMILIES) == set(READERS)
    assert [kind.dialect for kind in kinds_of(["hanweb_jpage"])] == ["a", "b", "c", "d", "e"]
    with pytest.raises(ValueError, match="wordpress"):
        country(STATUTE, families=["wordpress"])


@pytest.mark.parametrize("dialect", ["c", "d", "e"])
def test_jpage_answers_54_bytes_to_whoever_does_not_send_what_the_page_gave(
    web: requests.Session, dialect: str
) -> None:
    agency = _one("hanweb_jpage", dialect)
    page = web.get(agency.portal).text
    column = re.findall(r"col(\d+)/", agency.portal)[0]
    proxy = urljoin(agency.portal, re.findall(r"proxyUrl:'(.*?)'", page)[0])
    plain = {"columnid": column, "unitid": f"760{column}", "startrecord": 1, "endrecord": 15}
    assert len(web.post(proxy, data=plain).content) == 54
    if dialect == "e":
        given = re.findall(r'dataproxy.jsp\?(.*?)"', page)[0]
        assert len(web.get(f"{proxy}?{given.replace('appid=1&', '', 1)}").content) == 54
        assert len(web.get(f"{proxy}?{given}").content) > 54
    assert list(jpage(web, agency))


@pytest.mark.parametrize("dialect", ["c", "d"])
def test_a_jpage_page_may_hold_a_second_unit_with_a_neighbours_reports(
    web: requests.Session, dialect: str
) -> None:
    agency = _one("hanweb_jpage", dialect)
    page = web.get(agency.portal).text
    column = int(re.findall(r"col(\d+)/", agency.portal)[0])
    assert re.findall(r"\.jpage\(", page) == [".jpage("] * 2
    assert f"art_{column + 5000 - 1}_" in page or f"art_{column + 5000 + 1}_" in page


def test_jpaas_ignores_bare_page_numbers_and_minds_every_word_of_the_page(web: requests.Session) -> None:
    agency = _one("hanweb_jpaas", "ministry")
    page = web.get(agency.portal).text
    query = dict(re.findall(r"'(\w+)':'(.*?)'", page))
    url = urljoin(agency.portal, "/api-gateway/jpaas-publish-server/front/page/build/unit")
    from_page = {"Referer": agency.portal}
    assert web.get(url, params=query).status_code == 403
    first = web.get(url, params=query, headers=from_page)
    assert web.get(url, params={**query, "pageNo": "2"}, headers=from_page).text == first.text
    with pytest.raises(json.JSONDecodeError, match="control character"):
        json.loads(first.text)
    wrong = {**query, "parseType": "bulidstatic"}
    assert web.get(url, params=wrong, headers=from_page).json()["success"] is False


def test_trs_stands_by_its_oddities(web: requests.Session) -> None:
    stub = urljoin(_one("trs", "stub").portal, "index_40.html")
    assert 300 <= len(web.get(stub).content) <= 400
    promises = _one("trs", "promises").portal
    pages = int(re.findall(r'"setPage", 1, (\d+)', web.get(promises).text)[0])
    status = [web.get(urljoin(promises, f"index_{n}.html")).status_code for n in range(2, pages + 1)]
    assert status[-3:] == [200, 404, 404]
    assert b'charset="gb2312"' in web.get(_one("trs", "records").portal).content
    assert "//createPageHTML(9, 0" in web.get(_one("trs", "count").portal).text


def test_truecms_wants_a_referer_and_a_small_window(web: requests.Session) -> None:
    for dialect, most in (("empty", 10), ("lost", 10)):
        agency = _one("truecms", dialect)
        column = re.findall(r'var columnId="(.*?)"', web.get(agency.portal).text)[0]
        url = urljoin(agency.portal, "/truecms/messageController/getMessage.do")
        window: dict[str, str | int] = {
            "startrecord": 1,
            "endrecord": most,
            "perpage": most,
            "columnId": column,
        }
        referer = {"Referer": agency.portal}
        assert web.get(url, params=window).status_code == 404
        assert web.get(url, params={**window, "callback": "cb"}, headers=referer).text.startswith("cb({")
        assert "<record>" in web.get(url, params=window, headers=referer).json()["result"]
        wide = web.get(url, params={**window, "perpage": str(most + 1)}, headers=referer)
        assert wide.status_code == 404 if dialect == "lost" else "<record>" not in wide.json()["result"]


def test_ucap_json_needs_its_switch_and_says_null_in_words(web: requests.Session) -> None:
    agency = _one("ucap_json", "searchlist")
    channel = re.findall(r'channelId = "(\w+)"', web.get(agency.portal).text)[0]
    url = urljoin(agency.portal, f"/searchList/{channel}")
    assert web.get(url).headers["Content-Type"].startswith("text/html")
    items = web.get(url, params={"_isJson": "true", "_pageSize": "100"}).json()["data"]["results"]
    assert {"null"} < {item["url"][:4] for item in items}
    assert any(item["url"].startswith("//") for item in items)
    assert any("<em>" in item["title"] for item in items)
    assert any("&nbsp;" in item["title"] for item in items)


def test_gkmlpt_gives_attachments_as_a_list_or_as_text(web: requests.Session) -> None:
    agency = _one("gkmlpt", "blocks")
    page = web.get(agency.portal).text
    sid, node = re.findall(r"SID: '(\d+)'", page)[0], re.findall(r'"id": (21\d+)', page)[0]
    rows = web.get(urljoin(agency.portal, f"api/all/{node}"), params={"sid": sid}).json()["articles"]
    assert {type(row["attachment"]) for row in rows} == {list, str}
    assert {row["type"] for row in rows} == {"normal", "url"}
    assert web.get(urljoin(agency.portal, f"api/all/{node}"), params={"sid": "1"}).status_code == 404


def test_a_hub_links_its_own_column_on_another_host_and_those_of_others(web: requests.Session) -> None:
    agency = _one("tree", "hub")
    page = web.get(agency.portal).text
    assert f"http://www-{agency.portal.split('/')[2]}/xxgk/" in page
    assert LAND.agencies[0].portal in page


def test_gkmlpt_counts_page_nought_as_the_first(web: requests.Session) -> None:
    agency = _one("gkmlpt", "list")
    page = web.get(agency.portal).text
    sid, node = re.findall(r"SID: '(\d+)'", page)[0], re.findall(r'"id": (21\d+)', page)[0]
    url = urljoin(agency.portal, f"api/all/{node}")
    pages = [web.get(url, params={"page": n, "sid": sid}).json()["articles"] for n in ("0", "1", "2")]
    assert pages[0] == pages[1] != pages[2]


def test_lonsun_gives_its_fragment_to_the_words_of_the_page_only_and_cuts_titles(
    web: requests.Session,
) -> None:
    agency = _one("lonsun", "fragment")
    said = dict(re.findall(r'(\w+):"(.*?)"', re.findall(r"data:{(.*?)}", web.get(agency.portal).text)[0]))
    url = urljoin(agency.portal, "/site/label/8888")
    rows = BeautifulSoup(web.post(url, data=said).text, "lxml").select("a")
    assert any(row.get_text().endswith("...") and not str(row["title"]).endswith("...") for row in rows)
    assert web.get(url, params={**said, "file": "/other"}).status_code == 404
    assert web.get(agency.portal.replace("type=3", "type=2")).text.count("<li>") == 0


def test_epoint_wants_its_question_as_its_own_script_puts_it(web: requests.Session) -> None:
    for dialect in ("zero", "one"):
        agency = _one("epoint", dialect)
        url = urljoin(agency.portal, "/EpointWebBuilder/rest/lightfrontaction/getgovinfolist")
        script = web.get(urljoin(agency.portal, "/js/webBuilderCommon.js")).text
        question = {
            "siteGuid": re.findall(r'siteGuid":"(.*?)"', script)[0],
            "categorynum": agency.portal.split("=")[1],
            "pageIndex": int(dialect == "one"),
            "pageSize": 3,
        }
        plain, wrapped = (web.post(url, json=body) for body in (question, {"params": question}))
        right, wrong = (wrapped, plain) if dialect == "one" else (plain, wrapped)
        assert len(right.json()["custom"]["data"]) == 3
        assert wrong.status_code == 404


def test_the_search_of_the_xxgk_module_is_posted(web: requests.Session) -> None:
    agency = _one("hanweb_xxgk", "search")
    page = web.get(agency.portal).text
    fields = dict(re.findall(r'name="(\w+)" value="(.*?)"', page))
    url = urljoin(agency.portal, "/module/xxgk/search.jsp")
    assert web.get(url, params=fields).status_code == 404
    assert "tr_main_value_odd" in web.post(url, data=fields).text


def test_jpage_dialect_b_listens_to_page_and_not_to_startrecord(web: requests.Session) -> None:
    agency = _one("hanweb_jpage", "b")
    column = re.findall(r"col(\d+)/", agency.portal)[0]
    proxy = urljoin(agency.portal, "/module/web/jpage/dataproxy.jsp")
    fields = {"columnid": column, "unitid": f"760{column}"}
    first, same, second = (
        web.get(proxy, params={**fields, **more}).text
        for more in ({"startrecord": "1"}, {"startrecord": "6"}, {"page": "2"})
    )
    assert first == same != second


def test_no_line_of_a_clone_leads_to_a_host_of_the_country(web: requests.Session) -> None:
    agency = _one("nfcms", "next")
    lines = dict.fromkeys(READERS["nfcms"](web, agency))
    copied = [(text, url) for text, url in lines if not url.split("/")[2].endswith(".practice.invalid")]
    titles = {LAND.title(agency.id, year) for year in LAND.published(agency.id)}
    assert len(copied) == 1
    assert copied[0][0] in titles
