"""One call walked for the proof: whom it rang, and where it rang nobody, what led there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.call import CallOutcome, Place, outcome_of
from app.domain.decision import Code
from app.domain.desk import Desk, Priority
from app.domain.proof.callers import Caller
from app.domain.walk import Facts, RingResult, Told, Walk, turns_on

PRIORITY_KEYS: Final = {level: str(key) for key, level in enumerate(Priority, 1)}
HANGS_UP: Final = "hangup"
CONFIRMS: Final = "1"
ANSWERED: Final = RingResult("accepted")
UNANSWERED: Final = RingResult("no_answer")

# What can keep a call from ringing anybody. Others (who calls, what was promised) cannot.
CAUSES: Final = (
    Code.UNKNOWN_LINE,
    Code.BLOCKED,
    Code.CALLS_TOO_OFTEN,
    Code.NOT_SERVED,
    Code.AGREEMENT_HAS_NO_TELEPHONE,
    Code.NETWORK_THERE,
    Code.CUSTOMER_NUMBER_UNKNOWN,
    Code.NO_VALID_KEY,
    Code.CLOSED,
    Code.DESK_HAS_NO_DUTY,
    Code.AGREEMENT_WITHOUT_DUTY,
    Code.OUTSIDE_DUTY_HOURS,
    Code.PLANNED_GAP,
    Code.NOT_CRITICAL,
    Code.LEVEL_SLEEPS,
    Code.NO_FIRST_LINE,
    Code.NOBODY_ON_DUTY,
    Code.NOBODY_LEFT_TO_RING,
    Code.CEILING,
)
# Somebody should have been rung by the documents, and there was nobody.
EMPTY_CHAIRS: Final = frozenset(
    {Code.NO_FIRST_LINE, Code.NOBODY_ON_DUTY, Code.NOBODY_LEFT_TO_RING, Code.CEILING}
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that somebody could make: where, who, and how bad it is."""

    line: str
    caller: Caller
    priority: Priority


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a call goes: the telephones that ring while nobody answers, or why none does."""

    rung: int
    connects: bool  # somebody who answers is connected
    causes: tuple[Code, ...]
    keys: tuple[str, ...]

    @property
    def walks(self) -> int:
        """How many calls were walked for it."""
        return 1 if self.is_silent else 2

    @property
    def is_silent(self) -> bool:
        """Tell whether the call ends without anybody having been rung."""
        return self.rung == 0


def verdict(facts: Facts, attempt: Attempt, at: datetime) -> Verdict:
    """Walk the call with nobody answering, then with everybody, and tell how it goes.

    Where nobody is rung nobody can answer: it is one and the same call.
    """
    unanswered, keys = walk_attempt(facts, attempt, at, UNANSWERED)
    if not unanswered.rings:
        return Verdict(0, False, causes(unanswered), keys)
    answered, _ = walk_attempt(facts, attempt, at, ANSWERED)
    connects = outcome_of(answered.call) is CallOutcome.CONNECTED
    return Verdict(len(unanswered.rings), connects, (), keys)


def walk_attempt(
    facts: Facts, attempt: Attempt, at: datetime, ringing: RingResult
) -> tuple[Told, tuple[str, ...]]:
    """Walk one call to its end, with a caller who listens and presses what they need."""
    pressed: list[str] = []
    answers = _answers(attempt)

    def caller() -> Iterator[str]:
        while True:
            key = answers.get(walk.told.call.place, HANGS_UP)
            pressed.append(key)
            yield key

    turns = turns_on(facts)
    walk = Walk(turns, attempt.line, attempt.caller.number, at, caller(), (ringing,))
    told = walk.run()
    return told, tuple(key for key in pressed if key != HANGS_UP)


def _answers(attempt: Attempt) -> Mapping[Place, str]:
    """What the caller answers at each place where a call can wait; elsewhere they hang up."""
    is_critical = attempt.priority is Priority.CRITICAL
    return {
        Place.CUSTOMER_NUMBER: attempt.caller.keys,
        Place.DUTY_MENU: CONFIRMS if is_critical else "2",
        Place.PRIORITY_MENU: PRIORITY_KEYS[attempt.priority],
        Place.CRITICAL_CONFIRM: CONFIRMS,
        Place.NETWORK_QUESTION: CONFIRMS,  # the network is away: the portal is no way out
    }


def causes(told: Told) -> tuple[Code, ...]:
    """What kept the call from ringing anybody, in order, each once.

    The last turn that names any has decided it: on arrival the case was not known yet.
    """
    for turn in reversed(told.decisions):
        found = tuple(dict.fromkeys(r.code for r in turn.reasons if r.code in CAUSES))
        if found:
            return found
    return tuple(reason.code for reason in told.reasons)[-1:]


def is_hole(desk: Desk, attempt: Attempt, why: tuple[Code, ...]) -> bool:
    """Whether the desk's own documents say that somebody should have been rung.

    They do where somebody is there but has no telephone that could ring, and where the
    agreement includes the duty and the case may wake it.
    """
    if EMPTY_CHAIRS & set(why):
        return True
    if Code.PLANNED_GAP in why:
        return False
    return attempt.priority in desk.wakes(desk.agreement(attempt.caller.agreement))
