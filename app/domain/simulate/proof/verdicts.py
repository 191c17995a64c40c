"""One call simulated for the proof: whom it rang, and where it rang nobody, what led there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.calls.call import CallOutcome, Step, outcome_of
from app.domain.desks.desk import Desk, Priority
from app.domain.reasons import Code, Reason
from app.domain.simulate.proof.callers import Caller
from app.domain.simulate.record import Transcript
from app.domain.simulate.simulation import CallSimulation, RingResult, SimulationFacts, decide_on

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
NOBODY_TO_RING: Final = frozenset(
    {Code.NO_FIRST_LINE, Code.NOBODY_ON_DUTY, Code.NOBODY_LEFT_TO_RING, Code.CEILING}
)


@dataclass(frozen=True, slots=True)
class CallAttempt:
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
    def simulations(self) -> int:
        """How many calls were simulated for it."""
        return 1 if self.is_silent else 2

    @property
    def is_silent(self) -> bool:
        """Tell whether the call ends without anybody having been rung."""
        return self.rung == 0


def verdict(facts: SimulationFacts, attempt: CallAttempt, at: datetime) -> Verdict:
    """Simulate the call with nobody answering, then with everybody, and tell how it goes.

    Where nobody is rung nobody can answer: it is one and the same call.
    """
    unanswered, keys = simulate_attempt(facts, attempt, at, UNANSWERED)
    if not unanswered.rings:
        return Verdict(0, False, causes(unanswered), keys)
    answered, _ = simulate_attempt(facts, attempt, at, ANSWERED)
    connects = outcome_of(answered.call) is CallOutcome.CONNECTED
    return Verdict(len(unanswered.rings), connects, (), keys)


def simulate_attempt(
    facts: SimulationFacts, attempt: CallAttempt, at: datetime, ringing: RingResult
) -> tuple[Transcript, tuple[str, ...]]:
    """Simulate one call to its end, with a caller who listens and presses what they need."""
    pressed: list[str] = []
    answers = _answers(attempt)

    def caller() -> Iterator[str]:
        while True:
            key = answers.get(simulation.transcript.call.step, HANGS_UP)
            pressed.append(key)
            yield key

    decide_turn = decide_on(facts)
    simulation = CallSimulation(
        decide_turn, attempt.line, attempt.caller.number, at, caller(), (ringing,)
    )
    transcript = simulation.run()
    return transcript, tuple(key for key in pressed if key != HANGS_UP)


def _answers(attempt: CallAttempt) -> Mapping[Step, str]:
    """What the caller answers at each place where a call can wait; elsewhere they hang up."""
    is_critical = attempt.priority is Priority.CRITICAL
    return {
        Step.CUSTOMER_NUMBER: attempt.caller.keys,
        Step.DUTY_MENU: CONFIRMS if is_critical else "2",
        Step.PRIORITY_MENU: PRIORITY_KEYS[attempt.priority],
        Step.CRITICAL_CONFIRM: CONFIRMS,
        Step.NETWORK_QUESTION: CONFIRMS,  # the network is away: the portal is no way out
    }


def causes(transcript: Transcript) -> tuple[Code, ...]:
    """What kept the call from ringing anybody, in order, each once.

    The last turn that names any has decided it: on arrival the case was not known yet.
    """
    for turn in reversed(transcript.decisions):
        found = tuple(dict.fromkeys(code for code in _codes(turn.reasons) if code in CAUSES))
        if found:
            return found
    return tuple(_codes(transcript.reasons))[-1:]


def _codes(reasons: Iterable[Reason]) -> Iterator[Code]:
    return (reason.code for reason in reasons if isinstance(reason.code, Code))


def is_hole(desk: Desk, attempt: CallAttempt, why: tuple[Code, ...]) -> bool:
    """Whether the desk's own documents say that somebody should have been rung.

    They do where somebody is there but has no telephone that could ring, and where the
    agreement includes the duty and the case may wake it.
    """
    if NOBODY_TO_RING & set(why):
        return True
    if Code.PLANNED_GAP in why:
        return False
    return attempt.priority in desk.wakes(desk.agreement(attempt.caller.agreement))
