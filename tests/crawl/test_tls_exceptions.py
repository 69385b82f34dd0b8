"""Exceptions to TLS against real servers that need them: refused strictly first, then let in by the record.

A server without secure renegotiation (RFC 5746) is not among them: OpenSSL 3 cannot be one.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from http.server import HTTPServer
from typing import TYPE_CHECKING

import pytest
from crawl_portal import FAST
from small_server import Ok

from foi_etl.crawl.fetch import Fetcher
from foi_etl.errors import FixTheRegistry
from foi_etl.model import Ask, Portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from foi_etl.model import Exchange

TRUSTED = "intermediate:cert.pem"
EPHEMERAL = "DHE-RSA-AES256-GCM-SHA384"
OAKLEY = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)
"""1024 bits: the second group of RFC 2409."""
X25519 = b"\x00\x1d"
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that is trusted once its file is, and a Diffie-Hellman group that is too small."""
    folder = tmp_path_factory.mktemp("tls")
    made = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    openssl(folder, *made.split(), "-keyout", "key.pem", "-out", "cert.pem")
    openssl(folder, "dhparam", "-dsaparam", "-out", "dh.pem", "1024")
    return folder


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@contextmanager
def serving(folder: Path, ciphers: str = "DEFAULT") -> Iterator[int]:
    """A server of TLS 1.2 that speaks these ciphers, the first it likes best, with a small group."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.maximum_version = ssl.TLSVersion.TLSv1_2
    made.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    made.options |= ssl.OP_CIPHER_SERVER_PREFERENCE
    made.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    made.load_dh_params(str(folder / "dh.pem"))
    with HTTPServer(("127.0.0.1", 0), Ok) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        server.socket = made.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """That the server is on this machine is let pass."""
    monkeypatch.setattr("foi_etl.crawl.address.check_addresses", lambda *_: None)


def asked(port: int, tls: str, folder: Path) -> Exchange:
    portals = {"localhost": Portal("localhost", "trs", tls=tls)}
    with Fetcher(user_agent="x", pause=0, limits=FAST, portals=portals, intermediates=folder) as fetcher:
        return fetcher.send(Ask(f"https://localhost:{port}/"))


def check(port: int, needed: str, folder: Path, error: str) -> None:
    """Without the exception the portal is refused, with the sign it is known by; with it, it answers."""
    with pytest.raises(FixTheRegistry, match=error):
        asked(port, TRUSTED, folder)
    answer = asked(port, f"{needed}+{TRUSTED}", folder)

    assert (answer.status, answer.transport) == (200, f"{needed}+{TRUSTED}")


def test_a_server_that_prefers_a_small_group_is_talked_to_without_it(files: Path) -> None:
    with serving(files, f"{EPHEMERAL}:ECDHE-RSA-AES256-GCM-SHA384") as port:
        check(port, "no_dh", files, "DH_KEY_TOO_SMALL")


def test_a_server_with_nothing_but_a_small_group_needs_the_lower_level(files: Path) -> None:
    with serving(files, EPHEMERAL) as port:
        with pytest.raises(FixTheRegistry, match="HANDSHAKE_FAILURE"):
            asked(port, f"no_dh+{TRUSTED}", files)
        check(port, "seclevel1", files, "DH_KEY_TOO_SMALL")


@contextmanager
def disliking(said: bytes, port: int) -> Iterator[int]:
    """A door before a server that hangs up on whoever offers a curve it dislikes."""
    alert = b"\x15\x03\x03\x00\x02\x02\x28"
    over = threading.Event()

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(1 << 16):
                target.sendall(block)
            target.shutdown(socket.SHUT_WR)

    def let_in(client: socket.socket) -> None:
        with client, suppress(OSError):
            hello = client.recv(1 << 16)
            # The list of groups: its type, its length, the length of the names, the names.
            groups = hello.partition(b"\x00\x0a\x00")[2]
            if said in groups[1 : 3 + groups[2]]:
                client.sendall(alert)
                return
            with socket.create_connection(("127.0.0.1", port)) as server:
                server.sendall(hello)
                back = threading.Thread(target=pass_on, args=(server, client))
                back.start()
                pass_on(client, server)
                back.join()

    def listen() -> None:
        door.settimeout(0.1)
        while not over.is_set():
            with suppress(TimeoutError):
                client, _ = door.accept()
                client.settimeout(None)
                let_in(client)

    with socket.create_server(("127.0.0.1", 0)) as door:
        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield door.getsockname()[1]
        finally:
            over.set()
            thread.join()


def test_a_server_that_dislikes_newer_curves_is_offered_one_only(files: Path) -> None:
    with serving(files) as behind, disliking(X25519, behind) as port:
        check(port, "prime256v1", files, "HANDSHAKE_FAILURE")
