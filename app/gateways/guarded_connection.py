"""Connections to addresses that somebody has typed: never inside a network, cut when time is up."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

CONNECT_SECONDS: Final = 3.0
# Addresses that Python calls global and that can lead inside: translated to IPv4 by a gateway
# (RFC 6052, 8215, 2765), IPv4-compatible ones, and the site-local ones of old networks.
LEADS_INSIDE: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96", "fec0::/10")
)


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in LEADS_INSIDE):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


class PrivateAddress(Exception):
    """The name leads inside a network; it is told with the host."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How long a connection lasts at most, where it may go, and whose certificates count."""

    seconds: float
    is_allowed: Callable[[str], bool] = is_public  # of an IP address
    tls: ssl.SSLContext | None = None  # none: the machine's own list and certifi's


@contextmanager
def connected(url: str, limits: ConnectionLimits) -> Iterator[socket.socket]:
    """Connect to an address that was looked at; PrivateAddress where it leads inside.

    When time is up the connection is cut, resolving excepted.
    """
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    address = _address(host, parts.port or (443 if is_tls else 80), limits.is_allowed)
    connect_seconds = min(CONNECT_SECONDS, limits.seconds)
    sockets = [socket.create_connection(address, timeout=connect_seconds)]
    sockets[0].settimeout(limits.seconds)
    timer = threading.Timer(limits.seconds, lambda: _cut(sockets[-1]))
    timer.daemon = True
    timer.start()
    try:
        if is_tls:
            wrapped = _wrapped(sockets[0], host, limits.tls)
            sockets.append(wrapped)
            wrapped.do_handshake()
        yield sockets[-1]
    finally:
        timer.cancel()
        sockets[-1].close()


def _address(host: str, port: int, is_allowed: Callable[[str], bool]) -> tuple[str, int]:
    """Resolve once, and connect to what was resolved: a second answer could be another."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not all(is_allowed(each) for each in addresses):
        raise PrivateAddress(host)
    return addresses[0], port


def _wrapped(plain: socket.socket, host: str, tls: ssl.SSLContext | None) -> ssl.SSLSocket:
    """Speak TLS; the certificate is checked."""
    if tls is None:
        tls = ssl.create_default_context()
        tls.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        connection.shutdown(socket.SHUT_RDWR)
