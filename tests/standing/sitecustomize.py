"""With this folder on PYTHONPATH, the clock of a process stands still where something of it would be kept.

Two runs that do the same work then leave the same bytes: of a capture's moment its name is made, and with it
the address of every cell; a portal dates its answers; a request has a number of its own in the archive.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from importlib.machinery import ModuleSpec, PathFinder
from itertools import count
from types import ModuleType
from typing import Any

MOMENT = datetime(2026, 11, 23, 1, tzinfo=UTC)


class Standing(datetime):
    """A clock that always says the same."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Standing:
        return cls(2026, 11, 23, 1, tzinfo=tz)


def fetcher(module: ModuleType) -> None:
    module.Fetcher.__init__.__kwdefaults__["now"] = lambda: MOMENT


def clock(module: ModuleType) -> None:
    vars(module)["datetime"] = Standing


def numbers(module: ModuleType) -> None:
    numbered = count()
    vars(module)["_new_id"] = lambda: f"<urn:uuid:{uuid.UUID(int=next(numbered))}>"


def dates(module: ModuleType) -> None:
    module.BaseHTTPRequestHandler.date_time_string = lambda *_: "Mon, 23 Nov 2026 01:00:00 GMT"


STILL: dict[str, Callable[[Any], None]] = {
    "foi_etl.archive.warc": numbers,
    "foi_etl.crawl.fetch": fetcher,
    "foi_etl.night": clock,
    "foi_etl.visits": clock,
    "foi_etl.wiring": clock,
    "http.server": dates,
}


class Finder(PathFinder):
    """Finds these modules as ever, and has their clock stopped once they are there."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname in STILL else None
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def stopped(module: ModuleType) -> None:
                run(module)
                STILL[fullname](module)

            spec.loader.exec_module = stopped  # type: ignore[method-assign]
        return spec


sys.meta_path.insert(0, Finder)
