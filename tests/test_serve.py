"""What `flows/serve.py` does when Prefect's server is there and cannot do anything."""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from urllib3.util import Retry

import serve
import server_api
from machine import Child, Machine

ASKED = argparse.Namespace(cron="5 2 * * *", in_a_minute=False)
LOCKED_OUT = """
import json, pathlib, sys
from http.server import BaseHTTPRequestHandler, HTTPServer

starts = pathlib.Path(sys.argv[2])
starts.write_text(starts.read_text() + "started\\n" if starts.exists() else "started\\n")
there = len(starts.read_text().split()) > int(sys.argv[3])

class Answer(BaseHTTPRequestHandler):
    def say(self, code, what):
        body = json.dumps(what).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.say(200, True if self.path == "/api/health" else {"id": "1", "schedules": []})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.say(200 if there else 503, {})

    def log_message(self, *_):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    monkeypatch.setattr(server_api, "_BUSY", Retry(0))
    made = Machine(dict(os.environ), tmp_path / "logs")
    yield made
    made.end()


def begun(machine: Machine, folder: Path, locked_out: int) -> tuple[server_api.ServerApi, Child, Path]:
    """A server that can do nothing the first times it is started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    starts = folder / "starts"
    api = server_api.ServerApi(f"http://127.0.0.1:{port}/api")
    child = machine.start(Child("server", ["-c", LOCKED_OUT, str(port), str(starts), str(locked_out)]))
    machine.until(api.answers, child)
    return api, child, starts


def test_a_server_that_is_locked_out_of_its_records_is_started_again(
    machine: Machine, tmp_path: Path
) -> None:
    api, server, starts = begun(machine, tmp_path, locked_out=1)

    serve.schedule(machine, api, server, ASKED)

    assert len(starts.read_text(encoding="utf-8").split()) == 2


def test_a_server_that_stays_so_is_an_error(machine: Machine, tmp_path: Path) -> None:
    api, server, starts = begun(machine, tmp_path, locked_out=9)

    with pytest.raises(server_api.Busy, match="503"):
        serve.schedule(machine, api, server, ASKED)
    assert len(starts.read_text(encoding="utf-8").split()) == 2


def test_a_server_that_somebody_else_started_is_left_alone(machine: Machine, tmp_path: Path) -> None:
    api, _, starts = begun(machine, tmp_path, locked_out=1)

    with pytest.raises(server_api.Busy, match="503"):
        serve.schedule(machine, api, None, ASKED)
    assert len(starts.read_text(encoding="utf-8").split()) == 1
