"""What a turn leaves of call-outs: who has missed one or answers again, and what was in vain."""

from datetime import datetime

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.hunts.context import HuntHolder
from app.domain.hunts.effects import AnsweredAgain, CallOutUnanswered, MissedCallOut
from app.domain.tickets.events import TicketEventKind
from app.store.missed_call_outs import clear_missed_call_out, note_missed_call_out
from app.store.tickets import add_event


def note_missed_or_answered(
    connection: Connection,
    effect: MissedCallOut | AnsweredAgain,
    holder: HuntHolder,
    desk: Desk | None,
    now: datetime,
) -> None:
    """Note who has missed a call-out, or answers again: on the roster, for all of its desks."""
    if desk is None or desk.roster is None:
        return
    if isinstance(effect, AnsweredAgain):
        clear_missed_call_out(connection, desk.roster, effect.person)
    elif holder.ticket and holder.ticket.number:
        note_missed_call_out(connection, desk.roster, effect.person, holder.ticket.number, now)


def note_call_out_unanswered(
    connection: Connection, over: CallOutUnanswered, holder: HuntHolder, now: datetime
) -> None:
    """Show on the ticket that a call-out rang the duty and nobody took it."""
    if holder.ticket and holder.ticket.number:
        happened, number = TicketEventKind.CALL_OUT_UNANSWERED, holder.ticket.number
        add_event(
            connection, number, happened, now, call_out_number=over.call_out_number, rung=over.rung
        )
