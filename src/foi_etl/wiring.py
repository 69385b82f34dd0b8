"""The front door: settings become objects. Nothing here thinks."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from foi_etl.forms import Statute, read_statute


def schemas_folder() -> Path:
    """`schemas/`: inside the package where it was installed as a wheel, beside `src/` in a checkout."""
    inside = Path(__file__).parent / "schemas"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "schemas"


@cache
def statute() -> Statute:
    """The statutory forms, read once."""
    folder = schemas_folder()
    forms = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("forms/*/*.toml"))]
    return read_statute(forms, (folder / "sections.toml").read_text(encoding="utf-8"))
