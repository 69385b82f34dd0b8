"""The codebook as a page: every variable, how often it is missing and why, how it is spread."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from foi_etl.publish.layout import Layout, TableLayout

CODEBOOK_HTML: Final = "codebook.html"
_SPREAD: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
_KINDS: Final = {
    "column": ("Columns", "数据列"),
    "cell": ("Cells of the forms", "法定表格单元格"),
    "statement": ("What sentences state", "正文所述数字"),
    "rule": ("Rules", "核查规则"),
}
_WARNING: Final = (
    "A government's report may add up all bodies below it (scope gov_aggregate or system_aggregate): "
    "never add it to its parts; within, in the panel, names the aggregate a row is part of. "
    "Rows and cells with is_total are sums of others."
)
_WARNING_ZH: Final = (
    "政府报告可能汇总其所属各机关数据，切勿与其组成部分相加（panel 表 within 列载明所属汇总）；"
    "is_total 为真者为合计。"
)
_AT_ONCE: Final = 8
"""Columns that are held at once."""
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{border:1px solid #ccc;padding:.3rem .5rem;"
    "text-align:left;vertical-align:top}th{background:#f3f3f3}code{font-size:.9em}.zh{color:#444}"
    ".warning{border-left:4px solid #b50;padding:.5rem 1rem;background:#fff6ee}"
)


class Spread(NamedTuple):
    """What a column of a release holds."""

    rows: int
    missing: int
    quantiles: tuple[float, ...] = ()
    """Least, first quarter, middle, third quarter, most."""


def codebook_html(codebook: str, release: Path, layout: Layout, version: str) -> str:
    """The page, from the codebook's own lines and the files of the release."""
    lines: dict[str, list[dict[str, str]]] = defaultdict(list)
    for line in csv.DictReader(io.StringIO(codebook)):
        lines[line["kind"]].append(line)
    spreads = {table.name: spread(release, table) for table in layout.tables.values()}
    why = reasons(release)
    parts = [_head(layout, version)]
    for kind, told in lines.items():
        english, chinese = _KINDS.get(kind, (kind, kind))
        parts.append(
            f'<h2 id="{escape(kind)}">{escape(english)} <span class="zh">{escape(chinese)}</span></h2>'
        )
        parts.append("<table><tr>" + "".join(f"<th>{name}</th>" for name in _HEADS) + "</tr>")
        parts += [_line(line, spreads, why) for line in told]
        parts.append("</table>")
    return "\n".join([*parts, "</body></html>\n"])


_HEADS: Final = (
    "name 名称",
    "meaning 含义",
    "unit, type 单位、类型",
    "editions, articles 版本、条款",
    "missing 缺失",
    "spread 分布",
)


def _head(layout: Layout, version: str) -> str:
    package = layout.package
    title = f"{package['title']} {version} · codebook 代码簿"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f'<p>{escape(package["english"])}</p><p class="zh" lang="zh">{escape(package["chinese"])}</p>'
        f'<p class="warning">{escape(_WARNING)}<br><span lang="zh">{escape(_WARNING_ZH)}</span></p>'
    )


def _line(
    line: Mapping[str, str], spreads: Mapping[str, Mapping[str, Spread]], why: Mapping[str, Counter[str]]
) -> str:
    told = spreads.get(line["table"], {}).get(line["name"]) if line["kind"] == "column" else None
    states = why.get(line["name"], Counter()) if line["kind"] == "cell" else Counter[str]()
    place = f"{line['table']}." if line["table"] else ""
    english = f"<b>{escape(line['label'])}</b> {escape(line['description'])}"
    chinese = f"<b>{escape(line['label_zh'])}</b> {escape(line['description_zh'])}"
    cells = (
        f"<code>{escape(place + line['name'])}</code>",
        f'{english}<br><span class="zh" lang="zh">{chinese}</span>',
        escape(" · ".join(filter(None, (line["unit"], line["type"])))),
        escape(" · ".join(filter(None, (line["editions"], line["articles"], line["identities"])))),
        escape(_missing(told, states)),
        escape(_quantiles(told)),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _missing(told: Spread | None, states: Counter[str]) -> str:
    if told is not None and told.rows:
        return f"{told.missing:,} of {told.rows:,} ({told.missing / told.rows:.1%})"
    whole = states.total()
    return ", ".join(f"{state} {count / whole:.1%}" for state, count in sorted(states.items()))


def _quantiles(told: Spread | None) -> str:
    return " | ".join(f"{value:g}" for value in told.quantiles) if told else ""


def spread(release: Path, table: TableLayout) -> dict[str, Spread]:
    """How often each column is missing, and of the measures of the wide tables how they are spread."""
    paths = list(_files(release, table.name))
    whole, nulls = _counted(paths)
    told: dict[str, tuple[float, ...]] = {}
    spread_out = [one.name for one in table.columns if table.form and one.measure and whole > nulls[one.name]]
    for start in range(0, len(spread_out), _AT_ONCE):
        some = spread_out[start : start + _AT_ONCE]
        values = pa.concat_tables([pq.read_table(path, columns=some) for path in paths])
        told |= {name: tuple(pc.quantile(values[name], q=list(_SPREAD)).to_pylist()) for name in some}
    return {one.name: Spread(whole, nulls[one.name], told.get(one.name, ())) for one in table.columns}


def _counted(paths: Iterable[Path]) -> tuple[int, Counter[str]]:
    """Rows, and nulls of each column, from what Parquet knows of itself: nothing is read."""
    rows, nulls = 0, Counter[str]()
    for path in paths:
        metadata = pq.read_metadata(path)
        rows += metadata.num_rows
        for group in map(metadata.row_group, range(metadata.num_row_groups)):
            for column in map(group.column, range(group.num_columns)):
                if column.statistics is not None:
                    nulls[column.path_in_schema] += column.statistics.null_count or 0
    return rows, nulls


def reasons(release: Path) -> dict[str, Counter[str]]:
    """How often each cell of the forms is in each state."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for path in _files(release, "facts"):
        both = ["cell_id", "state"]
        table = pq.read_table(path, columns=both, read_dictionary=both).unify_dictionaries()
        for row in table.group_by(both).aggregate([([], "count_all")]).to_pylist():
            counted[row["cell_id"]][row["state"]] += row["count_all"]
    return counted


def _files(release: Path, name: str) -> Iterator[Path]:
    for place in (release / f"{name}.parquet", release / name):
        if place.is_file():
            yield place
        elif place.is_dir():
            yield from sorted(place.glob("*.parquet"))
