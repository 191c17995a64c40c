"""Takes every turn of a call: in the database, or offline while that is away.

The same turns with the same meaning (take_turn.py); only where they are written differs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from app.actions.calls.answer import Answer, TurnWriter, UnknownCall
from app.actions.calls.journal_import import import_call
from app.actions.calls.staff_pin import with_owner
from app.actions.calls.take_turn import find_answer, prepare_turn, take_turn
from app.domain.calls.call import Arrived
from app.domain.calls.events import PinKeyed
from app.domain.calls.ringing import may_be_answered
from app.domain.calls.turn_request import ClockReading, TurnRequest, callers_turn
from app.offline.breaker import Breaker
from app.offline.checkpoints import CallCheckpoint
from app.offline.offline_store import OfflineStore
from app.store import Database, DatabaseUnavailable
from app.store.calls import load_call

NO_CHECKPOINT: Final = "no checkpoint of this call"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TurnService:
    """The entry point of every turn. DatabaseUnavailable when all is lost."""

    database: Database
    offline: OfflineStore
    breaker: Breaker
    on_offline_turn: Callable[[], object] = lambda: (
        None
    )  # called on every turn taken without the database

    def take(self, request: TurnRequest, keyed: PinKeyed | None = None) -> Answer:
        """Answer one event, once. The digits of a PIN are `keyed` beside it: no request has them.

        UnknownCall for one of a call that was never stored. While the database is away a leg or
        a hang-up of which nothing is known here may be known elsewhere: DatabaseUnavailable.
        """
        with self.offline.call_lock(request.call):
            if keyed:
                request = self._with_owner(request, keyed)
            is_left_alone = self.breaker.is_open(request.clock.real)
            if not is_left_alone:
                try:
                    self._bring_in(request.call)
                    answer = self.database.write(prepare_turn(self.database, request))
                except UnknownCall:
                    raise
                except Exception as trouble:  # whatever it is, somebody is listening
                    self._note(trouble, request.clock.real)
                else:
                    self._save_checkpoint(request, answer)
                    return answer
            answer = self._take_offline(request, is_left_alone=is_left_alone)
            self._save_checkpoint(request, answer)
            return answer

    def _with_owner(self, request: TurnRequest, keyed: PinKeyed) -> TurnRequest:
        """Say whose PIN was keyed; where nothing can be looked up the request stays as it is."""
        if self.breaker.is_open(request.clock.real):
            return request
        try:
            self._bring_in(request.call)
            return with_owner(self.database, request, keyed)
        except Exception as trouble:  # whatever it is, somebody is listening
            self._note(trouble, request.clock.real)
            return request

    def find_answer(self, call_sid: str, turn: int, clock: ClockReading) -> Answer | None:
        """Return what a turn was answered, wherever it was taken; None where it never was."""
        request = callers_turn(call_sid, turn, Arrived(), clock)
        find = partial(find_answer, request=request)
        with self.offline.call_lock(call_sid):
            if not self.breaker.is_open(clock.real):
                try:
                    self._bring_in(call_sid)
                    return self.database.write(find)
                except Exception as trouble:  # whatever it is, somebody is listening
                    self._note(trouble, clock.real)
            return self.offline.take(call_sid, lambda journal, _write_turn: journal.write(find))

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
        if checkpoint is None or checkpoint.turn < turn - 1:
            raise DatabaseUnavailable(NO_CHECKPOINT)
        return may_be_answered(checkpoint.held, waited)

    def _take_offline(self, request: TurnRequest, *, is_left_alone: bool) -> Answer:
        """Take the turn on the journal; where nothing is known there, the database may know."""
        try:
            answer = self._take_on_journal(request)
        except (UnknownCall, DatabaseUnavailable) as unknown:
            if not is_left_alone:
                raise
            try:  # perhaps it answers again by now
                self._bring_in(request.call)
                return self.database.write(prepare_turn(self.database, request))
            except DatabaseUnavailable:
                raise unknown from None
        self.on_offline_turn()
        return answer

    def _take_on_journal(self, request: TurnRequest) -> Answer:
        def work(journal: Database, write_turn: TurnWriter) -> Answer:
            return journal.write(partial(take_turn, request=request, write_turn=write_turn))

        try:
            return self.offline.take(request.call, work)
        except UnknownCall:
            if request.may_be_known_elsewhere:
                raise DatabaseUnavailable(NO_CHECKPOINT) from None
            raise

    def _bring_in(self, call_sid: str) -> None:
        """Let turns of this call that still wait here come first."""
        if self.offline.is_waiting(call_sid):
            import_call(self.database, self.offline, call_sid)

    def _note(self, trouble: Exception, real_now: datetime) -> None:
        if isinstance(trouble, DatabaseUnavailable):
            self.breaker.trip(real_now)
            log.error("database_away", error=str(trouble))
        else:
            log.exception("turn_failed", exc_info=trouble)

    def _save_checkpoint(self, request: TurnRequest, answer: Answer) -> None:
        """Save how far the call is, also after a turn that another host or process has taken."""
        said = None if request.number is None else answer.instruction
        offset = answer.now - request.clock.real
        checkpoint = CallCheckpoint(answer.held, offset, said)
        if request.number in {None, checkpoint.turn}:  # else it was said on another turn
            self.offline.checkpoints.save(checkpoint)


def shall_wait(database: Database, call_sid: str, waited: int) -> bool:
    """Tell whether anybody may still answer, after so many seconds in the queue."""
    with database.read() as connection:
        call = load_call(connection, call_sid)
    return call is not None and may_be_answered(call, waited)
