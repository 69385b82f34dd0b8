"""What reports state in sentences is read as stated; what only looks like it is not."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from foi_etl.model import Statement
from foi_etl.normalise.narrative import narrate
from foi_etl.pipeline import read
from helpers import CORPUS, SHARED, STATUTE, needs_shared

STATED: dict[int, dict[str, int | list[int]]] = {
    1: {"f_disclosed_items": 384},
    2: {"f_received": 24, "f_granted": 12, "f_unable": 8, "f_other": 2, "f_carried_out": 2},
    3: {"f_review": 0, "f_suit": 0, "f_info_fee_yuan": 0},
    4: {"f_trainings": 8},
    5: {},
    6: {"f_normdoc_issued": 60},
    7: {"f_received": 859},
    8: {"f_handled": 805, "f_replied": 805, "f_carried_in": 18, "f_carried_out": 72},
    9: {"f_granted+f_partial": 258},
    10: {"f_review": 7, "f_suit": 9},
    11: {"f_gazette_issues": 24},
    12: {},
    13: {"f_disclosed_items": 180000},
    14: {"f_received": 3607, "f_handled": 3607, "f_applicant_natural": 3493, "f_applicant_legal": 114},
    15: {
        "f_granted": 1191,
        "f_partial": 328,
        "f_denied": 142,
        "f_unable": 1078,
        "f_noproc": 406,
        "f_other": 341,
        "f_carried_out": 121,
    },
    16: {"f_review": 134, "f_suit": 57},
    17: {},
    18: {},
    19: {"f_gazette_issues": 12},
    20: {"f_info_fee_yuan": 2950},
    21: {"f_info_fee_yuan": 380},
    22: {"f_info_fee_yuan": 400},
    23: {"f_disclosed_items": 171},
    24: {"f_disclosed_items": 292},
    25: {"f_disclosed_items": 100},
    26: {"f_received": 16},
    27: {"f_received": 0},
    28: {"f_disclosed_items": 382, "f_ch_website": 35, "f_ch_wechat": 2443},
    29: {"f_ch_website": 63},
    30: {"f_disclosed_items": 300, "f_ch_website": 208, "f_ch_board": 100},
    31: {"f_disclosed_items": 66, "f_received": 1},
    32: {"f_ch_website": 142, "f_ch_wechat": 330},
    33: {"f_received": 9, "f_rcv_letter": 9},
    34: {"f_received": 169},
    35: {"f_received": 5, "f_review": 1},
    36: {"f_disclosed_items": 700, "f_ch_website": 65, "f_ch_wechat": 635, "f_normdoc_issued": 0},
    37: {"f_disclosed_items": 1954000},
    38: {"f_handled": 11238, "f_carried_out": 246, "f_review+f_suit": 743},
    39: {},
    40: {
        "f_license_decisions": 27642000,
        "f_penalty_decisions": 31240000,
        "f_coercion_decisions": 1882000,
        "f_admin_fee_yuan": 25850000000,
    },
    41: {"f_received": 658, "f_review": 22, "f_suit": 1},
    42: {"f_ch_wechat": 1193, "f_gazette_issues": 6},
    43: {
        "f_ch_wechat": 47410,
        "f_ch_weibo": 48264,
        "f_interpretations": 977,
        "f_followers": [5664865, 1382025],
    },
    44: {
        "f_ch_website": 10311,
        "f_ch_newmedia": 42828,
        "f_interpretations": [12, 607],
        "f_site_visits": 1489691,
    },
    45: {},
    46: {"f_ch_website": 3437, "f_interpretations": 110},
    47: {"f_handled": 12},
    48: {
        "f_received": 9,
        "f_handled": 9,
        "f_applicant_natural": 9,
        "f_partial": 2,
        "f_unable": 5,
        "f_carried_in": 0,
        "f_carried_out": 2,
    },
    49: {
        "f_received": 12,
        "f_handled": 12,
        "f_applicant_natural": 12,
        "f_applicant_legal": 0,
        "f_granted": 2,
        "f_partial": 8,
        "f_unable": 2,
    },
    50: {},
    51: {"f_disclosed_items": 38171, "f_ch_website": 76},
    52: {"f_received": 1, "f_rcv_online": 1, "f_info_fee_yuan": 0},
    53: {},
    54: {"f_received": 2},
    55: {"f_ch_wechat": 426, "f_ch_weibo": 453},
    56: {"f_disclosed_items": 380},
    57: {},
    58: {"f_disclosed_items": 668},
    59: {"f_disclosed_items": 434},
    60: {"f_received": 3},
    61: {"f_disclosed_items": 14189, "f_ch_website": 5419, "f_ch_wechat": 3914, "f_ch_other": 4856},
    62: {"f_received": 2, "f_handled": 2, "f_replied": 2},
    63: {"f_ch_website": 3698, "f_ch_wechat+f_ch_weibo": 2148},
    64: {
        "f_received": 1046,
        "f_rcv_online": 862,
        "f_rcv_letter": 171,
        "f_rcv_inperson": 13,
        "f_applicant_natural": 1030,
        "f_applicant_legal": 16,
    },
    65: {"f_normdoc_issued": 82},
    66: {"f_ch_wechat": 1570},
    67: {"f_disclosed_items": 723, "f_ch_website": 16, "f_ch_wechat": [440, 37, 8]},
    68: {"f_received": 0, "f_carried_in": 0},
    69: {"f_ch_wechat": 457},
    70: {"f_received": [0, 0]},
    71: {"f_disclosed_items": 24},
    72: {},
    73: {"f_received": 1499, "f_rcv_online": 1303},
    74: {},
    75: {},
}
"""What each numbered sentence of the domain's notes states, and nothing else; the sentences stay there."""

OURS = (
    ("全年受理行政复议3件、行政诉讼2件。", "review=3, suit=2"),
    ("行政复议、行政诉讼分别为5件、4件。", "review=5, suit=4"),
    ("政府信息公开行政复议和行政诉讼案件分别是12件和7件。", "review=12, suit=7"),
    ("因政府信息公开引发的行政复议、行政诉讼均为0件。", "review=0, suit=0"),
    ("行政复议和行政诉讼各1起。", "review=1, suit=1"),
    ("发生3起行政复议，2起行政诉讼。", "review=3, suit=2"),
    (
        "行政复议12件，其中维持8件、纠正3件，尚未审结1件；行政诉讼5件，败诉1件。",
        "review=12, review_upheld=8, review_corrected=3, suit=5, suit_lost=1",
    ),
    ("2023年，我局收到政府信息公开申请三百二十余件，比上年增加15件。", "received=320~"),
    ("本年度新收政府信息公开申请１２件，上年结转２件。", "received=12, carried_in=2"),
    ("全年共收到依申请公开近百件，均依法答复。", "received=100~"),
    ("受理了5件政府信息公开申请，办结4件，1件结转至2024年办理。", "received=5, handled=4, carried_out=1"),
    (
        "共收到申请约1.2万件，其中网上申请1.1万件，信函申请800件，当面申请200件。",
        "received=12000~, rcv_online=11000, rcv_letter=800, rcv_inperson=200",
    ),
    ("收到公民、法人或其他组织提出的政府信息公开申请，合计24件。", "received=24"),
    ("依申请公开方面，共收到24件，全部按期办结。", "received=24"),
    ("政府信息公开申请由上年的12件增至24件。", "received=24"),
    ("2022年收到政府信息公开申请18件，2023年收到政府信息公开申请24件。", "received=24"),
    ("去年同期收到申请18件。", ""),
    ("本年未收到政府信息公开申请，未发生行政复议、行政诉讼案件。", "received=0, review=0, suit=0"),
    ("没有收到依申请公开政府信息的申请。", "received=0"),
    ("零复议、零诉讼。", "review=0, suit=0"),
    ("我局无因政府信息公开被申请行政复议或提起行政诉讼的情况。", "review=0, suit=0"),
    ("收到信访举报投诉12件，办结12件。", ""),
    (
        "根据《中华人民共和国政府信息公开条例》（国务院令第711号）第三十条，制发规范性文件3件。",
        "normdoc_issued=3",
    ),
    (
        "通过政府网站公开信息1,234条，微信公众号发布信息567条，微博发布89条。",
        "ch_website=1234, ch_wechat=567, ch_weibo=89",
    ),
    ("通过政府网站、微信公众号等渠道主动公开政府信息384条。", "disclosed_items=384"),
    ("2023年，通过政府门户网站，主动公开政府信息63条。", "ch_website=63"),
    ("自2008年以来累计主动公开政府信息12345条。", ""),
    ("截至2023年12月31日，共主动公开政府信息140余条。", "disclosed_items=140~"),
    ("举办政府信息公开培训班2期，培训人员150人次。", "trainings=2, trainees=150"),
    ("组织开展两次业务培训，参训120余人次。", "trainings=2, trainees=120~"),
    ("全年组织培训8次，其中集中培训1次、专题培训7次。", "trainings=8"),
    ("召开新闻发布会6场，发布政策解读材料45篇。", "press_conf=6, interpretations=45"),
    ("召开政务公开工作推进会3次。", "meetings=3"),
    ("编发《市政府公报》12期。", "gazette_issues=12"),
    ("网站访问量120.5万人次。", "site_visits=1205000"),
    ("收取信息处理费0.12万元。", "info_fee_yuan=1200"),
    ("本年度未收取信息处理费。", "info_fee_yuan=0"),
    ("本年度未发生责任追究情况。", "accountability=0"),
    ("咨询电话：010-12345678，邮编：100000。", ""),
    ("拨打12345热线受理群众来电3万件。", ""),
    ("收到申请10件，答复率100%，同比增长25%。", "received=10"),
    (
        "予以公开5件，部分公开2件，不予公开1件，无法提供3件，不予处理0件，其他处理1件。",
        "granted=5, partial=2, denied=1, unable=3, noproc=0, other=1",
    ),
    ("不予公开8件（其中属于国家秘密2件、过程性信息6件）。", "denied=8"),
    ("收到政府信息公开申请30至40件。", "received=30~-40"),
    ("设立政务公开专区15个。", "disclosure_areas=15"),
    ("回复网民咨询留言60条。", "consult_replies=60"),
    ("主动公开政府信息五千余条", "disclosed_items=5000~"),
    (
        "政府信息公开申请共收到24件，其中自然人20件，法人或其他组织4件。",
        "received=24, applicant_natural=20, applicant_legal=4",
    ),
    ("办理政府信息公开申请16宗，结转下年度2宗。", "handled=16, carried_out=2"),
    ("制发行政规范性文件 7 件，废止3件。", "normdoc_issued=7"),
    ("共发布政策解读28条，其中图文解读20条。", "interpretations=28"),
    ("行政复议2件，1件被纠正。", "review=2, review_corrected=1"),
    ("全年共收到政府信息公开申请24件（上年度为18件）。", "received=24"),
    ("全市共受理政府信息公开申请2.3万余件，同比下降3.5%。", "received=23000~"),
    ("无行政复议、行政诉讼情况。", "review=0, suit=0"),
    ("政府信息公开收费情况：无。", "info_fee_yuan=0"),
    ("（二）依申请公开。\n全年收到24件，答复22件，结转下年2件。", "received=24, replied=22, carried_out=2"),
    ("对12件申请予以公开，对3件申请部分公开。", "granted=12, partial=3"),
)
"""Sentences of our own, told in a report for 2023, and what they state: ~ approximately, - up to."""
MORE = tuple(
    tuple(part.strip() for part in line.split("=>"))
    for line in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").splitlines()[1:]
)
"""More of them, in the manner of real reports: prefixes and lists, other years, sums since, plans."""


def told(text: str, year: int | None = 2023) -> tuple[Statement, ...]:
    return narrate({"overview": text}, STATUTE.prose, year)


@cache
def sentences() -> dict[int, list[str]]:
    text = (SHARED / "design" / "domain.md").read_text(encoding="utf-8")
    listed = text[text.index("# 6. Narrative facts") : text.index("# 7. Analyst variables")]
    quoted = {int(n): re.findall(r"`([^`]*)`", rest) for n, rest in re.findall(r"(?m)^(\d+)\. (.*)$", listed)}
    return {number: found if number == 70 else found[:1] for number, found in quoted.items()}


@needs_shared
def test_all_sentences_of_the_domain_are_tried() -> None:
    assert sorted(sentences()) == sorted(STATED) == list(range(1, 76))


@needs_shared
@pytest.mark.parametrize("number", STATED)
def test_a_real_sentence_gives_what_it_states_and_none_of_its_traps(number: int) -> None:
    stated: defaultdict[str, list[int]] = defaultdict(list)
    for sentence in sentences()[number]:
        for one in told(sentence, None):
            stated[one.fact].append(int(one.value))
    assert {fact: values[0] if len(values) == 1 else values for fact, values in stated.items()} == STATED[
        number
    ]


@needs_shared
@pytest.mark.parametrize(
    ("number", "fact", "unit"),
    [(13, "f_disclosed_items", "条"), (30, "f_ch_board", "条"), (37, "f_disclosed_items", "条")],
)
def test_a_figure_that_is_said_to_be_about_is_approximate(number: int, fact: str, unit: str) -> None:
    [one] = [one for one in told(sentences()[number][0], None) if one.fact == fact]
    assert (one.approximate, one.unit) == (True, unit)


def shown(one: Statement) -> str:
    fact = "+".join(name.removeprefix("f_") for name in one.fact.split("+"))
    upper = "" if one.high is None else f"-{one.high}"
    return f"{fact}={one.value}{'~' if one.approximate else ''}{upper}"


@pytest.mark.parametrize(("text", "stated"), [*OURS, *MORE], ids=lambda said: said[:20])
def test_a_sentence_of_ours_gives_what_it_states(text: str, stated: str) -> None:
    assert sorted(map(shown, told(text))) == sorted(filter(None, stated.split(", ")))


def test_a_statement_points_to_its_sentence() -> None:
    text = "工作扎实推进。全年 共收到政府信息公开申请 ２４ 件，均已答复。另有安排。"
    [one] = [one for one in told(text) if one.fact == "f_received"]
    assert text[one.start : one.end] == "全年 共收到政府信息公开申请 ２４ 件，均已答复。"
    assert one.raw == "２４ 件"


def test_what_is_planned_is_not_stated() -> None:
    plans = {"problems": "下一步将举办培训6次。"}
    assert narrate(plans, STATUTE.prose, 2023) == ()


def test_clearer_words_elsewhere_silence_the_weaker_ones() -> None:
    text = "收到政府信息公开申请9件。\n无法提供3件。\n本机关不掌握2件，没有现成信息1件。"
    assert [shown(one) for one in told(text) if one.fact == "f_unable"] == ["unable=3"]


@needs_shared
def test_shanghai_says_258_where_its_table_says_275() -> None:
    slug = "shanghai-shi-bangongting-2019-html"
    verdict = read((CORPUS / slug / "source.html").read_bytes(), slug, STATUTE)
    stated = {one.fact: int(one.value) for one in verdict.statements}
    assert stated["f_granted+f_partial"] == 258
    assert (stated["f_received"], stated["f_handled"], stated["f_carried_out"]) == (859, 805, 72)
