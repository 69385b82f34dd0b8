"""What is read once by every process: the forms, the layout of a release, and which version of us reads."""

from __future__ import annotations

import hashlib
import platform
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from foi_etl.forms import Statute, read_statute
from foi_etl.prose import read_prose, read_scopes
from foi_etl.publish.gate import Check, read_gate
from foi_etl.publish.layout import Layout, read_layout
from foi_etl.rules import read_rules
from foi_etl.variables import read_variables

_READERS: Final = ("convert", "extract", "normalise", "validate", "publish", "archive/payload.py")
_NOUNS: Final = (
    "model.py",
    "forms.py",
    "text.py",
    "characters.py",
    "prose.py",
    "rules.py",
    "variables.py",
    "documents.py",
    "dossier.py",
    "pipeline.py",
    "chunks.py",
)
_LIBRARIES: Final = (
    "lxml",
    "olefile",
    "onnxruntime",
    "opencv-python-headless",
    "openpyxl",
    "pdfplumber",
    "pyarrow",
    "pypdfium2",
    "python-calamine",
    "python-docx",
    "rapidocr",
    "selectolax",
    "xlrd",
)
"""What reads for us: another version may read something else."""
_ABSENT: Final = "absent"
_FINDERS: Final = ("sources", "attached.py", "crawl/kinds.py", "model.py", "text.py", "characters.py")
_FINDING_LIBRARIES: Final = ("beautifulsoup4", "lxml", "selectolax")


def folder(name: str) -> Path:
    """`schemas/` or `data/`: inside the package in a wheel, beside `src/` in a checkout."""
    inside = Path(__file__).parent / name
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / name


@cache
def statute() -> Statute:
    """The statutory forms, read once."""
    schemas = folder("schemas")
    forms = [path.read_text(encoding="utf-8") for path in sorted(schemas.glob("forms/*/*.toml"))]
    prose = read_prose((schemas / "narrative.toml").read_text(encoding="utf-8"))
    rules = read_rules((schemas / "rules.toml").read_text(encoding="utf-8"))
    known = [(schemas / name).read_text(encoding="utf-8") for name in ("crosswalk.toml", "panel.toml")]
    sections = (schemas / "sections.toml").read_text(encoding="utf-8")
    scopes = read_scopes((schemas / "scopes.toml").read_text(encoding="utf-8"))
    return read_statute(forms, sections, prose, rules, read_variables(*known), scopes)


@cache
def layout() -> Layout:
    """What a release says about itself, read once."""
    return read_layout((folder("schemas") / "release.toml").read_text(encoding="utf-8"), statute())


@cache
def gate() -> tuple[Check, ...]:
    """What stops a release, read once."""
    return read_gate((folder("schemas") / "gate.toml").read_text(encoding="utf-8"))


@cache
def words() -> dict[str, dict[str, tuple[str, str]]]:
    """What the values of coded columns mean in English and Chinese, read once."""
    raw = tomllib.loads((folder("schemas") / "values.toml").read_text(encoding="utf-8"))
    return {name: {value: (told[0], told[1]) for value, told in meant.items()} for name, meant in raw.items()}


@cache
def schemas_digest() -> str:
    """What the schemas are, in sixteen digits: another release of them, another digest."""
    schemas, whole = folder("schemas"), hashlib.sha256()
    for path in sorted(schemas.rglob("*.*")):
        whole.update(f"{path.relative_to(schemas)}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:16]


@cache
def version() -> str:
    """A digest of everything that turns bytes into rows: the same, the same rows."""
    return _digest(schemas_digest(), (*_READERS, *_NOUNS), _LIBRARIES)


@cache
def finders_version() -> str:
    """A digest of everything that finds files beside a report: the same, the same files."""
    return _digest(platform.python_version(), _FINDERS, _FINDING_LIBRARIES)


def _digest(salt: str, rooms: Iterable[str], libraries: Iterable[str]) -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256(salt.encode())
    for path in (path for room in rooms for path in _sources(here / room)):
        digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    for library in libraries:
        digest.update(f"{library} {_installed(library)}\n".encode())
    return digest.hexdigest()[:16]


def _sources(room: Path) -> list[Path]:
    return [room] if room.is_file() else sorted(room.rglob("*.py"))


def libraries(more: Iterable[str] = ()) -> dict[str, str]:
    """The versions of the libraries that read for us, and of these, where they are installed."""
    told = {library: _installed(library) for library in sorted((*_LIBRARIES, *more))}
    return {library: number for library, number in told.items() if number != _ABSENT}


def _installed(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return _ABSENT
