from __future__ import annotations

import re

import pytest

from exchanges import exchange
from foi_etl.crawl.kinds import kind_of, wrong_file
from foi_etl.crawl.refusals import sign_of
from helpers import SHARED, needs_shared

MARKERS = SHARED / "design" / "portals" / "samples" / "other" / "antibot_markers.txt"
STUB = "<html><head><script>{}</script></head><body></body></html>"
ARTICLE = "<html><body><p>" + "本年度共收到政府信息公开申请二十件，均已依法办结。" * 8 + "</p></body></html>"


def sign(text: str, status: int = 200, cookie: str = "") -> str:
    headers = (("Set-Cookie", cookie),) if cookie else ()
    return sign_of(exchange(status=status, headers=headers), text.encode())


@pytest.mark.parametrize(
    ("status", "cookie", "text", "expected"),
    [
        (412, "FSSBBIl1UgzbN7N80S=x", STUB.format("$_ts={}"), "412 with a script (River Security)"),
        (521, "__jsluid_s=x", STUB.format("document.cookie='a'"), "521 with a script (Jiasule)"),
        (403, "", "<html>Forbidden</html>", "403"),
        (403, "", "<html>您的访问可能对网站造成安全威胁</html>", "403 (您的访问可能)"),
        (401, "", "", "401"),
    ],
)
def test_a_refusing_status_is_told_with_what_stands_beside_it(
    status: int, cookie: str, text: str, expected: str
) -> None:
    assert sign(text, status, cookie) == expected


@pytest.mark.parametrize(
    ("script", "maker"),
    [
        ("document.cookie='C3VK=ab12; path=/; max-age=300';location.reload()", " (C3VK)"),
        ("var arg1='0A1B';setCookie('acw_sc__v2',x)", " (Alibaba WAF)"),
        ("document.cookie='__jsl_clearance=1'", " (Jiasule)"),
        ("eval(function(p,a,c){}('0'))", ""),
        ("document.cookie='who=knows'", ""),
    ],
)
def test_a_script_instead_of_a_page_is_a_refusal_with_a_good_status(script: str, maker: str) -> None:
    assert sign(STUB.format(script)) == f"200 with a script instead of a page{maker}"


@pytest.mark.parametrize(
    "word", ["您的请求被拦截", "网站防火墙", "请完成人机验证", "Access Denied", "NWAF 滑动验证"]
)
def test_the_page_of_a_firewall_is_a_refusal(word: str) -> None:
    assert sign(f"<html><body><h1>{word}</h1></body></html>").startswith("200 with the page of a firewall")


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(ARTICLE, id="a page"),
        pytest.param(
            ARTICLE.replace("<p>", "<script>document.cookie='a=1'</script><p>"), id="it sets a cookie too"
        ),
        pytest.param("<script>location.href='index.html'</script>", id="a page that only leads on"),
        pytest.param(
            STUB.format("<datastore><record>document.cookie</record></datastore>"), id="a list in a script"
        ),
        pytest.param("<html><table><tr><td>访问被拒绝的申请</td></tr></table></html>", id="a table"),
        pytest.param(ARTICLE * 60 + "安全验证", id="a long page may say anything"),
        pytest.param("", id="nothing at all"),
    ],
)
def test_a_page_is_no_refusal(page: str) -> None:
    assert sign(page, cookie="acw_tc=1; yd_cookie=2") == ""


@needs_shared
def test_every_maker_that_was_met_is_known_by_its_cookie() -> None:
    named = re.findall(
        r"__jsluid_[hs]|C3VK|acw_sc__v2|yunsuo_session_verify|yd_cookie|FSSBB\w+|NWAF", MARKERS.read_text()
    )

    assert len(set(named)) >= 7
    for name in named:
        assert sign(STUB.format(f"document.cookie='{name}=1'")).endswith(")"), name


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "ole"),
        (b"PK\x03\x04..word/document.xml", "docx"),
        (b"PK\x03\x04..OFD.xml", "ofd"),
        (b"PK\x03\x04..", "zip"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "page"),
        (b"<div>x", "page"),
        ("年报".encode(), "text"),
        (b"\x01\x00\x02", "binary"),
        (b"\r\n", "nothing"),
    ],
)
def test_bytes_say_what_they_are(payload: bytes, kind: str) -> None:
    assert kind_of(payload) == kind


@pytest.mark.parametrize(
    ("url", "name", "payload", "sign"),
    [
        ("http://a/x.pdf", "", b"<html>", "a web page where a pdf was asked for"),
        ("http://a/x.PDF?v=1", "", b"", "a web page where a pdf was asked for"),
        ("http://a/down.jsp?id=1", "年报.docx", b"<html>", "a web page where a docx was asked for"),
        ("http://a/x.pdf", "", b"%PDF-1.4", ""),
        ("http://a/x.doc", "", b"PK\x03\x04", ""),
        ("http://a/x.html", "年报", b"<html>", ""),
    ],
)
def test_a_page_that_came_for_a_file_is_seen(url: str, name: str, payload: bytes, sign: str) -> None:
    assert wrong_file(url, name, payload) == sign
