"""Sends one signed request to the product and reads its answer. Retries and faults stand in
webhooks.py.
"""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

import urllib3
from twilio.request_validator import RequestValidator
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from exchange.clock import ticks
from exchange.product.overrides import Failure, Overrides

SHORTEST_TIMEOUT = 0.01


@dataclass(frozen=True, slots=True)
class OutgoingWebhook:
    """One request to the product. `extra` are the parameters of this step, lost on a 3xx answer;
    every attempt carries the same `token`.
    """

    url: str
    base: Mapping[str, str]
    extra: Mapping[str, str]
    method: str = "POST"
    token: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def params(self) -> dict[str, str]:
        """Everything that is sent and signed."""
        return {**self.base, **self.extra}


@dataclass(frozen=True, slots=True)
class WebhookReply:
    """What the product answered, from which address, after how many real milliseconds."""

    status: int
    body: bytes
    content_type: str
    location: str | None
    url: str
    milliseconds: float


class RequestAttempt(Exception):
    """One failed attempt, to be repeated or not."""

    def __init__(self, failure: Failure, message: str, by_fault: bool = False) -> None:
        super().__init__(message)
        self.failure = failure
        self.by_fault = by_fault


class SignedClient:
    """The way to the product. `routes` lead from public addresses to local ones."""

    def __init__(self, token: str, routes: Mapping[str, str]) -> None:
        self._token = token
        self._routes = dict(routes)
        self._local = threading.local()

    def send(
        self, url: str, ask: OutgoingWebhook, overrides: Overrides, left: float
    ) -> WebhookReply:
        """The answer, whatever its status; `left`: seconds that remain of the budget.

        Raises Attempt when there is none.
        """
        url, body, headers = self._signed(url, ask)
        most = max(left, SHORTEST_TIMEOUT)
        timeout = urllib3.Timeout(
            connect=min(overrides.connect, most), read=min(overrides.read, most)
        )
        started = ticks()
        try:
            response = self._pool().request(
                ask.method,
                self._route(url),
                body=body,
                headers=headers,
                timeout=timeout,
                retries=False,
                redirect=False,
            )
        except (ConnectTimeoutError, NewConnectionError) as error:
            raise RequestAttempt(Failure.CONNECT, type(error).__name__) from error
        except ReadTimeoutError as error:
            raise RequestAttempt(Failure.READ, "no answer in time") from error
        except HTTPError as error:
            raise RequestAttempt(Failure.READ, type(error).__name__) from error
        return _reply(response, url, (ticks() - started) * 1000)

    def close(self) -> None:
        """Closes this thread's connections; called when its call has ended."""
        pool = getattr(self._local, "pool", None)
        if isinstance(pool, urllib3.PoolManager):
            pool.clear()

    def _signed(self, url: str, ask: OutgoingWebhook) -> tuple[str, str | None, dict[str, str]]:
        headers = {
            "I-Twilio-Idempotency-Token": ask.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if ask.method == "GET":
            url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(ask.params)}"
            headers["X-Twilio-Signature"] = signature(self._token, url, {})
            return url, None, headers
        headers["X-Twilio-Signature"] = signature(self._token, url, ask.params)
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        return url, urlencode(ask.params), headers

    def _route(self, url: str) -> str:
        for public, local in self._routes.items():
            if url.startswith(public):
                return local + url[len(public) :]
        return url

    def _pool(self) -> urllib3.PoolManager:
        # One pool a thread: a call keeps its connection between turns, and calls share none.
        pool = getattr(self._local, "pool", None)
        if not isinstance(pool, urllib3.PoolManager):
            pool = self._local.pool = urllib3.PoolManager(maxsize=2)
        return pool


def _reply(response: urllib3.BaseHTTPResponse, url: str, milliseconds: float) -> WebhookReply:
    location = None
    if response.status in (301, 302, 303, 307, 308):
        target = response.headers.get("Location")
        location = urljoin(url, target) if target else None
    return WebhookReply(
        status=response.status,
        body=response.data,
        content_type=response.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        location=location,
        url=url,
        milliseconds=milliseconds,
    )


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """The `X-Twilio-Signature` for a request: over HTTPS the port is left out, over HTTP kept."""
    return str(RequestValidator(token).compute_signature(signed_address(url), dict(params)))


def signed_address(url: str) -> str:
    """The address as it is signed: without fragment, over HTTPS without port."""
    parts = urlsplit(url)
    host = parts.netloc
    if parts.scheme == "https" and parts.port:
        host = host.rsplit(":", 1)[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))
