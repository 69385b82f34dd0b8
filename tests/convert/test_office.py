"""What LibreOffice may take is bounded, whatever its processes do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from foi_etl.convert.office import _run, _weight

linux = pytest.mark.skipif(not Path("/proc/self/statm").is_file(), reason="memory is told by /proc")


@linux
def test_a_group_that_takes_too_much_memory_is_ended(tmp_path: Path) -> None:
    done = tmp_path / "done"
    greedy = f"x = bytearray(2**28); import time; time.sleep(9); open({str(done)!r}, 'w')"
    _run(["/bin/sh", "-c", f'{sys.executable} -c "{greedy}"; true'], tmp_path, 1, memory=2**27)
    assert not done.exists()


@linux
def test_a_group_that_is_gone_weighs_nothing() -> None:
    assert _weight(2**30) == 0
