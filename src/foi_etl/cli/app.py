"""`foi-etl`: what a person types, and what the exit code says.

0: all went well. 1: a document was refused, an agency failed or something on disk is damaged. 2: wrong usage.
"""

from __future__ import annotations

import logging
import sys

import typer

from foi_etl.cli import agencies, archive, demo, diagnose, read, releases, run
from foi_etl.cli.say import complain
from foi_etl.errors import FoiError, WrongUsage

app = typer.Typer(
    name="foi-etl",
    help="China's annual reports on open government information: crawled, archived, read, doubted, released.",
    epilog="Start with `foi-etl demo`. Everything is kept in one home: --home, or FOI_HOME, or data/.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command("demo")(demo.demo)
app.command("run")(run.run)
app.command("read")(read.read)
app.command("rebuild")(run.rebuild)
app.command("diagnose")(diagnose.diagnose)
app.add_typer(archive.app, name="archive")
app.add_typer(releases.app, name="releases")
app.add_typer(agencies.app, name="agencies")
app.add_typer(demo.app, name="practice")


def main() -> None:
    """Run the command line. An error we have a word for is one line on standard error, never a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", stream=sys.stderr)
    try:
        app()
    except FoiError as error:
        complain(error)
        sys.exit(2 if isinstance(error, WrongUsage) else 1)
    except KeyboardInterrupt:
        complain("stopped by hand; nothing is lost, the next run goes on from here")
        sys.exit(130)
