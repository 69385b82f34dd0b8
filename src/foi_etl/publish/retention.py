"""Which nightlies are kept, and taking the others away.

Kept are, whatever their age: every release that is or was stable, the latest one, those of the last days that
a person asked for, the last one of each month, and the release that the delta of any of these is about. The
others are nightlies that nobody was told to cite.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from foi_etl.publish.channels import STABLE
from foi_etl.publish.disk import alone
from foi_etl.publish.manifest import version_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foi_etl.publish.channels import Channels
    from foi_etl.publish.place import Place


@dataclass(frozen=True, slots=True)
class Kept:
    """The days for which a nightly is kept, and the day it is."""

    days: int
    today: date

    @property
    def rule(self) -> str:
        """Why others are taken away."""
        return f"a nightly older than {self.days} days, and not the last of its month"

    def of(self, since: Mapping[str, str | None], channels: Channels, latest: str | None) -> dict[str, str]:
        """The versions that are kept, each with the reason; `since` says what the delta of each is about."""
        kept: dict[str, str] = {}
        last = {version_key(one)[:2]: one for one in sorted(since, key=version_key)}
        for version in since:
            if channels.of(version) == STABLE:
                kept[version] = STABLE
            elif version == latest:
                kept[version] = "the latest"
            elif date(*version_key(version)[:3]) > self.today - timedelta(self.days):
                kept[version] = f"of the last {self.days} days"
            elif version in last.values():
                kept[version] = "the last of its month"
        for version in [*kept]:
            before = since[version]
            if before and before in since:
                kept.setdefault(before, f"the delta of {version} is about it")
        return kept


def spared(place: Place, rule: Kept) -> tuple[dict[str, str], list[str]]:
    """The releases that are kept, each with the reason, and those that are not, oldest first."""
    since = {version: manifest.since for version, manifest in place.manifests().items()}
    told = place.channels
    kept = rule.of(since, told, place.latest)
    begun = {one.version for one in told.removed}  # where a kill left a part of them
    return kept, [one for one in place.versions if one not in kept and (one in since or one in begun)]


def prune(place: Place, rule: Kept) -> Sequence[str]:
    """Take the nightlies away that are not kept; which they were, oldest first.

    That one is gone, when and why is said before it goes.
    """
    if place.latest is None:
        return ()
    with alone(place.near):
        _, unneeded = spared(place, rule)
        for version in unneeded:
            place.remove(version, rule.today, rule.rule)
    return unneeded
