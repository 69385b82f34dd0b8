"""Programs that are started together, watched, started again when they die, and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypedDict

ROOT: Final = Path(__file__).resolve().parents[1]
MARK: Final = "FOI_SERVED_BY"
"""A variable in the environment of whatever a machine starts, and whatever that starts."""
_READY: Final = 120.0
_GRACE: Final = 15.0
_SOON: Final = 20.0
_TRIES: Final = 5


class _Where(TypedDict):
    cwd: Path
    env: dict[str, str]
    stdin: int


class NotServed(Exception):
    """Something does not start, or does not stay; the message says where to look."""


@dataclass(slots=True)
class Child:
    """A program of this Python, by its name and its arguments."""

    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    """How often in a row it died soon after it was started."""


@dataclass(slots=True)
class Machine:
    """The programs that run, their environment, and the folder of their logs."""

    env: Mapping[str, str]
    logs: Path
    children: list[Child] = field(default_factory=list)
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)

    def start(self, child: Child) -> Child:
        """Start a program, which is kept running from now on."""
        self.children.append(child)
        self._launch(child)
        return child

    def restart(self, child: Child) -> None:
        """End a program that is of no use any more, and start it again."""
        self._end(child)
        self._launch(child)

    def run(self, arguments: list[str]) -> None:
        """Run a program to its end. NotServed where it fails."""
        log = self.logs / "deploy.log"
        with log.open("wb") as out:
            done = subprocess.run(
                self._command(arguments), **self._where(), stdout=out, stderr=out, check=False
            )
        if done.returncode:
            tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise NotServed(f"`{' '.join(arguments)}` failed:\n{tail}")

    def until(self, ready: Callable[[], bool], child: Child) -> None:
        """Wait for what a program should bring about. NotServed where it ends first, or takes too long."""
        last = time.monotonic() + _READY
        while not ready():
            if child.process is not None and child.process.poll() is not None:
                raise NotServed(f"the {child.name} ended before it was ready: see {self._log(child)}")
            if time.monotonic() > last:
                raise NotServed(f"the {child.name} is not ready after {_READY:.0f} s: see {self._log(child)}")
            time.sleep(0.25)

    def watch(self) -> None:
        """Start again whatever dies. It never ends by itself, but for what dies again and again."""
        while True:
            time.sleep(1)
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    self._revive(child, child.process.returncode)

    def end(self) -> None:
        """End what was started, the last first: the worker ends its flow runs while there is a server."""
        for child in reversed(self.children):
            self._end(child)

    def _end(self, child: Child) -> None:
        if child.process is None:
            return
        _signal_group(child.process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(_GRACE)
        _signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()

    def _revive(self, child: Child, code: int) -> None:
        soon = time.monotonic() - child.started < _SOON
        child.deaths = child.deaths + 1 if soon else 1
        if child.deaths >= _TRIES:
            raise NotServed(f"the {child.name} died {_TRIES} times in a row: see {self._log(child)}")
        print(f"serve: the {child.name} ended with exit code {code}; starting it again", flush=True)
        time.sleep(child.deaths - 1)
        self._launch(child)

    def _launch(self, child: Child) -> None:
        child.started = time.monotonic()
        with self._log(child).open("ab") as out:
            command = self._command(child.arguments)
            child.process = subprocess.Popen(
                command, **self._where(), stdout=out, stderr=out, start_new_session=True
            )

    def _log(self, child: Child) -> Path:
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{child.name}.log"

    def _command(self, arguments: list[str]) -> list[str]:
        return [sys.executable, *arguments]

    def _where(self) -> _Where:
        return {"cwd": ROOT, "env": {**self.env, MARK: self.mark}, "stdin": subprocess.DEVNULL}


def sweep(mark: str) -> None:
    """Kill what outlived the one that started it: a flow run whose worker was killed, for example.

    Where the system has no /proc there is no way to know them, and they end with their flow.
    """
    for pid in _marked(mark):
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _marked(mark: str) -> Iterator[int]:
    wanted = f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0") and int(folder.name) != os.getpid():
                yield int(folder.name)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
