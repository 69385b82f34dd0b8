"""Zip files, opened with care: how many members, how large, and XML without a document type."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from lxml import etree

from foi_etl.errors import NotAReport

MOST_MEMBERS: Final = 3000
LARGEST_MEMBER: Final = 64 * 2**20
LARGEST_WHOLE: Final = 256 * 2**20
_DOCTYPE: Final = (b"<!DOCTYPE", b"<!ENTITY")


class Parcel:
    """A zip in memory. Everything taken from it is bounded, whatever its directory claims."""

    def __init__(self, body: bytes, name: str) -> None:
        self._name = name
        self._taken = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            message = f"the zip cannot be opened, it may be cut off: fetch it again ({error})"
            raise NotAReport(message, file=name, bytes=len(body)) from error
        self.members: tuple[str, ...] = tuple(self._zip.namelist())
        if len(self.members) > MOST_MEMBERS:
            raise NotAReport(
                f"a zip of {len(self.members)} members is no report (at most {MOST_MEMBERS})", file=name
            )

    def take(self, member: str, at_most: int = LARGEST_MEMBER) -> bytes:
        """The bytes of a member. NotAReport for one that is missing, locked, broken or too large."""
        try:
            with self._zip.open(member) as stream:
                body = stream.read(min(at_most, LARGEST_WHOLE - self._taken) + 1)
        except KeyError as error:
            raise NotAReport(
                f"the zip lacks {member}: it is cut off or something else", file=self._name
            ) from error
        except RuntimeError as error:
            raise NotAReport(
                f"{member} is locked: ask the agency for an open file", file=self._name
            ) from error
        except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, etree.Error) as error:
            raise NotAReport(
                f"{member} is broken: fetch the file again ({error})", file=self._name
            ) from error
        except Exception as error:  # zlib.error has no better base
            raise NotAReport(
                f"{member} is broken: fetch the file again ({error})", file=self._name
            ) from error
        self._taken += len(body)
        if len(body) > at_most or self._taken > LARGEST_WHOLE:
            message = f"{member} unpacks to more than {at_most // 2**20} MB, or all to more than "
            message += f"{LARGEST_WHOLE // 2**20} MB: that is no report"
            raise NotAReport(message, file=self._name)
        return body

    def xml(self, member: str) -> etree._Element:
        """A member as XML. One that declares a document type or entities is refused: no report needs them."""
        return parsed(self.take(member), member, self._name)

    def plain_xml(self, member: str) -> bytes:
        """The XML of a member, not parsed yet, which declares nothing that could grow or be fetched."""
        body = self.take(member)
        _refuse_doctype(body, member, self._name)
        return body


def _refuse_doctype(body: bytes, member: str, name: str) -> None:
    plain = body.replace(b"\x00", b"")
    if any(mark in plain for mark in _DOCTYPE):
        message = f"{member} declares a document type or entities, which no report needs: it is not read"
        raise NotAReport(message, file=name)


def parsed(body: bytes, member: str, name: str) -> etree._Element:
    """Bytes as XML, with nothing fetched and nothing expanded."""
    _refuse_doctype(body, member, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotAReport(f"{member} is broken XML: fetch the file again ({error})", file=name) from error


def member_kind(body: bytes, name: str) -> str:
    """What a zip holds, by the members every such file has: docx, xlsx, ofd, or only zip."""
    names = set(Parcel(body, name).members)
    if "word/document.xml" in names:
        return "docx"
    if {"xl/workbook.xml", "xl/workbook.bin"} & names:
        return "xlsx"
    return "ofd" if "OFD.xml" in names else "zip"
