"""A reader keeps its memory for the next document, also where Dask has told it to give it back."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

TWENTY_TIMES = """
import resource
from foi_etl.heap import keep_memory
keep_memory()
for _ in range(20):
    bytearray(b"page") * 2**21
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told when to give memory back")
def test_eight_megabytes_are_got_once_and_not_for_each_document() -> None:
    where = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MALLOC_TRIM_THRESHOLD_": "65536"}
    asked = [sys.executable, "-c", TWENTY_TIMES]
    faults = subprocess.run(asked, env=where, stdout=subprocess.PIPE, check=True).stdout
    assert int(faults) < 10 * 2**23 // os.sysconf("SC_PAGE_SIZE")
