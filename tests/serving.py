"""`flows/serve.py` as a person starts it, and what can be asked of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from helpers import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
STANDING = ROOT / "tests" / "standing"
"""On PYTHONPATH, it stops the clock of what is served and visited."""


@contextmanager
def served(home: Path, *arguments: str, **env: str) -> Iterator[tuple[str, str]]:
    """`serve.py` on a free port: the address of its API and what it said once it was ready. Nothing stays."""
    if tuple(map(int, version("fastapi").split(".")[:2])) >= (0, 151):
        pytest.skip("the fastapi that is installed is not that of uv.lock: run `uv sync --frozen`")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "flows/serve.py", "--home", str(home), "--port", str(port), *arguments]
    log = home.with_suffix(".log")
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(**env), stdout=out, stderr=out)
    try:
        until(lambda: "Ctrl-C ends it" in log.read_text() or server.poll() is not None)
        assert server.poll() is None, log.read_text()
        yield f"http://127.0.0.1:{port}/api", log.read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    assert code == 0, log.read_text()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    assert children_of(home) == []


def environment(**ours: str) -> dict[str, str]:
    """Ours, without a server that somebody else has told us of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "FOI_"))}
    fixed = {
        "PYTHONPATH": os.pathsep.join((str(STANDING), str(ROOT / "src"))),
        "DO_NOT_TRACK": "1",
        "FOI_PAUSE": "0.005",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
    }
    return kept | fixed | ours


def children_of(home: Path) -> list[str]:
    """The commands of processes that still run for this home."""
    ended = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"FOI_HOME={home}".encode() in (folder / "environ").read_bytes().split(b"\0"):
                ended.append((folder / "cmdline").read_text())
        except OSError:
            continue
    return ended


def tool(module: str, *arguments: str, home: Path, api: str, **ours: str) -> str:
    """A command that has to work, over a home; what it says."""
    env = environment(FOI_HOME=str(home), PREFECT_HOME=str(home / "prefect"), PREFECT_API_URL=api, **ours)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=env,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def by_flow_and_by_command(
    home: Path, api: str, agency: str, flow: tuple[Path, dict[str, str]], command: tuple[Path, dict[str, str]]
) -> None:
    """One agency visited by hand twice, each time in a home of its own with these settings beside it."""
    copied(home, flow[0], command[0])
    where = "env=" + json.dumps({"FOI_HOME": str(flow[0]), **flow[1]})
    chosen = ["--param", f'agencies=["{agency}"]', "--job-variable", where, "--watch"]
    tool("prefect", "deployment", "run", "agency/by-hand", *chosen, home=home, api=api)
    tool("foi_etl", "run", "--agency", agency, home=command[0], api=api, **command[1])


def copied(home: Path, *others: Path) -> None:
    """Other homes with the same register, and the same portals."""
    for other in others:
        (other / "practice").mkdir(parents=True)
        for name in ("agencies.csv", "portals.yaml", "practice/port"):
            shutil.copy(home / name, other / name)


def kept(home: Path) -> dict[str, bytes]:
    """What a home has for good: every byte of its archive and of its releases."""
    folders = (home / name for name in ("archive", "releases"))
    paths = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        path.relative_to(home).as_posix(): path.read_bytes()
        for path in paths
        if path.name not in {".lock", "archive.door"} and not path.name.startswith("ledger.")
    }


def finished(api: str, flow: str) -> dict[str, Any] | None:
    """The run of a flow that has come to an end."""
    ended = {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED", "CANCELLED"]}}}
    runs = ask(api, "/flow_runs/filter", {"flows": {"name": {"any_": [flow]}}, "flow_runs": ended})
    return dict(runs[0]) if runs else None


def of_run(run: str) -> dict[str, Any]:
    return {"flow_runs": {"id": {"any_": [run]}}}


def kind(name: str) -> dict[str, Any]:
    return {"artifacts": {"type": {"any_": [name]}}}


def ask(api: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"Content-Type": "application/json"}
    return json.loads(
        fetch(urllib.request.Request(api + path, data=json.dumps(body).encode(), headers=headers))
    )


def fetch(what: str | urllib.request.Request) -> bytes:
    for _ in range(20):
        try:
            with urllib.request.urlopen(what, timeout=20) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            if error.code != 503:  # its database is busy: it is asked again
                raise
            error.close()
        time.sleep(0.5)
    raise AssertionError("the server stayed busy")


def page(url: str, scratch: Path) -> str:
    """What a person sees of a page, once its scripts have run."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={scratch / 'chromium'}"]
    command = [CHROMIUM, *options, "--virtual-time-budget=15000", "--dump-dom", url]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False).stdout


def until(ready: Callable[[], Any], seconds: float = 240) -> Any:
    """What comes to be true, waited for."""
    last = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.5)
    return found
