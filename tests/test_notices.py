"""People are told what a run came to, and a run never fails of it."""

from __future__ import annotations

import email
import email.policy
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import BaseServer, StreamRequestHandler, TCPServer
from typing import Any

import pytest

from foi_etl import night
from foi_etl.model import Outcome
from foi_etl.notices import NOTICES, Notice, notice_of, tell
from foi_etl.settings import Settings

# apprise still imports it, where Python 3.11 warns of that.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

FINE = Outcome("harbour", "ok", new=2)
SILENT = Outcome("customs", "empty", message="look at the column by hand", alarm=True)
MOVED = Outcome("salt-office", "moved", message="mend its line")


def test_a_good_night_is_one_line_without_alarm() -> None:
    notice = notice_of([FINE], "2026.11.23")

    assert notice.title == "foi-etl: release 2026.11.23, 1 agencies visited"
    assert notice.body == "1 agencies visited: 1 ok; 2 new reports; release 2026.11.23."
    assert not notice.alarm


@pytest.mark.parametrize(
    ("visited", "refused", "said"),
    [
        ([SILENT], "", "ALARM customs: it had reports and now lists none: look at the column by hand"),
        ([MOVED], "", "ALARM salt-office: the portal moved: mend its line"),
        ([], "half of the facts are gone", "ALARM no release was made: half of the facts are gone"),
    ],
    ids=["an agency fell silent", "a portal moved", "the gate refused"],
)
def test_what_needs_a_person_is_an_alarm(visited: list[Outcome], refused: str, said: str) -> None:
    notice = notice_of([FINE, *visited], "", refused)

    assert notice.alarm
    assert said in notice.body.splitlines()
    assert "harbour" not in notice.body


def test_a_night_that_went_wrong_everywhere_is_still_a_short_notice() -> None:
    notice = notice_of([Outcome(f"a{number}", "moved") for number in range(500)], "")

    assert len(notice.body.splitlines()) == 22
    assert "480 alarms more" in notice.body


def test_a_webhook_is_told(tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="the extra foi-etl[notify] is not installed")
    with webhook() as (port, got):
        failures = tell([f"json://127.0.0.1:{port}/foi"], notice_of([SILENT], "2026.11.23"), tmp_path)

    assert failures == []
    [(path, said)] = got
    assert (path, said["type"], said["title"]) == ("/foi", "warning", notice_of([SILENT], "2026.11.23").title)
    assert "it had reports and now lists none" in said["message"]


def test_a_mailbox_is_told(tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="the extra foi-etl[notify] is not installed")
    with mailbox() as (port, got):
        address = (
            f"mailto://127.0.0.1:{port}?from=foi@practice.invalid&to=night@practice.invalid&mode=insecure"
        )
        failures = tell([address], notice_of([MOVED], ""), tmp_path)

    assert failures == []
    [message] = [email.message_from_string(text, policy=email.policy.default) for text in got]
    assert message["Subject"] == "foi-etl: nothing new, 1 agencies visited, 1 ALARMS"
    assert message["To"] == "night@practice.invalid"
    body = message.get_body(("plain", "html"))
    assert body is not None
    assert "ALARM salt-office: the portal moved: mend its line" in body.get_content()


def test_a_notice_that_does_not_arrive_is_written_down_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("apprise", reason="the extra foi-etl[notify] is not installed")
    with webhook() as (port, _):
        pass
    addresses = [f"json://me:secret@127.0.0.1:{port}/", "no-such-service://there", "rubbish"]

    failures = tell(addresses, Notice("t", "b"), tmp_path)

    assert len(failures) == 3
    written = (tmp_path / NOTICES).read_text(encoding="utf-8")
    lines = [json.loads(line) for line in written.splitlines()]
    assert [bool(line["failed"]) for line in lines] == [True, True, True]
    assert "secret" not in written + "".join(failures)


def test_one_address_that_fails_keeps_no_other_from_being_told(tmp_path: Path) -> None:
    told: list[str] = []

    def send(address: str, _: Notice) -> str:
        told.append(address)
        return "no" if address == "json://first" else ""

    assert len(tell(["json://first", "json://second"], Notice("t", "b"), tmp_path, send)) == 1
    assert told == ["json://first", "json://second"]


def test_a_run_of_the_command_line_tells_and_fails_of_nobody(tmp_path: Path) -> None:
    with webhook() as (port, got):
        settings = Settings(home=tmp_path, notify=(f"json://127.0.0.1:{port}/", "rubbish"))
        failures = night.tell_people(settings, "20261123T010000Z", [FINE], "2026.11.23")

    assert [said["title"] for _, said in got] == ["foi-etl: release 2026.11.23, 1 agencies visited"]
    assert len(failures) == 1
    assert (settings.runs / "20261123T010000Z" / NOTICES).is_file()


def test_a_rebuild_says_something_only_where_it_was_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, notify=("rubbish",))

    assert night.tell_people(settings, "", [], "2026.11.23") == []
    assert len(night.tell_people(settings, "", [], "", "half of the facts are gone")) == 1


@contextmanager
def webhook() -> Iterator[tuple[int, list[tuple[str, Any]]]]:
    """A receiver of POSTs on a free port, and what it got."""
    got: list[tuple[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with answering(HTTPServer(("127.0.0.1", 0), Receiver)) as port:
        yield port, got


@contextmanager
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """A mail server on a free port that takes whatever comes, and what came."""
    got: list[str] = []

    class Receiver(StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 mailbox")
            while line := self.rfile.readline():
                word = line.split()[0].upper()
                if word == b"DATA":
                    self.say("354 go on")
                    got.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.say("221 bye" if word == b"QUIT" else "250 fine")

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    with answering(TCPServer(("127.0.0.1", 0), Receiver)) as port:
        yield port, got


@contextmanager
def answering(server: TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        ended(server, thread)


def ended(server: BaseServer, thread: threading.Thread) -> None:
    server.shutdown()
    thread.join()
    server.server_close()
