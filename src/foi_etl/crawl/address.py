"""Where a request may go: to public addresses of the web, checked at the socket, not before it.

A name is looked up once, by the connection itself, so that nobody can answer one thing to a check and
another to the connection.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from foi_etl.errors import FixTheRegistry

if TYPE_CHECKING:
    from collections.abc import Iterable

PRACTICE = ".practice.invalid"


def host_of(url: str) -> str:
    """The host a request would go to; raises FixTheRegistry where the url is none of the web."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise FixTheRegistry(
            "this is no address of the web: mend the register or the reading of its page", url=url
        )
    return host.lower()


def is_practice(host: str) -> bool:
    """Whether a host is one of the practice country's."""
    return host.endswith(PRACTICE)


def check_addresses(host: str, addresses: Iterable[str]) -> None:
    """Raise FixTheRegistry if any address a name leads to is not a public one."""
    for address in addresses:
        place = ipaddress.ip_address(address.partition("%")[0])
        place = getattr(place, "ipv4_mapped", None) or place
        if not place.is_global or place.is_multicast:
            raise FixTheRegistry(
                f"{host} leads to {address}, which is no public address: nothing was sent; mend the register",
                host=host,
            )


class _Checked(HTTPConnection):
    """A connection that looks where it leads before a byte is sent."""

    def _new_conn(self) -> socket.socket:
        found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        check_addresses(self.host, (str(entry[4][0]) for entry in found))
        connection = super()._new_conn()
        try:
            check_addresses(self.host, [str(connection.getpeername()[0])])
        except BaseException:
            connection.close()
            raise
        return connection


class _CheckedTls(_Checked, HTTPSConnection):
    """The same with TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Checked


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class PublicOnly(HTTPAdapter):
    """Carries requests to public addresses only; the practice country, behind its proxy, is not asked."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool whose connections look where they lead."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
