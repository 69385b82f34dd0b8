"""`foi-etl`: what a person types, and what the exit code says.

0: all went well. 1: a document was refused, an agency failed or something on disk is damaged. 2: wrong usage.
"""

from __future__ import annotations

import logging
import signal
import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_group

from foi_etl.cli.say import complain
from foi_etl.errors import FoiError, WrongUsage

COMMANDS: Final = {
    "demo": (
        "demo:demo",
        "The main job on the practice country: crawl, archive, read, doubt, release; then check it all.",
    ),
    "run": ("run:run", "Visit the portals, archive what they answer, and make a release of all there is."),
    "read": (
        "read:read",
        "Read reports from files: every cell with its value, state and place, and every doubt about them.",
    ),
    "rebuild": (
        "rebuild:rebuild",
        "Read the whole archive again and release it, without network: same archive, same bytes.",
    ),
    "replay": (
        "replay:replay",
        "Try the documents again that the latest release lists as unread: what is read by now, and what not.",
    ),
    "case": (
        "replay:case",
        "Make an archived page a test case: the page and the files beside it, what is read now, what to do.",
    ),
    "diagnose": (
        "diagnose:diagnose",
        "What was asked, what came, which rule decided, what changed since all was well, what to do next.",
    ),
    "archive": ("archive:app", "Make the ledger of the archive anew, import reports into it."),
    "releases": ("releases:app", "List, show, compare, verify, promote and prune releases."),
    "export": ("export:export", "Write a release as CSV, Excel, Stata, DuckDB or SQLite."),
    "agencies": ("agencies:app", "List, show and check the register of agencies, and say who is due."),
    "runs": ("runs:app", "List, show and compare runs: what was asked, what came of it."),
    "practice": ("demo:app", "The practice portals by themselves."),
}
"""Each command: where it is written, and the first line of its help. What it needs is imported when it is
typed, not before: some of it takes seconds."""


class _Late(TyperGroup):
    """The commands by name and one line each; the one that was typed is imported."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The command that was typed, as its own module has it."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and command_named(str(command.name)), rest


def command_named(name: str) -> Any:
    """A command as its own module has it, imported now."""
    module, _, there = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"foi_etl.cli.{module}"), there)
    alone = typer.Typer(rich_markup_mode="markdown")
    if isinstance(found, typer.Typer):
        alone.add_typer(found, name=name)
    else:
        alone.command(name)(found)
    return get_group(alone).commands[name]


app = typer.Typer(
    name="foi-etl",
    help="China's annual reports on open government information: crawled, archived, read, doubted, released.",
    epilog="Start with `foi-etl demo`. Everything is kept in one home: --home, or FOI_HOME, or data/.",
    cls=_Late,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
for _name, (_, _help) in COMMANDS.items():
    app.command(_name, help=_help)(lambda: None)


def main() -> None:
    """Run the command line. An error we have a word for is one line on standard error, never a traceback.

    Being told to end (SIGTERM) is being stopped by hand: what is open is closed first.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    try:
        app()
    except FoiError as error:
        complain(error)
        sys.exit(2 if isinstance(error, WrongUsage) else 1)
    except OSError as error:
        # Libraries derive from OSError, too; what the system says has a number.
        if error.errno is None:
            raise
        complain(f"{error.strerror}: look at the path, its rights and its disk [file={error.filename}]")
        sys.exit(1)
    except KeyboardInterrupt:
        complain("stopped by hand; nothing is lost, the next run goes on from here")
        sys.exit(130)
