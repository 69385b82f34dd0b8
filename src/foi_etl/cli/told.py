"""What a person has been told already: a document that cannot be read is complained of once."""

from __future__ import annotations

import json
from collections.abc import Sequence

from foi_etl.model import Refusal
from foi_etl.settings import Settings


def untold(here: Settings, refused: Sequence[Refusal]) -> list[Refusal]:
    """The refusals that no run told of before; now they are told. Nothing is written where there are none."""
    path = here.home / "state" / "told.json"
    told = set(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else set()
    now = {f"{one.name} {one.reason}" for one in refused}
    if now != told:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(sorted(now), indent=0), encoding="utf-8")
        draft.replace(path)
    return [one for one in refused if f"{one.name} {one.reason}" not in told]
