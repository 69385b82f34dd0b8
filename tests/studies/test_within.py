"""No sum adds an aggregate to its parts."""

from __future__ import annotations

from random import Random

from foi_etl.model import Agency
from foi_etl.owed import AGGREGATES
from foi_etl.studies.within import within


def body(name: str, kind: str, parent: str = "") -> Agency:
    return Agency(name, name, "trs", "http://a/", kind=kind, parent=parent)


BODIES = [
    (body("province", "gov"), "320000", "gov_aggregate"),
    (body("city", "gov"), "321300", "gov_aggregate"),
    (body("city-office", "gov_office"), "321300", "organ"),
    (body("city-finance", "department"), "321300", "organ"),
    (body("city-tax", "vertical", "tax"), "321300", "organ"),
    (body("town", "township_gov"), "321302100", "organ"),
    (body("elsewhere", "department"), "330100", "organ"),
    (body("tax", "vertical"), "", "system_aggregate"),
    (body("zone", "department", "city"), "", "organ"),
    (body("county", "gov"), "320813", None),
    (body("station", "department", "ended"), "", "organ"),
]
ENDED = body("ended", "department", "city")
"""It owes nothing any more, and stands between two that do."""


def told(*listed: tuple[Agency, str, str | None]) -> dict[str, str]:
    bodies, codes, scopes = zip(*listed, strict=True)
    above = {one.id: one.parent for one in (*bodies, ENDED)}
    return dict(zip((one.id for one in bodies), within(bodies, codes, scopes, above), strict=True))


def test_each_stands_within_the_nearest_aggregate_above_it() -> None:
    assert told(*BODIES) == {
        "province": "", "city": "province", "city-office": "city", "city-finance": "city", "city-tax": "tax",
        "town": "city", "elsewhere": "", "tax": "", "zone": "city", "county": "province",
        "station": "city",
    }  # fmt: skip


def test_without_the_aggregate_nothing_stands_within_it() -> None:
    kept = [(one, code, "organ" if one.id == "city" else scope) for one, code, scope in BODIES]
    assert told(*kept)["city-finance"] == "province"


def test_rows_within_nothing_can_be_added_up() -> None:
    dice = Random(3)
    for _ in range(50):
        listed = [(one, code, dice.choice(["organ", "gov_aggregate", None])) for one, code, _ in BODIES]
        where, scopes = told(*listed), {one.id: scope for one, _, scope in listed}
        counted = [name for name, above in where.items() if not above]
        assert all(scopes[above] in AGGREGATES for above in where.values() if above)
        codes = {one.id: code.rstrip("0") for one, code, _ in listed if code and one.kind != "vertical"}
        for whole in (name for name in counted if scopes[name] in AGGREGATES and name in codes):
            parts = [
                n for n in counted if n != whole and n in codes and codes[n].startswith(codes[whole] or "x")
            ]
            assert parts == []
