"""Who knows what is next for a walked call's ticket, and begins its rounds.

A house of facts alone stands here; one with rows is the tests'.
"""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from app.domain.call import Call, Event, RoundBegan, TicketTaken
from app.domain.decision import AcknowledgeTicket, AnsweredAgain, Decision, Effect, MissedRound
from app.domain.rounds_due import NextRound, Unaccepted, next_round, round_of
from app.domain.walk import Facts, turns_on
from app.domain.world import World


class House(Protocol):
    """Who takes turns, knows what is next for the walked call's ticket, and begins its rounds."""

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn of the call or of a round."""
        ...

    def next_round(self, call: Call, now: datetime) -> NextRound:
        """Say what is next for the ticket; the call is the last one about it, or a round."""
        ...

    def begin_round(self, call: Call, now: datetime) -> Decision:
        """Begin the next round; answer what its first turn was answered."""
        ...

    def take_elsewhere(self, call: Call, name: str, now: datetime) -> Decision:
        """Let somebody accept the ticket elsewhere while the round rings."""
        ...


class OnFacts:
    """A house of facts alone: it remembers who has the ticket and who missed a round."""

    def __init__(self, facts: Facts) -> None:
        """Begin with these facts."""
        self._facts = facts
        self._caller: Call | None = None
        self._rounds = 0
        self._began_at: datetime | None = None
        self._last: Call | None = None

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        """Take a turn on the facts, and learn from what it made happen."""
        decision = turns_on(self._facts)(call, event, now)
        for effect in decision.effects:
            self._facts = _learnt(self._facts, effect)
        return decision

    def next_round(self, call: Call, now: datetime) -> NextRound:
        """Ask the rules; a walked call has ended."""
        if not call.round:
            self._caller = call
        return next_round(self._ticket(call), self._world(call), now)

    def begin_round(self, call: Call, now: datetime) -> Decision:
        """Begin the next round at the moment."""
        begun = round_of(self._ticket(call), now)
        self._rounds, self._began_at = begun.round, now
        return self(begun, RoundBegan(), now)

    def take_elsewhere(self, call: Call, name: str, now: datetime) -> Decision:
        """Let the facts know it, and the round."""
        self._facts = replace(self._facts, taken_by=name)
        return self(call, TicketTaken(name), now)

    def _ticket(self, last: Call) -> Unaccepted:
        first = self._caller or last
        return Unaccepted(
            opened_at=first.started_at,
            calls=(first,),
            moved_at=last.ended_at or last.started_at,
            rounds=self._rounds,
            last_began_at=self._began_at,
            last=last if last.round else None,
        )

    def _world(self, call: Call) -> World:
        return self._facts.world(call.line, call.caller.digits, customer=call.customer)


def _learnt(facts: Facts, effect: Effect) -> Facts:
    match effect:
        case AcknowledgeTicket(name=name):
            return replace(facts, taken_by=name)
        case MissedRound(person=person):
            return replace(facts, missed=facts.missed | {person})
        case AnsweredAgain(person=person):
            return replace(facts, missed=facts.missed - {person})
        case _:
            return facts
