from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from foi_etl.model import Agency, Ask, Decoy, Found, Page
from foi_etl.sources.catalogue import FAMILIES, families
from foi_etl.sources.families.hanweb_jpage import HanwebJpage
from foi_etl.sources.families.hanweb_xxgk import HanwebXxgk
from foi_etl.sources.families.trs import Trs
from foi_etl.sources.pagers import Pager, pager_of
from helpers import SHARED, needs_shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from foi_etl.sources.step import Step

SAMPLES = SHARED / "design" / "portals" / "samples"
TRS = Agency("t", "某局", "trs", "https://a.gov.cn/zfxxgknb/")
JPAGE = Agency("j", "某局", "hanweb_jpage", "https://a.gov.cn/col/col7/index.html")
XXGK = Agency(
    "x", "某局", "hanweb_xxgk", "https://a.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=11A&fbtime=2020"
)
NOT_TEN = 17


def page(text: str, ask: Ask) -> Page:
    return Page(ask, ask.url, text)


def asks(steps: Iterable[Step]) -> list[Ask]:
    return [step for step in steps if isinstance(step, Ask)]


def found(steps: Iterable[Step]) -> list[Found]:
    return [step for step in steps if isinstance(step, Found)]


# TRS


@pytest.mark.parametrize(
    ("script", "pager"),
    [
        pytest.param(
            'createPageHTML(120, 0, "index", "html");', Pager(120, 0, "index", "html"), id="counted from 0"
        ),
        pytest.param(
            "createPageHTML(4,1,'index','shtml','black2',61)", Pager(4, 0, "index", "shtml"), id="more behind"
        ),
        pytest.param(
            "createPageHTML('paging', 25, 1, 'index', 'html', 500)",
            Pager(25, 1, "index", "html"),
            id="from 1",
        ),
        pytest.param(
            'createPageHTML(61, 4, 0, "index", "html")', Pager(4, 0, "index", "html"), id="records first"
        ),
        pytest.param('createPage(3, 0, "list", "htm")', Pager(3, 0, "list", "htm"), id="the other name"),
        pytest.param("var countPage = 17//共多少页", Pager(17, 0), id="variables"),
        pytest.param('$(".p").pagination("setPage", 1, 322)', Pager(322, 1), id="a plug-in"),
        pytest.param(
            "$('.p').pagination({ size: 3, totalPage: 8 })", Pager(8, 1), id="a plug-in with options"
        ),
        pytest.param(
            "function createPageHTML(_nPageCount, _nCurrIndex) {}", None, id="a definition is no call"
        ),
        pytest.param(
            '//createPageHTML(9, 0, "index", "html");\nvar countPage = 2', Pager(2, 0), id="commented out"
        ),
        pytest.param('/* createPageHTML(9, 0, "a", "b"); */', None, id="commented out in a block"),
        pytest.param('<!-- createPageHTML(9, 0, "a", "b"); -->', None, id="commented out in the markup"),
        pytest.param(
            'var u="http://x"; createPageHTML(2, 0, "i", "j")',
            Pager(2, 0, "i", "j"),
            id="an address is no comment",
        ),
    ],
)
def test_a_pager_is_read_from_its_script(script: str, pager: Pager | None) -> None:
    assert pager_of(script) == pager


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ('createPageHTML(3, 0, "index", "html")', ["index_1.html", "index_2.html"]),
        ("createPageHTML('paging', 3, 1, 'index', 'html', 50)", ["index_2.html", "index_3.html"]),
        ("var countPage = 2", ["index_1.shtml"]),
        ('createPageHTML(1, 0, "index", "html")', []),
    ],
)
def test_the_other_pages_of_a_list_are_asked_for_by_their_names(call: str, names: list[str]) -> None:
    first = page(f"<script>{call}</script>", Ask("https://a.gov.cn/zfxxgknb/index.shtml"))

    assert [ask.url for ask in asks(Trs().read(TRS, first))] == [
        f"https://a.gov.cn/zfxxgknb/{name}" for name in names
    ]


def test_a_list_gives_its_reports_and_names_its_decoys() -> None:
    text = """<ul><li><a href="./202401/t20240130_1.html">某局2023年政府信息公开工作年度报告</TRS_DOCUMENT>
      <span>2024-01-30</span></a></li>
      <li><a href="./202402/t20240201_2.html">图解：某局2023年政府信息公开工作年度报告</a>
      <li><a href="../zn/">政府信息公开年报</a></ul>
      <script>document.write('<a href="x">2020年政府信息公开年报</a>')</script>"""
    steps = list(Trs().read(TRS, page(text, Ask(TRS.portal))))

    assert [(step.ask.url, step.text, step.year) for step in found(steps)] == [
        ("https://a.gov.cn/zfxxgknb/202401/t20240130_1.html", "某局2023年政府信息公开工作年度报告", 2023)
    ]
    assert [step.reason for step in steps if isinstance(step, Decoy)] == ["an interpretation"]


@needs_shared
def test_a_real_list_of_ten_reports_gives_ten() -> None:
    listing = (SHARED / "corpus" / "listings" / "pingtan-zfxxgknb" / "fragment_list.html").read_text(
        encoding="utf-8"
    )
    menu = (SHARED / "corpus" / "listings" / "pingtan-zfxxgknb" / "fragment_nav.html").read_text(
        encoding="utf-8"
    )

    assert [step.year for step in found(Trs().read(TRS, page(menu + listing, Ask(TRS.portal))))] == [
        *range(2025, 2015, -1)
    ]


@needs_shared
def test_real_lists_of_other_things_give_nothing() -> None:
    for name in ("list_yuanzhou_2017.html", "list_zhangye_2026.html"):
        steps = list(
            Trs().read(TRS, page((SAMPLES / "trs" / name).read_text(encoding="utf-8"), Ask(TRS.portal)))
        )
        assert not found(steps)
    assert "https://a.gov.cn/zfxxgknb/index_119.html" in {
        ask.url
        for ask in asks(Trs().read(TRS, page('createPageHTML(120, 0, "index", "html")', Ask(TRS.portal))))
    }


# Hanweb xxgk


def test_each_year_is_asked_for_by_its_address_newest_first() -> None:
    assert [ask.url for ask in HanwebXxgk([2019, 2020]).start(XXGK)] == [
        f"https://a.gov.cn/module/xxgk/xxgkAnnualReport.jsp?area=11A&fbtime={year}" for year in (2020, 2019)
    ]


def test_a_page_with_the_sections_is_itself_the_report() -> None:
    ask = next(HanwebXxgk([2020]).start(XXGK))
    sections = "<h2>一、总体情况</h2><h2>二、主动公开政府信息情况</h2>"
    text = f"<title>某局2020年政府信息公开工作年度报告</title>{sections}"

    assert list(HanwebXxgk([]).read(XXGK, page(text, ask))) == [
        Found(ask, "某局2020年政府信息公开工作年度报告", via=XXGK.portal, year=2020)
    ]


def test_an_empty_template_is_no_report() -> None:
    ask = next(HanwebXxgk([2020]).start(XXGK))

    assert not list(HanwebXxgk([]).read(XXGK, page("<a>总体情况</a><div id='zoom'></div>", ask)))


# Hanweb jpage: a portal of records, in the dialects portals speak.


def record(number: int) -> str:
    year = 2000 + number
    title = f"某局{year}年政府信息公开年报"
    return (
        f'<record><![CDATA[<li><a href="/art/{year}/1/2/art_7_{number}.html" title="{title}">某局{year}年...'
        f"</a><span>{year + 1}-01-02</span></li>]]></record>"
    )


def store(numbers: Iterable[int]) -> str:
    link = (
        "/module/web/jpage/dataproxy.jsp?page=1&webid=1&path='/'&columnid=7&unitid=70&webname=%25E5%25B1%2580"
    )
    rows = "\n".join(record(number) for number in numbers)
    following = f'<nextgroup><![CDATA[<a href="{link}"></a>]]></nextgroup>'
    return f"<datastore>{following}<recordset>{rows}</recordset></datastore>"


def column_page(
    total: int, params: str = "col:1,webid:1,path:'/',columnid:7,unitid:'70',webname:'某站'"
) -> str:
    return (
        f'<div id="70"><script type="text/xml">{store(range(1, min(total, 6) + 1))}</script></div>'
        f"<script>var param_70={{{params}}};\n$('#70').jpage({{totalRecord:{total},groupSize:3,"
        "proxyUrl:'/module/jpage/dataproxy.jsp',perPage:2,ajaxParam:param_70});</script>"
    )


def honours_records(ask: Ask, total: int) -> Iterable[int]:
    query = {
        name: int(values[0])
        for name, values in parse_qs(urlsplit(ask.url).query).items()
        if values[0].isdecimal()
    }
    first, last = query.get("startrecord", 1), query.get("endrecord", 6)
    return range(first - (first > 12), min(last, total) + 1)


def honours_pages(ask: Ask, total: int) -> Iterable[int]:
    query = parse_qs(urlsplit(ask.url).query)
    number, size = int(query.get("page", ["1"])[0]), int(query["perpage"][0])
    return range((number - 1) * size + 1, min(number * size, total) + 1)


def honours_pages_of_its_own_size(ask: Ask, total: int) -> Iterable[int]:
    number = int(parse_qs(urlsplit(ask.url).query).get("page", ["1"])[0])
    return range((number - 1) * 2 + 1, min(number * 2, total) + 1)


def counts_groups_from_nought(ask: Ask, total: int) -> Iterable[int]:
    number = int(parse_qs(urlsplit(ask.url).query).get("page", ["0"])[0])
    return range(number * 6 + 1, min(number * 6 + 6, total) + 1)


def listens_only_to_its_own_words(ask: Ask, total: int) -> Iterable[int]:
    return (
        honours_records(ask, total) if "webname=%25E5%25B1%2580" in ask.url and "path='/'" in ask.url else []
    )


def walked(answer: Callable[[Ask, int], Iterable[int]], total: int) -> tuple[list[int], int]:
    """The years found, and how many pages that took."""
    family, years, visits = HanwebJpage(), [], 0
    waiting = list(family.start(JPAGE))
    while waiting:
        ask = waiting.pop()
        visits += 1
        text = store(answer(ask, total)) if "dataproxy" in ask.url else column_page(total)
        steps = list(family.read(JPAGE, page(text, ask)))
        years += [step.year or 0 for step in found(steps)]
        waiting += asks(steps)
    return sorted(set(years)), visits


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(honours_records, id="records, the third group repeating one"),
        pytest.param(honours_pages, id="pages of the size asked for"),
        pytest.param(honours_pages_of_its_own_size, id="pages of a size of its own"),
        pytest.param(counts_groups_from_nought, id="groups counted from 0"),
        pytest.param(listens_only_to_its_own_words, id="only the address it gave, quoting included"),
    ],
)
def test_every_record_is_found_whatever_a_portal_listens_to(
    answer: Callable[[Ask, int], Iterable[int]],
) -> None:
    assert walked(answer, NOT_TEN)[0] == [2000 + number for number in range(1, NOT_TEN + 1)]


def test_a_portal_that_honours_records_is_asked_once_for_each_group() -> None:
    assert walked(honours_records, NOT_TEN)[1] == 3


def test_a_portal_that_honours_pages_is_asked_until_all_is_known_and_no_longer() -> None:
    assert walked(honours_pages, NOT_TEN)[1] == 5


def test_a_list_that_fits_into_its_column_page_is_asked_for_once() -> None:
    assert walked(honours_records, 5) == ([2001, 2002, 2003, 2004, 2005], 1)


def test_a_portal_that_answers_with_nothing_is_left_alone_soon() -> None:
    assert walked(lambda *_: [], NOT_TEN) == ([*range(2001, 2007)], 3)


def test_a_portal_that_repeats_itself_is_left_alone_soon() -> None:
    assert walked(lambda *_: range(1, 7), NOT_TEN)[1] < 8


def test_a_group_is_posted_with_the_fields_of_the_pages_own_script() -> None:
    [ask] = asks(HanwebJpage().read(JPAGE, page(column_page(NOT_TEN), Ask(JPAGE.portal))))

    assert ask.url == "https://a.gov.cn/module/jpage/dataproxy.jsp?startrecord=7&endrecord=12&perpage=2"
    assert ask.form == (
        ("col", "1"), ("webid", "1"), ("path", "/"), ("columnid", "7"), ("unitid", "70"), ("webname", "某站")
    )  # fmt: skip
    assert ask.referer == JPAGE.portal


def test_fields_the_script_lacks_come_from_the_portals_own_address() -> None:
    text = column_page(NOT_TEN, params="columnid:7")
    [ask] = asks(HanwebJpage().read(JPAGE, page(text, Ask(JPAGE.portal))))

    assert dict(ask.form) == {
        "columnid": "7",
        "webid": "1",
        "path": "'/'",
        "unitid": "70",
        "webname": "%E5%B1%80",
    }


def test_of_several_lists_on_a_page_the_columns_own_is_followed() -> None:
    other = store([1]).replace("columnid=7&", "columnid=9&")
    text = f'<script type="text/xml">{other}</script>' + column_page(NOT_TEN)
    [ask] = asks(HanwebJpage().read(JPAGE, page(text, Ask(JPAGE.portal))))

    assert "startrecord=7&" in ask.url


def test_a_column_without_a_datastore_is_read_as_it_stands() -> None:
    text = '<li><a href="/art/1.html">某局2023年政府信息公开年报</a></li>'

    assert [
        step.year
        for step in HanwebJpage().read(JPAGE, page(text, Ask(JPAGE.portal)))
        if isinstance(step, Found)
    ]


@needs_shared
@pytest.mark.parametrize(
    ("name", "links"),
    [("dingxi_datastore_2022.xml", 1), ("nantong_2017_datastore.xml", 0), ("jiangsu_col33718_2026.html", 0)],
)
def test_real_datastores_are_read_and_hold_only_decoys(name: str, links: int) -> None:
    text = (SAMPLES / "hanweb_jpage" / name).read_text(encoding="utf-8")
    steps = list(
        HanwebJpage().read(JPAGE, page(text, Ask("https://www.jiangsu.gov.cn/col/col33718/index.html")))
    )

    assert not found(steps)
    assert len([step for step in steps if isinstance(step, Decoy)]) == links
    assert [ask.url.split("?")[1] for ask in asks(steps)] == (
        ["startrecord=3&endrecord=59&perpage=19"] if "jiangsu" in name else []
    )


def test_the_catalogue_names_every_family_once() -> None:
    assert set(FAMILIES) == set(families([2020]))
    assert len(FAMILIES) == 15
