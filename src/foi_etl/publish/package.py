"""The papers that go with the tables: datapackage.json, croissant.json, codebook.html, SHA256SUMS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from foi_etl.publish.codebook_html import CODEBOOK_HTML, codebook_html
from foi_etl.publish.croissant import CROISSANT, croissant
from foi_etl.publish.manifest import (
    CHECKSUMS,
    CODEBOOK,
    DATAPACKAGE,
    MANIFEST,
    Entry,
    Manifest,
    Source,
    sha256,
)

if TYPE_CHECKING:
    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import Layout, TableLayout

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FIELD_TYPES = {
    "string": "string",
    "int64": "integer",
    "float64": "number",
    "bool": "boolean",
    "date32": "date",
    "list<string>": "any",  # frictionless 5.21 takes an array that stands in Parquet for none
}


def describe_tables(draft: Path) -> tuple[Entry, ...]:
    """An entry for every Parquet file of a draft, by path."""
    return tuple(entry_of(draft, path) for path in sorted(draft.rglob("*.parquet")) if path.is_file())


def entry_of(draft: Path, path: Path) -> Entry:
    """A file of a release, as its manifest names it."""
    return Entry(
        path=path.relative_to(draft).as_posix(),
        rows=pq.read_metadata(path).num_rows,
        bytes=path.stat().st_size,
        sha256=sha256(path),
    )


def manifest_of(
    draft: Path, version: str, previous: str | None, description: str, made_from: Source
) -> Manifest:
    """The manifest of the tables that lie in a draft."""
    tables = describe_tables(draft)
    captures = sum(entry.rows for entry in tables if entry.table == "captures")
    return Manifest(
        version=version,
        previous=previous,
        description=description,
        made_from=made_from.model_copy(update={"captures": captures}),
        tables=tables,
        codebook=sha256(draft / CODEBOOK),
    )


def write_papers(draft: Path, manifest: Manifest, layout: Layout) -> None:
    """Write what describes the tables, then the checksums of everything."""
    (draft / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    package = json.dumps(datapackage(manifest, layout), ensure_ascii=False, indent=1)
    (draft / DATAPACKAGE).write_text(package + "\n", encoding="utf-8")
    described = json.dumps(croissant(manifest, layout), ensure_ascii=False, indent=1)
    (draft / CROISSANT).write_text(described + "\n", encoding="utf-8")
    page = codebook_html((draft / CODEBOOK).read_text(encoding="utf-8"), draft, layout, manifest.version)
    (draft / CODEBOOK_HTML).write_text(page, encoding="utf-8")
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    lines = [f"{sha256(path)}  {path.relative_to(draft).as_posix()}\n" for path in files]
    (draft / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def datapackage(manifest: Manifest, layout: Layout) -> dict[str, object]:
    """The release as a Frictionless data package; what has a Chinese text has it under `…_zh`."""
    package = layout.package
    return {
        "$schema": _PROFILE,
        "name": package["name"],
        "title": package["title"],
        "title_zh": package["title_zh"],
        "description": " ".join(filter(None, (package["english"], manifest.description))),
        "description_zh": package["chinese"],
        "version": manifest.version,
        "keywords": ["freedom of information", "open government information", "China", "政府信息公开"],
        "contributors": [{"title": "the foi-etl authors", "roles": ["creator"]}],
        "resources": [_resource(entry, layout.of(entry.path)) for entry in manifest.files],
    }


def _resource(entry: Entry, layout: TableLayout) -> dict[str, object]:
    return {
        "name": entry.path.replace(".parquet", "").replace("/", "-"),
        "title": layout.title,
        "title_zh": layout.title_zh,
        "description": layout.english,
        "description_zh": layout.chinese,
        "path": entry.path,
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        # No "bytes": frictionless 5.21 does not count those of Parquet, and faults whoever states them.
        "hash": f"sha256:{entry.sha256}",
        "rows": entry.rows,
        "schema": {
            "fields": [_field(column) for column in layout.columns],
            **({"primaryKey": list(layout.key)} if layout.key else {}),
        },
    }


def _field(column: Column) -> dict[str, object]:
    return {
        "name": column.name,
        "type": _FIELD_TYPES[column.type],
        "title": column.label,
        "title_zh": column.label_zh,
        "description": column.english,
        "description_zh": column.chinese,
        **({"unit": column.unit} if column.unit else {}),
        **({} if column.nullable else {"constraints": {"required": True}}),
    }
