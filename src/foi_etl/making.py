"""Releases of a home: of all that its archive holds, or held at the time of an earlier one."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from foi_etl import wiring
from foi_etl.archive.store import Archive
from foi_etl.crew import Crew, Share, among, here
from foi_etl.errors import WrongUsage
from foi_etl.hiring import cluster as join_cluster
from foi_etl.hiring import cores, processes
from foi_etl.history import last_visit
from foi_etl.owing import begun, divisions, owing
from foi_etl.program import made_by
from foi_etl.quarantine import recovered
from foi_etl.settings import Settings
from foi_etl.sources.changes import CHANGES
from foi_etl.text import moment_of

if TYPE_CHECKING:
    from foi_etl.publish.manifest import Manifest
    from foi_etl.publish.manifest import Source as Origin
    from foi_etl.readings import Made, Source

_INVENTED: Final = "Made from the practice country: apart from a few real reports, its numbers are invented."
_WORTH_A_PROCESS: Final = 150
"""Captures that take about as long to read as a process takes to start."""
_WORTH_SHARING: Final = 400
"""Captures whose release takes longer than that."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """An earlier release, made again."""

    manifest: Manifest
    """Of that release, as it was made."""
    differing: tuple[str, ...]
    """The files that are not the same bytes, or are in one of the two only."""
    otherwise: tuple[str, ...]
    """What it is made from, or by, that is not what it was; a sentence for each."""


def release(
    settings: Settings,
    *,
    anew: bool = False,
    cluster: str = "",
    accept: str = "",
    begin: Callable[[int], object] = lambda _: None,
    step: Callable[[int], object] = lambda _: None,
) -> Made:
    """A release of all that the archive holds; only what was never read is read, or all of it `anew`.

    Nightlies that are not to be kept are removed then.

    `begin` is told how many captures are read now, `step` how many more were. What the gate objects to is
    published all the same where `accept` says why.
    """
    # Here, not above: it brings pyarrow along, which takes as long as a visit.
    from foi_etl.publish.retention import Kept, prune  # noqa: PLC0415
    from foi_etl.readings import remake  # noqa: PLC0415

    today = datetime.now(UTC).date()
    told = " ".join(filter(None, (_INVENTED * settings.practice.is_dir(), recovered(settings.home))))
    with wiring.archive_of(settings, read_only=True) as archive:
        source = replace(_source(settings, archive, told, settings.history), day=today, accept=accept)
        hire, split = partial(_crew, settings, cluster), partial(_share, settings)
        made = remake(source, hire, split, anew=anew, begin=begin, step=step)
    if settings.keep_days:
        made.removed = prune(source.place, Kept(settings.keep_days, today))
    return made


def rebuild(
    settings: Settings,
    version: str,
    out: Path | None = None,
    *,
    cluster: str = "",
    begin: Callable[[int], object] = lambda _: None,
    step: Callable[[int], object] = lambda _: None,
) -> Rebuilt:
    """A release as it was made, of what the archive held then, into the folder `out` where one is given.

    It may have been removed. Nothing of the home is changed.
    """
    from foi_etl.publish.place import Place  # noqa: PLC0415 - as above
    from foi_etl.readings import remake  # noqa: PLC0415

    then = Place.of(settings).manifest(version)
    if not then.made_from.until:
        raise WrongUsage("this release does not say what it was made from", version=then.version)
    if out and out.exists():
        raise WrongUsage("there is something at this place already: name another one", out=out)
    settings.state.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".rebuild-", dir=settings.state) as scratch:
        with _then(settings, then, Path(scratch).absolute()) as source:
            hire, split = partial(_crew, settings, cluster), partial(_share, settings)
            made = remake(source, hire, split, begin=begin, step=step)
        if made.release is None:
            raise AssertionError("there was no release yet that it could have been the same as")
        now = made.release.manifest
        if out:
            shutil.move(made.release.path, out)
    differing = sorted({path for path, _ in then.sums.items() ^ now.sums.items()})
    return Rebuilt(then, tuple(differing), tuple(_otherwise(then.made_from, now.made_from)))


@contextmanager
def _then(settings: Settings, then: Manifest, scratch: Path) -> Iterator[Source]:
    """What a release was made from, as far as it is still there, to be released again in a scratch folder."""
    from foi_etl.publish.manifest import before, version_key  # noqa: PLC0415 - as above

    until, releases = then.made_from.until, scratch / "releases"
    if taken := before(then.version):
        (releases / taken).mkdir(parents=True)  # so that the next number is that of the release
    with (
        wiring.archive_of(settings, read_only=True) as archive,
        archive.as_of(until, scratch / "ledger.sqlite") as known,
    ):
        source = _source(settings, known, then.description, scratch / "history.sqlite", until)
        yield replace(
            source,
            pieces=scratch / "pieces",
            releases=releases,
            far_releases="",
            state=scratch / "released.json",
            day=date(*version_key(then.version)[:3]),
            accept="made again",
        )


def _source(settings: Settings, archive: Archive, description: str, memory: Path, until: str = "") -> Source:
    """What a release is made from: all of it, or what was known at a moment."""
    from foi_etl.readings import Source  # noqa: PLC0415 - as above
    from foi_etl.studies import studies  # noqa: PLC0415

    youngest = next(archive.newest(), None)
    owed = owing(
        wiring.whole_register(settings).agencies,
        wiring.changes(settings),
        divisions(),
        runs=settings.runs,
        memory=memory,
        youngest=youngest.fetched_at if youngest else "",
        until=until,
    )
    return Source(
        shelf=archive.shelf,
        captures=partial(archive.by_agency, "report"),
        attachments=partial(archive.captures, purpose="attachment"),
        corrections=wiring.corrections(settings),
        pieces=settings.pieces,
        releases=settings.releases,
        far_releases=settings.far_releases,
        state=settings.released,
        description=description,
        day=date.min,
        studies=studies(owed, archive.answers_of_gone()),
        made_from=_origin(settings, archive, memory, until),
    )


def _origin(settings: Settings, archive: Archive, memory: Path, until: str) -> Origin:
    """What a release says of what it is made from."""
    runs = begun(settings.runs, until)
    moments = (archive.last(), last_visit(memory), *(moment_of(one.name) for one in runs[-1:]))
    register = wiring.register(settings)
    written = (register, register.with_name(CHANGES), wiring.corrected_in(settings))
    return made_by().model_copy(
        update={
            "until": max(moments),
            "runs": len(runs),
            "files": {one.name: _digest(one.read_bytes()) for one in written if one.is_file()}
            | {"divisions": divisions().digest},
        }
    )


def _otherwise(then: Origin, now: Origin) -> Iterator[str]:
    """What is not what it was, and what to do about it."""
    if (then.commit, then.readers) != (now.commit, now.readers):
        told = then.commit or "an unknown commit"
        yield (
            f"it was made by foi-etl {then.code} of {told}, readers {then.readers}; this is {now.commit}, "
            f"readers {now.readers}: check that commit out, set it up, and rebuild there"
        )
    old, new = ({"python": one.python, **one.libraries} for one in (then, now))
    for name in sorted({one for one, _ in old.items() ^ new.items()}):
        yield f"{name} was {old.get(name, 'absent')} and is {new.get(name, 'absent')}"
    for name in sorted({one for one, _ in then.files.items() ^ now.files.items()}):
        yield f"{name} is not what it was: put back that of the time"
    if (then.archive, then.captures) != (now.archive, now.captures):
        yield (
            f"the archive as of {then.until} holds {now.captures:,} captures of reports, or reads them with "
            f"other corrections; the release had {then.captures:,}"
        )
    if then.runs != now.runs:
        yield f"{now.runs:,} runs began by {then.until}; the release knew {then.runs:,}"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:16]


def _crew(settings: Settings, cluster: str, due: int) -> Crew:
    """Whoever reads: a cluster where one is named; processes, as many as there is enough for."""
    if cluster:
        return join_cluster(cluster)
    return _processes(settings, -(-due // _WORTH_A_PROCESS))


def _share(settings: Settings, captures: int) -> AbstractContextManager[Share]:
    """How studies and files are shared out. Always on this machine: a cluster does not see our disk."""
    crew = _processes(settings, captures // _WORTH_SHARING)
    return among(crew) if crew.size > 1 else nullcontext(here)


def _processes(settings: Settings, worth: int) -> Crew:
    return processes(max(min(settings.readers or cores(), worth), 1), "foi_etl.chunks")
