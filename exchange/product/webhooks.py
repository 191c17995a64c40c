"""Asks the product as the network does: within 15 s in all, with connection overrides, retries
under one idempotency token, 3xx answers followed, and the faults that are switched on.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from exchange.clock import Timeline, pause_really, ticks
from exchange.error_codes import ErrorCode
from exchange.faults.registry import FaultRegistry
from exchange.faults.rules import How, WebhookFault
from exchange.product.http import OutgoingWebhook, RequestAttempt, SignedClient, WebhookReply
from exchange.product.overrides import Failure, OverrideError, Overrides, split_overrides
from exchange.records.debugger import Alert

MAX_HTTP_REDIRECTS = 10
_CODES = {
    Failure.CONNECT: ErrorCode.CONNECTION,
    Failure.READ: ErrorCode.READ_TIMEOUT,
    Failure.CLIENT: ErrorCode.HTTP_FAILURE,
    Failure.SERVER: ErrorCode.HTTP_FAILURE,
}


class WebhookFailed(Exception):
    """The product could not be asked, or answered with an error."""

    def __init__(self, code: ErrorCode, url: str, message: str, by_fault: bool = False) -> None:
        super().__init__(f"{code} {url}: {message}")
        self.code = code
        self.url = url
        self.message = message
        self.by_fault = by_fault

    def alert(self, sid: str, moment: datetime) -> Alert:
        """The failure as it stands in the debugger: of which call or message, and when."""
        return Alert(self.code, self.message, sid, self.url, moment, self.by_fault)


class Webhooks:
    """The network's way to the product; shared by all calls."""

    def __init__(self, token: str, total: float, routes: Mapping[str, str]) -> None:
        self._post = SignedClient(token, routes)
        self._total = total

    def ask(
        self,
        ask: OutgoingWebhook,
        faults: FaultRegistry,
        timeline: Timeline | None = None,
        late_requests: list[OutgoingWebhook] | None = None,
    ) -> WebhookReply:
        """The product's answer; real time spent passes on a real-time line. Requests that a fault
        wants to arrive later are put into `stragglers`.

        Raises WebhookFailed when there is no answer within the time or it is not a success.
        """
        for _ in range(MAX_HTTP_REDIRECTS + 1):
            reply = self._with_retries(ask, faults, timeline, late_requests)
            if reply.location is None:
                return reply
            method = "GET" if reply.status < 304 else ask.method
            ask = OutgoingWebhook(reply.location, ask.base, {}, method)
        raise WebhookFailed(ErrorCode.TOO_MANY_REDIRECTS, ask.url, "too many 3xx answers")

    def close(self) -> None:
        """Closes this thread's connections; called when its call has ended."""
        self._post.close()

    def _with_retries(
        self,
        ask: OutgoingWebhook,
        faults: FaultRegistry,
        timeline: Timeline | None,
        late_requests: list[OutgoingWebhook] | None,
    ) -> WebhookReply:
        url, overrides = _address(ask.url)
        budget, started, tries = min(self._total, overrides.total), ticks(), 0
        while True:
            fault = faults.webhook(url)
            if (
                fault is not None
                and fault.how in (How.ECHO, How.LATE)
                and late_requests is not None
            ):
                late_requests.append(ask)
            try:
                left = budget - (ticks() - started)
                return self._attempt(replace(ask, url=url), overrides, left, fault, timeline)
            except RequestAttempt as failed:
                tries += 1
                is_spent = ticks() - started >= budget
                if is_spent or tries > overrides.retries or failed.failure not in overrides.policy:
                    code = _CODES[failed.failure]
                    raise WebhookFailed(code, url, str(failed), failed.by_fault) from failed

    def _attempt(
        self,
        ask: OutgoingWebhook,
        overrides: Overrides,
        left: float,
        fault: WebhookFault | None,
        timeline: Timeline | None,
    ) -> WebhookReply:
        limit = min(overrides.read, left)
        _strike_before(fault, limit, timeline)
        started = ticks()
        reply = self._post.send(ask.url, ask, overrides, left)
        if fault is not None and fault.how is How.TWICE:
            reply = self._post.send(ask.url, ask, overrides, left)
        if timeline is not None and timeline.is_real_time():
            timeline.advance(ticks() - started)
        if fault is not None and _loses_answer(fault, limit):
            raise RequestAttempt(Failure.READ, "no answer in time", by_fault=True)
        if reply.status >= 400:
            failure = Failure.SERVER if reply.status >= 500 else Failure.CLIENT
            raise RequestAttempt(failure, f"status {reply.status}")
        return reply


def _address(url: str) -> tuple[str, Overrides]:
    if not url.startswith(("http://", "https://")):
        raise WebhookFailed(ErrorCode.INVALID_URL, url, "not an absolute address")
    try:
        return split_overrides(url)
    except OverrideError as error:
        raise WebhookFailed(ErrorCode.SCHEMA, url, str(error)) from error


def _strike_before(fault: WebhookFault | None, limit: float, timeline: Timeline | None) -> None:
    if fault is None:
        return
    match fault.how:
        case How.CONNECT:
            raise RequestAttempt(Failure.CONNECT, "connection refused", by_fault=True)
        case How.LATE:
            raise RequestAttempt(Failure.READ, "not delivered in time", by_fault=True)
        case How.STATUS:
            failure = Failure.SERVER if fault.status >= 500 else Failure.CLIENT
            raise RequestAttempt(failure, f"status {fault.status}", by_fault=True)
        case How.SLOW if timeline is not None:
            seconds = min(fault.seconds, limit)
            timeline.advance(seconds)
            pause_really(timeline.real_seconds(seconds, live=False))
        case _:
            pass


def _loses_answer(fault: WebhookFault, limit: float) -> bool:
    return fault.how is How.LOST or (fault.how is How.SLOW and fault.seconds >= limit)
