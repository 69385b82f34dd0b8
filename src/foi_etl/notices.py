"""Telling people what a run came to: in webhooks and mailboxes, where a person wrote their addresses.

A notice is sent after all else is done. One that does not arrive is written down and costs nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from foi_etl.model import Outcome

NOTICES: Final = "notices.jsonl"
_SHOWN: Final = 20
_WITH_LOGIN: Final = re.compile(r"(?<=://)[^/@\s]+@")


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told, in a line and in full."""

    title: str
    body: str
    alarm: bool = False
    """Whether somebody has to look."""


Send = Callable[[str, Notice], str]
"""Sends a notice to an address; what went wrong, empty where nothing did."""


def notice_of(visited: Sequence[Outcome], version: str, refused: str = "") -> Notice:
    """What to say of a run that visited these, made this release, or was refused one for this reason."""
    alarms = [_alarm(one) for one in visited if one.alarm or one.outcome == "moved"]
    if refused:
        alarms.insert(0, f"no release was made: {refused}")
    ends = Counter(one.outcome for one in visited)
    told = [f"{count} {name}" for name, count in sorted(ends.items())]
    came = "release refused" if refused else f"release {version}" if version else "nothing new"
    parts = [came, f"{len(visited)} agencies visited", f"{len(alarms)} ALARMS"]
    title = ", ".join(parts if alarms else parts[:2])
    new = sum(one.new for one in visited)
    lines = [f"{len(visited)} agencies visited: {', '.join(told) or 'none'}; {new} new reports; {came}."]
    lines += [f"ALARM {one}" for one in alarms[:_SHOWN]]
    lines += [f"and {len(alarms) - _SHOWN} alarms more" for _ in alarms[_SHOWN : _SHOWN + 1]]
    return Notice(f"foi-etl: {title}", "\n".join(lines), alarm=bool(alarms))


def _alarm(one: Outcome) -> str:
    what = "the portal moved" if one.outcome == "moved" else "it had reports and now lists none"
    return f"{one.agency_id}: {what}: {one.message}"


def tell(addresses: Sequence[str], notice: Notice, folder: Path, send: Send | None = None) -> list[str]:
    """Send a notice to every address; what went wrong. What was sent is written down in the folder."""
    failures = []
    for address in addresses:
        wrong = (send or by_apprise)(address, notice)
        shown = _shown(address)
        if wrong:
            failures.append(f"a notice to {shown} was not delivered: {wrong}")
        _write_down(folder, {"to": shown, "title": notice.title, "alarm": notice.alarm, "failed": wrong})
    return failures


def by_apprise(address: str, notice: Notice) -> str:
    """Send a notice to an apprise address. Whatever goes wrong is said, not raised: no run fails of it."""
    apprise = _apprise()
    if apprise is None:
        return "apprise is not installed: install foi-etl[notify]"
    kind = apprise.NotifyType.WARNING if notice.alarm else apprise.NotifyType.SUCCESS
    text = apprise.NotifyFormat.TEXT
    with apprise.LogCapture(level=logging.WARNING) as log:
        try:
            sender = apprise.Apprise()
            if not sender.add(address):
                return "apprise does not know such an address"
            if sender.notify(title=notice.title, body=notice.body, notify_type=kind, body_format=text):
                return ""
        except Exception as error:  # any of a hundred services, and none of them is worth a night
            return f"{type(error).__name__}: {_WITH_LOGIN.sub('***@', str(error))}"
        said = log.getvalue().strip().splitlines()
    return _WITH_LOGIN.sub("***@", said[-1]) if said else "it was refused without a word"


def _shown(address: str) -> str:
    """An address as it may be written down: without the passwords and tokens that most of them hold."""
    apprise = _apprise()
    known = apprise.Apprise.instantiate(address) if apprise else None
    return str(known.url(privacy=True)).split("?", 1)[0] if known else f"{address.partition(':')[0]}://…"


def _apprise() -> Any:
    """The library, where the extra that names it is installed."""
    try:
        return import_module("apprise")
    except ImportError:
        return None


def _write_down(folder: Path, line: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    blob = json.dumps({"at": stamp, **line}, ensure_ascii=False).encode() + b"\n"
    handle = os.open(folder / NOTICES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(handle, blob)
    finally:
        os.close(handle)
