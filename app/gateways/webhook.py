"""Posts to a desk's own program: signed, to public addresses only, no redirects, within limits.

The signature is that of Standard Webhooks (standardwebhooks.com): libraries to check it exist.
"""

import base64
import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from app.domain.delivery_errors import DeliveryError, refused

CONNECT_SECONDS: Final = 3.0
ALL_SECONDS: Final = 8.0  # resolving excepted; a receiver that answers byte by byte is cut off
LONGEST_BODY: Final = 64 * 1024
USER_AGENT: Final = "Vaktlinje"
KEY_PREFIX: Final = "whsec_"
# A refusal that may pass: a receiver that is being set up, restarted, or busy.
PASSING: Final = frozenset({401, 403, 404, 408, 409, 423, 425, 429})
# Addresses that Python calls global and that can lead inside: translated to IPv4 by a gateway
# (RFC 6052, 8215, 2765), IPv4-compatible ones, and the site-local ones of old networks.
LEADS_INSIDE: Final = tuple(
    ipaddress.IPv6Network(each)
    for each in ("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96", "fec0::/10")
)


class WebhookRefused(Exception):
    """It was not taken. `is_final`: it never will be, as it stands."""

    def __init__(self, reason: str, *, is_final: bool, status: int | None = None) -> None:
        super().__init__(reason)
        self.is_final = is_final
        self.status = status


@dataclass(frozen=True, slots=True)
class WebhookPost:
    """One event to be posted. A repeated post has the same `id`, so that it counts once."""

    url: str
    id: str
    body: str
    desk: str


def desk_key(secret: str, desk: str) -> str:
    """Return a desk's own signing key: who has it cannot sign in another desk's name."""
    key = hmac.new(secret.encode(), f"webhook:{desk}".encode(), hashlib.sha256).digest()
    return KEY_PREFIX + base64.b64encode(key).decode()


def signature(key: str, post_id: str, timestamp: int, body: str) -> str:
    """Sign a post as Standard Webhooks does: `v1,` and the HMAC-SHA256 of id, time and body."""
    secret = base64.b64decode(key.removeprefix(KEY_PREFIX))
    signed = hmac.new(secret, f"{post_id}.{timestamp}.{body}".encode(), hashlib.sha256)
    return f"v1,{base64.b64encode(signed.digest()).decode()}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """How posts leave: the secrets that sign them, the newest first, and where they may go."""

    secrets: tuple[str, ...]
    may_be_private: bool = False
    seconds: float = ALL_SECONDS

    def send(self, post: WebhookPost, now: datetime) -> None:
        """Post an event; WebhookRefused when it is not taken, OSError when nobody answers."""
        if not self.secrets:
            raise WebhookRefused(DeliveryError.NO_WEBHOOK_SECRET, is_final=False)
        if len(post.body.encode()) > LONGEST_BODY:
            raise WebhookRefused(DeliveryError.EVENT_TOO_LARGE, is_final=True)
        status = self._status(post, self._headers(post, int(now.timestamp())))
        if 200 <= status < 300:
            return
        if 300 <= status < 400:
            raise WebhookRefused(DeliveryError.REDIRECTED, is_final=True, status=status)
        is_final = 400 <= status < 500 and status not in PASSING
        raise WebhookRefused(refused(status), is_final=is_final, status=status)

    def _headers(self, post: WebhookPost, timestamp: int) -> dict[str, str]:
        keys = [desk_key(secret, post.desk) for secret in self.secrets]
        signed = (signature(key, post.id, timestamp, post.body) for key in keys)
        return {
            "Host": urlsplit(post.url).netloc,
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": USER_AGENT,
            "Connection": "close",
            "webhook-id": post.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signed),
        }

    def _status(self, post: WebhookPost, headers: dict[str, str]) -> int:
        parts = urlsplit(post.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with self._connected(post.url) as connected:
            connection = http.client.HTTPConnection(parts.hostname or "")
            connection.sock = connected
            try:
                connection.request("POST", path, post.body.encode(), headers)
                return connection.getresponse().status  # nothing of its body is read
            except (http.client.HTTPException, ValueError) as strange:
                raise OSError(type(strange).__name__) from strange

    @contextmanager
    def _connected(self, url: str) -> Iterator[socket.socket]:
        """Connect to an address that was looked at, and cut the connection when time is up."""
        parts = urlsplit(url)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        address = self._address(host, parts.port or (443 if is_tls else 80))
        sockets = [socket.create_connection(address, timeout=CONNECT_SECONDS)]
        sockets[0].settimeout(self.seconds)
        timer = threading.Timer(self.seconds, lambda: _cut(sockets[-1]))
        timer.daemon = True
        timer.start()
        try:
            if is_tls:
                wrapped = _wrapped(sockets[0], host)
                sockets.append(wrapped)
                wrapped.do_handshake()
            yield sockets[-1]
        finally:
            timer.cancel()
            sockets[-1].close()

    def _address(self, host: str, port: int) -> tuple[str, int]:
        """Resolve once, and connect to what was resolved: a second answer could be another."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(each[4][0]) for each in found]
        inside = [each for each in addresses if not is_public(each)]
        if inside and not self.may_be_private:
            raise WebhookRefused(
                DeliveryError.PRIVATE_ADDRESS.about(host),
                is_final=True,
            )
        return addresses[0], port


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in network for network in LEADS_INSIDE):
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        ip = inner or ip
    return ip.is_global and not ip.is_multicast


def _wrapped(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """Speak TLS; certificates are checked against the machine's own list and certifi's."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        connection.shutdown(socket.SHUT_RDWR)
