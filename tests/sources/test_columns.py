from __future__ import annotations

import json

import pytest

from foi_etl.model import Agency, Ask, Declared, Decoy, Found, Page, Portal
from foi_etl.sources.catalogue import guided
from foi_etl.sources.columns import is_column
from foi_etl.sources.families.tree import ColumnTree
from foi_etl.sources.families.trs import Trs
from foi_etl.sources.links import Link, judge_link
from foi_etl.sources.memo import number, remember
from foi_etl.sources.pagers import Pager, following, pager_of
from foi_etl.sources.reach import Reach, site_of
from foi_etl.sources.recognise import recognise
from helpers import SHARED, needs_shared

ROOT_URL = "https://www.a.gov.cn/zfxxgknb/"
BUREAU = Agency("bureau", "海港区教育局", "tree", ROOT_URL)
REACH = Reach(
    hosts=frozenset({"www.a.gov.cn", "jyj.b.gov.cn"}),
    names=frozenset({"海港区教育局", "海港区水利局"}),
    depth=2,
)
TITLE = "海港区教育局2023年政府信息公开工作年度报告"


def page(text: str, url: str = ROOT_URL, memo: str = "") -> Page:
    return Page(Ask(url, memo=memo), url, text)


def asked(text: str, memo: str = "", reach: Reach = REACH) -> list[str]:
    steps = ColumnTree(reach).read(BUREAU, page(text, memo=memo))
    return [step.url for step in steps if isinstance(step, Ask)]


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<a href="./2024n/">2024年</a>', ROOT_URL + "2024n/"),
        ('<a href="./2024n/">2024</a>', ROOT_URL + "2024n/"),
        (
            '<a href="/nb/2020/index.html">2020年度政府信息公开年报</a>',
            "https://www.a.gov.cn/nb/2020/index.html",
        ),
        ('<a href="?state=3">政府信息公开年报</a>', ROOT_URL + "?state=3"),
        ('<a href="./bm/">区政府部门</a>', ROOT_URL + "bm/"),
        ('<a href="./xz/">乡镇街道</a>', ROOT_URL + "xz/"),
        ('<a href="./old/">历年年报</a>', ROOT_URL + "old/"),
        ('<a href="https://jyj.b.gov.cn/nb/">海港区教育局</a>', "https://jyj.b.gov.cn/nb/"),
        ('<iframe src="/list/7.html"></iframe>', "https://www.a.gov.cn/list/7.html"),
        ('<meta http-equiv="refresh" content="0;url=./2025/">', ROOT_URL + "2025/"),
        ('<script>window.location.href="c116116/gknb.shtml"</script>', ROOT_URL + "c116116/gknb.shtml"),
    ],
)
def test_columns_beneath_a_column_are_asked_for(link: str, url: str) -> None:
    assert asked(link) == [url]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/gzdt/">工作动态</a>',
        '<a href="../zn/">政府信息公开指南</a>',
        '<a href="./wz/">2024年政府网站年报</a>',
        '<a href="../zfxxgknb2/">政府信息公开年报</a>',
        '<a href="https://slj.c.gov.cn/nb/">2024年</a>',
        '<a href="https://slj.c.gov.cn/">海港区水利局</a>',
        '<a href="./slj/">海港区水利局</a>',
        '<a href="https://www.a.gov.cn/">海港区人民政府</a>',
        '<li><a href="./2024n/">2024年</a> 2024-01-01</li>',
        '<a href="./2024.pdf">2024年</a>',
        '<a href="./202401/t20240101_7.html">2024年年报</a>',
        '<iframe src="tree.jsp?area=1"></iframe>',
    ],
)
def test_other_corners_of_a_portal_are_left_alone(link: str) -> None:
    assert asked(link) == []


def test_a_report_without_a_date_in_its_row_is_no_column() -> None:
    [step] = ColumnTree(REACH).read(BUREAU, page('<a href="/show.php?id=7">2023年政府信息公开年度报告</a>'))

    assert isinstance(step, Found)


def test_a_tree_is_followed_down_to_its_depth_and_no_further() -> None:
    link = '<a href="./2024n/">2024年</a>'
    [ask] = [step for step in ColumnTree(REACH).read(BUREAU, page(link)) if isinstance(step, Ask)]

    assert number(ask, "depth") == 1
    assert asked(link, memo=remember(depth=1))
    assert asked(link, memo=remember(depth=2)) == []


def test_the_other_pages_of_a_column_lie_as_deep_as_the_column() -> None:
    text = '<script>createPageHTML(2, 0, "index", "html")</script>'
    [ask] = ColumnTree(REACH).read(BUREAU, page(text, memo=remember(depth=2)))

    assert isinstance(ask, Ask)
    assert number(ask, "depth") == 2


@pytest.mark.parametrize(
    ("url", "title", "reason"),
    [
        ("http://www.copied.com/1.html", TITLE, "on a foreign host"),
        ("http://admin.a.gov.cn:8888/1.html", TITLE, "at an odd port"),
        ("http://www.c.gov.cn/1.html", TITLE, "on a host that is not in the register"),
        ("/1.html", "海港区水利局2023年政府信息公开工作年度报告", "a report of 海港区水利局"),
        ("/1.html", "海港区财政局2023年政府信息公开工作年度报告", "a report of 海港区财政局"),
    ],
)
def test_a_report_that_cannot_be_the_agencys_is_a_decoy(url: str, title: str, reason: str) -> None:
    [step] = ColumnTree(REACH).read(BUREAU, page(f'<li><a href="{url}">{title}</a>2024-01-02</li>'))

    assert isinstance(step, Decoy)
    assert step.reason == reason


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "2023年海港区教育局政府信息公开年报",
        "区教育局2023年政府信息公开年报",
        "我局2023年政府信息公开年报",
        "2023年政府信息公开年报",
    ],
)
def test_an_agency_may_be_named_in_other_words_or_not_at_all(title: str) -> None:
    [step] = ColumnTree(REACH).read(BUREAU, page(f'<li><a href="/1.html">{title}</a>2024-01-02</li>'))

    assert isinstance(step, Found)
    assert step.listed == "2024-01-02"


def test_titles_that_leave_their_subject_out_count_in_their_section_only() -> None:
    assert judge_link("2023年年报", dated=True, section=True)
    assert not judge_link("2023年年报", dated=True)
    assert not judge_link("2023年年报", section=True)
    assert not judge_link("2023年法治政府建设年度报告", dated=True, section=True)


def test_a_section_is_known_by_what_its_page_says_of_it() -> None:
    row = '<li><a href="/1.html">2023年年报</a>2024-01-02</li>'
    said = '<meta name="ColumnName" content="政府信息公开年报">'

    assert [type(step) for step in Trs(REACH).read(BUREAU, page(said + row))] == [Found]
    assert not [step for step in Trs(REACH).read(BUREAU, page(row)) if isinstance(step, Found)]


def test_an_empty_list_says_so_and_an_unknown_page_says_nothing() -> None:
    assert list(Trs().read(BUREAU, page('<ul class="newsList"></ul>'))) == [Declared(0, 0, ROOT_URL)]
    assert list(Trs().read(BUREAU, page("<p>维护中</p>"))) == []


@needs_shared
def test_a_list_whose_other_half_comes_from_a_search_says_how_long_it_is() -> None:
    folder = SHARED / "corpus" / "listings" / "pingtan-zfxxgknb"
    text = "".join(
        (folder / f"fragment_{part}.html").read_text(encoding="utf-8") for part in ("list", "script")
    )

    assert Declared(20, 10, ROOT_URL) in list(Trs().read(BUREAU, page(text)))


# Pagers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param(
            "showPage(3, 'index', 'shtml')", ["index_1.shtml", "index_2.shtml", "index_3.shtml"], id="unknown"
        ),
        pytest.param(
            'document.write(window.atob("PGEgaHJlZj0iaW5kZXhfMS5odG1sIj7kuIvkuIDpobU8L2E+"))',
            ["index_1.html"],
            id="base64",
        ),
        pytest.param('<a href="2.html">2</a><a href="2.html">下一页</a>', ["2.html", "2.html"], id="links"),
        pytest.param('<a href="?page=2">下一页</a>', ["?page=2"], id="query"),
        pytest.param('<a href="/other/2.html">下一页</a>', [], id="elsewhere"),
        pytest.param(
            "var countPage = 2; <a href='./t20240101_1.shtml'>",
            ["index_1.shtml"],
            id="extension of the links",
        ),
    ],
)
def test_other_pages_are_named_by_scripts_and_links(text: str, names: list[str]) -> None:
    assert [ask.url.removeprefix(ROOT_URL) for ask in following(page(text))] == names


def test_a_call_nobody_described_is_no_definition() -> None:
    assert pager_of("function showPage(pages, name, ext) {}") is None
    assert pager_of("showPage(3, 'index', 'html')") == Pager(3, -1, "index", "html")


# Families and their neighbours


def test_a_page_on_another_familys_host_is_read_by_that_family() -> None:
    portals = (Portal("www.a.gov.cn", "tree"), Portal("jyj.b.gov.cn", "gkmlpt"))
    family = guided(range(2023, 2024), REACH, portals)["tree"]
    tree = json.dumps([{"id": 7, "name": "政府信息公开年报", "children": []}], ensure_ascii=False)
    text = f"<script>window._CONFIG = {{SID: '99', TREE: {tree}}}</script>"
    [ask] = family.read(BUREAU, page(text, "https://jyj.b.gov.cn/gkmlpt/index"))

    assert isinstance(ask, Ask)
    assert ask.url == "https://jyj.b.gov.cn/gkmlpt/api/all/7?page=1&sid=99"


def test_hosts_of_one_administration_share_a_site() -> None:
    assert site_of("wsjkw.hangzhou.gov.cn") == site_of("www.hangzhou.gov.cn") == "hangzhou.gov.cn"
    assert recognise(page("")) == [("tree", "nothing tells more")]


def test_the_column_of_a_bureau_of_statistics_is_none_of_statistics() -> None:
    bureau = Agency("s", "海港市统计局", "tree", "https://a.gov.cn/hub/index.html")
    own, other = (Link("https://b.gov.cn/nb/", text) for text in ("海港市统计局", "海港市统计局网站年报"))

    assert is_column(own, bureau, bureau.portal)
    assert not is_column(other, bureau, bureau.portal)
