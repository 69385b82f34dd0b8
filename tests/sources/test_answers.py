"""Families whose rows come as JSON: what they ask, and what they make of odd answers."""

from __future__ import annotations

import json

import pytest

from foi_etl.model import Agency, Ask, Declared, Decoy, Found, Page
from foi_etl.sources.answers import count, dig, first, items, loads, words
from foi_etl.sources.catalogue import FAMILIES
from foi_etl.sources.families.trs import Trs
from foi_etl.sources.links import judge_link
from foi_etl.sources.reach import Reach
from foi_etl.sources.registry import host_of, read_register
from foi_etl.sources.step import Step
from helpers import ROOT, SHARED, needs_shared

SAMPLES = SHARED / "design" / "portals" / "samples"
TITLE = "某局2023年政府信息公开工作年度报告"
CHANNEL = "61eaab3127b040d4950fff177f09e561"


def read(family: str, text: str, ask: Ask, url: str = "") -> list[Step]:
    agency = Agency("a", "某局", family, "https://a.gov.cn/nb/")
    return list(FAMILIES[family].read(agency, Page(ask, url or ask.url, text)))


def asks(steps: list[Step]) -> list[Ask]:
    return [step for step in steps if isinstance(step, Ask)]


def found(steps: list[Step]) -> list[str]:
    return [step.ask.url for step in steps if isinstance(step, Found)]


def test_json_is_read_as_portals_send_it() -> None:
    assert loads('cb({"a": 1});') == {"a": 1}
    assert loads('{"a": "x\n\ty"}') == {"a": "x\n\ty"}
    assert loads("<html>") is None
    assert dig({"data": '{"html": "x"}'}, "data", "html") == "x"
    assert dig({"data": None}, "data", "html") is None
    assert items('[{"url": "1"}, 2]') == [{"url": "1"}]
    assert words(" <em>年</em>报&nbsp;") == "年报"
    assert [words(nothing) for nothing in (None, "null", "undefined")] == ["", "", ""]
    assert first({"url": "null", "redirectUrl": "/1"}, "url", "redirectUrl") == "/1"
    assert (count("12"), count(None), count("x")) == (12, 0, 0)


# jpaas


@needs_shared
def test_a_shell_of_jpaas_is_asked_for_its_list_with_all_the_page_gave() -> None:
    shell = (SAMPLES / "hanweb_jpaas" / "miit_column_shell.html").read_text(encoding="utf-8")
    [ask] = asks(read("hanweb_jpaas", shell, Ask("https://www.miit.gov.cn/gk/index.html")))

    assert ask.url.startswith(
        "https://www.miit.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit?parseType=buildstatic"
        "&webId=8d828e408d90447786ddbe128d495e9e&tplSetId="
    )
    assert ask.url.endswith("&paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A15%7D")
    assert ask.referer == "https://www.miit.gov.cn/gk/index.html"


@pytest.mark.parametrize(
    "data",
    [
        {"html": "ROWS"},
        "ROWS",
        '{"html": "ROWS"}',
    ],
)
def test_the_data_of_jpaas_may_be_an_object_or_text(data: object) -> None:
    rows = f"<li><a href='/art/2024/art_1.html'>{TITLE}</a><span>2024-01-01</span></li>"
    pager = "<div count='31' rows='15' pageNo='1'></div>"
    text = json.dumps({"success": True, "data": data}, ensure_ascii=False).replace("ROWS", rows + pager)
    memo = json.dumps({"unit": "https://a.gov.cn/unit?webId=1", "page": 1})
    steps = read(
        "hanweb_jpaas", text, Ask("https://a.gov.cn/unit", referer="https://a.gov.cn/nb/", memo=memo)
    )

    assert found(steps) == ["https://a.gov.cn/art/2024/art_1.html"]
    assert [ask.url.rsplit("pageNo%22%3A", 1)[1][:1] for ask in asks(steps)] == ["2", "3"]
    assert Declared(31, 1, "https://a.gov.cn/nb/") in steps


def test_a_refusal_of_jpaas_ends_the_list() -> None:
    memo = json.dumps({"unit": "https://a.gov.cn/unit?webId=1", "page": 2})

    assert (
        read("hanweb_jpaas", '{"success":false,"data":null}', Ask("https://a.gov.cn/unit", memo=memo)) == []
    )


# UCAP


@needs_shared
def test_the_tax_portal_is_asked_by_form_and_its_answer_read() -> None:
    shell = f"<script>$.post({{url: '/getFileListByCodeId', data: {{channelId: '{CHANNEL}'}}}})</script>"
    [ask] = asks(read("chinatax", shell, Ask("https://www.chinatax.gov.cn/chinatax/n1/list.html")))
    answer = (SAMPLES / "ucap" / "chinatax_item.json").read_text(encoding="utf-8")
    steps = read("chinatax", answer, ask)

    assert ask.url == "https://www.chinatax.gov.cn/getFileListByCodeId"
    assert dict(ask.form) == {"channelId": CHANNEL, "page": "1", "size": "20", "relateSubChannels": "true"}
    assert [dict(each.form)["page"] for each in asks(steps)] == ["2"]
    assert steps[0] == Declared(32, 1, "https://www.chinatax.gov.cn/chinatax/n1/list.html")


def test_rows_of_ucap_may_have_their_address_in_any_of_three_places() -> None:
    shell = f'<script>var channelId = "{CHANNEL}"; var searchPath = "/searchList/";</script>'
    [ask] = asks(read("ucap_json", shell, Ask("https://a.gov.cn/x/c1/list.shtml")))
    row = {"title": f"<em>{TITLE}</em>", "publishedTimeStr": "2024-01-01 00:00:00"}
    rows = [
        row | {"url": "../c1/1.shtml"},
        row | {"url": "//b.gov.cn/2.shtml"},
        row | {"url": "null", "redirectUrl": "/3.shtml"},
        row | {"url": "", "resList": [{"fileName": "年报.pdf", "url": "/files/4.pdf"}]},
    ]
    steps = read("ucap_json", json.dumps({"data": {"total": 4, "page": 1, "rows": 15, "results": rows}}), ask)

    assert ask.url.startswith(
        f"https://a.gov.cn/searchList/{CHANNEL}?page=1&_pageSize=15&_isAgg=true&_isJson=true"
    )
    assert found(steps) == [
        "https://a.gov.cn/x/c1/1.shtml",
        "https://b.gov.cn/2.shtml",
        "https://a.gov.cn/3.shtml",
        "https://a.gov.cn/files/4.pdf",
    ]


# gkmlpt


@needs_shared
def test_a_real_answer_of_gkmlpt_holds_no_report_and_ends_the_list() -> None:
    answer = (SAMPLES / "gkmlpt" / "zhaoqing_api_all_21023.json").read_text(encoding="utf-8")
    ask = Ask("https://a.gov.cn/x/gkmlpt/api/all/21023?page=1&sid=9", memo='{"sid": "9", "page": 1}')

    assert read("gkmlpt", answer, ask) == [Declared(0, 1, "https://a.gov.cn/x/gkmlpt/api/all/21023")]


def test_gkmlpt_goes_on_to_its_total_and_not_to_what_it_counted_once() -> None:
    row = {"title": TITLE, "url": "/1.html", "date": 1700000000}
    ask = Ask("https://a.gov.cn/gkmlpt/api/all/7?page=1&sid=9", memo='{"sid": "9", "page": 1}')
    more, end = (
        read("gkmlpt", json.dumps({"articles": [row], "total": total, "offset": 0}), ask) for total in (2, 1)
    )

    assert [each.url for each in asks(more)] == ["https://a.gov.cn/gkmlpt/api/all/7?page=2&sid=9"]
    assert asks(end) == []


def test_a_column_of_gkmlpt_may_lead_to_a_static_one() -> None:
    tree = '[{"id":1,"name":"其他","children":[{"id":2,"name":"政府信息公开年报","jump_url":"/zwgk/nb/"}]}]'
    steps = read("gkmlpt", f"_CONFIG={{SID:'9',TREE:{tree}}}", Ask("https://a.gov.cn/gkmlpt/index"))

    assert [ask.url for ask in asks(steps)] == ["https://a.gov.cn/zwgk/nb/"]


# Lonsun, TrueCMS, Epoint


def test_lonsun_is_asked_for_the_fragment_its_page_names() -> None:
    shell = """<script>Ls.ajax({url:"/site/label/8888",data:{labelName:"publicInfoList",siteId:"7",
      organId:"9",type:"3",pageIndex:"1",file:"/xxgk/publicInfoList_newest2022"}})</script>"""
    [ask] = asks(read("lonsun", shell, Ask("https://a.gov.cn/public/column/9?type=3&action=list")))
    empty = read("lonsun", "<div>暂无相关信息</div>", ask)
    steps = read("lonsun", "Ls.pagination({pageCount:3,})", ask)

    assert ask.url == (
        "https://a.gov.cn/site/label/8888?labelName=publicInfoList&siteId=7&organId=9&type=3"
        "&file=%2Fxxgk%2FpublicInfoList_newest2022&pageIndex=1"
    )
    assert asks(empty) == []
    assert [each.url[-11:] for each in asks(steps)] == ["pageIndex=2", "pageIndex=3"]


def test_a_window_of_truecms_that_comes_back_empty_is_made_smaller() -> None:
    shell = """<script>var columnId="u-1"; {totalRecord:40,perPage:50,
      proxyUrl:'/truecms/messageController/getMessage.do'}</script>"""
    [ask] = asks(read("truecms", shell, Ask("https://a.gov.cn/nb/index.html")))
    sizes = []
    while ask:
        sizes.append(ask.url.rsplit("=", 1)[1])
        ask = next(iter(asks(read("truecms", '{"result":"<datastore></datastore>"}', ask))), None)  # type: ignore[assignment]

    assert sizes == ["10", "5"]


def test_epoint_puts_its_question_in_the_other_way_where_nothing_comes() -> None:
    url = "https://a.gov.cn/dynamic/zwgk/govInfoPub.html?categorynum=003"
    [script] = asks(read("epoint", '<script src="/js/webBuilderCommon.js"></script>', Ask(url)))
    [ask] = asks(read("epoint", 'var siteInfo={"siteGuid":"g-1","projectName":"/Web"}', script))
    [again] = asks(read("epoint", '{"custom":{"data":[],"total":0}}', ask))
    end = asks(read("epoint", '{"custom":{"data":[],"total":0}}', again))

    assert ask.url == "https://a.gov.cn/Web/rest/lightfrontaction/getgovinfolist"
    assert json.loads(ask.body)["categorynum"] == "003"
    assert json.loads(again.body) == {"params": json.loads(ask.body)}
    assert end == []


# Copies of real reports


@needs_shared
def test_every_copy_of_a_report_that_fills_the_web_is_a_decoy() -> None:
    data = ROOT / "data"
    texts = [(data / name).read_text(encoding="utf-8") for name in ("portals.yaml", "agencies.csv")]
    hosts = frozenset(portal.host for portal in read_register(texts[0], texts[1]).portals)
    rows = [json.loads(line) for line in (SHARED / "corpus" / "pages.jsonl").read_text("utf-8").splitlines()]
    copies = [row for row in rows if row["kind"] == "mirror/spam" and judge_link(row["title"])]
    agency = Agency("a", "", "trs", "https://www.beijing.gov.cn/nb/")
    markup = [f'<li><a href="{row["url"]}">{row["title"]}</a></li>' for row in copies]
    page = Page(Ask(agency.portal), agency.portal, "".join(markup))
    steps = list(Trs(Reach(hosts)).read(agency, page))

    assert len(copies) > 15
    assert not found(steps)
    assert {step.reason for step in steps if isinstance(step, Decoy)} == {"on a foreign host"}


@needs_shared
def test_every_known_report_is_recognised_by_its_title() -> None:
    rows = [json.loads(line) for line in (SHARED / "corpus" / "pages.jsonl").read_text("utf-8").splitlines()]
    unknown = [
        row["title"]
        for row in rows
        if row["kind"] == "report" and not judge_link(row["title"]) and not row["title"].startswith("(")
    ]

    assert unknown == []
    assert host_of(rows[0]["url"])
