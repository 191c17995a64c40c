"""Rounds of a walked call that a real worker's work begins, on a real database."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.domain.callouts.call_out import CallOut, CallOutBegan, CallOutDecision
from app.domain.callouts.next_call_out import (
    Escalate,
    LookAt,
    NextCallOut,
    RingNow,
    Stop,
    call_out_of,
    next_call_out,
    policy_of,
)
from app.domain.calls.call import Call
from app.domain.hunts.events import LegEvent, LegPressed
from app.domain.reasons import Code, because
from app.store.apply import apply
from app.store.call_lists import find_call_out
from app.store.call_outs import lock_due_ticket
from app.store.calls import CallOutTurn
from app.store.recordings import save_recording
from app.store.snapshot import take_call_out_snapshot
from app.store.tables import AlarmRow, TicketRow
from tests.support.desk_moves import acknowledges
from tests.support.stored_turns import SID, StoredTurns
from tests.support.turns import take_leg_turn


@dataclass(frozen=True, slots=True)
class StoredCallOuts(StoredTurns):
    """What is next is what the worker does when the ticket's row says that it is time."""

    fetches_messages: bool = True

    def next_call_out(self, last: Call | CallOut, now: datetime) -> NextCallOut:
        """Let the worker look when it is time, and tell what the rules said it should do."""
        ticket = self._ticket(last)
        if ticket.acknowledged_by:
            assert ticket.next_call_out_at is None
            reason = because(Code.HAS_THE_TICKET, name=ticket.acknowledged_by)
            return Stop(reason)
        assert ticket.next_call_out_at, "an open ticket sleeps"
        if ticket.next_call_out_at > now:
            return LookAt(ticket.next_call_out_at, because(Code.CALL_GOES_ON))
        step = self._step(ticket.number, now)
        if not isinstance(step, RingNow):
            assert begin_due_call_outs(self.database, now) == 0
            assert self._has_alarm(ticket.number) is isinstance(step, Escalate)
        return step

    def begin_call_out(self, last: Call | CallOut, now: datetime) -> CallOutDecision:
        """Let the worker begin it, once."""
        which = last.number + 1 if isinstance(last, CallOut) else 1
        if last.recording and self.fetches_messages:
            fetched = partial(save_recording, call_sid=SID, media=b"RIFF", now=now)
            self.database.write(partial(fetched, sid=last.recording))
        assert begin_due_call_outs(self.database, now) == 1
        assert begin_due_call_outs(self.database, now) == 0
        return self._last_turn(f"call-out-{self._number(last)}-{which}")

    def decide_call_out(self, call_out: CallOut, event: LegEvent, now: datetime) -> CallOutDecision:
        """Let something happen at a leg of it, twice: the repeated one is answered the same."""
        kept: list[CallOutDecision] = []

        def write_turn(connection: Connection, turn: CallOutTurn) -> CallOutDecision:
            kept.append(apply(connection, turn))
            return kept[-1]

        leg = call_out.leg(event.leg)
        heard = leg.heard if leg and isinstance(event, LegPressed) else None
        answer, again = (
            take_leg_turn(
                self.database,
                call_out.sid,
                event,
                now,
                heard=heard,
                write_turn=write_turn,  # type: ignore[arg-type]
            )
            for _ in range(2)
        )
        assert again.is_repeated
        assert again.instruction == answer.instruction
        [decision] = kept
        return decision

    def take_elsewhere(self, call_out: CallOut, name: str, now: datetime) -> CallOutDecision:
        """Let somebody have the ticket, and the worker tell the call-out of it."""
        acknowledges(self.database, self._number(call_out), name, now)
        begin_due_call_outs(self.database, now)
        return self._last_turn(call_out.sid)

    def _step(self, number: int, now: datetime) -> NextCallOut:
        def look(connection: Connection) -> NextCallOut:
            due = lock_due_ticket(connection, number, now)
            assert due
            call_out = call_out_of(due.ticket, due.about, now)
            world = take_call_out_snapshot(connection, call_out, CallOutBegan(), now, now).world
            policy = policy_of(due.ticket, due.about, world, now)
            return next_call_out(due.ticket, due.about, policy, now)

        return self.database.write(look)

    def _last_turn(self, sid: str) -> CallOutDecision:
        with self.database.read() as connection:
            past = find_call_out(connection, sid)
        assert past
        turn = next(turn for turn in reversed(past.turns) if turn.leg == 0)
        return CallOutDecision(past.call_out, turn.instruction, turn.trace)

    def _number(self, call: Call | CallOut) -> int:
        assert call.ticket
        assert call.ticket.number
        return call.ticket.number

    def _ticket(self, call: Call | CallOut) -> TicketRow:
        wanted = select(TicketRow.__table__).where(TicketRow.number == self._number(call))
        with self.database.read() as connection:
            return connection.execute(wanted).one()  # type: ignore[return-value]

    def _has_alarm(self, number: int) -> bool:
        with self.database.read() as connection:
            return str(number) in connection.execute(select(AlarmRow.subject)).scalars().all()
