"""The rules of the house that no other tool checks."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import ROOT

LONGEST_MODULE = 250
LONGEST_FUNCTION = 50
VOCABULARIES = {"model.py", "forms.py"}
"""Nouns and nothing else: a list, which is as long as there are words."""
MODULES = sorted((ROOT / "src").rglob("*.py"))
MACHINE = re.compile(r"/(?:work|root|home/\w+|Users/\w+|opt|mnt)/(?!\.\.\.)\w")
"""A path of somebody's machine."""
ALLOWED_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def committed() -> Iterator[tuple[Path, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if path.is_file():
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="replace")


def functions(module: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT / "src" / "foi_etl")))
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    long = [one.name for one in functions(module) if (one.end_lineno or 0) - one.lineno >= LONGEST_FUNCTION]
    assert lines <= LONGEST_MODULE or module.name in VOCABULARIES
    assert long == []


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="not a checkout: nobody knows what is committed")
def test_nothing_committed_names_a_path_of_somebodys_machine() -> None:
    here = Path(__file__).relative_to(ROOT)
    named = [
        (str(path), found[0])
        for path, text in committed()
        if path != here and (found := MACHINE.search(text))
    ]
    assert named == []


def test_the_lock_names_the_public_index_and_no_mirror() -> None:
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r'"https?://([^/"]+)', lock)) == ALLOWED_HOSTS


def test_no_source_postpones_a_task_to_a_comment() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
    assert [str(module) for module in MODULES if words.search(module.read_text(encoding="utf-8"))] == []
