"""A line: one call in progress with everybody on it, its time, its transcript and its way to the
product. Verbs wait, write and ask through it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from exchange.calls.network_state import NetworkState
from exchange.calls.participants import Dequeued, Participant, ParticipantHungUp, Redirected
from exchange.clock import Timeline, ticks
from exchange.faults.registry import FaultRegistry
from exchange.faults.rules import Faults
from exchange.json_values import Json
from exchange.product.http import OutgoingWebhook, WebhookReply
from exchange.product.webhook_sender import WebhookSender, WebhookTools
from exchange.product.webhooks import WebhookFailed
from exchange.records.calls import CallResource, CallStatus
from exchange.records.signals import ALL_KINDS, Plan, Signal, SignalKind
from exchange.records.transcript import Event, Kind


class ActiveCall:
    """Run by one thread. `caller` is the participant whose document is played: who phoned in, or
    who was
    phoned by the REST API.
    """

    def __init__(
        self, network: NetworkState, caller: Participant, timeline: Timeline, faults: FaultRegistry
    ) -> None:
        self.network = network
        self.caller = caller
        self.timeline = timeline
        self.faults = faults
        self.plan = Plan()
        self.participants: dict[str, Participant] = {caller.sid: caller}
        tools = WebhookTools(
            network.webhooks,
            network.debugger,
            faults,
            network.config.callbacks_inline,
            network.config.seed,
        )
        self.webhook_sender = WebhookSender(tools, timeline)
        self.fallback_url: str | None = None
        self.fallback_method = "POST"
        self.is_queued = False
        self.late_requests: list[OutgoingWebhook] = []

    # Who is on the line ---------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether a human being acts on the line, so that waits must be real."""
        return any(participant.call.is_live for participant in self.participants.values())

    def join(self, participant: Participant) -> None:
        """Lets a leg's signals through."""
        self.participants[participant.sid] = participant

    def remove(self, participant: Participant) -> None:
        """Forgets a leg and whatever it was going to do."""
        self.participants.pop(participant.sid, None)
        self.plan.drop(participant.sid, ALL_KINDS)

    # Time -----------------------------------------------------------------------------------

    def plan_signal(
        self,
        participant: Participant,
        kind: SignalKind,
        after: float,
        key: str = "",
        seconds: float = 0.0,
        is_noise: bool = False,
    ) -> None:
        """A participant is going to do something, so many seconds from now."""
        at = self.timeline.elapsed + after
        self.plan.add(at, Signal(kind, participant.sid, key, seconds, is_noise))

    def wait(self, seconds: float, *, for_people: bool = False) -> Signal | None:
        """Lets time pass until somebody does something, or the seconds are over (None).

        `for_people`: they are asked to do something, and a live one may need patience.
        Raises HungUp when somebody leaves and Redirected when the REST API moves the call.
        """
        patience = self.network.config.patience if for_people and self.is_live else 1.0
        deadline = self.timeline.elapsed + max(0.0, seconds)
        while True:
            planned = self.plan.next_before(deadline)
            # Who follows a script does so in time; only somebody live is waited for.
            signal = self._sleep(planned[0], 1.0) if planned else self._sleep(deadline, patience)
            if signal is None and planned:
                self.plan.pop()
                signal = planned[1]
            if signal is None:
                return None
            if signal.participant in self.participants:
                return self.raise_if_over(signal)

    def wait_out(self, seconds: float) -> None:
        """Lets all the seconds pass; keys pressed meanwhile are lost."""
        deadline = self.timeline.elapsed + seconds
        while (signal := self.wait(deadline - self.timeline.elapsed)) is not None:
            self.note_lost_key(signal)

    def wait_key(
        self, participant: Participant, seconds: float, *, for_people: bool = False
    ) -> str | None:
        """A key of this party within the seconds; other people's keys are lost."""
        deadline = self.timeline.elapsed + seconds
        while (
            signal := self.wait(deadline - self.timeline.elapsed, for_people=for_people)
        ) is not None:
            if signal.kind is SignalKind.KEY and signal.participant == participant.sid:
                return signal.key
            self.note_lost_key(signal)
        return None

    def note_lost_key(self, signal: Signal) -> None:
        """Writes down a key that nobody was listening for."""
        if signal.kind is SignalKind.KEY:
            self.write(Kind.KEYS_LOST, participant=signal.participant, keys=signal.key)

    def raise_if_over(self, signal: Signal) -> Signal:
        """The signal; one that ends the wait is raised: HungUp, Redirected, Dequeued."""
        if signal.kind in (SignalKind.HANG_UP, SignalKind.CANCEL):
            raise ParticipantHungUp(signal.participant)
        if signal.kind is SignalKind.REDIRECT and signal.target is not None:
            raise Redirected(signal.target)
        if signal.kind is SignalKind.DEQUEUED and self.is_queued:
            raise Dequeued
        return signal

    def _sleep(self, until: float, patience: float) -> Signal | None:
        gap = max(0.0, until - self.timeline.elapsed)
        started = ticks()
        real = self.timeline.real_seconds(gap, live=self.is_live) * patience
        signal = self.caller.call.mailbox.take(real)
        if signal is None:
            self.timeline.advance(gap)
        else:
            slept = self.timeline.call_seconds((ticks() - started) / patience)
            self.timeline.advance(min(gap, slept))
        return signal

    # What is written ------------------------------------------------------------------------

    def write(self, kind: Kind, **facts: Json) -> None:
        """Writes an event at this second of the call."""
        moment = self.timeline.moment()
        event = Event(kind, self.timeline.elapsed, moment, facts)
        self.caller.call.transcript.add(event)

    def alert(self, failed: WebhookFailed) -> None:
        """Writes an error to the transcript and to the debugger."""
        self.write(Kind.ERROR, code=failed.code.value, message=failed.message, url=failed.url)
        self.network.debugger.add(failed.alert(self.caller.sid, self.timeline.moment()))

    # The way to the product -------------------------------------------------------------------

    def base(self, call: CallResource) -> dict[str, str]:
        """The parameters of every request about a call, with its moment where that is wanted."""
        params = call.params()
        if self.network.config.send_moment:
            params["ExchangeMoment"] = self.timeline.moment().isoformat()
        return params

    def ask(
        self, participant: Participant, url: str, extra: Mapping[str, str], method: str = "POST"
    ) -> WebhookReply:
        """The product's answer to one step of a participant's document.

        Raises WebhookFailed; writes the turn either way.
        """
        ask = OutgoingWebhook(url, self.base(participant.call), extra, method)
        delayed, self.late_requests = self.late_requests, []
        started = ticks()
        try:
            reply = self.network.webhooks.ask(ask, self.faults, self.timeline, self.late_requests)
        except WebhookFailed as failed:
            waited = _milliseconds(started)
            self.write(
                Kind.TURN, call_sid=participant.sid, url=url, ms=None, status=None, waited_ms=waited
            )
            self.alert(failed)
            raise
        finally:
            self._deliver(delayed)
        self.write(
            Kind.TURN,
            call_sid=participant.sid,
            url=reply.url,
            ms=round(reply.milliseconds, 3),
            status=reply.status,
            waited_ms=_milliseconds(started),
        )
        return reply

    def deliver_late_requests(self) -> None:
        """Delivers what a fault has held back; at the latest when the call is over."""
        delayed, self.late_requests = self.late_requests, []
        self._deliver(delayed)

    def _deliver(self, delayed: Sequence[OutgoingWebhook]) -> None:
        for ask in delayed:
            with suppress(WebhookFailed):  # the answer is for nobody
                self.network.webhooks.ask(ask, FaultRegistry(Faults()))

    # A call's own states ----------------------------------------------------------------------

    def answer(self, call: CallResource) -> None:
        """Takes the receiver up, now."""
        call.answer(self.timeline.moment())

    def end(self, call: CallResource, status: CallStatus) -> None:
        """Closes a call or leg with its last status, now."""
        call.end(status, self.timeline.moment())


def _milliseconds(since: float) -> float:
    return round((ticks() - since) * 1000, 3)
