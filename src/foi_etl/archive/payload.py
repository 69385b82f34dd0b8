"""What a server meant: the bytes of an answer with its content encoding taken off."""

from __future__ import annotations

import zlib

from foi_etl.errors import NotAReport

UNPACKED_LIMIT = 64_000_000
"""Bytes. The largest real page seen has under half a million; a gzip bomb has no end."""

_ZLIB_OR_GZIP = 47
_BARE_DEFLATE = -15


def unpacked(body: bytes, encoding: str, *, limit: int = UNPACKED_LIMIT) -> bytes:
    """The body without its content encoding; as it is where the encoding is unknown or untrue.

    Servers say gzip and send plain text: then the plain text is what they meant.
    """
    for coding in [part.strip().lower() for part in encoding.split(",")]:
        if coding in {"gzip", "x-gzip", "deflate"}:
            body = _inflated(body, limit)
    if len(body) > limit:
        raise NotAReport(
            f"the answer unpacks to more than {limit} bytes, so it is no report: look at the page by hand"
        )
    return body


def _inflated(body: bytes, limit: int) -> bytes:
    for bits in (_ZLIB_OR_GZIP, _BARE_DEFLATE):
        try:
            return _all_members(body, bits, limit)
        except zlib.error:
            continue
    return body


def _all_members(body: bytes, bits: int, limit: int) -> bytes:
    """Some servers send several gzip members one after the other. Never more than one byte over the limit."""
    whole = bytearray()
    while body and len(whole) <= limit:
        unpacker = zlib.decompressobj(bits)
        try:
            whole += unpacker.decompress(body, limit + 1 - len(whole))
        except zlib.error:
            if not whole:
                raise
            break  # padding after the last member
        body = unpacker.unused_data
    return bytes(whole)
