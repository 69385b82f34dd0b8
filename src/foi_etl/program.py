"""Which program this is, as a release says what it was made by."""

from __future__ import annotations

import json
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from foi_etl.schemas import libraries, version

if TYPE_CHECKING:
    from foi_etl.publish.manifest import Source

_WRITING: Final = ("numpy", "pandas")
"""Libraries that decide bytes of a release, beside those that read."""
_OURS: Final = ("src", "schemas", "data", "pyproject.toml", "uv.lock")


def made_by() -> Source:
    """The part of what a release was made from that is this program."""
    from foi_etl.publish.manifest import Source  # noqa: PLC0415 - brings pydantic along

    return Source(
        code=metadata.version("foi-etl"),
        commit=commit(),
        readers=version(),
        python=platform.python_version(),
        libraries=libraries(_WRITING),
    )


@cache
def commit() -> str:
    """The commit of the source tree, with a `+` behind it where that was changed since; empty for none known.

    Of an installed package, the commit it was installed from.
    """
    tree = Path(__file__).resolve().parents[2]
    if (tree / ".git").exists() and (tree / "pyproject.toml").is_file():
        head = _git(tree, "rev-parse", "HEAD")
        return head + "+" * bool(head and _git(tree, "status", "--porcelain", "--", *_OURS))
    told = json.loads(metadata.distribution("foi-etl").read_text("direct_url.json") or "{}")
    return str(told.get("vcs_info", {}).get("commit_id", ""))


def _git(tree: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            ["git", "-C", str(tree), *words],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
