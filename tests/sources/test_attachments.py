from __future__ import annotations

import pytest

from foi_etl.model import Ask, Page
from foi_etl.sources.attachments import attachments
from helpers import SHARED, needs_shared

SAMPLES = SHARED / "design" / "portals" / "samples" / "trs"
URL = "https://a.gov.cn/nb/202401/t20240101_1.html"


def files(text: str, url: str = URL) -> list[tuple[str, str]]:
    return [
        (found.ask.url.rsplit("/", 1)[-1], found.text) for found in attachments(Page(Ask(url), url, text))
    ]


@needs_shared
def test_files_inside_scripts_and_their_twins_are_found() -> None:
    found = files((SAMPLES / "attachments_in_script.html").read_text(encoding="utf-8"))

    assert sorted(name for name, _ in found) == [
        "P020260612389613086419.xls",
        "P020260615375309063825.pdf",
        "P020260615375739523059.ofd",
        "P020260903553980549840.docx",
        "P020260903553980810778.docx",
        "P020260903657491913704.pdf",
        "P020260903657496859244.pdf",
    ]
    assert ("P020260612389613086419.xls", "2026年5月份安顺市区主要建筑安装材料市场综合参考价.xls") in found


@needs_shared
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("article_xiamen_attachment_block_2026.html", "P020260911578215495483.pdf"),
        ("article_zhangye_2026.html", "P020260428660861964604.zip"),
    ],
)
def test_files_beside_and_inside_the_body_are_found(name: str, file: str) -> None:
    assert [found for found, _ in files((SAMPLES / name).read_text(encoding="utf-8"))] == [file]


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        (
            '<a href="/module/download/downfile.jsp?showname=%E5%B9%B4%E6%8A%A5.pdf&filename=9.pdf">附件</a>',
            "年报.pdf",
        ),
        ('<a href="./P01.pdf" download="年报.pdf" title="x">附件1</a>', "年报.pdf"),
        ('<a href="./P01.pdf">点击下载</a>', "P01.pdf"),
        ('<a href="/OpennessContent/download/7.html">2023年报</a>', "2023年报"),
        (
            '<a class="nfw-cms-attachment" href="/attachment/0/306/306724/1.pdf" alt="年报.pdf">年报.pdf</a>',
            "年报.pdf",
        ),
        ('<a href="/csrc/x_attachments/1.shtml">附件.docx</a>', "附件.docx"),
        ("<script>var hasFJ='<a href=\"./P01.docx\">年报.docx</a>';</script>", "年报.docx"),
        (
            '<script>if("a.pdf"!=""){document.write(\'<a href="./P01.pdf">年报.pdf</a>\')}</script>',
            "年报.pdf",
        ),
        (
            r'<script>_CONFIG = {DETAIL: {"content": "<p><a href=\"/a/1.pdf\">年报.pdf<\/a>"}}</script>',
            "年报.pdf",
        ),
        (
            '<script>_CONFIG={DETAIL:{"attachment":"[{\\"url\\":\\"/a/1.pdf\\",\\"name\\":\\"年报.pdf\\"}]"}}</script>',
            "年报.pdf",
        ),
    ],
)
def test_a_file_is_called_by_its_real_name(markup: str, name: str) -> None:
    assert [text for _, text in files(markup)] == [name]


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="../index.html">政府信息公开年报</a>',
        '<div class="footer"><a href="/guide.pdf">指南</a></div>',
        '<a href="https://spam.com/a.pdf">年报.pdf</a>',
        '<a href="javascript:void(0)" download="a.pdf">a</a>',
        "<script>var a = '年报.pdf';</script>",
    ],
)
def test_other_links_of_a_report_are_no_files(markup: str) -> None:
    assert files(markup) == []


def test_a_file_that_stands_twice_is_found_once() -> None:
    assert len(files('<a href="a.pdf">a.pdf</a><a href="http://a.gov.cn/nb/202401/a.pdf">again</a>')) == 1
