"""Delivers a call's status callbacks beside the call, as the network does: they control nothing
and may come twice, late and out of order.
"""

import random
import threading
from dataclasses import dataclass

from exchange.clock import Timeline, pause_really
from exchange.faults.registry import FaultRegistry
from exchange.product.http import OutgoingWebhook
from exchange.product.webhooks import WebhookFailed, Webhooks
from exchange.records.debugger import Debugger


@dataclass(frozen=True, slots=True)
class WebhookTools:
    """What a webhook sender works with."""

    webhooks: Webhooks
    debugger: Debugger
    faults: FaultRegistry
    inline: bool
    seed: int


class WebhookSender:
    """One call's callbacks, in order unless a fault says otherwise."""

    def __init__(self, tools: WebhookTools, timeline: Timeline) -> None:
        self._tools = tools
        self._timeline = timeline
        self._held: list[OutgoingWebhook] = []
        self._after_end: list[OutgoingWebhook] = []
        self._pending: list[OutgoingWebhook] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._late: list[threading.Thread] = []
        self._closing = False

    def send(self, ask: OutgoingWebhook) -> None:
        """Takes a callback to be delivered; does not wait, unless callbacks are inline."""
        faults = self._tools.faults.faults
        copies = [ask] * (1 + faults.duplicate_callbacks)
        if faults.reorder_callbacks:
            self._held.extend(copies)
        elif faults.late_callbacks and self._timeline.speed == 0:
            self._after_end.extend(copies)
        elif faults.late_callbacks:
            self._later(copies, faults.late_callbacks)
        elif self._tools.inline:
            self._deliver_all(copies)
        else:
            self._enqueue(copies)

    def finish(self) -> None:
        """Delivers what was held back and waits until everything is delivered."""
        random.Random(self._tools.seed).shuffle(self._held)
        rest = self._held + self._after_end
        self._held, self._after_end = [], []
        self._deliver_all(rest) if self._thread is None else self._enqueue(rest)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        for thread in [*self._late, *([self._thread] if self._thread else [])]:
            thread.join()

    def _later(self, copies: list[OutgoingWebhook], seconds: float) -> None:
        real = self._timeline.real_seconds(seconds, live=False)
        thread = threading.Thread(target=self._after, args=(copies, real), daemon=True)
        self._late.append(thread)
        thread.start()

    def _after(self, copies: list[OutgoingWebhook], real: float) -> None:
        pause_really(real)
        self._deliver_all(copies)

    def _enqueue(self, asks: list[OutgoingWebhook]) -> None:
        with self._changed:
            self._pending.extend(asks)
            self._changed.notify_all()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True, name="webhook-sender")
            self._thread.start()

    def _work(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._deliver_all(batch)
        self._tools.webhooks.close()

    def _next_batch(self) -> list[OutgoingWebhook] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._closing)
            batch, self._pending = self._pending, []
        return batch or None

    def _deliver_all(self, asks: list[OutgoingWebhook]) -> None:
        for ask in asks:
            self._deliver(ask)

    def _deliver(self, ask: OutgoingWebhook) -> None:
        try:
            self._tools.webhooks.ask(ask, self._tools.faults)
        except WebhookFailed as failed:
            alert = failed.alert(ask.base.get("CallSid", ""), self._timeline.moment())
            self._tools.debugger.add(alert)
