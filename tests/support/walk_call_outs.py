"""Simulates the call-outs about a ticket that nobody accepted, after a simulated call.

Who knows what is next is a parameter, as in simulation.py: the facts at hand, or an installation
with its
rows. What those do who are rung is given, attempt by attempt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.callouts.policy import LookAt, NextCallOut, RingNow
from app.domain.calls.call import Call, Step
from app.domain.hunts.effects import PlaceLeg
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.domain.hunts.hunt import Leg
from app.domain.hunts.instructions import CallCaller, End, Instruction, Whisper
from app.domain.simulate.simulation import (
    ACCEPTING_TAKES,
    LEG_SID,
    MAX_TURNS,
    STATUS,
    Transcript,
    TranscriptRecorder,
)
from tests.support.call_out_facts import CallOutService

KEY_TAKES: Final = timedelta(seconds=4)
NEVER: Final = timedelta(days=2)  # no ticket is looked at for longer in a walk


@dataclass(frozen=True, slots=True)
class CalledBack:
    """How ringing the caller ends: somebody talks, or the network's word for why not."""

    status: str  # talks, no_answer, busy, failed
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class LegAttempt:
    """What somebody does whom a call-out rings: keys at the whisper, how it ends, keys
    afterwards.
    """

    status: str  # accepted, passed, unconfirmed, no_answer, busy, failed, or taken (by whom else)
    keys: str = ""
    after: str = ""  # keys pressed when the ticket is theirs
    back: tuple[CalledBack, ...] = ()  # for each time that they call the caller
    by: str = ""  # who has accepted the ticket elsewhere


class CallOutWalk(TranscriptRecorder):
    """One call-out being simulated: holds the attempts to come; the last is used again and
    again.
    """

    def __init__(
        self, house: CallOutService, call: Call, at: datetime, attempts: Sequence[LegAttempt]
    ) -> None:
        """Prepare the call-out after a call, or the rest of a call whose caller has hung up."""
        super().__init__(house, call, at)
        self._house = house
        self._attempts = list(attempts) or [LegAttempt("no_answer")]

    def run(self) -> Transcript:
        """Begin the call-out and walk it until nobody rings."""
        self._take(self._house.begin_call_out(self.transcript.call, self._now))
        for _ in range(MAX_TURNS):
            ringing = self.transcript.call.ringing
            if self.transcript.call.step is not Step.CALL_OUT_RINGS or not ringing:
                return self.transcript
            self._ring(ringing[0])
        raise RuntimeError("the call-out does not end")

    def come_late(self, attempt: LegAttempt) -> None:
        """Let the last who was rung press keys at their leg of a call whose caller has hung up."""
        self._record("late", "")
        self._press(self.transcript.call.legs[-1], attempt.after, iter(attempt.back))

    def _ring(self, leg: Leg) -> None:
        attempt = self._attempts.pop(0) if len(self._attempts) > 1 else self._attempts[0]
        self._record("rings", leg.callee, self._seconds(leg))
        if attempt.status in ("accepted", "passed", "unconfirmed") or attempt.keys:
            self._now += ACCEPTING_TAKES
            self._whispered(self._turn(LegAnswered(leg.id, LEG_SID)))
            self._press(leg, attempt.keys, iter(()))
        match attempt.status:
            case "accepted":
                self._record("accepted", "")
                self._whispered(self._turn(LegPressed(leg.id, "1")))
                self._press(leg, attempt.after, iter(attempt.back))
            case "passed":
                self._record("passed", "")
                self._whispered(self._turn(LegPressed(leg.id, "2")))
            case "taken":
                self._record("taken", attempt.by)
                self._take(self._house.take_elsewhere(self.transcript.call, attempt.by, self._now))
            case status:
                self._now += timedelta(seconds=self._seconds(leg))
                self._record(status, "")
                placed = "" if status == "failed" else LEG_SID
                self._turn(LegChanged(leg.id, STATUS[status], placed))

    def _press(self, leg: Leg, keys: str, back: Iterator[CalledBack]) -> None:
        """Press keys one after another; a leg that is rung anew is answered before the next."""
        for key in keys:
            self._now += KEY_TAKES
            self._record("keys", key)
            instruction = self._turn(LegPressed(leg.id, key))
            self._whispered(instruction)
            if isinstance(instruction, CallCaller):
                self._call_caller(instruction, next(back, CalledBack("no_answer")))
            theirs = self._placed_anew()
            if theirs:
                leg = theirs
                self._record("rings", leg.callee, self._seconds(leg))
                self._now += ACCEPTING_TAKES
                self._whispered(self._turn(LegAnswered(leg.id, LEG_SID)))

    def _placed_anew(self) -> Leg | None:
        """The leg on which whoever has the case is called, so that they can call the caller."""
        last = self.transcript.decisions[-1]
        ids = [effect.leg for effect in last.effects if isinstance(effect, PlaceLeg)]
        return last.call.leg(ids[0]) if ids and last.call.acknowledged_leg else None

    def _call_caller(self, instruction: CallCaller, back: CalledBack) -> None:
        called = self.transcript.call.leg(instruction.called)
        assert called
        self._record("rings", called.callee, instruction.ring_seconds)
        self._now += ACCEPTING_TAKES
        if back.status == "talks":
            self._turn(LegChanged(called.id, "in-progress", LEG_SID))
            self._record("talks", "", back.seconds)
            self._now += timedelta(seconds=back.seconds)
            self._turn(LegChanged(called.id, "completed", LEG_SID))
        else:
            self._record(back.status, "")
            self._turn(LegChanged(called.id, STATUS[back.status], LEG_SID))
        self._record_heard(instruction.then)

    def _whispered(self, instruction: Instruction) -> None:
        if isinstance(instruction, Whisper) and instruction.plays:
            self._record("plays", "")
        if isinstance(instruction, Whisper | CallCaller | End):
            self._record_heard(instruction.says)

    def _seconds(self, leg: Leg) -> int:
        placed = [e for e in self.transcript.effects if isinstance(e, PlaceLeg) and e.leg == leg.id]
        return placed[-1].seconds if placed else 0


def come_late(house: CallOutService, transcript: Transcript, attempt: LegAttempt) -> None:
    """Go on with a simulated call: the last who was rung presses keys, but the caller has hung
    up.
    """
    late = CallOutWalk(house, transcript.call, _end_of(transcript), (attempt,))
    late.come_late(attempt)
    transcript.call = late.transcript.call
    transcript.lines += late.transcript.lines
    transcript.decisions += late.transcript.decisions


def walk_call_outs(
    house: CallOutService, transcript: Transcript, call_outs: Sequence[Sequence[LegAttempt]]
) -> Transcript:
    """Walk these call-outs after the call, and tell what is next; a told call without any as it
    is.
    """
    call, now = transcript.call, _end_of(transcript)
    now, step = _due(house, call, now)
    for attempts in call_outs:
        if not isinstance(step, RingNow):
            break
        simulated = CallOutWalk(house, call, now, attempts).run()
        transcript.call_outs.append(simulated)
        call = simulated.call
        now, step = _due(house, call, _end_of(simulated))
    transcript.next, transcript.next_at = step, now
    return transcript


def _due(house: CallOutService, call: Call, now: datetime) -> tuple[datetime, NextCallOut]:
    """What is next, once nothing has to be waited for, and when."""
    step = house.next_call_out(call, now)
    until = now + NEVER
    while isinstance(step, LookAt) and now < step.at < until:
        now, step = step.at, house.next_call_out(call, step.at)
    return now, step


def _end_of(transcript: Transcript) -> datetime:
    return transcript.call.ended_at or transcript.lines[-1].at
