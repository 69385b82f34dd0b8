"""The codebook: every published column and every cell of the forms, in both languages."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from foi_etl.rules import CrossRule, LooseRule, ProseRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foi_etl.forms import CellSpec, Form, Statute
    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import Layout, TableLayout

COLUMNS = (
    "kind",
    "table",
    "name",
    "label",
    "label_zh",
    "description",
    "description_zh",
    "unit",
    "type",
    "editions",
    "articles",
    "identities",
)
_SEVERAL = "; "


def codebook(statute: Statute, layout: Layout) -> list[dict[str, str]]:
    """One line per published column, per cell of the forms, per topic of sentences and per rule.

    A cell that two editions describe alike has one line; where anything differs, a line for each.
    """
    columns = [_column(table, column) for table in layout.tables.values() for column in table.columns]
    cells = [line for table in statute.tables for line in _cells(statute, table)]
    return [*columns, *cells, *_statements(statute), *_rules(statute)]


def codebook_csv(statute: Statute, layout: Layout) -> str:
    """The codebook as CSV text."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(codebook(statute, layout))
    return text.getvalue()


def _column(table: TableLayout, column: Column) -> dict[str, str]:
    return {
        "kind": "column",
        "table": table.name,
        "name": column.name,
        "label": column.label,
        "label_zh": column.label_zh,
        "description": column.english,
        "description_zh": column.chinese,
        "unit": column.unit,
        "type": column.type,
        "editions": _SEVERAL.join(column.editions),
        "articles": _SEVERAL.join(column.articles),
        "identities": "",
    }


def _cells(statute: Statute, table: str) -> Iterator[dict[str, str]]:
    """Lines of one statutory table, oldest edition first, editions that agree on one line."""
    lines: dict[tuple[str, ...], tuple[dict[str, str], list[str]]] = {}
    for form in statute.editions(table):
        for spec in form.cells.values():
            line = _cell(form, spec)
            lines.setdefault(tuple(line.values()), (line, []))[1].append(form.edition)
    for line, editions in lines.values():
        yield line | {"editions": _SEVERAL.join(editions)}


def _statements(statute: Statute) -> Iterator[dict[str, str]]:
    for topic in statute.prose.topics:
        yield dict.fromkeys(COLUMNS, "") | {
            "kind": "statement",
            "table": "narrative",
            "name": topic.id,
            "label": topic.label,
            "label_zh": topic.label_zh,
            "unit": _SEVERAL.join(sorted(filter(None, topic.units))),
            "type": "number",
        }


def _rules(statute: Statute) -> Iterator[dict[str, str]]:
    rules: list[ProseRule | CrossRule | LooseRule] = [*statute.rules.prose]
    for rule in (*rules, *statute.rules.cross, *statute.rules.loose):
        yield dict.fromkeys(COLUMNS, "") | {
            "kind": "rule",
            "table": "checks",
            "name": rule.id,
            "label": rule.english,
            "label_zh": rule.chinese,
            "description": f"{rule.note} Formula: {rule.formula}",
            "type": rule.weight,
            "editions": _SEVERAL.join(_editions(statute, rule)),
        }


def _editions(statute: Statute, rule: ProseRule | CrossRule | LooseRule) -> list[str]:
    """The editions that have a cell the rule speaks of."""
    sums = rule.admits if isinstance(rule, ProseRule) else (rule.left, rule.right)
    cells = {term.cell for total in sums for term in total}
    if isinstance(rule, LooseRule) and rule.cell:
        cells.add(rule.cell)
    return sorted({form.edition for form in statute.forms if cells & form.cells.keys()})


def _cell(form: Form, spec: CellSpec) -> dict[str, str]:
    standing = [one for one in form.identities if spec.id in one.cells]
    return {
        "kind": "cell",
        "table": form.table,
        "name": spec.id,
        "label": spec.english,
        "label_zh": spec.label,
        "description": "A sum of other cells of the form." if spec.is_total else "",
        "description_zh": "合计单元格。" if spec.is_total else "",
        "unit": spec.unit,
        "type": spec.type,
        "editions": "",
        "articles": _SEVERAL.join(spec.articles),
        "identities": _SEVERAL.join(one.id for one in standing),
    }
