"""Simulates the call-outs about a ticket that nobody accepted, after a simulated call.

Who knows what is next is a parameter, as in simulation.py: the facts at hand, or an installation
with its
rows. What those do who are rung is given, attempt by attempt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.callouts.call_out import (
    CallOut,
    CallOutBegan,
    CallOutDecision,
    CallOutEvent,
    TicketAcknowledged,
)
from app.domain.callouts.next_call_out import LookAt, NextCallOut, RingNow
from app.domain.calls.call import Call
from app.domain.calls.decision import Decision
from app.domain.hunts.effects import PlaceLeg
from app.domain.hunts.events import LegAnswered, LegChanged, LegEvent, LegPressed
from app.domain.hunts.hunt import Hunt, Leg
from app.domain.hunts.instructions import CallCaller, Instruction
from app.domain.simulate.record import CallOutTranscript, Transcript, TranscriptLine, TurnRecord
from app.domain.simulate.replay import leg_lines, replay_call_out
from app.domain.simulate.simulation import (
    ACCEPTING_TAKES,
    LEG_SID,
    MAX_TURNS,
    STATUS,
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


Attempts = Sequence[LegAttempt]


class LegWalk:
    """Those who are rung in a call or a call-out press keys; each turn is recorded."""

    decisions: Sequence[Decision | CallOutDecision]

    def __init__(self, at: datetime) -> None:
        """Begin at the moment."""
        self._now = at
        self._turns: list[TurnRecord[CallOutEvent]] = []

    def _take_leg_turn(self, event: LegEvent) -> Decision | CallOutDecision:
        raise NotImplementedError

    def _turn(self, event: LegEvent) -> Instruction:
        decision = self._take_leg_turn(event)
        self._record(event, decision)
        return decision.instruction

    def _record(self, event: CallOutEvent, decision: Decision | CallOutDecision) -> None:
        record = TurnRecord(self._now, event, decision.trace, decision.instruction)
        self._turns.append(record)

    @property
    def _hunt(self) -> Hunt:
        return self.decisions[-1].holder.hunt

    def _press(self, leg: Leg, keys: str, back: Iterator[CalledBack]) -> None:
        """Press keys one after another; a leg that is rung anew is answered before the next."""
        for key in keys:
            self._now += KEY_TAKES
            instruction = self._turn(LegPressed(leg.id, key))
            if isinstance(instruction, CallCaller):
                self._call_caller(instruction, next(back, CalledBack("no_answer")))
            theirs = self._placed_anew()
            if theirs:
                leg = theirs
                self._now += ACCEPTING_TAKES
                self._turn(LegAnswered(leg.id, LEG_SID))

    def _placed_anew(self) -> Leg | None:
        """The leg on which whoever has the case is called, so that they can call the caller."""
        ids = [effect.leg for effect in self.decisions[-1].effects if isinstance(effect, PlaceLeg)]
        return self._hunt.leg(ids[0]) if ids and self._hunt.acknowledged_leg else None

    def _call_caller(self, instruction: CallCaller, back: CalledBack) -> None:
        called = self._hunt.leg(instruction.called)
        assert called
        self._now += ACCEPTING_TAKES
        if back.status == "talks":
            self._turn(LegChanged(called.id, "in-progress", LEG_SID))
            self._now += timedelta(seconds=back.seconds)
            self._turn(LegChanged(called.id, "completed", LEG_SID))
        else:
            self._turn(LegChanged(called.id, STATUS[back.status], LEG_SID))

    def _seconds(self, leg: Leg) -> int:
        effects = [effect for decision in self.decisions for effect in decision.effects]
        placed = [e for e in effects if isinstance(e, PlaceLeg) and e.leg == leg.id]
        return placed[-1].seconds if placed else 0


class CallOutWalk(LegWalk):
    """One call-out being simulated: holds the attempts to come; the last is used again and
    again.
    """

    def __init__(
        self, house: CallOutService, about: Call | CallOut, at: datetime, attempts: Attempts
    ) -> None:
        """Begin the call-out that follows a call, or another call-out."""
        begun = house.begin_call_out(about, at)
        self.transcript = CallOutTranscript(begun.call_out)
        super().__init__(at)
        self.decisions = self.transcript.decisions
        self._house = house
        self._attempts = list(attempts) or [LegAttempt("no_answer")]
        self._take(CallOutBegan(), begun)

    def run(self) -> CallOutTranscript:
        """Walk the call-out until nobody rings."""
        for _ in range(MAX_TURNS):
            call_out = self.transcript.call_out
            if call_out.has_ended or not call_out.ringing:
                self.transcript.lines = replay_call_out(call_out, self._turns).lines
                return self.transcript
            self._ring(call_out.ringing[0])
        raise RuntimeError("the call-out does not end")

    def _take_leg_turn(self, event: LegEvent) -> CallOutDecision:
        decision = self._house.decide_call_out(self.transcript.call_out, event, self._now)
        self._keep(decision)
        return decision

    def _take(self, event: CallOutEvent, decision: CallOutDecision) -> None:
        self._keep(decision)
        self._record(event, decision)

    def _keep(self, decision: CallOutDecision) -> None:
        self.transcript.call_out = decision.call_out
        self.transcript.decisions.append(decision)

    def _ring(self, leg: Leg) -> None:
        attempt = self._attempts.pop(0) if len(self._attempts) > 1 else self._attempts[0]
        if attempt.status in ("accepted", "passed", "unconfirmed") or attempt.keys:
            self._now += ACCEPTING_TAKES
            self._turn(LegAnswered(leg.id, LEG_SID))
            self._press(leg, attempt.keys, iter(()))
        match attempt.status:
            case "accepted":
                self._turn(LegPressed(leg.id, "1"))
                self._press(leg, attempt.after, iter(attempt.back))
            case "passed":
                self._turn(LegPressed(leg.id, "2"))
            case "taken":
                taken = TicketAcknowledged(attempt.by)
                self._take(
                    taken,
                    self._house.take_elsewhere(self.transcript.call_out, attempt.by, self._now),
                )
            case status:
                self._now += timedelta(seconds=self._seconds(leg))
                placed = "" if status == "failed" else LEG_SID
                self._turn(LegChanged(leg.id, STATUS[status], placed))


class LateWalk(LegWalk):
    """The last who was rung for a caller presses keys, but the caller has hung up."""

    def __init__(self, house: CallOutService, transcript: Transcript) -> None:
        """Go on with a call that has ended."""
        super().__init__(_end_of(transcript))
        self.transcript = transcript
        self.decisions = transcript.decisions
        self._house = house

    def come_late(self, attempt: LegAttempt) -> None:
        """Let them press keys."""
        began = self._now
        self._press(self.transcript.call.legs[-1], attempt.after, iter(attempt.back))
        told = leg_lines(self.transcript.call, self._turns)
        self.transcript.lines += [TranscriptLine("late", "", began), *told]

    def _take_leg_turn(self, event: LegEvent) -> Decision:
        decision = self._house(self.transcript.call, event, self._now)
        self.transcript.call = decision.call
        self.transcript.decisions.append(decision)
        return decision


def come_late(house: CallOutService, transcript: Transcript, attempt: LegAttempt) -> None:
    """Go on with a simulated call: the last who was rung presses keys, but the caller has hung
    up.
    """
    LateWalk(house, transcript).come_late(attempt)


def walk_call_outs(
    house: CallOutService, transcript: Transcript, call_outs: Sequence[Sequence[LegAttempt]]
) -> Transcript:
    """Walk these call-outs after the call, and tell what is next; a told call without any as it
    is.
    """
    last: Call | CallOut = transcript.call
    now, step = _due(house, last, _end_of(transcript))
    for attempts in call_outs:
        if not isinstance(step, RingNow):
            break
        simulated = CallOutWalk(house, last, now, attempts).run()
        transcript.call_outs.append(simulated)
        last = simulated.call_out
        now, step = _due(house, last, _end_of(simulated))
    transcript.next, transcript.next_at = step, now
    return transcript


def _due(
    house: CallOutService, last: Call | CallOut, now: datetime
) -> tuple[datetime, NextCallOut]:
    """What is next, once nothing has to be waited for, and when."""
    step = house.next_call_out(last, now)
    until = now + NEVER
    while isinstance(step, LookAt) and now < step.at < until:
        now, step = step.at, house.next_call_out(last, step.at)
    return now, step


def _end_of(transcript: Transcript | CallOutTranscript) -> datetime:
    ended_at: datetime | None = transcript.holder.ended_at
    return ended_at or transcript.lines[-1].at
