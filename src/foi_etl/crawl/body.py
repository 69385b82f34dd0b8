"""Taking in a body without being filled up by it: within limits of size, time and what it unpacks to."""

from __future__ import annotations

import threading
import time
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foi_etl.errors import NotAReport, WaitAndRetry

if TYPE_CHECKING:
    import requests

_CHUNK = 1 << 16
_LARGE = 2_000_000
_ONE_LARGE_AT_A_TIME = threading.Lock()
"""However many hosts are asked at once, memory holds one large body: endless ones come in company."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much we take, and how long we wait; bytes and seconds."""

    received: int = 32_000_000
    unpacked: int = 64_000_000
    connect: float = 10.0
    read: float = 30.0
    total: float = 180.0
    waits: tuple[float, ...] = (2.0, 8.0)
    """Before the second and third try."""
    longest_wait: float = 120.0
    """A portal that asks for more is left alone until the next run."""
    failures: int = 3
    """Asks in a row that may fail before a host is left alone for the rest of the run."""


def received(response: requests.Response, url: str, limits: Limits, end: float) -> bytes:
    """The body as it comes, within the limits; urllib3 raises where it is shorter than it said."""
    body = bytearray()
    if time.monotonic() > end:  # hung up by the watch: what came of the head looks like a whole one
        raise too_slow(url, limits)
    with ExitStack() as alone:
        while chunk := response.raw.read1(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > limits.received:
                raise NotAReport(
                    f"the answer is larger than {limits.received} bytes: look at it by hand", url=url
                )
            if time.monotonic() > end:
                raise too_slow(url, limits)
            if len(body) > _LARGE >= len(body) - len(chunk):
                end += _waited(alone)
        return bytes(body)


def _waited(alone: ExitStack) -> float:
    """Wait for the turn of a large body; how long that took is no fault of the portal's."""
    began = time.monotonic()
    alone.enter_context(_ONE_LARGE_AT_A_TIME)
    return time.monotonic() - began


def too_slow(url: str, limits: Limits) -> WaitAndRetry:
    """The word for an answer that does not end in time."""
    return WaitAndRetry(f"the answer takes longer than {limits.total:g} s: try later", url=url)


def check_unpacked(body: bytes, url: str, limit: int) -> None:
    """Raise NotAReport where a packed body would fill the memory; looked at piece by piece, kept nowhere."""
    unpacker, size, rest = zlib.decompressobj(47), 0, body
    try:
        while rest and not unpacker.eof:
            size += len(unpacker.decompress(rest, 1 << 20))
            rest = unpacker.unconsumed_tail
            if size > limit:
                raise NotAReport(
                    f"the answer unpacks to more than {limit} bytes: look at it by hand", url=url
                )
    except zlib.error:
        return  # not packed after all: the size on the wire is the size
