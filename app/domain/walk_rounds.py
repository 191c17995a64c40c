"""Walks the rounds of calls about a ticket that nobody accepted, after a walked call.

Who knows what is next is a parameter, as in walk.py: the facts at hand, or a house with its
rows. What those do who are rung is given, attempt by attempt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.call import (
    Call,
    Leg,
    LegAnswered,
    LegChanged,
    LegPressed,
    Place,
)
from app.domain.decision import (
    CallCaller,
    End,
    PlaceLeg,
    Script,
    Whisper,
)
from app.domain.round_house import House
from app.domain.rounds_due import NextRound, Then
from app.domain.walk import (
    ACCEPTING_TAKES,
    LEG_SID,
    STATUS,
    TURNS_WALKED,
    Told,
    Walker,
)

KEY_TAKES: Final = timedelta(seconds=4)
WAITED_FOR: Final = (Then.BEGIN, Then.LOOK_AGAIN)  # and looked at once more when it is time
NEVER: Final = timedelta(days=2)  # no ticket is looked at for longer in a walk


@dataclass(frozen=True, slots=True)
class CalledBack:
    """How ringing the caller ends: somebody talks, or the network's word for why not."""

    status: str  # talks, no_answer, busy, failed
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody does whom a round rings: keys at the whisper, how it ends, keys afterwards."""

    status: str  # accepted, passed, unconfirmed, no_answer, busy, failed, or taken (by whom else)
    keys: str = ""
    after: str = ""  # keys pressed when the ticket is theirs
    back: tuple[CalledBack, ...] = ()  # for each time that they call the caller
    by: str = ""  # who has accepted the ticket elsewhere


class RoundWalk(Walker):
    """One round being walked: holds the attempts to come; the last is used again and again."""

    def __init__(self, house: House, call: Call, at: datetime, attempts: Sequence[Attempt]) -> None:
        """Prepare the round after a call, or the rest of a call whose caller has hung up."""
        super().__init__(house, call, at)
        self._house = house
        self._attempts = list(attempts) or [Attempt("no_answer")]

    def run(self) -> Told:
        """Begin the round and walk it until nobody rings."""
        self._take(self._house.begin_round(self.told.call, self._now))
        for _ in range(TURNS_WALKED):
            ringing = self.told.call.ringing
            if self.told.call.place is not Place.ROUND_RINGS or not ringing:
                return self.told
            self._ring(ringing[0])
        raise RuntimeError("the round does not end")

    def come_late(self, attempt: Attempt) -> None:
        """Let the last who was rung press keys at their leg of a call whose caller has hung up."""
        self._tell("late", "")
        self._press(self.told.call.legs[-1], attempt.after, iter(attempt.back))

    def _ring(self, leg: Leg) -> None:
        attempt = self._attempts.pop(0) if len(self._attempts) > 1 else self._attempts[0]
        self._tell("rings", leg.callee, self._seconds(leg))
        if attempt.status in ("accepted", "passed", "unconfirmed") or attempt.keys:
            self._now += ACCEPTING_TAKES
            self._whispered(self._turn(LegAnswered(leg.id, LEG_SID)))
            self._press(leg, attempt.keys, iter(()))
        match attempt.status:
            case "accepted":
                self._tell("accepted", "")
                self._whispered(self._turn(LegPressed(leg.id, "1")))
                self._press(leg, attempt.after, iter(attempt.back))
            case "passed":
                self._tell("passed", "")
                self._whispered(self._turn(LegPressed(leg.id, "2")))
            case "taken":
                self._tell("taken", attempt.by)
                self._take(self._house.take_elsewhere(self.told.call, attempt.by, self._now))
            case status:
                self._now += timedelta(seconds=self._seconds(leg))
                self._tell(status, "")
                placed = "" if status == "failed" else LEG_SID
                self._turn(LegChanged(leg.id, STATUS[status], placed))

    def _press(self, leg: Leg, keys: str, back: Iterator[CalledBack]) -> None:
        """Press keys one after another; a leg that is rung anew is answered before the next."""
        for key in keys:
            self._now += KEY_TAKES
            self._tell("keys", key)
            script = self._turn(LegPressed(leg.id, key))
            self._whispered(script)
            if isinstance(script, CallCaller):
                self._call_caller(script, next(back, CalledBack("no_answer")))
            theirs = self._placed_anew()
            if theirs:
                leg = theirs
                self._tell("rings", leg.callee, self._seconds(leg))
                self._now += ACCEPTING_TAKES
                self._whispered(self._turn(LegAnswered(leg.id, LEG_SID)))

    def _placed_anew(self) -> Leg | None:
        """The leg on which whoever has the case is called, so that they can call the caller."""
        last = self.told.decisions[-1]
        ids = [effect.leg for effect in last.effects if isinstance(effect, PlaceLeg)]
        return last.call.leg(ids[0]) if ids and last.call.took_case else None

    def _call_caller(self, script: CallCaller, back: CalledBack) -> None:
        called = self.told.call.leg(script.called)
        assert called
        self._tell("rings", called.callee, script.ring_seconds)
        self._now += ACCEPTING_TAKES
        if back.status == "talks":
            self._turn(LegChanged(called.id, "in-progress", LEG_SID))
            self._tell("talks", "", back.seconds)
            self._now += timedelta(seconds=back.seconds)
            self._turn(LegChanged(called.id, "completed", LEG_SID))
        else:
            self._tell(back.status, "")
            self._turn(LegChanged(called.id, STATUS[back.status], LEG_SID))
        self._hear(script.then)

    def _whispered(self, script: Script) -> None:
        if isinstance(script, Whisper) and script.plays:
            self._tell("plays", "")
        if isinstance(script, Whisper | CallCaller | End):
            self._hear(script.says)

    def _seconds(self, leg: Leg) -> int:
        placed = [e for e in self.told.effects if isinstance(e, PlaceLeg) and e.leg == leg.id]
        return placed[-1].seconds if placed else 0


def come_late(house: House, told: Told, attempt: Attempt) -> None:
    """Go on with a walked call: the last who was rung presses keys, but the caller has hung up."""
    late = RoundWalk(house, told.call, _end_of(told), (attempt,))
    late.come_late(attempt)
    told.call = late.told.call
    told.lines += late.told.lines
    told.decisions += late.told.decisions


def walk_rounds(house: House, told: Told, rounds: Sequence[Sequence[Attempt]]) -> Told:
    """Walk these rounds after the call, and tell what is next; a told call without any as it is."""
    call, now = told.call, _end_of(told)
    step = _due(house, call, now)
    for attempts in rounds:
        if step.then is not Then.BEGIN:
            break
        walked = RoundWalk(house, call, step.at, attempts).run()
        told.rounds.append(walked)
        call, now = walked.call, _end_of(walked)
        step = _due(house, call, now)
    told.next = step
    return told


def _due(house: House, call: Call, now: datetime) -> NextRound:
    """What is next, once nothing has to be waited for."""
    step = house.next_round(call, now)
    until = now + NEVER
    while step.then in WAITED_FOR and now < step.at < until:
        now, step = step.at, house.next_round(call, step.at)
    return step


def _end_of(told: Told) -> datetime:
    return told.call.ended_at or told.lines[-1].at
