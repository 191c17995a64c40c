"""A walked call whose every turn goes through the real actions and a real database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.calls.answer import Answer, TurnWriter
from app.domain.calls.call import Arrived, Call, Event, HungUp
from app.domain.calls.decision import Decision
from app.domain.hunts.events import LegAnswered, LegChanged, LegPressed
from app.store import Database
from app.store.apply import apply
from app.store.calls import Turn
from tests.support.turns import answer_call, hang_up, take_leg_turn, take_turn

SID = "CA-told"


@dataclass(frozen=True, slots=True)
class StoredTurns:
    """Takes each turn as the doors do, twice: the repeated one must be answered the same."""

    database: Database

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        kept: list[Decision] = []

        def write_turn(connection: Connection, turn: Turn) -> Decision:
            kept.append(apply(connection, turn))
            return kept[-1]

        answer = self._ask(call, event, now, write_turn)
        again = self._ask(call, event, now, write_turn)
        assert answer
        assert again
        assert again.is_repeated
        assert again.instruction == answer.instruction
        assert len(kept) == 1
        return kept[0]

    def _ask(
        self, call: Call, event: Event, now: datetime, write_turn: TurnWriter
    ) -> Answer | None:
        database, sid = self.database, call.sid or SID
        match event:
            case Arrived():
                return answer_call(
                    database, sid, call.line, call.caller, now, write_turn=write_turn
                )
            case HungUp():
                return hang_up(database, sid, now, write_turn=write_turn)
            case LegAnswered() | LegChanged():
                return take_leg_turn(database, sid, event, now, write_turn=write_turn)
            case LegPressed(leg=leg_id):
                leg = call.leg(leg_id)
                heard = leg.heard if leg else 0
                return take_leg_turn(database, sid, event, now, heard=heard, write_turn=write_turn)
            case _:
                return take_turn(database, sid, call.turn + 1, event, now, write_turn=write_turn)
