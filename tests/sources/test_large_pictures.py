"""Pictures of a page that may be tables are told from those of the site around it."""

from __future__ import annotations

import pytest

from foi_etl.model import Ask, Page
from foi_etl.sources.pictured import MOST, pictures

HERE = "http://www.a.gov.cn/zfxxgk/report.html"


def found(body: str) -> list[str]:
    return [one.ask.url for one in pictures(Page(Ask(HERE), HERE, f"<html><body>{body}</body></html>"))]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param('<img src="./W020240125_1.png">', id="that says nothing of its size"),
        pytest.param('<img src="b.jpg" width="650" height="420">', id="large"),
        pytest.param('<img src="b.jpg" style="max-width: 100px; width: 600.5px">', id="large by its style"),
        pytest.param('<img src="loading.gif" data-src="b.jpg">', id="put there by a script"),
        pytest.param('<a href="javascript:void(0)"><img src="b.jpg"></a>', id="that is shown larger"),
        pytest.param('<img src="http://img.b.gov.cn/b.jpg">', id="on another official host"),
    ],
)
def test_a_picture_in_the_text_may_be_a_table(image: str) -> None:
    assert len(found(f"<p>{image}</p>")) == 1


@pytest.mark.parametrize(
    "image",
    [
        pytest.param('<img src="b.gif">', id="of a kind that is not read"),
        pytest.param('<img src="data:image/png;base64,AAAA">', id="in the page itself"),
        pytest.param('<img src="b.png" width="120" height="120">', id="small"),
        pytest.param('<img src="b.png" style="width:88px">', id="small by its style"),
        pytest.param('<img src="/images/logo_new.png">', id="a logo"),
        pytest.param('<img src="b.png" alt="扫一扫二维码">', id="a QR code"),
        pytest.param('<div class="footer"><img src="b.png"></div>', id="below the page"),
        pytest.param('<a href="/zt/"><img src="b.png"></a>', id="that leads elsewhere"),
        pytest.param('<a href="full.png"><img src="b.png"></a>', id="of a file that is found itself"),
        pytest.param('<img src="http://img.example.com/b.png">', id="on somebody else's host"),
    ],
)
def test_what_is_no_table_is_not_asked_for(image: str) -> None:
    assert found(f"<p>{image}</p>") == []


def test_they_come_once_each_in_the_order_of_the_page_and_not_without_end() -> None:
    body = '<img src="2.png"><img src="1.png"><img src="2.png">'
    assert [url[-5:] for url in found(body)] == ["2.png", "1.png"]
    assert len(found("".join(f'<img src="{n}.png">' for n in range(99)))) == MOST
