"""How a process that reads one document after the other keeps its memory for the next one."""

from __future__ import annotations

import ctypes
import gc
import os
from contextlib import suppress
from functools import cache
from typing import Final

_KEPT: Final = 1 << 27
"""Bytes that are free at the end of the heap before any are given back."""
_LARGE: Final = 1 << 25
"""Bytes from which on memory is got from the system by itself: the most that glibc takes here."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_TOLD: Final = "MALLOC_TRIM_THRESHOLD_"
_YOUNG: Final = 10_000
"""Objects made before it is looked which are garbage: those of a document are none until it is read."""


def look_less() -> None:
    """Look for garbage less often, and never among what is imported: a twentieth of the time of reading."""
    gc.freeze()
    gc.set_threshold(_YOUNG)


@cache
def keep_memory() -> None:
    """Keep memory that is free, where the process was told to give it back all the time.

    Dask tells its workers so. What a document takes is got and given back again then, which is a fifth of
    the time. Whoever was told nothing learns by itself what to keep.
    """
    with suppress(ValueError, OSError, AttributeError):  # not a number; not glibc
        if int(os.environ.get(_TOLD, _KEPT)) < _KEPT:
            allocator = ctypes.CDLL(None)
            allocator.mallopt(_M_TRIM_THRESHOLD, _KEPT)
            allocator.mallopt(_M_MMAP_THRESHOLD, _LARGE)
