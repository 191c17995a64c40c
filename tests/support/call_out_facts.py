"""Who knows what is next for a simulated call's ticket, and begins its call-outs.

An installation of facts alone stands here; one with rows is the tests'.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from app.domain.callouts.call_out import (
    CallOut,
    CallOutBegan,
    CallOutDecision,
    CallOutEvent,
    TicketAcknowledged,
)
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.decide import decide_call_out
from app.domain.callouts.next_call_out import (
    NextCallOut,
    call_out_of,
    next_call_out,
    policy_of,
)
from app.domain.calls.call import Call, Event
from app.domain.calls.decision import Decision
from app.domain.calls.follow_up import call_about
from app.domain.hunts.effects import AcknowledgeTicket, AnsweredAgain, Effect, MissedCallOut
from app.domain.hunts.events import LegEvent
from app.domain.hunts.world import World
from app.domain.simulate.simulation import SimulationFacts, decide_on
from app.domain.tickets.ticket import Ticket


class CallOutService(Protocol):
    """Who takes turns, knows what is next for the simulated call's ticket, and begins its
    call-outs.
    """

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn of the call."""
        ...

    def decide_call_out(self, call_out: CallOut, event: LegEvent, now: datetime) -> CallOutDecision:
        """Take a turn of a call-out."""
        ...

    def next_call_out(self, last: Call | CallOut, now: datetime) -> NextCallOut:
        """Say what is next for the ticket, after the last call about it, or the last call-out."""
        ...

    def begin_call_out(self, last: Call | CallOut, now: datetime) -> CallOutDecision:
        """Begin the next call-out; answer what its first turn was answered."""
        ...

    def take_elsewhere(self, call_out: CallOut, name: str, now: datetime) -> CallOutDecision:
        """Let somebody accept the ticket elsewhere while the call-out rings."""
        ...


class CallOutsOnFacts:
    """An installation of facts alone: it remembers who has the ticket and who missed a call-out."""

    def __init__(self, facts: SimulationFacts) -> None:
        """Begin with these facts."""
        self._facts = facts
        self._caller: Call | None = None
        self._call_outs = 0
        self._began_at: datetime | None = None

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn of the call on the facts, and learn from what it made happen."""
        decision = decide_on(self._facts)(call, event, now)
        self._learn(decision.effects)
        return decision

    def decide_call_out(
        self, call_out: CallOut, event: CallOutEvent, now: datetime
    ) -> CallOutDecision:
        """Take a turn of a call-out on the facts, and learn from what it made happen."""
        decision = decide_call_out(call_out, event, self._world(call_out), now)
        self._learn(decision.effects)
        return decision

    def next_call_out(self, last: Call | CallOut, now: datetime) -> NextCallOut:
        """Ask the rules; a simulated call has ended."""
        if isinstance(last, Call):
            self._caller = last
        ticket, about = self._ticket(), self._about(last)
        return next_call_out(ticket, about, policy_of(ticket, about, self._world(last), now), now)

    def begin_call_out(self, last: Call | CallOut, now: datetime) -> CallOutDecision:
        """Begin the next call-out at the moment."""
        begun = call_out_of(self._ticket(), self._about(last), now)
        self._call_outs, self._began_at = begun.number, now
        return self.decide_call_out(begun, CallOutBegan(), now)

    def take_elsewhere(self, call_out: CallOut, name: str, now: datetime) -> CallOutDecision:
        """Let the facts know it, and the call-out."""
        self._facts = replace(self._facts, acknowledged_by=name)
        return self.decide_call_out(call_out, TicketAcknowledged(name), now)

    def _learn(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._facts = _learnt(self._facts, effect)

    def _ticket(self) -> Ticket:
        assert self._caller
        assert self._caller.ticket
        return replace(self._caller.ticket, call_outs_made=self._call_outs)

    def _about(self, last: Call | CallOut) -> CallsAbout:
        assert self._caller
        return CallsAbout(
            calls=(call_about(self._caller),),
            moved_at=last.ended_at or last.started_at,
            last_began_at=self._began_at,
            last=last if isinstance(last, CallOut) else None,
        )

    def _world(self, about: Call | CallOut) -> World:
        return self._facts.world(about.line, about.caller.digits, customer=about.customer)


def _learnt(facts: SimulationFacts, effect: Effect) -> SimulationFacts:
    match effect:
        case AcknowledgeTicket(name=name):
            return replace(facts, acknowledged_by=name)
        case MissedCallOut(person=person):
            return replace(facts, missed=facts.missed | {person})
        case AnsweredAgain(person=person):
            return replace(facts, missed=facts.missed - {person})
        case _:
            return facts
