"""Old office files by way of LibreOffice: in a profile of our own, with macros switched off."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from foi_etl.errors import NotAReport

SECONDS: Final = 25.0
"""For one file; each further one of a batch gets `_MORE`."""
_MORE: Final = 5.0
_MEMORY: Final = 2**30
_LOOK: Final = 0.25
"""Seconds between two looks at how much memory it takes."""
_GROUP: Final = 2
"""Where the group of a process stands in /proc/N/stat, counted behind its name."""
_LARGEST: Final = 64 * 2**20
_NAMES: Final = ("soffice", "libreoffice")
_MISSING: Final = (
    "LibreOffice, by which an old Word or WPS file is read too, is not installed here: "
    "install it (Debian: apt-get install libreoffice-writer-nogui), or ask for a docx or a PDF"
)
_PROFILE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


def to_docx(body: bytes, name: str) -> bytes:
    """An old Word or WPS file as docx. NotAReport where LibreOffice is missing, or makes nothing of it."""
    made = all_to_docx({"one": body}).get("one")
    if made is None:
        raise NotAReport("LibreOffice makes nothing of it", file=name, bytes=len(body))
    return made


def all_to_docx(bodies: Mapping[str, bytes]) -> dict[str, bytes]:
    """As `to_docx`, for several at once, each under its own key; what cannot be converted is left out."""
    return converted(bodies, "docx:MS Word 2007 XML", "doc")


def converted(bodies: Mapping[str, bytes], to: str, suffix: str) -> dict[str, bytes]:
    """What LibreOffice makes of some files, each under its key; `to` names the kind and the filter for it."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        raise NotAReport(_MISSING)
    with tempfile.TemporaryDirectory(prefix="foi-etl-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        files = {}
        for number, (key, body) in enumerate(bodies.items()):
            files[key] = folder / f"{number}.{suffix}"
            files[key].write_bytes(body)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
        _run(_command(program, profile, to, folder / "out", list(files.values())), folder, len(files))
        ending = to.partition(":")[0]
        made = {
            key: _made(folder / "out" / file.with_suffix(f".{ending}").name) for key, file in files.items()
        }
        return {key: out for key, out in made.items() if out is not None}


def _command(program: str, profile: Path, to: str, out: Path, files: Sequence[Path]) -> list[str]:
    """`--outdir` has to stand behind `--convert-to`."""
    return [
        program, "--headless", "--invisible", "--norestore", "--nolockcheck",
        f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", to, "--outdir", str(out), *map(str, files),
    ]  # fmt: skip


def _run(command: Sequence[str], folder: Path, files: int, memory: int = _MEMORY) -> None:
    """Run it in a group of its own, so that what it starts ends with it. Its home is the scratch folder.

    It ends too where the group takes more memory than one document may. A bound on addresses would not do:
    LibreOffice maps far more than it uses.
    """
    running = subprocess.Popen(  # noqa: S603 - the program is found on the path, the rest is ours
        command,
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    ends = time.monotonic() + SECONDS + _MORE * (files - 1)
    try:
        while time.monotonic() < ends and _weight(running.pid) <= memory:
            with suppress(subprocess.TimeoutExpired):
                running.wait(_LOOK)
                break
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _weight(group: int) -> int:
    """The bytes of memory that the processes of a group hold; 0 where the system does not tell."""
    pages = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            said = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(said[_GROUP]) == group:
                pages += int((folder / "statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _made(made: Path) -> bytes | None:
    return made.read_bytes() if made.is_file() and made.stat().st_size <= _LARGEST else None
