from __future__ import annotations

import csv

import pytest
from asking import asked

from foi_etl.model import Ask, Found, Page
from foi_etl.practice.country import country
from foi_etl.practice.places import KINDS
from foi_etl.sources.catalogue import FAMILIES
from foi_etl.sources.propose import proposal
from foi_etl.sources.recognise import recognise
from helpers import SHARED, STATUTE, needs_shared

SAMPLES = SHARED / "design" / "portals" / "samples"
PINGTAN = "https://www.pingtan.gov.cn/zwgk/zfxxgk/zfxxgknb/"
OF_FOLDER = {
    "hanweb_jpage": "hanweb_jpage",
    "hanweb_jpaas": "hanweb_jpaas",
    "trs": "trs",
    "gkmlpt": "gkmlpt",
    "longxun": "lonsun",
}
OF_FILE = {
    "chinatax_item.json": "chinatax",
    "spb_item.json": "ucap_json",
    "meta_miit_article.html": "hanweb_jpaas",
    "openness_ci_and_xuancheng.txt": "openness",
    "meta_handan_column.html": "tree",
    "antibot_markers.txt": "tree",
}
OF_SHAPE = {
    "gd-nfcms": "nfcms",
    "gd-gkmlpt": "gkmlpt",
    "trs": "trs",
    "trs-gx": "trs",
    "hanweb": "hanweb_jpage",
    "hanweb-xxgk": "hanweb_xxgk",
    "ucap": "ucap",
    "ucap-sc": "ucap",
    "truecms": "truecms",
    "longxun": "lonsun",
    "openness-ci": "openness",
    "xuancheng": "xuancheng",
}


def families(url: str, text: str = "") -> list[str]:
    return [family for family, _ in recognise(Page(Ask(url), url, text))]


def samples() -> list[tuple[str, str]]:
    if not SAMPLES.is_dir():
        return []
    paths = [path for path in sorted(SAMPLES.rglob("*.*")) if path.suffix not in {".md", ".tsv"}]
    return [(f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")) for path in paths]


@needs_shared
@pytest.mark.parametrize(("name", "text"), samples(), ids=[name for name, _ in samples()])
def test_the_family_of_every_sample_is_named(name: str, text: str) -> None:
    folder, file = name.split("/")
    named = families("", text)

    if file == "pager_variants.txt":
        # A collection: pagers of three families stand in it, and all are named.
        assert set(named) == {"trs", "lonsun", "hanweb_jpage"}
    else:
        assert named[0] == OF_FILE.get(file, OF_FOLDER.get(folder))


@needs_shared
def test_the_family_of_every_known_report_is_told_by_its_address() -> None:
    with (SAMPLES / "annual_report_urls.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    named = {row["url"]: families(row["url"])[0] for row in rows}

    assert named == {row["url"]: OF_SHAPE.get(row["family"], "tree") for row in rows}
    assert len(named) > 40


@needs_shared
def test_the_listing_of_the_corpus_is_named_read_and_proposed() -> None:
    folder = SHARED / "corpus" / "listings" / "pingtan-zfxxgknb"
    text = "".join((folder / f"fragment_{part}.html").read_text(encoding="utf-8") for part in ("nav", "list"))
    page = Page(Ask(PINGTAN), PINGTAN, text)
    [(family, _), *_] = recognise(page)
    entry, line = proposal(
        page, family, [Found(Ask(""), "平潭综合实验区2025年度政府信息公开工作年度报告", "")]
    )

    assert family == "trs"
    assert entry.splitlines()[:2] == ["www.pingtan.gov.cn:", "  family: trs"]
    assert line.split(",")[:2] == ["pingtan", "平潭综合实验区"]


def test_the_family_of_every_practice_portal_is_named() -> None:
    land = country(STATUTE, agencies=2 * len(KINDS), per_host=2)
    with asked(land) as fetch:
        named = {
            (agency.family, land.kind_of(agency.id).dialect): recognise(fetch(Ask(agency.portal)))[0][0]
            for agency in land.agencies[::2]
        }
    # Trees and the static lists of TRS are read in the same way, and not told apart where both look alike.
    alike = {("tree", "tabs"), ("trs", "years")}

    assert {kind: family for kind, family in named.items() if family != kind[0] and kind not in alike} == {}
    assert {kind[0] for kind in named} == set(FAMILIES)


@pytest.mark.parametrize(
    ("name", "level", "kind"),
    [
        ("海港县教育局", "county", "department"),
        ("海港市人民政府", "prefecture", "gov"),
        ("岭南省人民政府办公厅", "province", "gov_office"),
        ("海港市东区中山街道办事处", "township", "street_office"),
        ("海港县大庄镇人民政府", "township", "township_gov"),
        ("国家税务总局海港市税务局", "prefecture", "vertical"),
    ],
)
def test_what_an_agency_is_shows_in_its_name(name: str, level: str, kind: str) -> None:
    page = Page(Ask("https://jyj.hg.gov.cn/nb/"), "https://jyj.hg.gov.cn/nb/", "")
    _, line = proposal(page, "trs", [Found(Ask(""), f"{name}2023年政府信息公开工作年度报告", "")])

    assert line.split(",")[0] == "hg-jyj"
    assert (line.split(",")[4], line.split(",")[5]) == (level, kind)


def test_a_page_that_tells_nothing_is_left_to_the_column_tree() -> None:
    assert families("https://a.gov.cn/", "<p>你好</p>") == ["tree"]
