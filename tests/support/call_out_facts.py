"""Who knows what is next for a simulated call's ticket, and begins its call-outs.

An installation of facts alone stands here; one with rows is the tests'.
"""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from app.domain.callouts.policy import (
    CallsAbout,
    NextCallOut,
    call_out_of,
    next_call_out,
    policy_of,
)
from app.domain.calls.call import Call, CallOutBegan, Event, TicketAcknowledged
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import AcknowledgeTicket, AnsweredAgain, Effect, MissedCallOut
from app.domain.hunts.world import World
from app.domain.simulate.simulation import SimulationFacts, decide_on
from app.domain.tickets.ticket import Ticket


class CallOutService(Protocol):
    """Who takes turns, knows what is next for the simulated call's ticket, and begins its
    call-outs.
    """

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn of the call or of a call-out."""
        ...

    def next_call_out(self, call: Call, now: datetime) -> NextCallOut:
        """Say what is next for the ticket; the call is the last one about it, or a call-out."""
        ...

    def begin_call_out(self, call: Call, now: datetime) -> Decision:
        """Begin the next call-out; answer what its first turn was answered."""
        ...

    def take_elsewhere(self, call: Call, name: str, now: datetime) -> Decision:
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
        self._last: Call | None = None

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn on the facts, and learn from what it made happen."""
        decision = decide_on(self._facts)(call, event, now)
        for effect in decision.effects:
            self._facts = _learnt(self._facts, effect)
        return decision

    def next_call_out(self, call: Call, now: datetime) -> NextCallOut:
        """Ask the rules; a simulated call has ended."""
        if not call.call_out_number:
            self._caller = call
        ticket, about = self._ticket(call), self._about(call)
        return next_call_out(ticket, about, policy_of(ticket, about, self._world(call), now), now)

    def begin_call_out(self, call: Call, now: datetime) -> Decision:
        """Begin the next call-out at the moment."""
        begun = call_out_of(self._ticket(call), self._about(call), now)
        self._call_outs, self._began_at = begun.call_out_number, now
        return self(begun, CallOutBegan(), now)

    def take_elsewhere(self, call: Call, name: str, now: datetime) -> Decision:
        """Let the facts know it, and the call-out."""
        self._facts = replace(self._facts, acknowledged_by=name)
        return self(call, TicketAcknowledged(name), now)

    def _ticket(self, last: Call) -> Ticket:
        ticket = (self._caller or last).ticket
        assert ticket
        return replace(ticket, call_outs_made=self._call_outs)

    def _about(self, last: Call) -> CallsAbout:
        return CallsAbout(
            calls=(self._caller or last,),
            moved_at=last.ended_at or last.started_at,
            last_began_at=self._began_at,
            last=last if last.call_out_number else None,
        )

    def _world(self, call: Call) -> World:
        return self._facts.world(call.line, call.caller.digits, customer=call.customer)


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
