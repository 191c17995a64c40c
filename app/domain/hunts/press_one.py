"""Whoever lifts must press 1: so a person is told from a voicemail. No key is nobody there.

The keys, and what the tables of whoever is rung are made of: their steps, and what each can do.
The tables are calls/flows/callee.py and callouts/callee.py; legs.py walks them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from app.domain.flow import Fork, HangUp, Menu, Says
from app.domain.hunts.context import HuntContext
from app.domain.hunts.effects import Trace
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome

OFFER_SECONDS: Final = 8  # of silence after the offer before it counts as nobody there


class CalleeStep(StrEnum):
    """Every step of whoever is rung."""

    LIFTED = "lifted"
    OFFER = "offer"
    MESSAGE = "message"
    MESSAGE_PLAYS = "message_plays"
    MESSAGE_AWAY = "message_away"
    ACCEPT = "accept"
    CONNECTED = "connected"
    PASSED_ON = "passed_on"
    NO_KEY = "no_key"
    SOMEBODY_ELSE_TALKS = "somebody_else_talks"
    SOMEBODY_ELSE_HAS_IT = "somebody_else_has_it"
    TOO_LATE = "too_late"
    TICKET_IS_THEIRS = "ticket_is_theirs"
    HAS_TICKET = "has_ticket"
    CALL_CALLER = "call_caller"
    CALLER_RINGS = "caller_rings"
    RUNG_AGAIN = "rung_again"
    GOODBYE = "goodbye"


# What whoever is rung may press to the offer, in a call and in a call-out alike.
ANSWERS: Final[Mapping[str, CalleeStep]] = {"1": CalleeStep.ACCEPT, "2": CalleeStep.PASSED_ON}

H_co = TypeVar("H_co", bound=HuntContext, covariant=True)
C_contra = TypeVar("C_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class AtLeg(Generic[H_co]):
    """Whoever is rung at one leg, in the call or the call-out as it stands."""

    context: H_co
    leg_id: int

    @property
    def leg(self) -> Leg:
        """Return the leg as it stands."""
        leg = self.context.hunt.leg(self.leg_id)
        assert leg is not None
        return leg

    @property
    def callee(self) -> Callee:
        """Return who is rung there."""
        return self.leg.callee


@dataclass(frozen=True, slots=True)
class LegBranch:
    """Where a fork leads, what it changed on the hunt, and the trace of why."""

    to: CalleeStep
    hunt: Hunt
    trace: Trace = ()


@dataclass(frozen=True, slots=True)
class CalleeMenu(Menu[C_contra, CalleeStep]):
    """Ask whoever is rung for one key. Heard so often it is as if they pressed none."""

    heard_at_most: int = 1
    seconds: int = OFFER_SECONDS
    plays: Callable[[C_contra], str] | None = None  # a recording that comes before what is said


@dataclass(frozen=True, slots=True)
class EndLeg:
    """Say why nobody is connected here, and hang up: the leg has ended so, unless it had before."""

    key: str  # of the message
    outcome: LegOutcome


@dataclass(frozen=True, slots=True)
class Connect:
    """Connect them with the caller."""


@dataclass(frozen=True, slots=True)
class RingCaller:
    """Connect them with the caller, who is rung for them on the last leg of the hunt."""


CalleeFork = Fork[C_contra, CalleeStep, LegBranch]
CalleePoint = (
    CalleeFork[C_contra] | CalleeMenu[C_contra] | HangUp[C_contra] | EndLeg | Connect | RingCaller
)
CalleeTable = Mapping[CalleeStep, CalleePoint[AtLeg[H_co]]]


def fork(asks: Callable[[C_contra], LegBranch], *to: CalleeStep) -> CalleeFork[C_contra]:
    """Write a fork on one line of a table."""
    return Fork(asks, to)


def menu(
    says: Callable[[C_contra], Says],
    keys: Mapping[str, CalleeStep],
    heard_at_most: int,
    plays: Callable[[C_contra], str] | None = None,
) -> CalleeMenu[C_contra]:
    """Offer it: no key is nobody there, and any other key repeats it."""
    return CalleeMenu(
        says,
        keys,
        silence=CalleeStep.NO_KEY,
        prompts=1,
        other=CalleeStep.LIFTED,
        heard_at_most=heard_at_most,
        plays=plays,
    )
