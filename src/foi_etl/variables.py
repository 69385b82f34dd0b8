"""The variables of the panel: what is comparable over the editions, and what analysts ask for.

`schemas/crosswalk.toml` has the harmonised ones (`h_`), sums of cells by edition; `schemas/panel.toml` the
rates (`v_`), a numerator over a denominator. Here they are only read: `studies/panel.py` works them out.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

_TERM: Final = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)\s*")
_STEPS: Final = (("e2014", "e2019"), ("e2019", "e2021"))
Sum = tuple[tuple[int, str], ...]
"""Signs and names: of cells, of variables, of counts in `reports`."""


@dataclass(frozen=True, slots=True)
class Formula:
    """How a variable is made in one edition."""

    above: Sum
    below: Sum = ()
    """The denominator of a rate; empty where there is none."""

    @property
    def written(self) -> str:
        """As a person writes it."""
        return f"({_written(self.above)}) / ({_written(self.below)})" if self.below else _written(self.above)


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the panel."""

    id: str
    label: str
    label_zh: str
    unit: str
    formulas: Mapping[str, Formula]
    """By edition; one without is not in the form, and the variable is missing there."""
    table: str = ""
    """The statutory table whose edition decides; empty where the formulas are the same for any report."""
    prose: str = ""
    """The fact of the narrative it is taken from, where no cell has it."""
    steps: Mapping[str, str] = field(default_factory=dict)
    """Grade of comparability by the step: e2014-e2019, e2019-e2021."""
    caveat: str = ""
    caveat_zh: str = ""
    articles: tuple[str, ...] = ()
    least: int = 0
    """The denominator below which a rate is not given."""
    part_of: str = ""
    """The variable that it and its like add up to."""
    some_of: str = ""
    """The variable that it is a part of, where not all parts are given."""
    stands: bool = False
    """Whether it is so at the turn of a year, and may be so at the next."""

    @property
    def is_rate(self) -> bool:
        """Whether it has a denominator."""
        return any(formula.below for formula in self.formulas.values())

    @property
    def whole(self) -> bool:
        """Whether it counts something."""
        return not self.is_rate and self.unit in {"件", "项", "条", "个"}


def read_variables(crosswalk: str, panel: str) -> tuple[Variable, ...]:
    """Every variable, in the order of the files."""
    harmonised = [_harmonised(one) for one in tomllib.loads(crosswalk)["variables"]]
    rates = [one for raw in tomllib.loads(panel)["rates"] for one in _rates(raw)]
    return (*harmonised, *rates)


def names(total: Sum) -> list[str]:
    """What a sum speaks of."""
    return [name for _, name in total]


def _harmonised(raw: Mapping[str, Any]) -> Variable:
    editions = {e: Formula(_sum(raw[e])) for e in ("e2014", "e2019", "e2021") if e in raw}
    newest = [formula for formula in editions.values() if not formula.above[0][1].startswith("s")]
    return Variable(
        id=raw["id"],
        label=raw["label"],
        label_zh=raw["label_zh"],
        unit=raw.get("unit", "件"),
        formulas=editions,
        table=newest[-1].above[0][1].split("_")[0] if newest else "s",
        prose=raw.get("prose", ""),
        steps={f"{a}-{b}": raw[f"from_{a}"] for a, b in _STEPS if raw.get(f"from_{a}")},
        caveat=raw.get("caveat", ""),
        caveat_zh=raw.get("caveat_zh", ""),
        articles=tuple(raw.get("articles", ())),
        part_of=raw.get("part_of", ""),
        some_of=raw.get("some_of", ""),
        stands=raw.get("stands", False),
    )


def _rates(raw: Mapping[str, Any]) -> Iterator[Variable]:
    for each in raw.get("over", [{}]):
        said = {name: _filled(value, each) for name, value in raw.items() if name != "over"}
        formulas = {
            edition: Formula(_sum(said[f"above_{edition}"]), _sum(said[f"below_{edition}"]))
            for edition in ("e2014",)
            if f"above_{edition}" in said
        }
        if "above" in said:
            made = Formula(_sum(said["above"]), _sum(said["below"]))
            formulas |= dict.fromkeys(said.get("editions", ("e2019", "e2021")), made)
        yield Variable(
            id=said["id"],
            label=said["label"],
            label_zh=said["label_zh"],
            unit="1",
            formulas=formulas,
            table=said.get("table", "t3"),
            caveat=said.get("caveat", ""),
            caveat_zh=said.get("caveat_zh", ""),
            articles=tuple(said.get("articles", ())),
            least=said.get("least", 0),
        )


def _filled(value: Any, each: Mapping[str, str]) -> Any:
    return value.format_map(each) if isinstance(value, str) and each else value


def _sum(text: str) -> Sum:
    told = tuple((-1 if sign == "-" else 1, name) for sign, name in _TERM.findall(text))
    if "".join(f"{'-' * (sign < 0)}{name}" for sign, name in told) != re.sub(r"[\s+]", "", text):
        raise ValueError(f"no sum of names: {text!r}")
    return told


def _written(total: Sum) -> str:
    return " ".join(f"{'-' if sign < 0 else '+'} {name}" for sign, name in total).removeprefix("+ ")
