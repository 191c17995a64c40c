"""A walked call whose every turn goes through the real actions and a real database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.take_turn import Answer, Keep, answer_call, hang_up, take_leg_turn, take_turn
from app.domain.call import Arrived, Call, Event, HungUp, LegAnswered, LegChanged, LegPressed
from app.domain.decision import Decision
from app.store import Database
from app.store.apply import Moment, apply
from app.store.calls import Turn
from app.store.snapshot import Snapshot

SID = "CA-told"


@dataclass(frozen=True, slots=True)
class StoredTurns:
    """Takes each turn as the doors do, twice: the repeated one must be answered the same."""

    database: Database

    def __call__(self, call: Call, event: Event, now: datetime) -> Decision:
        kept: list[Decision] = []

        def keep(
            connection: Connection,
            before: Call,
            turn: Turn,
            decision: Decision,
            snapshot: Snapshot,
            moment: Moment,
            *,
            is_new: bool = False,
        ) -> Decision:
            kept.append(apply(connection, before, turn, decision, snapshot, moment, is_new=is_new))
            return kept[-1]

        answer = self._ask(call, event, now, keep)
        again = self._ask(call, event, now, keep)
        assert answer
        assert again
        assert again.is_repeated
        assert again.script == answer.script
        assert len(kept) == 1
        return kept[0]

    def _ask(self, call: Call, event: Event, now: datetime, keep: Keep) -> Answer | None:
        database, sid = self.database, call.sid or SID
        match event:
            case Arrived():
                return answer_call(database, sid, call.line, call.caller, now, keep=keep)
            case HungUp():
                return hang_up(database, sid, now, keep=keep)
            case LegAnswered() | LegChanged():
                return take_leg_turn(database, sid, event, now, keep=keep)
            case LegPressed(leg=leg_id):
                leg = call.leg(leg_id)
                heard = leg.heard if leg else 0
                return take_leg_turn(database, sid, event, now, heard=heard, keep=keep)
            case _:
                return take_turn(database, sid, call.turn + 1, event, now, keep=keep)
