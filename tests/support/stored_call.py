"""A call as the network would carry it, turn by turn, through the real action."""

from dataclasses import dataclass
from datetime import datetime

from app.actions.calls.answer import Answer
from app.domain.calls.call import Call, Event, RingEnded
from app.domain.hunts.events import LegAnswered, LegPressed
from app.store import Database
from app.store.calls import load_call
from tests.support.sample_desk import CALLER, DUTY, NIGHT, later, number, press
from tests.support.turns import Taker, answer_call, hang_up, take_leg_turn, take_turn


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

    @property
    def taker(self) -> Taker:
        """Whoever takes its turns at this moment."""
        return self.database

    def arrives(self) -> Answer:
        return answer_call(self.taker, self.sid, self.line, number(self.caller), self.now)

    def does(self, event: Event, turn: int | None = None) -> Answer:
        taken = self.turn + 1 if turn is None else turn
        answer = take_turn(self.taker, self.sid, taken, event, self.now)
        self.turn = answer.turn
        return answer

    def presses(self, *keys: str) -> Answer:
        for key in keys:
            answer = self.does(press(key))
        return answer

    def nobody_answers(self) -> Answer:
        return self.does(RingEnded("no-answer"))

    def hears_whisper(self, leg: int) -> Answer:
        event = LegAnswered(leg, f"{self.sid}-leg{leg}")
        return take_leg_turn(self.taker, self.sid, event, self.now)

    def somebody_accepts(self, leg: int) -> Answer:
        self.hears_whisper(leg)
        return take_leg_turn(self.taker, self.sid, LegPressed(leg, "1"), self.now, heard=1)

    def talk_ends(self) -> Answer:
        return self.does(RingEnded("completed", bridged=True))

    def hangs_up(self) -> Answer | None:
        return hang_up(self.taker, self.sid, self.now)

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
