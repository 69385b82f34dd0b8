"""Datastores: lists in XML whose records hold markup, inside a page, behind a proxy or inside JSON.

A parser of HTML finds no link inside `<script type="text/xml">`, so the text itself is worked on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from foi_etl.sources.links import links_in

if TYPE_CHECKING:
    from foi_etl.sources.links import Link

_STORE = re.compile(r"<datastore\b.*?</datastore>", re.DOTALL | re.IGNORECASE)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>\s*</record>", re.DOTALL | re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.IGNORECASE)


def stores_in(text: str) -> list[str]:
    """Every datastore of a text, in its order."""
    return _STORE.findall(text)


def rows_of(stores: list[str], base: str) -> list[Link]:
    """The links of their records."""
    rows = "\n".join(row for store in stores for row in _RECORD.findall(store))
    return list(links_in(rows, base))


def total_of(text: str, otherwise: int = 0) -> int:
    """How many records the answer says there are."""
    found = _TOTAL.findall(text)
    return int(found[-1]) if found else otherwise
