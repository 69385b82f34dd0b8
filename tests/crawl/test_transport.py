"""What servers do to whoever asks: nothing here may hold a crawl up, fill it up or lead it astray."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
from contextlib import contextmanager
from dataclasses import replace
from http.server import HTTPServer
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from crawl_portal import FAST, HOST, Portal, Reply, serving
from small_server import Ok

from foi_etl.crawl.body import check_unpacked
from foi_etl.crawl.fetch import Fetcher
from foi_etl.crawl.manners import Gate, RobotsAnswer
from foi_etl.crawl.tls import MODES, context
from foi_etl.crawl.wire import Known
from foi_etl.errors import FixTheRegistry, NotAReport, WaitAndRetry
from foi_etl.model import TLS_EXCEPTIONS, Ask
from foi_etl.model import Portal as Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from foi_etl.model import Exchange

PAGE = Ask(f"{HOST}/nb/")
KNOWN = Known(PAGE.url, '"v1"', "Thu, 01 Jan 2026 00:00:00 GMT")
OPEN = RobotsAnswer(404, "")
needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificates")


@pytest.fixture
def portal() -> Iterator[Portal]:
    with serving() as one:
        yield one


def test_what_is_known_of_a_page_is_sent_back(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(304, b"")]
    with portal.fetcher() as fetcher:
        answer = fetcher.fetch(PAGE, lambda _: OPEN, KNOWN)

    assert (answer.status, answer.body) == (304, b"")
    assert portal.seen[0].headers["If-None-Match"] == '"v1"'
    assert portal.seen[0].headers["If-Modified-Since"] == KNOWN.last_modified


def test_what_is_known_of_a_page_is_told_to_no_other(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", "/new/"),))]
    portal.replies["/new/"] = [Reply()]
    with portal.fetcher() as fetcher:
        fetcher.fetch(PAGE, lambda _: OPEN, replace_url(f"{HOST}/new/"))

    assert ["If-None-Match" in seen.headers for seen in portal.seen] == [False, True]


def replace_url(url: str) -> Known:
    return KNOWN._replace(url=url)


def test_a_posted_ask_carries_no_condition(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]
    with portal.fetcher() as fetcher:
        fetcher.fetch(replace(PAGE, form=(("p", "1"),)), lambda _: OPEN, KNOWN)

    assert "If-None-Match" not in portal.seen[0].headers


def test_json_is_posted_as_json(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]
    portal.get(replace(PAGE, body='{"头":1}'))

    [seen] = portal.seen
    assert (seen.method, seen.body.decode()) == ("POST", '{"头":1}')
    assert seen.headers["Content-Type"] == "application/json; charset=UTF-8"


@contextmanager
def dripping(said: bytes, every: float) -> Iterator[int]:
    """A server that sends these bytes one by one, the head of its answer included."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = threading.Event()

        def drip() -> None:
            server.settimeout(0.1)
            while not ended.is_set():
                try:
                    client, _ = server.accept()
                except TimeoutError:
                    continue
                with client:
                    for byte in said:
                        try:
                            client.sendall(bytes([byte]))
                        except OSError:
                            break
                        if ended.wait(every):
                            break

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            ended.set()
            thread.join()


def test_a_head_that_comes_one_byte_at_a_time_ends_at_the_total_time() -> None:
    began = time.monotonic()
    with (
        dripping(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, 0.05) as port,
        Fetcher(user_agent="x", pause=0, practice_port=port, limits=replace(FAST, total=0.5)) as fetcher,
        pytest.raises(WaitAndRetry, match=r"takes longer than 0\.5 s"),
    ):
        fetcher.send(PAGE)

    assert time.monotonic() - began < 3


def test_a_packed_body_is_measured_without_being_kept() -> None:
    bomb = gzip.compress(b"0" * 30_000_000)
    tracemalloc.start()
    with pytest.raises(NotAReport, match="unpacks to more"):
        check_unpacked(bomb, PAGE.url, 20_000_000)
    check_unpacked(bomb, PAGE.url, 40_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 5_000_000


def test_a_host_that_fails_again_and_again_is_left_alone_for_the_run(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply(500)]
    portal.replies["/cut/"] = [Reply(body=b"half", length=8)]
    with portal.fetcher() as fetcher:
        fetcher.send(PAGE)
        with pytest.raises(WaitAndRetry, match="could not be reached"):
            fetcher.send(Ask(f"{HOST}/cut/"))
        fetcher.send(PAGE)
        sent = len(portal.seen)
        with pytest.raises(WaitAndRetry, match="failed 3 times in a row: it is left alone"):
            fetcher.send(PAGE)
        fetcher.send(Ask("http://other.practice.invalid/nb/"))

    assert len(portal.seen) == sent + 1


def test_one_good_answer_makes_a_host_trusted_again(portal: Portal) -> None:
    portal.replies["/bad/"] = [Reply(500)]
    portal.replies["/nb/"] = [Reply()]
    with portal.fetcher() as fetcher:
        for url in ("/bad/", "/bad/", "/nb/", "/bad/", "/bad/", "/nb/"):
            fetcher.send(Ask(HOST + url))

    assert len(portal.seen) == 6


def test_a_portal_has_its_own_pace(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]
    host = "harbour.practice.invalid"
    with portal.fetcher(portals={host: Line(host, "trs", pace=0.3)}, pause=0.0) as fetcher:
        for _ in range(2):
            fetcher.send(PAGE)

    assert portal.seen[1].began - portal.seen[0].ended >= 0.29


def test_a_pause_is_longer_by_chance_and_never_shorter() -> None:
    slept: list[float] = []
    dice = cycle((0.1, 0.0, 0.2))
    gate = Gate(10, jitter=lambda: next(dice), monotonic=lambda: 0.0, sleep=slept.append)
    for host in "abcabc":
        with gate.turn(host):
            pass

    assert slept == [11, 10, 12]


@pytest.mark.parametrize("address", ["169.254.169.254", "127.0.0.1", "10.0.0.7"])
def test_a_name_that_leads_to_a_private_address_is_not_asked(
    portal: Portal, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: found if host == "evil.gov.cn" else real(host, *a, **k)
    )
    portal.replies["/nb/"] = [Reply(302, headers=(("Location", "http://evil.gov.cn/latest/meta-data/"),))]

    with pytest.raises(FixTheRegistry, match=rf"evil\.gov\.cn leads to {address}"):
        portal.get(PAGE)
    assert len(portal.seen) == 1


def test_an_exception_loosens_what_it_names_and_nothing_else() -> None:
    strict = ssl.create_default_context()

    assert context("legacy_renegotiation").options == strict.options | 0x4
    assert not [one for one in context("no_dh").get_ciphers() if one["name"].startswith("DHE-RSA")]
    assert [one for one in strict.get_ciphers() if one["name"].startswith("DHE-RSA")]
    assert len(context("seclevel1").get_ciphers()) >= len(strict.get_ciphers())
    for name in set(MODES) - {"unverified"}:
        assert context(name).verify_mode is ssl.CERT_REQUIRED
        assert context(name).check_hostname
    assert context("prime256v1+unverified").verify_mode is ssl.CERT_NONE


def test_the_register_may_name_what_the_crawl_knows() -> None:
    assert set(MODES) == TLS_EXCEPTIONS


@pytest.mark.parametrize("name", ["verify=False", "", "intermediate:none.pem", "intermediate:../x.pem"])
def test_an_exception_that_nobody_knows_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(FixTheRegistry):
        context(name, tmp_path)


def certificate(folder: Path, days: str = "2") -> tuple[Path, Path]:
    key, cert = folder / "key.pem", folder / "cert.pem"
    words = f"req -x509 -newkey rsa:2048 -nodes -days {days} -subj /CN=localhost"
    words += " -addext subjectAltName=DNS:localhost"
    subprocess.run(["openssl", *words.split(), "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


@pytest.fixture
def tls_portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Exchange]]:
    """Asks a server whose certificate nobody vouches for; that it is on this machine is let pass."""
    monkeypatch.setattr("foi_etl.crawl.address.check_addresses", lambda *_: None)
    cert, key = certificate(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(cert, key)
    with HTTPServer(("127.0.0.1", 0), Ok) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = server_side.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()

        def ask(tls: str) -> Exchange:
            portals = {"localhost": Line("localhost", "trs", tls=tls)}
            with Fetcher(user_agent="x", limits=FAST, portals=portals, intermediates=tmp_path) as fetcher:
                return fetcher.send(Ask(f"https://localhost:{server.server_port}/"))

        yield ask
        server.shutdown()
        thread.join()


@needs_openssl
def test_only_the_exception_on_record_lets_an_unproven_portal_answer(
    tls_portal: Callable[..., Exchange],
) -> None:
    for tls in ("", "legacy_renegotiation", "seclevel1+prime256v1"):
        with pytest.raises(FixTheRegistry, match="cannot prove who it is"):
            tls_portal(tls)

    assert tls_portal("unverified").transport == "unverified"


@needs_openssl
def test_a_certificate_added_for_a_host_is_enough_and_the_answer_says_so(
    tls_portal: Callable[..., Exchange],
) -> None:
    answer = tls_portal("intermediate:cert.pem")

    assert (answer.body, answer.transport) == (b"ok", "intermediate:cert.pem")


def test_without_tls_nothing_is_said_of_it(portal: Portal) -> None:
    portal.replies["/nb/"] = [Reply()]

    assert portal.get(PAGE).transport == ""
