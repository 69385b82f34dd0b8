"""The front door: settings become objects. Nothing here thinks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from foi_etl.archive.store import Archive
from foi_etl.attached import Attached, beside
from foi_etl.crawl.fetch import Fetcher
from foi_etl.crawl.journal import Journal
from foi_etl.crawl.manners import introduce
from foi_etl.errands import Errand
from foi_etl.errors import FixTheRegistry, WaitAndRetry, WrongUsage
from foi_etl.model import Agency, Portal
from foi_etl.normalise.corrections import Correction, read_corrections
from foi_etl.runs import since_of
from foi_etl.schemas import finders_version, layout, schemas_digest, statute, version
from foi_etl.schemas import folder as data_folder
from foi_etl.settings import Settings
from foi_etl.sources import changes as became
from foi_etl.sources.catalogue import families, guided
from foi_etl.sources.reach import Reach
from foi_etl.sources.registry import AGENCIES, PORTALS, Register, read_register, unplaced
from foi_etl.sources.step import Family
from foi_etl.text import stamp_of

__all__ = ["layout", "schemas_digest", "statute"]
FIRST_YEAR: Final = 2019
"""The first report year of the forms we have."""
PRACTICE_CONTACT: Final = "practice@practice.invalid"


def register(settings: Settings) -> Path:
    """The register of a home, where it has its own; the one that comes with the project otherwise."""
    own = settings.home / AGENCIES
    return own if own.is_file() else data_folder("data") / AGENCIES


def whole_register(settings: Settings) -> Register:
    """The agencies and the portals beside them."""
    path = register(settings)
    beside = path.with_name(PORTALS)
    if not beside.is_file():
        raise FixTheRegistry("the portals are missing beside the agencies: write them", file=beside)
    texts = (beside.read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
    return read_register(*texts, (str(beside), str(path)))


def changes(settings: Settings) -> tuple[became.Became, ...]:
    """What became of agencies, as the file beside the register says; nothing where there is none."""
    path = register(settings).with_name(became.CHANGES)
    return became.read_changes(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else ()


def portals(settings: Settings) -> Mapping[str, Portal]:
    """The portals of the register by their host."""
    return whole_register(settings).by_host


def agencies(settings: Settings, wanted: Sequence[str] = ()) -> tuple[Agency, ...]:
    """The agencies of the register, or those asked for by id. WrongUsage names an id that is not there."""
    known = whole_register(settings)
    unknown = sorted(set(wanted) - {agency.id for agency in known.agencies})
    if unknown:
        raise WrongUsage(
            f"no agency {', '.join(unknown)} in the register: see `foi-etl agencies list`",
            file=known.files[1],
        )
    chosen = tuple(agency for agency in known.agencies if not wanted or agency.id in wanted)
    unplaced(chosen, known.files[0])
    return chosen


def known_families(settings: Settings | None = None) -> dict[str, Family]:
    """Every family; those that ask year by year ask for each year a report may be published of by now.

    With settings they know the register: its hosts, its agencies, and which family reads which host.
    """
    years = range(FIRST_YEAR, datetime.now(UTC).year + 1)
    if settings is None:
        return dict(families(years))
    known = whole_register(settings)
    hosts = frozenset(portal.host for portal in known.portals)
    reach = Reach(hosts, frozenset(agency.name for agency in known.agencies))
    return dict(guided(years, reach, known.portals))


def corrected_in(settings: Settings) -> Path:
    """The file of the corrections by hand: of the home, where it has its own; of the project otherwise."""
    own = settings.home / "corrections.csv"
    return own if own.is_file() else data_folder("data") / "corrections.csv"


def corrections(settings: Settings) -> dict[str, dict[str, Correction]]:
    """The corrections by hand."""
    path = corrected_in(settings)
    return read_corrections(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else {}


def archive_of(settings: Settings, *, read_only: bool = False, run: str = "") -> Archive:
    """The archive of these settings. WrongUsage where there is none to read."""
    folder, far = settings.archive.absolute(), settings.far_archive  # absolute: other processes read it too
    return Archive.open(folder, read_only=read_only, run=run, remote=far)


def has_archive(settings: Settings) -> bool:
    """Whether there is an archive to read."""
    return bool(settings.far_archive) or settings.archive.is_dir()


@contextmanager
def errand(
    settings: Settings,
    visited: Iterable[Agency],
    run_id: str,
    *,
    limit: int | None = None,
    host_limit: int | None = None,
    force: bool = False,
    not_before: str = "",
) -> Iterator[Errand]:
    """A crawl's way to pages for a run: what was archived since it began is not asked for again."""
    chosen = tuple(visited)
    agent = introduce(_contact(settings, chosen))
    port = practice_port(settings) if any(agency.practice for agency in chosen) else None
    stop = Event()
    folder = settings.runs / run_id
    since = since_of(folder)
    run = stamp_of(since)
    with archive_of(settings, run=run) as archive, ExitStack() as open_things:
        fetcher = Fetcher(
            user_agent=agent,
            pause=settings.pause,
            portals=portals(settings),
            intermediates=data_folder("data") / "intermediates",
            practice_port=port,
            sleep=partial(_wait, stop),
            turns=settings.state / "hosts",
        )
        journal = Journal(folder)
        open_things.callback(journal.close)
        # What is looked for hangs on what can be read.
        look = partial(beside, statute=statute())
        attached = Attached(look, settings.attached, f"{finders_version()} {version()}")
        open_things.callback(attached.close)
        yield Errand(
            archive,
            open_things.enter_context(fetcher),
            since,
            stop=stop,
            journal=journal,
            force=force,
            limit=limit,
            host_limit=host_limit,
            not_before=not_before,
            attached=attached,
        )


def _wait(stop: Event, seconds: float) -> None:
    """A pause that ends, with the run, when a person stops it."""
    if stop.wait(seconds):
        raise WaitAndRetry("stopped by hand; the next run goes on from here")


def practice_port(settings: Settings) -> int | None:
    """The port at which `foi-etl practice serve` said it answers; None where it left none."""
    path = settings.practice / "port"
    return int(path.read_text(encoding="utf-8")) if path.is_file() else None


def _contact(settings: Settings, visited: Sequence[Agency]) -> str:
    if settings.contact:
        return settings.contact
    if all(agency.practice for agency in visited):
        return PRACTICE_CONTACT
    raise WrongUsage(
        "say who asks: set FOI_CONTACT to an e-mail address or web page that portals may write to"
    )
