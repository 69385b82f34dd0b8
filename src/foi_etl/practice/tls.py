"""Practice hosts over TLS: certificates made on the spot, good ones and such as nobody should accept."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_YEAR: Final = timedelta(days=365)
_WRONG: Final = "somebody-else.practice.invalid"


class _Signed(NamedTuple):
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


class _Fault(NamedTuple):
    """What is wrong with a certificate."""

    expired: bool = False
    own: bool = False
    """Signed by itself."""
    wrong_name: bool = False


FAULTS: Final[Mapping[str, _Fault]] = {
    "expired-tls": _Fault(expired=True),
    "self-signed-tls": _Fault(own=True),
    "wrong-name-tls": _Fault(wrong_name=True),
}


def authority() -> str:
    """The certificate, as PEM, of the authority behind every practice host; only a test should trust it."""
    return _root().certificate.public_bytes(Encoding.PEM).decode()


@cache
def context(host: str, option: str = "") -> ssl.SSLContext:
    """How a host speaks TLS: with a good certificate, or with the fault an option names."""
    signed = _certificate(host, FAULTS.get(option, _Fault()))
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "host.pem")
        key = signed.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        file.write_bytes(key + signed.certificate.public_bytes(Encoding.PEM))
        made.load_cert_chain(file)
    return made


_USAGES: Final = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@cache
def _root() -> _Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = _name("practice authority"), datetime.now(UTC)
    made = _builder(name, name, key, key, now + _YEAR)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    usage = dict.fromkeys(_USAGES, False) | {"key_cert_sign": True}
    made = made.add_extension(x509.KeyUsage(**usage), critical=True)
    return _Signed(made.sign(key, SHA256()), key)


def _certificate(host: str, fault: _Fault) -> _Signed:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    shown = _WRONG if fault.wrong_name else host
    signer = None if fault.own else _root()
    issuer = signer.certificate.subject if signer else _name(shown)
    until = now - timedelta(days=1) if fault.expired else now + _YEAR
    signing = signer.key if signer else key
    made = _builder(_name(shown), issuer, key, signing, until)
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(shown)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    return _Signed(made.sign(signing, SHA256()), key)


def _builder(
    name: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing: ec.EllipticCurvePrivateKey,
    until: datetime,
) -> x509.CertificateBuilder:
    """A certificate with all that RFC 5280 wants of one: from Python 3.13 on, it is asked for."""
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - _YEAR)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(by, critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])
