"""The files that a report's page leads to, looked for once in every page and remembered.

What is remembered is known by the bytes of the page, by its address, and by a digest of the sources that
look: where any of the three is another, the page is looked at again. So nothing is ever said that looking
would not say, and the memory may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Final

from foi_etl.crawl.kinds import kind_of
from foi_etl.errors import NotAReport
from foi_etl.extract.document import read_document
from foi_etl.extract.paper.tables import placed
from foi_etl.forms import Statute
from foi_etl.model import Ask, Found, Page
from foi_etl.sources.attachments import attachments
from foi_etl.sources.pictured import pictures
from foi_etl.text import decode

_PATIENCE: Final = 60.0
"""Seconds to wait for another process that writes."""
_MOST: Final = 2_000
"""What was found newly is written down when there is so much of it, and at the end."""
Look = Callable[[Page], Iterable[Found]]
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS attached (page BLOB PRIMARY KEY, files TEXT) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS looker (version TEXT)",
)


def beside(page: Page, statute: Statute) -> Iterator[Found]:
    """The files that a page leads to, and the pictures in it where it has no statutory table to read."""
    yield from attachments(page)
    found = list(pictures(page))
    if found and not _has_table(page, statute):
        yield from found


def _has_table(page: Page, statute: Statute) -> bool:
    try:
        return placed(read_document(page.text.encode(), page.url, statute).tables, statute) > 0
    except NotAReport:
        return False


def _nothing(_: Page) -> Iterable[Found]:
    return ()


class Attached:
    """Looks for files beside reports. Safe among threads, and several processes may share one memory."""

    def __init__(
        self,
        look: Look = _nothing,
        memory: Path | None = None,
        version: str = "",
    ) -> None:
        """`version` is a digest of all that decides what `look` finds; without a memory nothing is kept."""
        self._look, self._version = look, version
        self._memory = _opened(memory, version) if memory else None
        self._new: dict[bytes, str] = {}
        self._guard = Lock()

    def files(self, url: str, digest: str, body: Callable[[], bytes]) -> list[Found]:
        """The files that a page leads to which came from there; its body is read where it is not known."""
        page = hashlib.sha256(f"{self._version}\n{digest}\n{url}".encode()).digest()
        known = self._known(page)
        if known is not None:
            return _found(url, known)
        files = _looked_for(self._look, url, body())
        self._remember(page, url, files)
        return files

    def close(self) -> None:
        """Write down what was found newly. Where nothing was, nothing is written."""
        with self._guard:
            if self._memory is not None:
                self._write()
                self._memory.close()
                self._memory = None

    def _known(self, page: bytes) -> str | None:
        with self._guard:
            if self._memory is None or page in self._new:
                return self._new.get(page)
            row = self._memory.execute("SELECT files FROM attached WHERE page = ?", (page,)).fetchone()
        return str(row[0]) if row else None

    def _remember(self, page: bytes, url: str, files: list[Found]) -> None:
        written = json.dumps([(one.ask.url, one.text) for one in files], ensure_ascii=False)
        if _found(url, written) != files:
            return  # found in a way that these words do not tell
        with self._guard:
            if self._memory is not None:
                self._new[page] = written
                if len(self._new) >= _MOST:
                    self._write()

    def _write(self) -> None:
        if self._new and self._memory is not None:
            with self._memory:
                self._memory.executemany("INSERT OR REPLACE INTO attached VALUES (?, ?)", self._new.items())
            self._new.clear()


def _looked_for(look: Look, url: str, body: bytes) -> list[Found]:
    return list(look(Page(Ask(url), url, decode(body)[0]))) if kind_of(body) == "page" else []


def _found(url: str, written: str) -> list[Found]:
    return [Found(Ask(file, referer=url), name, via=url) for file, name in json.loads(written)]


def _opened(path: Path, version: str) -> sqlite3.Connection:
    """The memory, begun anew where it cannot be read, and without what others' sources found."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path, version)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        path.unlink(missing_ok=True)
        return _prepared(path, version)


def _prepared(path: Path, version: str) -> sqlite3.Connection:
    memory = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        if not _is_of(memory, version):
            with closing(memory.cursor()) as rows, memory:
                for table in _TABLES:
                    rows.execute(table)
                rows.execute("DELETE FROM attached")
                rows.execute("DELETE FROM looker")
                rows.execute("INSERT INTO looker VALUES (?)", (version,))
    except BaseException:
        memory.close()
        raise
    return memory


def _is_of(memory: sqlite3.Connection, version: str) -> bool:
    if not memory.execute("SELECT 1 FROM sqlite_master WHERE name = 'looker'").fetchone():
        return False
    return memory.execute("SELECT version FROM looker").fetchall() == [(version,)]
