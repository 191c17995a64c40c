"""Takes every turn of a call: in the database, or offline while that is away.

The same turns with the same meaning (take_turn.py); only where they are written differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import structlog

from app.actions.calls.journal_import import import_call
from app.actions.calls.queue_wait import may_be_answered, shall_wait
from app.actions.calls.take_turn import (
    Answer,
    LegEvent,
    TurnWriter,
    UnknownCall,
    answer_call,
    find_answer,
    hang_up,
    take_leg_turn,
    take_message,
    take_turn,
)
from app.domain.calls.call import Event, Recorded
from app.domain.calls.instructions import Instruction
from app.domain.numbers import Number
from app.offline.breaker import Breaker
from app.offline.checkpoints import CallCheckpoint
from app.offline.offline_store import OfflineStore
from app.store import Database, DatabaseUnavailable
from app.store.apply import apply

A = TypeVar("A", Answer, Answer | None)

NO_CHECKPOINT: Final = "no checkpoint of this call"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TurnService:
    """The entry point of every turn. UnknownCall as in take_turn; DatabaseUnavailable when all is
    lost.
    """

    database: Database
    offline: OfflineStore
    breaker: Breaker
    on_offline_turn: Callable[[], object] = lambda: (
        None
    )  # called on every turn taken without the database

    def answer_call(
        self,
        call_sid: str,
        line: str,
        caller: Number,
        real_now: datetime,
        moment: datetime | None = None,
        *,
        turn: int = 0,
    ) -> Answer:
        """Take a call that comes in, once; at a later turn one that is not known begins anew."""

        def work(database: Database, write_turn: TurnWriter) -> Answer:
            came = (call_sid, line, caller, real_now, moment)
            return answer_call(database, *came, turn=turn, write_turn=write_turn)

        return self._take(call_sid, work, real_now, is_callers=True)

    def take_turn(
        self,
        call_sid: str,
        turn: int,
        event: Event,
        real_now: datetime,
        moment: datetime | None = None,
    ) -> Answer:
        """Answer what the caller did on a turn, once."""

        def work(database: Database, write_turn: TurnWriter) -> Answer:
            return take_turn(
                database, call_sid, turn, event, real_now, moment, write_turn=write_turn
            )

        return self._take(call_sid, work, real_now, is_callers=True)

    def take_leg_turn(
        self,
        call_sid: str,
        event: LegEvent,
        real_now: datetime,
        moment: datetime | None = None,
        heard: int | None = None,
    ) -> Answer:
        """Answer what happened at somebody whom we rang, once.

        A call of which the offline store knows nothing is not unknown: DatabaseUnavailable.
        """

        def work(database: Database, write_turn: TurnWriter) -> Answer:
            try:
                return take_leg_turn(
                    database, call_sid, event, real_now, moment, heard, write_turn=write_turn
                )
            except UnknownCall:
                if database is self.database:
                    raise
                raise DatabaseUnavailable(NO_CHECKPOINT) from None

        return self._take(call_sid, work, real_now)

    def hang_up(
        self,
        call_sid: str,
        real_now: datetime,
        moment: datetime | None = None,
        status: str = "completed",
    ) -> Answer | None:
        """Note that the caller is gone, once. None for a call that was never stored.

        DatabaseUnavailable for one of which the offline store knows nothing.
        """

        def work(database: Database, write_turn: TurnWriter) -> Answer | None:
            answer = hang_up(database, call_sid, real_now, moment, status, write_turn=write_turn)
            if answer is None and database is not self.database:
                raise DatabaseUnavailable(NO_CHECKPOINT)
            return answer

        return self._take(call_sid, work, real_now)

    def take_message(
        self,
        call_sid: str,
        message: Recorded,
        real_now: datetime,
        moment: datetime | None = None,
    ) -> Answer:
        """Keep the message that a caller left with the lifeline, once."""

        def work(database: Database, write_turn: TurnWriter) -> Answer:
            return take_message(
                database, call_sid, message, real_now, moment, write_turn=write_turn
            )

        return self._take(call_sid, work, real_now)

    def find_answer(
        self, call_sid: str, turn: int, real_now: datetime, moment: datetime | None = None
    ) -> Answer | None:
        """Return what a turn was answered, wherever it was taken; None where it never was."""

        def work(database: Database, _write_turn: TurnWriter) -> Answer | None:
            return find_answer(database, call_sid, turn, real_now, moment)

        return self._take(call_sid, work, real_now)

    def shall_wait(self, call_sid: str, waited: int, real_now: datetime, turn: int = 0) -> bool:
        """Tell whether anybody may still answer, after so many seconds in the queue of this turn.

        DatabaseUnavailable when nothing is known of the call, or nothing of what led there.
        """
        if not self.breaker.is_open(real_now):
            try:
                return shall_wait(self.database, call_sid, waited)
            except DatabaseUnavailable as trouble:
                self._note(trouble, real_now)
        checkpoint = self.offline.checkpoints.find(call_sid)
        if checkpoint is None or checkpoint.call.turn < turn - 1:
            raise DatabaseUnavailable(NO_CHECKPOINT)
        return may_be_answered(checkpoint.call, waited)

    def _take(
        self,
        sid: str,
        work: Callable[[Database, TurnWriter], A],
        real_now: datetime,
        *,
        is_callers: bool = False,
    ) -> A:
        with self.offline.call_lock(sid):
            return self._take_alone(sid, work, real_now, is_callers=is_callers)

    def _take_alone(
        self,
        sid: str,
        work: Callable[[Database, TurnWriter], A],
        real_now: datetime,
        *,
        is_callers: bool,
    ) -> A:
        left_alone = self.breaker.is_open(real_now)
        if not left_alone:
            try:
                answer = self._in_database(sid, work)
            except UnknownCall:
                raise
            except Exception as trouble:  # whatever it is, somebody is listening
                self._note(trouble, real_now)
            else:
                self._save_checkpoint(answer, real_now, is_callers)
                return answer
        try:
            answer = self.offline.take(sid, work)
            self.on_offline_turn()
        except (UnknownCall, DatabaseUnavailable) as unknown:
            if not left_alone:
                raise
            # Only the database can know of this call; perhaps it answers again by now.
            try:
                answer = self._in_database(sid, work)
            except DatabaseUnavailable:
                raise unknown from None
        self._save_checkpoint(answer, real_now, is_callers)
        return answer

    def _in_database(self, sid: str, work: Callable[[Database, TurnWriter], A]) -> A:
        """Take the turn there, after those of the same call that still wait here."""
        if self.offline.is_waiting(sid):
            import_call(self.database, self.offline, sid)
        return work(self.database, apply)

    def _note(self, trouble: Exception, real_now: datetime) -> None:
        if isinstance(trouble, DatabaseUnavailable):
            self.breaker.trip(real_now)
            log.error("database_away", error=str(trouble))
        else:
            log.exception("turn_failed", exc_info=trouble)

    def _save_checkpoint(self, answer: Answer | None, real_now: datetime, is_callers: bool) -> None:
        if answer is None or answer.is_repeated:
            return
        said: Instruction | None = answer.instruction if is_callers else None
        self.offline.checkpoints.save(CallCheckpoint(answer.call, answer.now - real_now, said))
