"""A line: one call in progress with everybody on it, its time, its transcript and its way to the
product. Verbs wait, write and ask through it.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from app.exchange.clock import Timeline, ticks
from app.exchange.faults.book import FaultBook
from app.exchange.faults.rules import Faults
from app.exchange.json_values import Json
from app.exchange.lines.office import Office
from app.exchange.lines.parties import Dequeued, HungUp, Party, Redirected
from app.exchange.product.courier import Courier, Tools
from app.exchange.product.post import Ask, Reply
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.calls import Call, Status
from app.exchange.records.signals import ALL_KINDS, Plan, Signal, SignalKind
from app.exchange.records.transcript import Event, Kind


class Line:
    """Run by one thread. `caller` is the party whose document is played: who phoned in, or who was
    phoned by the REST API.
    """

    def __init__(
        self, office: Office, caller: Party, timeline: Timeline, faults: FaultBook
    ) -> None:
        self.office = office
        self.caller = caller
        self.timeline = timeline
        self.faults = faults
        self.plan = Plan()
        self.parties: dict[str, Party] = {caller.sid: caller}
        tools = Tools(
            office.webhooks,
            office.debugger,
            faults,
            office.config.callbacks_inline,
            office.config.seed,
        )
        self.courier = Courier(tools, timeline)
        self.fallback_url: str | None = None
        self.fallback_method = "POST"
        self.is_queued = False
        self.stragglers: list[Ask] = []

    # Who is on the line ---------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether a human being acts on the line, so that waits must be real."""
        return any(party.call.is_live for party in self.parties.values())

    def join(self, party: Party) -> None:
        """Lets a leg's signals through."""
        self.parties[party.sid] = party

    def part(self, party: Party) -> None:
        """Forgets a leg and whatever it was going to do."""
        self.parties.pop(party.sid, None)
        self.plan.drop(party.sid, ALL_KINDS)

    # Time -----------------------------------------------------------------------------------

    def plan_signal(
        self,
        party: Party,
        kind: SignalKind,
        after: float,
        key: str = "",
        seconds: float = 0.0,
        is_noise: bool = False,
    ) -> None:
        """A party is going to do something, so many seconds from now."""
        at = self.timeline.elapsed + after
        self.plan.add(at, Signal(kind, party.sid, key, seconds, is_noise))

    def wait(self, seconds: float) -> Signal | None:
        """Lets time pass until somebody does something, or the seconds are over (None).

        Raises HungUp when a party leaves and Redirected when the REST API moves the call.
        """
        deadline = self.timeline.elapsed + max(0.0, seconds)
        while True:
            planned = self.plan.next_before(deadline)
            signal = self._sleep(planned[0] if planned else deadline)
            if signal is None and planned:
                self.plan.pop()
                signal = planned[1]
            if signal is None:
                return None
            if signal.party in self.parties:
                return self.told(signal)

    def wait_out(self, seconds: float) -> None:
        """Lets all the seconds pass; keys pressed meanwhile are lost."""
        deadline = self.timeline.elapsed + seconds
        while (signal := self.wait(deadline - self.timeline.elapsed)) is not None:
            self.lose(signal)

    def wait_key(self, party: Party, seconds: float) -> str | None:
        """A key of this party within the seconds; other people's keys are lost."""
        deadline = self.timeline.elapsed + seconds
        while (signal := self.wait(deadline - self.timeline.elapsed)) is not None:
            if signal.kind is SignalKind.KEY and signal.party == party.sid:
                return signal.key
            self.lose(signal)
        return None

    def lose(self, signal: Signal) -> None:
        """Writes down a key that nobody was listening for."""
        if signal.kind is SignalKind.KEY:
            self.write(Kind.KEYS_LOST, party=signal.party, keys=signal.key)

    def told(self, signal: Signal) -> Signal:
        """The signal; one that ends the wait is raised: HungUp, Redirected, Dequeued."""
        if signal.kind in (SignalKind.HANG_UP, SignalKind.CANCEL):
            raise HungUp(signal.party)
        if signal.kind is SignalKind.REDIRECT and signal.target is not None:
            raise Redirected(signal.target)
        if signal.kind is SignalKind.DEQUEUED and self.is_queued:
            raise Dequeued
        return signal

    def _sleep(self, until: float) -> Signal | None:
        gap = max(0.0, until - self.timeline.elapsed)
        started = ticks()
        real = self.timeline.real_seconds(gap, live=self.is_live)
        signal = self.caller.call.mailbox.take(real)
        if signal is None:
            self.timeline.advance(gap)
        else:
            self.timeline.advance(min(gap, self.timeline.call_seconds(ticks() - started)))
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
        self.office.debugger.add(failed.alert(self.caller.sid, self.timeline.moment()))

    # The way to the product -------------------------------------------------------------------

    def base(self, call: Call) -> dict[str, str]:
        """The parameters of every request about a call, with its moment where that is wanted."""
        params = call.params()
        if self.office.config.send_moment:
            params["ExchangeMoment"] = self.timeline.moment().isoformat()
        return params

    def ask(self, party: Party, url: str, extra: Mapping[str, str], method: str = "POST") -> Reply:
        """The product's answer to one step of a party's document.

        Raises WebhookFailed; writes the turn either way.
        """
        ask = Ask(url, self.base(party.call), extra, method)
        delayed, self.stragglers = self.stragglers, []
        started = ticks()
        try:
            reply = self.office.webhooks.ask(ask, self.faults, self.timeline, self.stragglers)
        except WebhookFailed as failed:
            waited = _milliseconds(started)
            self.write(
                Kind.TURN, call_sid=party.sid, url=url, ms=None, status=None, waited_ms=waited
            )
            self.alert(failed)
            raise
        finally:
            self._deliver(delayed)
        self.write(
            Kind.TURN,
            call_sid=party.sid,
            url=reply.url,
            ms=round(reply.milliseconds, 3),
            status=reply.status,
            waited_ms=_milliseconds(started),
        )
        return reply

    def deliver_stragglers(self) -> None:
        """Delivers what a fault has held back; at the latest when the call is over."""
        delayed, self.stragglers = self.stragglers, []
        self._deliver(delayed)

    def _deliver(self, delayed: Sequence[Ask]) -> None:
        for ask in delayed:
            with suppress(WebhookFailed):  # the answer is for nobody
                self.office.webhooks.ask(ask, FaultBook(Faults()))

    # A call's own states ----------------------------------------------------------------------

    def answer(self, call: Call) -> None:
        """Takes the receiver up, now."""
        call.answer(self.timeline.moment())

    def end(self, call: Call, status: Status) -> None:
        """Closes a call or leg with its last status, now."""
        call.end(status, self.timeline.moment())


def _milliseconds(since: float) -> float:
    return round((ticks() - since) * 1000, 3)
