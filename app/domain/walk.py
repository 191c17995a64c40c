"""Walks a whole call through `decide`, turn by turn, and tells it line by line.

What-if, the told calls in tests/calls and the terminal telephone use it. Who decides a turn
is a parameter: the facts at hand, or a house with its rows. How the lines are worded is told.py.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.call import (
    Arrived,
    Call,
    Callee,
    Event,
    HungUp,
    LegAnswered,
    LegChanged,
    LegPressed,
    Pressed,
    Recorded,
    RingEnded,
)
from app.domain.decide import decide
from app.domain.decision import (
    Ask,
    Bridge,
    CallCaller,
    Decision,
    Effect,
    End,
    Listen,
    Reason,
    Ring,
    Script,
    Sentence,
    Silent,
    Whisper,
)
from app.domain.desk import Desk
from app.domain.duty.roster import Roster
from app.domain.people import Customer, Number
from app.domain.rounds_due import NextRound
from app.domain.world import NO_STRANGERS, NOTHING, Earlier, Strangers, World

# What a walked step takes, so that a told call has plausible moments. The live call has real ones.
ANSWER_TAKES: Final = timedelta(seconds=4)
ACCEPTING_TAKES: Final = timedelta(seconds=8)
TURNS_WALKED: Final = 120
LEG_SID: Final = "walked"  # a leg without one was never placed


@dataclass(frozen=True, slots=True)
class Facts:
    """The documents that a walked call knows: the same facts that the live call loads."""

    desk: Desk | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    earlier: Earlier = NOTHING  # of the caller who is walked
    missed: frozenset[str] = frozenset()
    taken_by: str | None = None
    strangers: Strangers = NO_STRANGERS
    caller_is_line: bool = False

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
            taken_by=self.taken_by,
            strangers=self.strangers,
            caller_is_line=self.caller_is_line,
        )


# Decides one turn: the call as it stands, what happens to it, and when.
Turns = Callable[[Call, Event, datetime], Decision]


def turns_on(facts: Facts) -> Turns:
    """Decide turns on facts alone; nothing is stored anywhere."""

    def turn(call: Call, event: Event, now: datetime) -> Decision:
        digits = event.digits if isinstance(event, Pressed) else ""
        world = facts.world(call.line, call.caller.digits, digits, call.customer)
        return decide(replace(call, turn=call.turn + 1), event, world, now)

    return turn


@dataclass(frozen=True, slots=True)
class RingResult:
    """How one attempt to reach somebody ends, and what follows when a talk begins."""

    status: str  # accepted, passed, unconfirmed, no_answer, busy, failed, caller_hangs_up
    talk_seconds: int = 95
    caller_stays: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a told call: what kind it is, what it tells, and when."""

    word: str
    what: str | Sentence | Reason | Effect | Callee
    at: datetime
    seconds: int = 0


@dataclass(slots=True)
class Told:
    """A walked call: its lines, how it stands at last, and all the turns' decisions.

    `rounds` are the rounds of calls that followed it, and `next` what would be next.
    """

    call: Call
    lines: list[Line] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    rounds: list["Told"] = field(default_factory=list)
    next: NextRound | None = None

    @property
    def effects(self) -> Iterator[Effect]:
        """Give every effect in order."""
        return (effect for decision in self.decisions for effect in decision.effects)

    @property
    def reasons(self) -> Iterator[Reason]:
        """Give every reason in order."""
        return (reason for decision in self.decisions for reason in decision.reasons)

    @property
    def rings(self) -> list[Callee]:
        """List whom it rang, in order."""
        return [line.what for line in self.lines if isinstance(line.what, Callee)]


# The network's words for the ends of a leg that nobody accepted.
STATUS: Final = {
    "no_answer": "no-answer",
    "busy": "busy",
    "failed": "failed",
    "unconfirmed": "completed",
    "passed": "completed",
    "caller_hangs_up": "canceled",
}


class Walker:
    """Takes turns of a call and writes down what they say; what happens in it is for others."""

    def __init__(self, turns: Turns, call: Call, at: datetime) -> None:
        """Begin with a call as it stands at the moment."""
        self._turns = turns
        self._now = at
        self.told = Told(call)

    def _turn(self, event: Event) -> Script:
        return self._take(self._turns(self.told.call, event, self._now))

    def _take(self, decision: Decision) -> Script:
        self.told.call = decision.call
        self.told.decisions.append(decision)
        for part in decision.story:
            self._tell("why" if isinstance(part, Reason) else "does", part)
        return decision.script

    def _tell(
        self, word: str, what: str | Sentence | Reason | Effect | Callee, seconds: int = 0
    ) -> None:
        self.told.lines.append(Line(word, what, self._now, seconds))

    def _hear(self, says: tuple[Sentence, ...]) -> None:
        for sentence in says:
            self._tell("hears", sentence)


class Walk(Walker):
    """One call being walked: holds the answers that are still to be given."""

    def __init__(
        self,
        turns: Turns,
        line: str,
        caller: Number,
        at: datetime,
        answers: Iterable[str],
        ringing: Sequence[RingResult],
    ) -> None:
        """Prepare a call; `ringing` is used in order, its last one again and again."""
        super().__init__(turns, Call(sid="", line=line, caller=caller, started_at=at), at)
        self._answers = iter(answers)
        self._ringing = list(ringing)

    def run(self) -> Told:
        """Walk until the call ends; a caller who has no more answers hangs up."""
        script: Script | None = self._turn(Arrived())
        for _ in range(TURNS_WALKED):
            if script is None:
                return self.told
            script = self._follow(script)
        raise RuntimeError("the call does not end")

    def _follow(self, script: Script) -> Script | None:
        match script:
            case Ask():
                self._hear(script.says)
                return self._answer(script)
            case Listen():
                self._hear(script.says)
                return self._speak()
            case Ring():
                self._hear(script.says)
                return self._ring(script)
            case End():
                self._hear(script.says)
                return None
            case Whisper() | CallCaller() | Bridge() | Silent():
                return None

    def _answer(self, ask: Ask) -> Script | None:
        answer = next(self._answers, "hangup")
        self._now += ANSWER_TAKES
        if answer == "hangup":
            self._hang_up()
            return None
        self._tell("press" if answer != "-" else "silence", "" if answer == "-" else answer)
        keys = answer.removesuffix("#") if answer != "-" else ""
        finished = answer.endswith("#")
        if ask.digits is not None:  # a menu takes the first key, and # is one
            keys, finished = answer.strip("-")[:1], False
        return self._turn(Pressed(keys, finished))

    def _speak(self) -> Script | None:
        answer = next(self._answers, "hangup")
        if answer == "hangup":
            self._hang_up()
            return None
        word, _, length = answer.partition(" ")
        seconds = int(length) if word in ("speak", "noise") else 0
        self._now += timedelta(seconds=seconds)
        deed = {"speak": "speaks", "noise": "noise"}[word] if seconds else "silence"
        self._tell(deed, "", seconds)
        sound = 0.0 if word == "noise" else None
        return self._turn(Recorded(seconds, "walked" if seconds else "", sound=sound))

    def _hang_up(self) -> None:
        self._tell("hangs up", "")
        self._turn(HungUp())

    def _ring(self, ring: Ring) -> Script | None:
        for callee in ring.callees:
            self._tell("rings", callee, ring.seconds)
        result = self._ringing.pop(0) if len(self._ringing) > 1 else self._ringing[0]
        leg = ring.legs[0]
        if result.status == "accepted":
            return self._accepted(leg, result)
        if result.status in ("passed", "unconfirmed"):
            self._turn(LegAnswered(leg))
        if result.status == "passed":
            self._turn(LegPressed(leg, "2"))
        self._now += timedelta(seconds=ring.seconds)
        self._tell("hangs up" if result.status == "caller_hangs_up" else result.status, "")
        status = STATUS[result.status]
        placed = "" if result.status == "failed" else "walked"  # what fails was never placed
        for other in ring.legs if ring.at_once else ():
            self._turn(LegChanged(other, status, placed))
        gone = result.status == "caller_hangs_up"
        ended = self._turn(RingEnded(status, bridged=False, caller_gone=gone))
        return None if gone else ended

    def _accepted(self, leg: int, result: RingResult) -> Script | None:
        self._now += ACCEPTING_TAKES
        self._turn(LegAnswered(leg))
        self._tell("accepted", "")
        self._turn(LegPressed(leg, "1"))
        self._tell("talks", "", result.talk_seconds)
        self._now += timedelta(seconds=result.talk_seconds)
        gone = not result.caller_stays
        ended = self._turn(RingEnded("completed", bridged=True, caller_gone=gone))
        return None if gone else ended


def walk(
    facts: Facts,
    line: str,
    caller: Number,
    at: datetime,
    answers: Iterable[str] = (),
    ringing: Sequence[RingResult] = (RingResult("accepted"),),
) -> Told:
    """Walk one call to its end and tell it; changes nothing anywhere.

    Answers are the caller's, one per prompt (contract.md, KEYS): `1`, `1001#`, `-`,
    `speak 20`, `noise 20` (a line on which nobody speaks), `hangup`. A caller who has none
    left hangs up.
    """
    return Walk(turns_on(facts), line, caller, at, answers, ringing).run()
