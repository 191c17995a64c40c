"""Posts to a desk's own program: signed, to public addresses only, no redirects, within limits.

The signature is that of Standard Webhooks (standardwebhooks.com): libraries to check it exist.
"""

import base64
import hashlib
import hmac
import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from app.domain.delivery_errors import DeliveryError, refused
from app.gateways.guarded_connection import (
    ConnectionLimits,
    PrivateAddress,
    connected,
    is_public,
)

ALL_SECONDS: Final = 8.0  # resolving excepted; a receiver that answers byte by byte is cut off
LONGEST_BODY: Final = 64 * 1024
USER_AGENT: Final = "Vaktlinje"
KEY_PREFIX: Final = "whsec_"
# A refusal that may pass: a receiver that is being set up, restarted, or busy.
PASSING: Final = frozenset({401, 403, 404, 408, 409, 423, 425, 429})


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
        with self._connected(post.url) as there:
            connection = http.client.HTTPConnection(parts.hostname or "")
            connection.sock = there
            try:
                connection.request("POST", path, post.body.encode(), headers)
                return connection.getresponse().status  # nothing of its body is read
            except (http.client.HTTPException, ValueError) as strange:
                raise OSError(type(strange).__name__) from strange

    @contextmanager
    def _connected(self, url: str) -> Iterator[socket.socket]:
        """Connect; WebhookRefused for a name that leads inside a network."""
        try:
            limits = ConnectionLimits(self.seconds, _anywhere if self.may_be_private else is_public)
            with connected(url, limits) as there:
                yield there
        except PrivateAddress as private:
            reason = DeliveryError.PRIVATE_ADDRESS.about(str(private))
            raise WebhookRefused(reason, is_final=True) from None


def _anywhere(_address: str) -> bool:
    return True
