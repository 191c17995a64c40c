"""Fetches a calendar file from an address that somebody has given: by HTTPS, never inside.

Every redirect is looked at like the first address. At most 1 MB, within 5 seconds in all.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from app.domain.roster.absence_feed import FeedFailed, FeedTrouble
from app.gateways.guarded_connection import (
    ConnectionLimits,
    PrivateAddress,
    connected,
    is_public,
)

LARGEST: Final = 1024 * 1024  # bytes
SECONDS: Final = 5.0
MOST_REDIRECTS: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
HEADERS: Final = {
    "User-Agent": "Vaktlinje",
    "Accept": "text/calendar",
    "Accept-Encoding": "identity",  # what is packed small can be large
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class CalendarFetcher:
    """How calendars are fetched. Only tests say where else a connection may go."""

    is_allowed: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None
    seconds: float = SECONDS

    def fetch(self, url: str) -> bytes:
        """Return the file; FeedFailed says why not."""
        ends = time.monotonic() + self.seconds
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, ends)
            if isinstance(answer, bytes):
                return answer
            url = urljoin(url, answer)
        raise FeedFailed(FeedTrouble.TOO_MANY_REDIRECTS)

    def _ask(self, url: str, ends: float) -> bytes | str:
        """The file, or where it is said to be."""
        left = ends - time.monotonic()
        if urlsplit(url).scheme != "https":
            raise FeedFailed(FeedTrouble.NOT_HTTPS)
        if left <= 0:
            raise FeedFailed(FeedTrouble.TOO_SLOW)
        try:
            with connected(url, ConnectionLimits(left, self.is_allowed, self.tls)) as there:
                return _answer(url, there)
        except PrivateAddress:
            raise FeedFailed(FeedTrouble.PRIVATE_ADDRESS) from None
        except (OSError, http.client.HTTPException, ValueError):
            is_over = time.monotonic() >= ends
            trouble = FeedTrouble.TOO_SLOW if is_over else FeedTrouble.UNREACHABLE
            raise FeedFailed(trouble) from None


def _answer(url: str, there: socket.socket) -> bytes | str:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "")
    connection.sock = there
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET", path, headers={"Host": parts.netloc.rpartition("@")[2], **HEADERS})
    with closing(connection.getresponse()) as answer:
        return _read(answer)


def _read(answer: http.client.HTTPResponse) -> bytes | str:
    """The file, or the address in a redirect."""
    if answer.status in REDIRECTS and (location := answer.getheader("Location")):
        return location
    if answer.status != http.client.OK:
        raise FeedFailed(FeedTrouble.REFUSED)
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise FeedFailed(FeedTrouble.NOT_A_CALENDAR)
    body = answer.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise FeedFailed(FeedTrouble.TOO_LARGE)
    if answer.length:  # less came than was announced
        raise OSError
    return body
