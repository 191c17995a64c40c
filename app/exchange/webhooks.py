"""Asks the product over HTTP as the network does: signed, within 15 s in all, with connection
overrides, retries under one idempotency token, and the faults that are switched on.
"""

import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ReadTimeoutError,
)

from app.exchange.attributes import Code
from app.exchange.clock import Timeline, pause_really, ticks
from app.exchange.faults import FaultBook, How, WebhookFault
from app.exchange.overrides import Failure, OverrideError, Overrides, split_overrides
from app.exchange.signing import signature


@dataclass(frozen=True, slots=True)
class Ask:
    """One request to the product. `extra` are the parameters of this step, lost on a 3xx answer."""

    url: str
    base: Mapping[str, str]
    extra: Mapping[str, str]
    method: str = "POST"

    @property
    def params(self) -> dict[str, str]:
        """Everything that is sent and signed."""
        return {**self.base, **self.extra}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the product answered, from which address, after how many real milliseconds."""

    status: int
    body: bytes
    content_type: str
    location: str | None
    url: str
    milliseconds: float


class WebhookFailed(Exception):
    """The product could not be asked, or answered with an error."""

    def __init__(self, code: Code, url: str, message: str, by_fault: bool = False) -> None:
        super().__init__(f"{code} {url}: {message}")
        self.code = code
        self.url = url
        self.message = message
        self.by_fault = by_fault


class _Attempt(Exception):
    """One failed attempt, to be repeated or not."""

    def __init__(self, failure: Failure, message: str, by_fault: bool) -> None:
        super().__init__(message)
        self.failure = failure
        self.by_fault = by_fault


_CODES = {
    Failure.CONNECT: Code.CONNECTION,
    Failure.READ: Code.READ_TIMEOUT,
    Failure.CLIENT: Code.HTTP_FAILURE,
    Failure.SERVER: Code.HTTP_FAILURE,
}
MAX_HTTP_REDIRECTS = 10


class Webhooks:
    """The network's way to the product; shared by all calls."""

    def __init__(self, token: str, total: float, routes: Mapping[str, str]) -> None:
        self._token = token
        self._total = total
        self._routes = dict(routes)
        self._local = threading.local()

    def ask(self, ask: Ask, faults: FaultBook, line: Timeline | None = None) -> Reply:
        """The product's answer, 3xx answers followed; real time spent passes on a real-time line.

        Raises WebhookFailed when there is none within the time or it is not a success.
        """
        for _ in range(MAX_HTTP_REDIRECTS + 1):
            reply = self._with_retries(ask, faults, line)
            if reply.location is None:
                return reply
            ask = Ask(reply.location, ask.base, {}, "GET" if reply.status < 304 else ask.method)
        raise WebhookFailed(Code.TOO_MANY_REDIRECTS, ask.url, "too many 3xx answers")

    def _with_retries(self, ask: Ask, faults: FaultBook, line: Timeline | None) -> Reply:
        if not ask.url.startswith(("http://", "https://")):
            raise WebhookFailed(Code.INVALID_URL, ask.url, "not an absolute address")
        try:
            url, overrides = split_overrides(ask.url)
        except OverrideError as error:
            raise WebhookFailed(Code.SCHEMA, ask.url, str(error)) from error
        token, started = str(uuid.uuid4()), ticks()
        budget = min(self._total, overrides.total)
        tries = 0
        while True:
            left = budget - (ticks() - started)
            try:
                return self._attempt(url, ask, overrides, token, left, faults, line)
            except _Attempt as failed:
                tries += 1
                spent = ticks() - started >= budget
                if spent or tries > overrides.retries or failed.failure not in overrides.policy:
                    code = _CODES[failed.failure]
                    raise WebhookFailed(code, url, str(failed), failed.by_fault) from failed

    def _attempt(
        self,
        url: str,
        ask: Ask,
        overrides: Overrides,
        token: str,
        left: float,
        faults: FaultBook,
        line: Timeline | None,
    ) -> Reply:
        fault = faults.webhook(url)
        limit = min(overrides.read, left)
        _strike_before(fault, limit, line)
        started = ticks()
        reply = self._send(url, ask, overrides, token, left)
        if fault is not None and fault.how is How.TWICE:
            reply = self._send(url, ask, overrides, token, left)
        if line is not None and line.is_real_time():
            line.advance(ticks() - started)
        if fault is not None and (fault.how is How.LOST or _is_too_slow(fault, limit)):
            raise _Attempt(Failure.READ, "no answer in time", True)
        if reply.status >= 400:
            failure = Failure.SERVER if reply.status >= 500 else Failure.CLIENT
            raise _Attempt(failure, f"status {reply.status}", False)
        return reply

    def _send(self, url: str, ask: Ask, overrides: Overrides, token: str, left: float) -> Reply:
        params, body = ask.params, None
        if ask.method == "GET":
            url = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(params)}"
            signed = signature(self._token, url, {})
        else:
            body, signed = urlencode(params), signature(self._token, url, params)
        headers = {
            "X-Twilio-Signature": signed,
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        timeout = urllib3.Timeout(
            connect=min(overrides.connect, max(left, 0.01)),
            read=min(overrides.read, max(left, 0.01)),
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
            raise _Attempt(Failure.CONNECT, type(error).__name__, False) from error
        except ReadTimeoutError as error:
            raise _Attempt(Failure.READ, "no answer in time", False) from error
        except HTTPError as error:
            raise _Attempt(Failure.READ, type(error).__name__, False) from error
        return _reply(response, url, (ticks() - started) * 1000)

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

    def hang_up_connections(self) -> None:
        """Closes this thread's connections; called when its call has ended."""
        pool = getattr(self._local, "pool", None)
        if isinstance(pool, urllib3.PoolManager):
            pool.clear()


def _strike_before(fault: WebhookFault | None, limit: float, line: Timeline | None) -> None:
    if fault is None:
        return
    match fault.how:
        case How.CONNECT:
            raise _Attempt(Failure.CONNECT, "connection refused", True)
        case How.STATUS:
            failure = Failure.SERVER if fault.status >= 500 else Failure.CLIENT
            raise _Attempt(failure, f"status {fault.status}", True)
        case How.SLOW if line is not None:
            seconds = min(fault.seconds, limit)
            line.advance(seconds)
            pause_really(line.real_seconds(seconds, live=False))
        case _:
            pass


def _is_too_slow(fault: WebhookFault, limit: float) -> bool:
    return fault.how is How.SLOW and fault.seconds >= limit


def _reply(response: urllib3.BaseHTTPResponse, url: str, milliseconds: float) -> Reply:
    location = None
    if response.status in (301, 302, 303, 307, 308):
        target = response.headers.get("Location")
        location = urljoin(url, target) if target else None
    return Reply(
        status=response.status,
        body=response.data,
        content_type=response.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        location=location,
        url=url,
        milliseconds=milliseconds,
    )
