"""The release as schema.org and Croissant describe data, for search engines and for loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foi_etl.publish.columns import Column
    from foi_etl.publish.layout import Layout, TableLayout
    from foi_etl.publish.manifest import Entry, Manifest

CROISSANT: Final = "croissant.json"
_CONFORMS: Final = "http://mlcommons.org/croissant/1.0"
_PARQUET: Final = "application/x-parquet"
_TYPES: Final = {
    "string": "sc:Text",
    "int64": "sc:Integer",
    "float64": "sc:Float",
    "bool": "sc:Boolean",
    "date32": "sc:Date",
    "list<string>": "sc:Text",
}
_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "includes": "cr:includes",
    "key": "cr:key",
    "recordSet": "cr:recordSet",
    "repeated": "cr:repeated",
    "sc": "https://schema.org/",
    "source": "cr:source",
}


def croissant(manifest: Manifest, layout: Layout) -> dict[str, object]:
    """The release as a Croissant 1.0 dataset, which is a schema.org Dataset too."""
    package = layout.package
    version = manifest.version
    year, month, day = version.split(".")[:3]
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": _CONFORMS,
        "name": package["name"],
        "alternateName": [package["title"], package["title_zh"]],
        "description": " ".join(filter(None, (package["english"], manifest.description))),
        "inLanguage": ["en", "zh"],
        "version": version,
        "datePublished": f"{year}-{month}-{day}",
        "isAccessibleForFree": True,
        "keywords": ["freedom of information", "open government information", "China", "政府信息公开"],
        "citeAs": f"{package['title']}, release {version}",
        "creator": {"@type": "sc:Organization", "name": "the foi-etl authors"},
        "spatialCoverage": {"@type": "sc:Place", "name": "China"},
        "variableMeasured": list(_measured(layout)),
        "distribution": [*(_object(one) for one in manifest.tables), *(_sets(manifest.tables))],
        "recordSet": [_records(table) for table in layout.tables.values() if table.name in manifest.names],
    }


def _measured(layout: Layout) -> Iterator[dict[str, str]]:
    """The measures of the wide tables, each once."""
    for table in layout.tables.values():
        for column in table.columns:
            if column.measure:
                named = {"@type": "sc:PropertyValue", "name": column.name, "description": column.label}
                yield {**named, "alternateName": column.label_zh, "unitText": column.unit}


def _object(entry: Entry) -> dict[str, object]:
    return {
        "@type": "cr:FileObject",
        "@id": entry.path,
        "name": entry.path,
        "contentUrl": entry.path,
        "contentSize": f"{entry.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": entry.sha256,
    }


def _sets(entries: Sequence[Entry]) -> Iterator[dict[str, object]]:
    """The files of each table as one set."""
    for name in sorted({entry.table for entry in entries}):
        paths = [entry.path for entry in entries if entry.table == name]
        yield {
            "@type": "cr:FileSet",
            "@id": f"{name}-files",
            "name": f"{name}-files",
            "description": f"Every file of the table {name}.",
            "encodingFormat": _PARQUET,
            "includes": paths,
        }


def _records(table: TableLayout) -> dict[str, object]:
    key = [{"@id": f"{table.name}/{name}"} for name in table.key]
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.english,
        **({"key": key} if key else {}),
        "field": [_field(table, column) for column in table.columns],
    }


def _field(table: TableLayout, column: Column) -> dict[str, object]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": column.name,
        "description": column.english,
        "dataType": _TYPES[column.type],
        **({"repeated": True} if column.type.startswith("list") else {}),
        "source": {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": column.name}},
    }
