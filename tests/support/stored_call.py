"""A call as the network would carry it, turn by turn, through the real action."""

from dataclasses import dataclass
from datetime import datetime

from app.actions.calls.take_turn import Answer
from app.domain.calls.call import Call, Event, RingEnded
from app.domain.hunts.events import LegAnswered, LegPressed
from app.store import Database
from app.store.calls import load_call
from tests.support.sample_desk import CALLER, DUTY, NIGHT, later, number, press
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn


@dataclass
class DrivenCall:
    """One caller. Every step takes a second; a step's time is the call's count of steps."""

    database: Database
    sid: str = "CA1"
    line: str = DUTY
    caller: str = CALLER
    start: datetime = NIGHT
    steps: int = 0
    turn: int = 0

    @property
    def now(self) -> datetime:
        self.steps += 1
        return later(self.steps, self.start)

    def arrives(self) -> Answer:
        return answer_call(self.database, self.sid, self.line, number(self.caller), self.now)

    def does(self, event: Event) -> Answer:
        answer = take_turn(self.database, self.sid, self.turn + 1, event, self.now)
        self.turn = answer.turn
        return answer

    def presses(self, *keys: str) -> Answer:
        for key in keys:
            answer = self.does(press(key))
        return answer

    def nobody_answers(self) -> Answer:
        return self.does(RingEnded("no-answer"))

    def somebody_accepts(self, leg: int) -> Answer:
        take_leg_turn(self.database, self.sid, LegAnswered(leg, f"{self.sid}-leg{leg}"), self.now)
        return take_leg_turn(self.database, self.sid, LegPressed(leg, "1"), self.now, heard=1)

    def hangs_up(self) -> Answer | None:
        return hang_up(self.database, self.sid, self.now)

    @property
    def stored(self) -> Call:
        with self.database.read() as connection:
            call = load_call(connection, self.sid)
        assert call
        return call


def critical_at_night(database: Database, sid: str = "CA1", **changed: str) -> DrivenCall:
    """A caller on the duty line who has said that it is critical: the duty rings."""
    call = DrivenCall(database, sid, **changed)
    call.arrives()
    call.presses("1")
    return call
