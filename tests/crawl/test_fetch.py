from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from crawl_portal import FAST, HOST, Portal, Reply, Seen, serving, zipped

from foi_etl.crawl.address import check_addresses, host_of
from foi_etl.crawl.fetch import Fetcher, raise_for
from foi_etl.crawl.manners import RobotsAnswer
from foi_etl.errors import FixTheRegistry, FoiError, NotAReport, Refused, WaitAndRetry
from foi_etl.model import Ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = Ask(f"{HOST}/nb/")


@pytest.fixture
def portal() -> Iterator[Portal]:
    with serving() as one:
        yield one


def test_an_answer_comes_as_it_went_over_the_wire(portal: Portal) -> None:
    portal.replies["/nb/"] = [zipped("年报".encode())]
    answer = portal.get(PAGE, now=lambda: datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))

    assert (answer.status, answer.url, answer.fetched_at) == (200, PAGE.url, "2026-01-02T03:04:05Z")
    assert answer.body == zipped("年报".encode()).body
    assert ("Content-Encoding", "gzip") in answer.response_headers
    assert ("Host", "harbour.practice.invalid") in answer.request_headers


def test_we_say_who_we_are_and_where_we_come_from(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]
    portal.get(replace(PAGE, referer=f"{HOST}/列表"))

    [seen] = portal.seen
    assert seen.headers["User-Agent"] == "foi-etl/0.1 (+test)"
    assert seen.headers["Referer"] == f"{HOST}/%E5%88%97%E8%A1%A8"


def test_passwords_and_proxies_of_this_machine_are_not_used(
    portal: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine harbour.practice.invalid login me password secret")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    portal.replies["/nb/"] = [Reply()]
    portal.get(PAGE)

    assert "Authorization" not in portal.seen[0].headers


def test_a_form_is_posted_in_the_order_of_the_family(portal: Portal) -> None:
    portal.replies["/proxy.jsp"] = [Reply()]
    answer = portal.get(
        Ask(f"{HOST}/proxy.jsp?startrecord=1", (("webname", "某站"), ("col", "1"), ("col", "2")))
    )

    assert portal.seen[0].body == b"webname=%E6%9F%90%E7%AB%99&col=1&col=2" == answer.request_body
    assert (portal.seen[0].method, answer.method) == ("POST", "POST")


@pytest.mark.parametrize("status", [200, 403, 404, 410, 412, 500, 521])
def test_any_final_answer_is_an_exchange_and_is_asked_for_once(portal: Portal, status: int) -> None:
    portal.replies["/nb/"] = [Reply(status)]

    assert portal.get(PAGE).status == status
    assert portal.paths == ["/nb/"]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        *((status, Refused) for status in (401, 403, 412, 521)),
        *((status, WaitAndRetry) for status in (429, 500, 503)),
        *((status, FixTheRegistry) for status in (302, 404, 410)),
    ],
)
def test_a_status_that_is_no_page_says_what_to_do_next(status: int, word: type[FoiError]) -> None:
    with pytest.raises(word, match=f"status={status}"):
        raise_for(status, "http://a.practice.invalid/")


def test_a_page_is_a_page() -> None:
    raise_for(200, "http://a.practice.invalid/")


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_portal_is_asked_again_and_then_left_alone(portal: Portal, status: int) -> None:
    portal.replies["/nb/"] = [Reply(status), Reply(status), Reply(200)]
    portal.replies["/busy/"] = [Reply(status)]

    assert portal.get(PAGE).status == 200
    assert portal.get(Ask(f"{HOST}/busy/")).status == status
    assert portal.paths.count("/busy/") == 3


def test_retry_after_is_obeyed(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(503, headers=(("Retry-After", "1"),)), Reply()]
    portal.get(PAGE)

    assert portal.seen[1].began - portal.seen[0].ended >= 0.99


def test_a_portal_that_asks_for_an_hour_is_left_alone_at_once(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(503, headers=(("Retry-After", "3600"),)), Reply()]

    assert portal.get(PAGE).status == 503
    assert len(portal.seen) == 1


def test_a_truncated_answer_is_asked_for_again(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(body=b"half", length=8), Reply(body=b"complete")]

    assert portal.get(PAGE).body == b"complete"


def test_an_answer_that_stays_truncated_is_never_taken_for_a_page(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(body=b"half", length=8)]

    with pytest.raises(WaitAndRetry, match="could not be reached"):
        portal.get(PAGE)
    assert len(portal.seen) == 3


def test_a_truncated_chunk_is_truncated_too(portal: Portal) -> None:
    cut = Reply(body=b"5\r\nhello\r\n9\r\nwor", headers=(("Transfer-Encoding", "chunked"),), length=-1)
    portal.replies["/nb/"] = [cut, cut._replace(body=b"5\r\nhello\r\n0\r\n\r\n")]

    assert portal.get(PAGE).body == b"hello"
    assert len(portal.seen) == 2


def test_an_endless_answer_is_cut_off(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(body=b"x" * 300_000, length=-1)]

    with pytest.raises(NotAReport, match="larger than 200000 bytes"):
        portal.get(PAGE)


def test_a_gzip_bomb_is_refused(portal: Portal) -> None:
    portal.replies["/nb/"] = [zipped(b"0" * 2_000_000)]

    with pytest.raises(NotAReport, match="unpacks to more"):
        portal.get(PAGE)


def test_one_byte_at_a_time_ends_at_the_total_time(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(body=b"x" * 40, drip=0.05)]

    with pytest.raises(WaitAndRetry, match=r"takes longer than 0\.3 s"):
        portal.get(PAGE, limits=replace(FAST, total=0.3))


def test_redirects_are_followed_and_the_answer_says_where_it_came_from(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", "/%E6%96%B0/?a=1"),))]
    portal.replies["/%E6%96%B0/"] = [Reply(body=b"new")]
    answer = portal.get(PAGE)

    assert (answer.body, answer.url, answer.ask) == (b"new", f"{HOST}/%E6%96%B0/?a=1", PAGE)


def test_a_redirect_written_in_chinese_bytes_is_understood(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(301, headers=(("Location", "/新/".encode().decode("latin-1")),))]
    portal.replies["/%E6%96%B0/"] = [Reply(body=b"new")]

    assert portal.get(PAGE).body == b"new"


def test_a_posted_form_is_not_posted_again_elsewhere(portal: Portal) -> None:
    portal.replies["/a"] = [Reply(302, headers=(("Location", "/b"),))]
    portal.replies["/b"] = [Reply()]
    portal.get(Ask(f"{HOST}/a", (("x", "1"),)))

    assert [(seen.method, seen.body) for seen in portal.seen] == [("POST", b"x=1"), ("GET", b"")]


def test_going_round_in_circles_ends(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", "/nb/"),))]

    with pytest.raises(FixTheRegistry, match="led on more than 5 times"):
        portal.get(PAGE)
    assert len(portal.seen) == 6


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/x", "http://localhost:{port}/x", "http://[::1]:{port}/x"]
)
def test_a_redirect_to_this_machine_is_not_followed(portal: Portal, target: str) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", target.format(port=portal.port)),))]
    portal.replies["/x"] = [Reply(body=b"secret")]

    with pytest.raises(FixTheRegistry, match="no public address"):
        portal.get(PAGE)
    assert portal.paths == ["/nb/"]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.gov.cn/", "gopher://a/", "http://a:b/"])
def test_only_the_web_is_asked(portal: Portal, target: str) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", target),))]

    with pytest.raises(FixTheRegistry, match="no address of the web"):
        portal.get(PAGE)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "192.168.1.1",
        "169.254.169.254",
        "127.0.0.1",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
    ],
)
def test_private_addresses_are_known_in_every_spelling(address: str) -> None:
    with pytest.raises(FixTheRegistry, match="no public address"):
        check_addresses("a.gov.cn", ["8.8.8.8", address])


def test_public_addresses_are_let_through() -> None:
    check_addresses("a.gov.cn", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])


def test_a_host_is_known_in_small_letters() -> None:
    assert host_of("HTTPS://A.Gov.CN:8443/x") == "a.gov.cn"


def test_a_practice_portal_that_nobody_serves_says_how_to_serve_it() -> None:
    with Fetcher(user_agent="x") as fetcher, pytest.raises(FixTheRegistry, match="foi-etl practice serve"):
        fetcher.send(PAGE)


def test_a_practice_server_that_is_down_is_told_apart_from_a_portal_that_is() -> None:
    with serving() as portal:
        pass
    with pytest.raises(WaitAndRetry, match="is `foi-etl practice serve` running"):
        portal.get(PAGE)


def test_what_robots_forbids_is_not_asked(portal: Portal) -> None:
    portal.replies["/open/"] = [Reply()]
    robots = RobotsAnswer(200, "User-agent: *\nDisallow: /nb/")
    with portal.fetcher() as fetcher:
        fetcher.fetch(Ask(f"{HOST}/open/"), lambda _: robots)
        with pytest.raises(Refused, match=r"robots\.txt says no"):
            fetcher.fetch(PAGE, lambda _: robots)

    assert portal.paths == ["/open/"]


def test_robots_is_asked_for_once_and_for_every_host_a_redirect_leads_to(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", "http://other.practice.invalid/x"),))]
    portal.replies["/x"] = [Reply()]
    asked: list[str] = []

    def robots(ask: Ask) -> RobotsAnswer:
        asked.append(ask.url)
        return RobotsAnswer(404, "")

    with portal.fetcher() as fetcher:
        fetcher.fetch(PAGE, robots)
        fetcher.fetch(PAGE, robots)

    assert asked == [f"{HOST}/robots.txt", "http://other.practice.invalid/robots.txt"]


def test_robots_itself_can_be_sent_for_without_leave(portal: Portal) -> None:
    portal.replies["/robots.txt"] = [Reply(body=b"User-agent: *")]
    with portal.fetcher() as fetcher:
        answer = fetcher.fetch(PAGE, lambda ask: RobotsAnswer(fetcher.send(ask).status, ""))

    assert answer.status == 404
    assert portal.paths == ["/robots.txt", "/nb/"]


def apart(seen: list[Seen]) -> list[float]:
    # From one arrival to the next: a server that is late to note when it ended blames nobody for it.
    return [later.began - earlier.began for earlier, later in pairwise(seen)]


def test_a_host_is_never_asked_twice_at_once_and_never_faster_than_its_pause(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(body=b"abc", drip=0.01)]
    with portal.fetcher(pause=0.05) as fetcher:
        asks = [threading.Thread(target=fetcher.send, args=(PAGE,)) for _ in range(4)]
        for ask in asks:
            ask.start()
        for ask in asks:
            ask.join()

    assert len(portal.seen) == 4
    # The answer takes two drips, and the pause begins behind it.
    assert min(apart(portal.seen)) >= 0.07


def test_crawl_delay_is_respected(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]
    with portal.fetcher() as fetcher:
        for _ in range(2):
            fetcher.fetch(PAGE, lambda _: RobotsAnswer(200, "User-agent: *\nCrawl-delay: 0.3"))

    assert min(apart(portal.seen)) > 0.29


def test_tries_again_keep_the_pause_too(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(503), Reply()]
    portal.get(PAGE, pause=0.2)

    assert min(apart(portal.seen)) > 0.19


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
def test_a_certificate_that_proves_nothing_is_not_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foi_etl.crawl.address.check_addresses", lambda *_: None)
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=localhost",
            "-keyout",
            key,
            "-out",
            cert,
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler, bind_and_activate=True) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with (
            Fetcher(user_agent="x", limits=FAST) as fetcher,
            pytest.raises(FixTheRegistry, match="cannot prove who it is"),
        ):
            fetcher.send(Ask(f"https://localhost:{server.server_port}/"))
        thread.join()
