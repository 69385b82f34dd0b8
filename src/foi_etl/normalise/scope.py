"""For whom a report speaks: one organ, a government with all below it, or a system with all below it.

Told by its title, by the name printed in it, and by what its sentences say they add up; by no number.
The words that tell are those of `schemas/scopes.toml`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from foi_etl.prose import Cue

ORGAN: Final = "organ"
GOV_OWN: Final = "gov_own"
GOV_AGGREGATE: Final = "gov_aggregate"
SYSTEM_AGGREGATE: Final = "system_aggregate"
_HEARD: Final = ("preamble", "overview", "requests", "other")


class Scope(NamedTuple):
    """For whom a report speaks, what told so, and how sure that is."""

    scope: str
    evidence: str
    """The words that decided."""
    confidence: str
    """high, medium or low."""


def scope_of(
    title: str, names: tuple[str, ...], sections: Mapping[str, str], cues: Mapping[str, Cue]
) -> Scope:
    """The scope of a report with this title, by the first name that there is of who it is from."""
    name = next((one for one in names if one), "")
    said = f"{title} {name}"
    heard = " ".join(sections.get(one, "") for one in _HEARD)
    if own := cues["own"].search(title):
        return Scope(ORGAN, own[0], "high")
    if (whole := cues["system"].search(title)) and not cues["government"].search(said):
        return Scope(SYSTEM_AGGREGATE, whole[0], "high")
    if office := cues["office"].search(said):
        # What an office tells of the whole town is its work of supervision, not a sum of reports.
        stands = cues["represents"].search(heard)
        return Scope(GOV_OWN, stands[0], "high") if stands else Scope(ORGAN, office[0], "high")
    if town := cues["township"].search(said):
        return Scope(ORGAN, town[0], "high")
    if government := cues["government"].search(said) or cues["place"].search(title):
        if added := cues["added_up"].search(heard):
            return Scope(GOV_AGGREGATE, f"{government[0]}; {added[0]}", "high")
        return Scope(GOV_AGGREGATE, government[0], "medium")
    if whole := cues["system"].search(heard):
        return Scope(SYSTEM_AGGREGATE, whole[0], "medium" if cues["added_up"].search(heard) else "low")
    return Scope(ORGAN, name[-8:] or title[:20], "high" if name else "low")
