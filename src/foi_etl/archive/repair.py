"""Setting an archive right after a kill, a crash or a power failure.

What may be there after a kill at any byte: `.open` files of a run whose lock nobody holds, each ending
anywhere; a ledger that lacks their last exchanges. A closed file is whole, and so are its lines: they are
made to last before it gets its name. So: cut each `.open` file of a dead run behind its last sealed exchange,
write its lines anew from the file, and only then give it its last name. Killed in the middle of that, it is
simply done again. The files of the living are left alone.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from foi_etl.archive.ledger import LEDGER, Ledger
from foi_etl.archive.lines import lines_of, lines_of_whole
from foi_etl.archive.lock import Lock, door, holder_of
from foi_etl.archive.run import left_in, lock_of, run_of
from foi_etl.errors import FoiError

if TYPE_CHECKING:
    from pathlib import Path

    from foi_etl.archive.shelf import Shelf


def opened(shelf: Shelf) -> Ledger:
    """The ledger of an archive, which is set right first: the dead mended, unknown files read in."""
    with door(shelf.folder):
        fresh = not (shelf.folder / LEDGER).exists()
        if fresh:
            _take_away(shelf.folder)
        ledger = Ledger(shelf.folder / LEDGER)
        try:
            live = _mend(shelf, ledger)
            if fresh and live:
                _refuse(shelf.folder, live[0])
            _read_unknown(shelf, ledger, set(map(run_of, live)))
            for run in (shelf.runs() if shelf.remote else set()) - set(map(run_of, live)):
                shelf.tidy(run)
        except BaseException:
            ledger.close()
            if fresh:
                _take_away(shelf.folder)
            raise
        return ledger


def rebuild(shelf: Shelf, ledger: Ledger) -> None:
    """Make the ledger anew from the files alone, in one piece: readers see the old one until then."""
    with door(shelf.folder):
        if live := _mend(shelf, ledger):
            _refuse(shelf.folder, live[0])
        with ledger.written():
            ledger.empty()
            _read_unknown(shelf, ledger, set())


def put_aside(shelf: Shelf) -> None:
    """Take a ledger away that cannot be read, so that the next opening makes it anew."""
    with door(shelf.folder):
        for writer in left_in(shelf.folder):
            lock = Lock.taken(lock_of(shelf.folder, writer))
            if lock is None:
                _refuse(shelf.folder, writer)
            else:
                lock.give_back()
        _take_away(shelf.folder)


def _take_away(folder: Path) -> None:
    for tail in ("-wal", "-shm", ""):
        (folder / f"{LEDGER}{tail}").unlink(missing_ok=True)


def _refuse(folder: Path, writer: str) -> None:
    message = f"{holder_of(lock_of(folder, writer))} is writing this archive: wait until it ends"
    raise FoiError(message, folder=folder)


def _mend(shelf: Shelf, ledger: Ledger) -> list[str]:
    """Set right what the dead left. Returns the living writers."""
    locks = {one: Lock.taken(lock_of(shelf.folder, one)) for one in left_in(shelf.folder)}
    live = [writer for writer, lock in locks.items() if lock is None]
    try:
        for writer, lock in locks.items():
            if lock is not None:
                _mend_writer(shelf, ledger, writer, alone=run_of(writer) not in map(run_of, live))
                lock.give_back(done=True)
                locks[writer] = None
    finally:
        for lock in locks.values():
            if lock is not None:
                lock.give_back()
    if "" in shelf.runs():  # a writer of an earlier version, which was alone, may have been killed
        for name in list(shelf.open_files_of("")):
            _mend_file(shelf, ledger, name)
    return live


def _mend_writer(shelf: Shelf, ledger: Ledger, writer: str, *, alone: bool) -> None:
    """Set right the files of a dead writer; alone in its run, those too that the ledger does not know."""
    folder, names = shelf.folder / run_of(writer), ledger.unfinished(writer)
    if not folder.is_dir():
        return  # killed before it had a folder
    if alone:
        names = sorted({*names, *shelf.open_files_of(run_of(writer))})
    for name in names:
        if shelf.path_of_open(name).exists():
            _mend_file(shelf, ledger, name)
        elif shelf.holds(name):
            shelf.close(name)
            ledger.closed([name])
        else:
            ledger.forget(name)
    shelf.settle(run_of(writer))
    if alone:
        shelf.tidy(run_of(writer))


def _mend_file(shelf: Shelf, ledger: Ledger, name: str) -> None:
    path, end = shelf.path_of_open(name), 0
    with ledger.written(), path.open("r+b") as stream:
        ledger.forget(name)
        for line, sealed in lines_of(stream, name):
            ledger.add([line])
            end = sealed
        stream.truncate(end)
        os.fsync(stream.fileno())
    if not end:
        path.unlink()
        return
    ledger.sync()
    shelf.close(name)
    ledger.closed([name])


def _read_unknown(shelf: Shelf, ledger: Ledger, live: set[str]) -> None:
    """Read what others put here: whole runs, or files of an earlier version beside those that are known."""
    known = ledger.runs()
    for run in sorted(shelf.runs() - live):
        files = set() if run else set(ledger.files_of(run))
        if run in known and run:
            continue
        with ledger.written():
            for name in shelf.files_of(run):
                if name not in files:
                    with shelf.read(name) as stream:
                        ledger.add(lines_of_whole(stream, name))
            ledger.begin_run(run)
