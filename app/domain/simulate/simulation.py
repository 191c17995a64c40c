"""Simulates a whole call through `decide`, turn by turn, and records it line by line.

What-if, the told calls in tests/calls and the terminal telephone use it. Who decides a turn
is a parameter: the facts at hand, or the database. The lines as text are transcript.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from app.domain.calls.call import (
    Arrived,
    Call,
    Event,
    HungUp,
    PinEntered,
    Pressed,
    Recorded,
    RingEnded,
    Step,
)
from app.domain.calls.decide import decide
from app.domain.calls.decision import Decision
from app.domain.copies import replace
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.instructions import (
    Ask,
    Bridge,
    CallCaller,
    End,
    Instruction,
    Listen,
    Ring,
    Silent,
    Whisper,
)
from app.domain.hunts.staff_view import StaffView
from app.domain.hunts.world import NO_HISTORY, NO_STRANGERS, CallerHistory, Strangers, World
from app.domain.numbers import Number
from app.domain.roster.on_duty import Roster
from app.domain.simulate.record import Transcript, TurnRecord
from app.domain.simulate.replay import NOBODY, PIN_OF, lines_of

# What a simulated step takes, so that a told call has plausible moments. The live call has real
# ones.
ANSWER_TAKES: Final = timedelta(seconds=4)
ACCEPTING_TAKES: Final = timedelta(seconds=8)
MAX_TURNS: Final = 120
SINGLE_KEY: Final = len("0#")
LEG_SID: Final = "simulated"  # a leg without one was never placed


@dataclass(frozen=True, slots=True)
class SimulationFacts:
    """The documents that a simulated call knows: the same facts that the live call loads."""

    desk: Desk | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    earlier: CallerHistory = NO_HISTORY  # of the caller who is simulated
    missed: frozenset[str] = frozenset()
    acknowledged_by: str | None = None
    strangers: Strangers = NO_STRANGERS
    caller_is_line: bool = False
    caller_opted_out: bool = False
    outage: KnownOutage | None = None
    staff: StaffView | None = None  # of whoever shows their PIN in this call
    message_is_stored: bool = True  # what a caller says can be played to whoever is rung later

    def world(self, line: str, caller: str, digits: str = "", customer: str | None = None) -> World:
        """Gather what one turn may know: only the customers who match."""
        matching = tuple(
            c
            for c in self.customers
            if (caller and c.answers_to(caller)) or c.number in (digits, customer)
        )
        return World(
            desk=self.desk,
            line=self.desk.line(line) if self.desk else None,
            roster=self.roster,
            customers=matching,
            talking=self.talking,
            earlier=self.earlier,
            missed=self.missed,
            acknowledged_by=self.acknowledged_by,
            strangers=self.strangers,
            caller_is_line=self.caller_is_line,
            caller_opted_out=self.caller_opted_out,
            message_is_stored=self.message_is_stored,
            outage=self.outage,
        )


# Decides one turn: the call as it stands, what happens to it, and when.
DecideTurn = Callable[[Call, Event, datetime], Decision]


def decide_on(facts: SimulationFacts) -> DecideTurn:
    """Decide turns on facts alone; nothing is stored anywhere."""

    def turn(call: Call, event: Event, now: datetime) -> Decision:
        digits = event.digits if isinstance(event, Pressed) else ""
        world = facts.world(call.line, call.caller.digits, digits, call.customer)
        if facts.staff and is_staff(call, event, facts.staff.person):
            world = replace(world, staff=facts.staff)
        return decide(replace(call, turn=call.turn + 1), event, world, now)

    return turn


def is_staff(call: Call, event: Event, person: str) -> bool:
    """Tell whether this turn is of somebody who has shown their PIN, or shows it now."""
    shows = isinstance(event, PinEntered) and event.person == person
    return shows or bool(call.staff and isinstance(event, Pressed))


@dataclass(frozen=True, slots=True)
class RingResult:
    """How one attempt to reach somebody ends, and what follows when a talk begins."""

    status: str  # accepted, passed, unconfirmed, no_answer, busy, failed, caller_hangs_up
    talk_seconds: int = 95
    caller_stays: bool = False


# The network's words for the ends of a leg that nobody accepted.
STATUS: Final = {
    "no_answer": "no-answer",
    "busy": "busy",
    "failed": "failed",
    "unconfirmed": "completed",
    "passed": "completed",
    "caller_hangs_up": "canceled",
}


class CallSimulation:
    """One call being simulated: holds the answers that are still to be given."""

    def __init__(
        self,
        decide_turn: DecideTurn,
        line: str,
        caller: Number,
        at: datetime,
        answers: Iterable[str],
        ringing: Sequence[RingResult],
    ) -> None:
        """Prepare a call; `ringing` is used in order, its last one again and again."""
        self.transcript = Transcript(Call(sid="", line=line, caller=caller, started_at=at))
        self._now = at
        self._turns: list[TurnRecord[Event]] = []
        self._decide = decide_turn
        self._answers = iter(answers)
        self._ringing = list(ringing)

    def _turn(self, event: Event) -> Instruction:
        decision = self._decide(self.transcript.call, event, self._now)
        self.transcript.call = decision.call
        self.transcript.decisions.append(decision)
        self._turns.append(TurnRecord(self._now, event, decision.trace, decision.instruction))
        return decision.instruction

    def run(self) -> Transcript:
        """Simulate until the call ends; a caller who has no more answers hangs up."""
        instruction: Instruction | None = self._turn(Arrived())
        for _ in range(MAX_TURNS):
            if instruction is None:
                self.transcript.lines = lines_of(self.transcript.call, self._turns)
                return self.transcript
            instruction = self._follow(instruction)
        raise RuntimeError("the call does not end")

    def _follow(self, instruction: Instruction) -> Instruction | None:
        match instruction:
            case Ask():
                return self._answer(instruction)
            case Listen():
                return self._speak()
            case Ring():
                return self._ring(instruction)
            case End() | Bridge() | Silent() | Whisper() | CallCaller():
                return None  # the caller has heard the last, or somebody who is rung hears it
            case _:
                assert_never(instruction)

    def _answer(self, ask: Ask) -> Instruction | None:
        answer = next(self._answers, "hangup")
        self._now += ANSWER_TAKES
        if answer == "hangup":
            self._hang_up()
            return None
        if ask.is_secret and self._is_pin(answer):
            return self._turn(PinEntered(_owner(answer)))
        keys = answer.removesuffix("#") if answer != "-" else ""
        finished = answer.endswith("#")
        if ask.digits is not None:  # a menu takes the first key, and # is one
            keys, finished = answer.strip("-")[:1], False
        return self._turn(Pressed(keys, finished))

    def _is_pin(self, answer: str) -> bool:
        """Digits that come when the prompt has given way are looked up as a customer's number."""
        is_at_prompt = self.transcript.call.step is Step.STAFF_PIN
        is_long = is_at_prompt and len(answer) > SINGLE_KEY
        return is_long or answer.startswith(PIN_OF)

    def _speak(self) -> Instruction | None:
        answer = next(self._answers, "hangup")
        if answer == "hangup":
            self._hang_up()
            return None
        word, _, length = answer.partition(" ")
        seconds = int(length) if word in ("speak", "noise") else 0
        self._now += timedelta(seconds=seconds)
        sound = 0.0 if word == "noise" else None
        return self._turn(Recorded(seconds, "simulated" if seconds else "", sound=sound))

    def _hang_up(self) -> None:
        self._turn(HungUp())

    def _ring(self, ring: Ring) -> Instruction | None:
        result = self._ringing.pop(0) if len(self._ringing) > 1 else self._ringing[0]
        leg = ring.legs[0]
        if result.status == "accepted":
            return self._accepted(leg, result)
        if result.status in ("passed", "unconfirmed"):
            self._turn(LegAnswered(leg))
        if result.status == "passed":
            self._turn(LegPressed(leg, "2"))
        self._now += timedelta(seconds=ring.seconds)
        status = STATUS[result.status]
        placed = "" if result.status == "failed" else "simulated"  # what fails was never placed
        for other in ring.legs if ring.at_once else ():
            self._turn(LegChanged(other, status, placed))
        gone = result.status == "caller_hangs_up"
        ended = self._turn(RingEnded(status, bridged=False, caller_gone=gone))
        return None if gone else ended

    def _accepted(self, leg: int, result: RingResult) -> Instruction | None:
        self._now += ACCEPTING_TAKES
        self._turn(LegAnswered(leg))
        self._turn(LegPressed(leg, "1"))
        self._now += timedelta(seconds=result.talk_seconds)
        gone = not result.caller_stays
        ended = self._turn(RingEnded("completed", bridged=True, caller_gone=gone))
        return None if gone else ended


def _owner(answer: str) -> str:
    """Whose PIN is meant, as a transcript tells it: none is looked up here."""
    _, is_told, person = answer.partition(PIN_OF)
    return person if is_told and person != NOBODY else ""


def simulate(
    facts: SimulationFacts,
    line: str,
    caller: Number,
    at: datetime,
    answers: Iterable[str] = (),
    ringing: Sequence[RingResult] = (RingResult("accepted"),),
) -> Transcript:
    """Simulate one call to its end and return its transcript; changes nothing anywhere.

    Answers are the caller's, one per prompt: `1`, `1001#`, `-`,
    `speak 20`, `noise 20` (a line on which nobody speaks), `hangup`. A caller who has none
    left hangs up.
    """
    return CallSimulation(decide_on(facts), line, caller, at, answers, ringing).run()
