"""Where a turn is taken: in the database, or on the standby while that is away.

The same turns with the same meaning (take_turn.py); only who keeps them differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import structlog

from app.actions.replay import replay_call
from app.actions.take_turn import (
    Answer,
    Keep,
    LegEvent,
    UnknownCall,
    answer_call,
    find_answer,
    hang_up,
    take_leg_turn,
    take_message,
    take_turn,
)
from app.actions.waiting import may_be_answered, shall_wait
from app.domain.call import Event, Recorded
from app.domain.decision import Script
from app.domain.people import Number
from app.standby.breaker import Breaker
from app.standby.running import Word
from app.standby.standby import Standby
from app.store import Database, DatabaseUnavailable
from app.store.apply import apply

A = TypeVar("A", Answer, Answer | None)

NO_WORD: Final = "no word of this call"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Corridor:
    """The way of every turn. UnknownCall as in take_turn; DatabaseUnavailable when all is lost."""

    database: Database
    standby: Standby
    breaker: Breaker
    count: Callable[[], object] = lambda: None  # called on every turn taken without the database

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

        def work(database: Database, keep: Keep) -> Answer:
            came = (call_sid, line, caller, real_now, moment)
            return answer_call(database, *came, turn=turn, keep=keep)

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

        def work(database: Database, keep: Keep) -> Answer:
            return take_turn(database, call_sid, turn, event, real_now, moment, keep=keep)

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

        A call of which the standby knows nothing is not unknown: DatabaseUnavailable.
        """

        def work(database: Database, keep: Keep) -> Answer:
            try:
                return take_leg_turn(database, call_sid, event, real_now, moment, heard, keep=keep)
            except UnknownCall:
                if database is self.database:
                    raise
                raise DatabaseUnavailable(NO_WORD) from None

        return self._take(call_sid, work, real_now)

    def hang_up(
        self,
        call_sid: str,
        real_now: datetime,
        moment: datetime | None = None,
        status: str = "completed",
    ) -> Answer | None:
        """Note that the caller is gone, once. None for a call that was never stored.

        DatabaseUnavailable for one of which the standby knows nothing.
        """

        def work(database: Database, keep: Keep) -> Answer | None:
            answer = hang_up(database, call_sid, real_now, moment, status, keep=keep)
            if answer is None and database is not self.database:
                raise DatabaseUnavailable(NO_WORD)
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

        def work(database: Database, keep: Keep) -> Answer:
            return take_message(database, call_sid, message, real_now, moment, keep=keep)

        return self._take(call_sid, work, real_now)

    def find_answer(
        self, call_sid: str, turn: int, real_now: datetime, moment: datetime | None = None
    ) -> Answer | None:
        """Return what a turn was answered, wherever it was taken; None where it never was."""

        def work(database: Database, _keep: Keep) -> Answer | None:
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
        word = self.standby.running.find(call_sid)
        if word is None or word.call.turn < turn - 1:
            raise DatabaseUnavailable(NO_WORD)
        return may_be_answered(word.call, waited)

    def _take(
        self,
        sid: str,
        work: Callable[[Database, Keep], A],
        real_now: datetime,
        *,
        is_callers: bool = False,
    ) -> A:
        with self.standby.one_at_a_time(sid):
            return self._take_alone(sid, work, real_now, is_callers=is_callers)

    def _take_alone(
        self,
        sid: str,
        work: Callable[[Database, Keep], A],
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
                self._leave_word(answer, real_now, is_callers)
                return answer
        try:
            answer = self.standby.take(sid, work)
            self.count()
        except (UnknownCall, DatabaseUnavailable) as unknown:
            if not left_alone:
                raise
            # Only the database can know of this call; perhaps it answers again by now.
            try:
                answer = self._in_database(sid, work)
            except DatabaseUnavailable:
                raise unknown from None
        self._leave_word(answer, real_now, is_callers)
        return answer

    def _in_database(self, sid: str, work: Callable[[Database, Keep], A]) -> A:
        """Take the turn there, after those of the same call that still wait here."""
        if self.standby.is_waiting(sid):
            replay_call(self.database, self.standby, sid)
        return work(self.database, apply)

    def _note(self, trouble: Exception, real_now: datetime) -> None:
        if isinstance(trouble, DatabaseUnavailable):
            self.breaker.trip(real_now)
            log.error("database_away", error=str(trouble))
        else:
            log.exception("turn_failed", exc_info=trouble)

    def _leave_word(self, answer: Answer | None, real_now: datetime, is_callers: bool) -> None:
        if answer is None or answer.is_repeated:
            return
        said: Script | None = answer.script if is_callers else None
        self.standby.running.leave(Word(answer.call, answer.now - real_now, said))
