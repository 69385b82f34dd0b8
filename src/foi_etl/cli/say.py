"""How the command line speaks: tables and progress on standard output, complaints on standard error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from foi_etl.settings import Settings

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)

_WORD: Final = 18
"""Cells of this many letters or fewer are not broken: ids, dates, numbers."""

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="The folder that holds archive, releases and state. [default: FOI_HOME, or data]"
    ),
]


def settings(home: Path | None) -> Settings:
    """The settings of this process, with the home given on the command line."""
    return Settings.here(home)


def complain(error: object) -> None:
    """One line on standard error."""
    err.print(f"foi-etl: {error}", markup=False, soft_wrap=True)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table of rows on standard output; numbers to the right."""
    made = Table(title=title, title_justify="left", title_style="bold")
    listed = [[str(cell) for cell in row] for row in rows]
    for at, column in enumerate(columns):
        numeric = bool(listed) and all(row[at].replace(",", "").replace(".", "").isdigit() for row in listed)
        longest = max((len(row[at]) for row in listed), default=0)
        made.add_column(
            column,
            justify="right" if numeric else "left",
            overflow="fold",
            min_width=longest if longest <= _WORD else None,
        )
    for row in listed:
        made.add_row(*row)
    out.print(made)


class Bar:
    """A progress bar that is moved one step at a time."""

    def __init__(self, progress: Progress, task: int) -> None:
        self._progress, self._task = progress, task

    def total(self, count: int) -> None:
        """So many there are in all."""
        self._progress.update(self._task, total=count)  # type: ignore[arg-type]

    def step(self, count: int = 1) -> None:
        """So many more are done."""
        self._progress.advance(self._task, count)  # type: ignore[arg-type]  # rich calls its ints TaskID


@contextmanager
def bar(what: str, total: int) -> Iterator[Bar]:
    """Progress of long work, on standard error; plain lines where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=False) as progress:
        yield Bar(progress, progress.add_task(what, total=total))
