"""Ringing people in an order: whom, how each attempt ended, and who accepted.

Frozen facts only. A call holds a hunt, and a call-out does.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.copies import replace
from app.domain.roles import Role


class LegOutcome(StrEnum):
    """How one attempt to reach somebody ended."""

    RINGING = "ringing"
    ACCEPTED = "accepted"
    PASSED = "passed"
    UNCONFIRMED = "unconfirmed"  # answered, no key: a sleeper or a voicemail
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LATE = "late"


# How a leg ends at which somebody may have taken the ticket.
TAKES_TICKET: Final = (LegOutcome.ACCEPTED, LegOutcome.LATE)


class RateLimit(StrEnum):
    """Whose rate limit kept a call from ringing somebody."""

    CUSTOMERS = "customers"
    STRANGERS = "strangers"


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody we ring: one number of one person. Only rosters and desks name them.

    One exception: the caller of a ticket, whom whoever took it calls back (Role.CALLER).
    """

    person: str  # the person's id; the telephone's name where no person stands behind it
    name: str
    number: str
    role: Role
    language: str


@dataclass(frozen=True, slots=True)
class Leg:
    """One attempt to reach one callee. `id` is the call's own count: 1, 2, 3 …"""

    id: int
    callee: Callee
    outcome: LegOutcome = LegOutcome.RINGING
    heard: int = 0  # how often the whisper was read
    sid: str = ""  # the network's own CallSid, once it is known
    own_call: bool = False  # rung together with others: a call of its own, placed by the worker
    placed: bool = False  # the network has taken the leg
    for_stranger: bool = False  # rung for somebody who is no known customer


@dataclass(frozen=True, slots=True)
class Hunt:
    """Ringing people in an order: who has been rung, who accepted, and whom to try first.

    Legs before `start` belong to an earlier hunt of the same call; their ids go on.
    """

    legs: tuple[Leg, ...] = ()
    start: int = 0
    accepted_leg: int | None = None
    first_choice: str | None = None  # the number that is tried first
    in_order: bool = False  # ringing all at once came to nothing: ring in order
    unbridged: str | None = None  # the person who accepted but was never connected
    acknowledged_leg: int | None = None  # the leg at which the ticket was taken without its caller
    talks_back: bool = False  # whoever took it so talks with the caller, whom they called back
    duty_notified: tuple[str, ...] = ()  # persons who have had their SMS
    rate_limited: RateLimit | None = None  # it kept somebody from being rung

    def leg(self, leg_id: int | None) -> Leg | None:
        """Return the leg with this id, or None where there is none such."""
        return next((leg for leg in self.legs if leg.id == leg_id), None)

    @property
    def accepted(self) -> Leg | None:
        """Return the leg at which somebody has accepted."""
        return self.leg(self.accepted_leg)

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Return the legs whose end is not known yet."""
        return tuple(leg for leg in self.legs if leg.outcome is LegOutcome.RINGING)

    @property
    def own_legs(self) -> tuple[Leg, ...]:
        """Return the legs of this hunt, without those of an earlier one."""
        return self.legs[self.start :]

    @property
    def next_id(self) -> int:
        """Return the id of the leg that is rung next."""
        return len(self.legs) + 1

    @property
    def taker(self) -> Leg | None:
        """Return the leg at which somebody has taken the ticket without its caller."""
        return self.leg(self.acknowledged_leg)

    @property
    def talking_back(self) -> str | None:
        """Return the number of whoever took the ticket and talks with its caller now, or None."""
        return self.taker.callee.number if self.talks_back and self.taker else None

    def owns_ticket(self, leg: Leg) -> bool:
        """Tell whether the one at this leg took the ticket, without its caller."""
        return self.taker is not None and self.taker.callee.person == leg.callee.person

    def rung_as(self, roles: Collection[Role]) -> set[str]:
        """Return the numbers that were rung so in this hunt."""
        return {leg.callee.number for leg in self.own_legs if leg.callee.role in roles}

    def adding(self, *legs: Leg) -> "Hunt":
        """Return the hunt when these ring too."""
        return replace(self, legs=(*self.legs, *legs))

    def having(self, leg: Leg) -> "Hunt":
        """Return the hunt with this leg instead of the one with its id."""
        return replace(self, legs=tuple(leg if each.id == leg.id else each for each in self.legs))

    def stopped(self, outcome: LegOutcome) -> "Hunt":
        """Return the hunt when whatever still rings has ended so."""
        legs = (
            replace(leg, outcome=outcome) if leg.outcome is LegOutcome.RINGING else leg
            for leg in self.legs
        )
        return replace(self, legs=tuple(legs))

    def merged_with(self, other: "Hunt") -> "Hunt":
        """Return this hunt with what only the other one, of the same call, knows.

        Two hosts may have gone on with it apart: further legs, how a leg ended, who took the
        ticket or has had an SMS. A leg that is over never rings again.
        """
        theirs = {leg.id: leg for leg in other.legs}
        ours = {leg.id: _over(leg, theirs.get(leg.id, leg)) for leg in self.legs}
        legs = {**theirs, **ours}
        more = (each for each in other.duty_notified if each not in self.duty_notified)
        return replace(
            self,
            legs=tuple(legs[each] for each in sorted(legs)),
            acknowledged_leg=self.acknowledged_leg or other.acknowledged_leg,
            duty_notified=(*self.duty_notified, *more),
        )

    def begun_anew(self, first_choice: str | None = None) -> "Hunt":
        """Return a new hunt in order: everybody may be rung again, and nobody has accepted."""
        anew = replace(self, start=len(self.legs), accepted_leg=None, in_order=True)
        return replace(anew, first_choice=first_choice)


class HuntLegs:
    """A call or a call-out: it holds a hunt, and whoever was rung in it is asked for by the leg."""

    __slots__ = ()
    hunt: Hunt

    def leg(self, leg_id: int) -> Leg | None:
        """Return the leg with this id, or None when there is none such."""
        return self.hunt.leg(leg_id)

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Return everybody who was rung, in order."""
        return self.hunt.legs

    @property
    def ringing(self) -> tuple[Leg, ...]:
        """Return the legs whose end is not known yet."""
        return self.hunt.ringing


def _over(leg: Leg, other: Leg) -> Leg:
    return other if leg.outcome is LegOutcome.RINGING else leg


NO_HUNT: Final = Hunt()
