"""What a turn leaves for the call-outs about its ticket: when it is looked at, and who answers."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from app.domain.callouts.policy import PAUSE
from app.domain.calls.call import Call
from app.domain.calls.effects import AnsweredAgain, CallOutUnanswered, MissedCallOut
from app.domain.desks.desk import Desk
from app.store.call_outs import plan_call_out
from app.store.missed_call_outs import clear_missed_call_out, note_missed_call_out
from app.store.tickets import TicketEventKind, add_event

AT_ONCE: Final = timedelta(0)


def schedule_call_out(connection: Connection, before: Call, call: Call, real_now: datetime) -> None:
    """Have an urgent ticket looked at when it is new, and when a call about it has ended.

    Nothing happens where somebody has taken it. A call that joined it and rings nobody puts
    nothing off.
    """
    ticket = call.ticket
    if ticket is None or ticket.number is None or not ticket.is_urgent:
        return
    if ticket.joined and not call.legs:
        return
    is_news = before.ticket is None or before.ticket.number is None
    if is_news or (call.has_ended and not before.has_ended):
        plan_call_out(
            connection, ticket.number, real_now + (AT_ONCE if call.call_out_number else PAUSE)
        )


def note_missed_or_answered(
    connection: Connection,
    effect: MissedCallOut | AnsweredAgain,
    call: Call,
    desk: Desk | None,
    now: datetime,
) -> None:
    """Note who has missed a call-out, or answers again: on the roster, for all of its desks."""
    if desk is None or desk.roster is None:
        return
    if isinstance(effect, AnsweredAgain):
        clear_missed_call_out(connection, desk.roster, effect.person)
    elif call.ticket and call.ticket.number is not None:
        note_missed_call_out(connection, desk.roster, effect.person, call.ticket.number, now)


def note_call_out_unanswered(
    connection: Connection, over: CallOutUnanswered, call: Call, now: datetime
) -> None:
    """Show on the ticket that a call-out rang the duty and nobody took it."""
    if call.ticket and call.ticket.number is not None:
        happened, number = TicketEventKind.CALL_OUT_UNANSWERED, call.ticket.number
        add_event(
            connection, number, happened, now, call_out_number=over.call_out_number, rung=over.rung
        )
