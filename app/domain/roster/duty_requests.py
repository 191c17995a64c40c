"""Requests between colleagues: somebody asks for cover, or offers to swap a shift. Values only.

A cover request is asked of several people at once, and the first yes has it; a swap is offered to
the one whose shift is wanted. What each answer leads to is duty_request_moves.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor
from app.domain.roster.duty_slots import DutySlot
from app.domain.roster.plan import Override
from app.domain.time.intervals import Interval


class RequestKind(StrEnum):
    """What is asked."""

    COVER = "cover"
    SWAP = "swap"


class RequestState(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    AWAITS_APPROVAL = "awaits_approval"  # a swap that both want
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # nobody had answered, or approved, when the shift began
    ENDED = "ended"  # a shift is no more where it was, or no more theirs
    UNDONE = "undone"  # it had been agreed


class RequestMove(StrEnum):
    """What somebody does with a request."""

    YES = "yes"
    NO = "no"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    UNDO = "undo"


WAITING: Final = frozenset({RequestState.OPEN, RequestState.AWAITS_APPROVAL})
MOVES: Final[Mapping[RequestMove, RequestState]] = {
    RequestMove.YES: RequestState.OPEN,
    RequestMove.NO: RequestState.OPEN,
    RequestMove.APPROVE: RequestState.AWAITS_APPROVAL,
    RequestMove.REFUSE: RequestState.AWAITS_APPROVAL,
    RequestMove.UNDO: RequestState.AGREED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody who was asked has said; `by` is whoever said it for them."""

    person: str
    is_yes: bool | None = None  # None: nothing yet
    by: Actor | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DutyRequest:
    """A request as it is stored. `wanted` is the shift that a swap is offered for.

    `expires_at` is when it is too late to answer. `entries` are the roster entries that it has
    become, one for each slot. `closed_by` is whoever moved it last.
    """

    id: int
    kind: RequestKind
    state: RequestState
    slot: DutySlot
    wanted: DutySlot | None
    reason: str
    asked_by: Actor
    asked_at: datetime
    expires_at: datetime
    answers: tuple[Answer, ...]
    entries: tuple[int, ...] = ()
    closed_by: Actor | None = None
    closed_at: datetime | None = None

    @property
    def slots(self) -> tuple[DutySlot, ...]:
        """The shifts that change hands."""
        return (self.slot, self.wanted) if self.wanted else (self.slot,)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody in it: whoever asks first."""
        return (self.slot.person, *(each.person for each in self.answers))

    @property
    def taker(self) -> str | None:
        """Who has said yes."""
        return next((each.person for each in self.answers if each.is_yes), None)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has still to answer."""
        return self.state in WAITING

    def is_ahead_of(self, at: datetime) -> bool:
        """Whether one of its shifts ends after an instant."""
        return any(each.when.to > at for each in self.slots)

    def is_shown(self, person: str) -> bool:
        """Whether it still matters to somebody in it: they have not said no, or it is theirs."""
        if person in (self.slot.person, self.taker):
            return True
        said = self.answer_of(person)
        return self.is_waiting and said is not None and said.is_yes is None

    def answer_of(self, person: str) -> Answer | None:
        """What somebody has said; None for whoever was not asked."""
        return next((each for each in self.answers if each.person == person), None)

    def moved(self, overrides: Mapping[int, Override]) -> "DutyRequest":
        """The same with its shifts in the time of these overrides, by the ids of its entries."""
        times = [overrides.get(each) for each in self.entries]
        slots = [
            replace(slot, when=Interval(at.from_, at.to)) if at else slot
            for slot, at in zip(self.slots, times, strict=True)
        ]
        return replace(self, slot=slots[0], wanted=slots[1] if self.wanted else None)

    def overrides(self, taker: str, by: Actor) -> tuple[Override, ...]:
        """What it becomes on the roster when somebody says yes, one for each slot."""
        taken = self.slot.taken_by(taker, self.reason, by.name)
        if self.wanted is None:
            return (taken,)
        return taken, self.wanted.taken_by(self.slot.person, self.reason, by.name)
