"""Where a request may go: to public addresses of the web, checked at the socket, not before it.

A name is looked up once, by the connection itself, so that nobody can answer one thing to a check and
another to the connection.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from foi_etl.crawl.watch import WATCH
from foi_etl.errors import FixTheRegistry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from urllib3.response import HTTPResponse

PRACTICE = ".practice.invalid"
END = threading.local()
"""`at`: when, on the monotonic clock, this thread stops waiting for the answer it asked for."""


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


class _Timed(HTTPConnection):
    """A connection on which an answer begins in time, or not at all."""

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 has it
        """The head of the answer; the connection is hung up at the end set for this thread."""
        if self.sock is None:
            return super().getresponse()
        with WATCH.over(self.sock, getattr(END, "at", float("inf"))):
            return super().getresponse()


class _TimedTls(_Timed, HTTPSConnection):
    """The same with TLS."""


class _Checked(_Timed):
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


class _TimedPool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _TimedTlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTls


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTls


class _UnprovenPool(_TlsPool):
    """For a host whose exception is on record: what urllib3 warns of at every request is known."""

    def _validate_conn(self, conn: Any) -> None:
        if conn.is_closed:
            conn.connect()


class PublicOnly(HTTPAdapter):
    """Carries requests to public addresses only; the practice country, behind its proxy, is not asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pool whose connections look where they lead."""
        if self._context is not None:
            kwargs |= {"ssl_context": self._context}
        super().init_poolmanager(*args, **kwargs)
        https = _TlsPool if self.proven else _UnprovenPool
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": https}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """The way to the practice country."""
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = {"http": _TimedPool, "https": _TimedTlsPool}
        return manager

    @property
    def proven(self) -> bool:
        """Whether whoever answers has to prove who it is."""
        return self._context is None or self._context.verify_mode is not ssl.CERT_NONE
