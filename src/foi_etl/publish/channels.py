"""Which releases are stable, and which were taken away: what became of a release after it was made.

Every release begins on the channel `nightly`, whose newest is `latest`. A person promotes one to `stable`,
with a reason. A release itself never changes, so all this is told beside the releases, in `channels.json`;
of one that was taken away, its manifest stays, in `removed/`, so that what was cited can be made again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from foi_etl.errors import ReleaseDamaged

if TYPE_CHECKING:
    from datetime import date

CHANNELS: Final = "channels.json"
REMOVED: Final = "removed"
"""The folder of the manifests of releases that were taken away."""
NIGHTLY: Final = "nightly"
STABLE: Final = "stable"


class Decided(BaseModel):
    """What was decided about a release, when, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str
    on: str
    """ISO 8601."""
    because: str


class Channels(BaseModel):
    """The whole of `channels.json`, each list in the order of the decisions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    promoted: tuple[Decided, ...] = ()
    removed: tuple[Decided, ...] = ()

    @property
    def stable(self) -> str | None:
        """The version that was promoted last."""
        return self.promoted[-1].version if self.promoted else None

    def of(self, version: str) -> str:
        """The channel of a version. What was stable once is so for ever: somebody cites it."""
        return STABLE if any(one.version == version for one in self.promoted) else NIGHTLY

    def promoting(self, version: str, day: date, because: str) -> Channels:
        """The same, with one more that is stable."""
        decided = Decided(version=version, on=day.isoformat(), because=because)
        return self.model_copy(update={"promoted": (*self.promoted, decided)})

    def removing(self, version: str, day: date, because: str) -> Channels:
        """The same, with one more that is taken away."""
        decided = Decided(version=version, on=day.isoformat(), because=because)
        others = (one for one in self.removed if one.version != version)
        return self.model_copy(update={"removed": (*others, decided)})

    def written(self) -> str:
        """As the file says it."""
        return self.model_dump_json(indent=1) + "\n"


def read_channels(said: str | None, file: object) -> Channels:
    """What a file says of channels; nothing was decided yet where there is none."""
    try:
        return Channels.model_validate_json(said) if said is not None else Channels()
    except ValidationError as error:
        message = "what became of the releases cannot be read: restore the file from a backup"
        raise ReleaseDamaged(message, file=file, reason=str(error).splitlines()[0]) from error
