"""What a person may turn. Settings enter by the door and are handed inward as values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from foi_etl.errors import WrongUsage

_NUMBERS: Final = "FOI_PAUSE, FOI_BUDGET, FOI_READERS, FOI_WORKERS, FOI_HOST_BUDGET and FOI_KEEP_DAYS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are kept, who we say we are, and how long we wait between two requests to a host."""

    home: Path
    contact: str = ""
    """An address or a web page, sent to every portal. Needed before any real portal is asked."""
    pause: float = 5.0
    """Seconds between the end of one request to a host and the next; never less than robots.txt asks for."""
    budget: int = 200
    """Pages of one portal a visit may read before it stops."""
    workers: int = 8
    """Hosts visited at the same time."""
    readers: int = 0
    """Processes that read the archive and write the release; 0 for one on each core."""
    far_archive: str = ""
    """Where the WARC files go when they are closed, as a URL (s3://bucket/prefix); empty where they stay."""
    near_archive: Path | None = None
    """The folder of the archive, where it is not in the home."""
    far_releases: str = ""
    """Where the releases stand, as a URL (s3://bucket/prefix); empty where they stay."""
    near_releases: Path | None = None
    """The folder of the releases, where it is not in the home."""
    host_budget: int = 400
    """Requests that a host gets in one night from all the agencies that are due there."""
    keep_days: int = 0
    """Days for which every nightly is kept, and then the last of each month; 0 keeps all of them."""
    notify: tuple[str, ...] = ()
    """Who is told what a run came to, as apprise addresses. They hold passwords and are shown nowhere."""

    @classmethod
    def from_env(cls, env: Mapping[str, str], home: Path | None = None) -> Self:
        """The settings of this environment: FOI_HOME, FOI_CONTACT, FOI_PAUSE and their like."""
        archive, releases = _place(env.get("FOI_ARCHIVE", "")), _place(env.get("FOI_RELEASES", ""))
        try:
            return cls(
                home=home or Path(env.get("FOI_HOME") or "data"),
                contact=env.get("FOI_CONTACT", ""),
                near_archive=archive[0],
                far_archive=archive[1],
                near_releases=releases[0],
                far_releases=releases[1],
                pause=float(env.get("FOI_PAUSE", "5")),
                budget=int(env.get("FOI_BUDGET", "200")),
                workers=int(env.get("FOI_WORKERS", "8")),
                readers=int(env.get("FOI_READERS", "0")),
                host_budget=int(env.get("FOI_HOST_BUDGET", "400")),
                keep_days=int(env.get("FOI_KEEP_DAYS", "0")),
                notify=tuple(env.get("FOI_NOTIFY", "").split()),
            )
        except ValueError as error:
            raise WrongUsage(f"{_NUMBERS} must be numbers: {error}") from error

    @classmethod
    def here(cls, home: Path | None = None) -> Self:
        """The settings of this process."""
        return cls.from_env(os.environ, home)

    @property
    def archive(self) -> Path:
        """The ledger and the WARC files; where these go elsewhere, those that are being written."""
        return self.near_archive or self.home / "archive"

    @property
    def releases(self) -> Path:
        """The releases, and `latest`; where they stand elsewhere, copies, which may be deleted."""
        if self.far_releases:
            return self.state / "releases"
        return self.near_releases or self.home / "releases"

    @property
    def state(self) -> Path:
        """Locks, and what is remembered so that it need not be found out again."""
        return self.home / "state"

    @property
    def pieces(self) -> Path:
        """What was read, in pieces, until a release needs it again. It may be deleted."""
        return self.state / "pieces"

    @property
    def released(self) -> Path:
        """What the latest release was made from. It may be deleted."""
        return self.state / "released.json"

    @property
    def history(self) -> Path:
        """What is remembered of the visits to each agency; derived from `runs`."""
        return self.state / "history.sqlite"

    @property
    def attached(self) -> Path:
        """The files that reports' pages lead to, as they were found there. It may be deleted."""
        return self.state / "attached.sqlite"

    @property
    def runs(self) -> Path:
        """What each run asked and what came of it, a folder for each."""
        return self.home / "runs"

    @property
    def practice(self) -> Path:
        """Where practice portals leave the port they answer at, and the truth of what they publish."""
        return self.home / "practice"


def _place(where: str) -> tuple[Path | None, str]:
    """A folder or a URL, whichever is told."""
    return (None, where) if "://" in where else (Path(where) if where else None, "")
