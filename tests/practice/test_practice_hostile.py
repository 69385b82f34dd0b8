"""Hostile hosts misbehave in the way their name says, and the log says when."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from foi_etl.practice import hostile, tls
from foi_etl.practice.country import country
from foi_etl.practice.server import PracticeServer, serve
from helpers import STATUTE

LAND = country(STATUTE, agencies=4)
OWN = LAND.agencies[0].portal
HOST = OWN.split("/")[2]


@pytest.fixture(scope="module")
def server() -> Iterator[PracticeServer]:
    with serve(LAND, STATUTE) as running:
        yield running


@pytest.fixture
def web(server: PracticeServer) -> Iterator[requests.Session]:
    server.log.clear()
    server.options.clear()
    with requests.Session() as session:
        session.trust_env = False
        session.proxies = dict.fromkeys(("http", "https"), f"http://127.0.0.1:{server.port}")
        yield session


def _url(option: str, path: str = "/zfxxgknb/index.html") -> str:
    return f"http://{option}.hostile.practice.invalid{path}"


def test_every_way_of_misbehaving_has_an_agency_a_portal_and_an_outcome_that_is_due() -> None:
    hosts = {agency.portal.split("/")[2] for agency in hostile.agencies()}
    assert hosts == {portal.host for portal in hostile.portals()}
    assert len(hosts) == len(hostile.OPTIONS)
    assert {due.split(":")[0] for due in hostile.OPTIONS.values()} >= {"failed", "blocked", "busy", "partial"}


def test_an_endless_body_and_a_dripping_one_go_on_until_the_reader_leaves(web: requests.Session) -> None:
    with web.get(_url("endless"), stream=True) as answer:
        assert (
            sum(len(part) for part, _ in zip(answer.iter_content(1 << 16), range(64), strict=False))
            == 1 << 22
        )
    began = time.monotonic()
    with web.get(_url("drip"), stream=True) as answer:
        assert next(answer.iter_content(1)) == b"<"
    assert 0.9 < time.monotonic() - began < 3


def test_a_bomb_is_small_on_the_wire_and_large_behind_it(web: requests.Session) -> None:
    with web.get(_url("bomb"), stream=True) as answer:
        assert int(answer.headers["Content-Length"]) < 2_000_000
        assert sum(len(part) for part, _ in zip(answer.iter_content(1 << 20), range(100), strict=False)) > 9e7


@pytest.mark.parametrize("option", ["truncated", "wrong-length"])
def test_a_body_ends_before_its_length_does(web: requests.Session, option: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="more expected"):
        web.get(_url(option))


@pytest.mark.parametrize(
    ("option", "status", "said"),
    [
        ("challenge-412", 412, "$_ts"),
        ("challenge-521", 521, "__jsl_clearance"),
        ("forbidden", 403, "403"),
        ("always-busy", 429, "频繁"),
        ("token", 200, "政府信息公开"),
    ],
)
def test_a_refusal_has_its_sign(web: requests.Session, option: str, status: int, said: str) -> None:
    answer = web.get(_url(option))
    assert (answer.status_code, said in answer.text) == (status, True)


def test_redirects_lead_in_a_circle_or_where_nobody_should_go(web: requests.Session) -> None:
    with pytest.raises(requests.exceptions.TooManyRedirects):
        web.get(_url("loop"))
    targets = [
        web.get(_url(option), allow_redirects=False).headers["Location"]
        for option in ("to-loopback", "to-link-local")
    ]
    assert targets == ["http://127.0.0.1:9/secret", "http://169.254.169.254/latest/meta-data/"]


def test_a_firewall_answers_where_a_pdf_was_asked_for(web: requests.Session) -> None:
    answer = web.get(_url("waf-pdf", "/a/P02026.pdf"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert not answer.content.startswith(b"%PDF")
    assert web.get(_url("crawl-delay", "/a/P02026.pdf")).content.startswith(b"%PDF")


def test_a_busy_host_asks_for_patience_once_and_then_answers(web: requests.Session) -> None:
    answers = [web.get(_url("busy")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [429, 200]
    assert answers[0].headers["Retry-After"] == str(hostile.RETRY_AFTER)


def test_a_listing_can_link_a_hundred_thousand_pages(web: requests.Session) -> None:
    assert web.get(_url("links")).text.count("<a href=") == hostile.LINKS


def test_robots_can_forbid_refuse_or_slow_down(web: requests.Session) -> None:
    answers = {o: web.get(_url(o, "/robots.txt")) for o in ("robots-all", "robots-403", "crawl-delay")}
    assert "Disallow: /\n" in answers["robots-all"].text
    assert answers["robots-403"].status_code == 403
    assert f"Crawl-delay: {hostile.CRAWL_DELAY}" in answers["crawl-delay"].text


def test_any_host_can_be_made_to_misbehave(server: PracticeServer, web: requests.Session) -> None:
    assert web.get(OWN).status_code == 200
    server.options[HOST] = "forbidden"
    assert web.get(OWN).status_code == 403
    assert web.get(f"http://{HOST}/robots.txt").status_code == 200
    server.options[HOST] = "endpoint-gone"
    assert web.get(OWN).status_code == 200
    assert web.get(f"http://{HOST}/module/web/jpage/dataproxy.jsp").status_code == 404


def test_the_log_says_when_a_request_began_and_when_it_ended(
    server: PracticeServer, web: requests.Session
) -> None:
    with web.get(_url("drip"), stream=True) as answer:
        next(answer.iter_content(1))
        assert server.log[-1].ended == float("inf")
    web.get(OWN)
    web.get(OWN)
    first, second = server.log[-2:]
    assert first.time <= first.ended <= second.time


@pytest.mark.parametrize(
    ("option", "said"),
    [("expired-tls", "expired"), ("self-signed-tls", "self-signed"), ("wrong-name-tls", "not valid for")],
)
def test_a_certificate_is_wrong_in_one_way_only(
    web: requests.Session, tmp_path: Path, option: str, said: str
) -> None:
    trusted = tmp_path / "authority.pem"
    trusted.write_text(tls.authority())
    with pytest.raises(requests.exceptions.SSLError, match=said):
        web.get(_url(option).replace("http:", "https:"), verify=str(trusted))
    assert web.get(OWN.replace("http:", "https:"), verify=str(trusted)).status_code == 200
    assert ssl.create_default_context(cadata=tls.authority()).cert_store_stats()["x509_ca"] >= 1
