"""Builders of agencies and exchanges for the tests of archive and crawl."""

from __future__ import annotations

from foi_etl.model import Agency, Ask, Exchange

HARBOUR = Agency("harbour", "海港区交通局", "trs", "http://harbour.practice.invalid/nb/", practice=True)


def exchange(
    url: str = "http://a.gov.cn/1.html",
    body: bytes = "总体情况".encode(),
    *,
    at: str = "2026-01-02T03:04:05Z",
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
    form: tuple[tuple[str, str], ...] = (),
    led_to: str = "",
) -> Exchange:
    return Exchange(
        ask=Ask(url, form),
        url=led_to or url,
        fetched_at=at,
        method="POST" if form else "GET",
        request_headers=(("Host", "a.gov.cn"),),
        request_body=b"",
        status=status,
        reason="OK",
        response_headers=headers,
        body=body,
    )
