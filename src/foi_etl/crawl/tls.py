"""How a portal may prove who it is: strictly, always first; else only by the exception on record for it."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from foi_etl.errors import FixTheRegistry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STRICT = "strict"
_INTERMEDIATE = "intermediate:"
_LEGACY_SERVER_CONNECT = 0x4
"""Called ssl.OP_LEGACY_SERVER_CONNECT from Python 3.12 on."""


def _legacy_renegotiation(context: ssl.SSLContext) -> None:
    context.options |= _LEGACY_SERVER_CONNECT


def _prime256v1(context: ssl.SSLContext) -> None:
    context.set_ecdh_curve("prime256v1")


def _no_dh(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT:!DH")


def _seclevel1(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT:@SECLEVEL=1")


def _unverified(context: ssl.SSLContext) -> None:
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE


MODES: dict[str, Callable[[ssl.SSLContext], None]] = {
    "legacy_renegotiation": _legacy_renegotiation,
    "prime256v1": _prime256v1,
    "no_dh": _no_dh,
    "seclevel1": _seclevel1,
    "unverified": _unverified,
}
"""What a portal's line may name, each for one trouble; several are joined by a plus."""


def context(recorded: str, intermediates: Path | None = None) -> ssl.SSLContext:
    """The context for a recorded exception: as strict as the default one but for what is named."""
    made = ssl.create_default_context()
    for name in recorded.split("+"):
        if name.startswith(_INTERMEDIATE):
            _load(made, name.removeprefix(_INTERMEDIATE), intermediates)
        elif name in MODES:
            MODES[name](made)
        else:
            known = ", ".join([*MODES, f"{_INTERMEDIATE}FILE"])
            raise FixTheRegistry(f"there is no exception to TLS of this name: take one of {known}", tls=name)
    return made


def _load(made: ssl.SSLContext, name: str, folder: Path | None) -> None:
    path = folder / name if folder and "/" not in name else None
    if path is None or not path.is_file():
        raise FixTheRegistry(
            "the intermediate certificate is not there: add its file", tls=name, folder=folder
        )
    made.load_verify_locations(cafile=path)
