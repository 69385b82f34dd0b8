"""A zip of documents: the one report in it, or a refusal that names what else there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from foi_etl.errors import NotAReport
from foi_etl.extract.kind import kind
from foi_etl.extract.parcel import Parcel
from foi_etl.model import Document

MOST: Final = 40
"""Members of a zip that are looked at."""
_LARGEST: Final = 32 * 2**20
_KINDS: Final = ("html", "docx", "xlsx", "pdf", "ofd", "rtf", "xls", "doc")
"""What is read inside a zip, and which is believed first where one report is there in several kinds."""


def read_bundle(body: bytes, name: str, read: Callable[[bytes, str], Document]) -> Document:
    """The report in a zip. A zip inside a zip is not opened; two reports in one zip are refused."""
    parcel = Parcel(body, name)
    members = [one for one in parcel.members if not one.endswith("/")]
    if len(members) > MOST:
        raise NotAReport(f"a zip of {len(members)} files is no report (at most {MOST})", file=name)
    found: dict[str, tuple[int, str, Document]] = {}
    reasons: list[str] = []
    for member in members:
        try:
            content = parcel.take(member, _LARGEST)
            what = _readable(content, member)
            document = read(content, f"{name}!{member}")
        except NotAReport as error:
            reasons.append(f"{member}: {error.message}")
            continue
        stem = member.rpartition(".")[0]
        if stem not in found or _KINDS.index(what) < found[stem][0]:
            found[stem] = (_KINDS.index(what), member, document)
    if len(found) == 1:
        return next(iter(found.values()))[2]
    if not found:
        told = "; ".join(reasons[:5]) or "it is empty"
        raise NotAReport(f"nothing in the zip is a report: {told}", file=name)
    names = ", ".join(sorted(member for _, member, _ in found.values()))
    raise NotAReport(f"the zip holds several reports, give each as a document of its own: {names}", file=name)


def _readable(content: bytes, member: str) -> str:
    what = kind(content, member)
    if what not in _KINDS:
        raise NotAReport(f"a {what} is not read inside a zip")
    return what
