"""Rounds of a walked call that a real worker's work begins, on a real database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from app.actions.rounds import begin_due_rounds
from app.domain.call import Call, RoundBegan
from app.domain.decision import AcknowledgeTicket, Code, Decision
from app.domain.rounds_due import NextRound, Then, next_round, round_of
from app.domain.sight import because
from app.store.call_lists import find_call
from app.store.rounds import lock_due_ticket
from app.store.snapshot import take_snapshot
from app.store.tables import AlarmRow, TicketRow
from app.store.tickets import acknowledge_ticket
from tests.actions.stored_turns import StoredTurns


@dataclass(frozen=True, slots=True)
class StoredRounds(StoredTurns):
    """What is next is what the worker does when the ticket's row says that it is time."""

    def next_round(self, call: Call, now: datetime) -> NextRound:
        """Let the worker look when it is time, and tell what the rules said it should do."""
        ticket = self._ticket(call)
        if ticket.acknowledged_by:
            assert ticket.next_round_at is None
            reason = because(Code.HAS_THE_CASE, name=ticket.acknowledged_by)
            return NextRound(Then.LEAVE, now, reason)
        assert ticket.next_round_at, "an open ticket sleeps"
        if ticket.next_round_at > now:
            return NextRound(Then.LOOK_AGAIN, ticket.next_round_at, because(Code.CALL_GOES_ON))
        step = self._step(ticket.number, now)
        if step.then is not Then.BEGIN or step.at > now:
            assert begin_due_rounds(self.database, now) == 0
            assert self._has_alarm(ticket.number) is (step.then is Then.ALARM)
        return step

    def begin_round(self, call: Call, now: datetime) -> Decision:
        """Let the worker begin it, once."""
        which = call.round + 1
        assert begin_due_rounds(self.database, now) == 1
        assert begin_due_rounds(self.database, now) == 0
        return self._last_turn(f"round-{self._number(call)}-{which}")

    def take_elsewhere(self, call: Call, name: str, now: datetime) -> Decision:
        """Let somebody have the ticket, and the worker tell the round of it."""
        taken, number = AcknowledgeTicket(name, name), self._number(call)

        def take(connection: Connection) -> None:
            acknowledge_ticket(connection, number, taken, now)

        self.database.write(take)
        begin_due_rounds(self.database, now)
        return self._last_turn(call.sid)

    def _step(self, number: int, now: datetime) -> NextRound:
        def look(connection: Connection) -> NextRound:
            due = lock_due_ticket(connection, number, now)
            assert due
            call = round_of(due.about, now)
            world = take_snapshot(connection, call, RoundBegan(), now, now).world
            return next_round(due.about, world, now)

        return self.database.write(look)

    def _last_turn(self, sid: str) -> Decision:
        with self.database.read() as connection:
            past = find_call(connection, sid)
        assert past
        turn = next(turn for turn in reversed(past.turns) if turn.leg == 0)
        return Decision(past.call, turn.script, turn.story)

    def _number(self, call: Call) -> int:
        assert call.ticket
        assert call.ticket.number
        return call.ticket.number

    def _ticket(self, call: Call) -> TicketRow:
        wanted = select(TicketRow.__table__).where(TicketRow.number == self._number(call))
        with self.database.read() as connection:
            return connection.execute(wanted).one()  # type: ignore[return-value]

    def _has_alarm(self, number: int) -> bool:
        with self.database.read() as connection:
            return str(number) in connection.execute(select(AlarmRow.subject)).scalars().all()
