"""What a turn leaves for the rounds about its ticket: when it is looked at, and who answers."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from app.domain.call import Call
from app.domain.decision import AnsweredAgain, MissedRound, RoundUnanswered
from app.domain.desk import Desk
from app.domain.rounds_due import PAUSE
from app.store.missed import note_answered, note_missed
from app.store.rounds import plan_round
from app.store.tickets import Happened, add_event

AT_ONCE: Final = timedelta(0)


def look_at_ticket(connection: Connection, before: Call, call: Call, real_now: datetime) -> None:
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
        plan_round(connection, ticket.number, real_now + (AT_ONCE if call.round else PAUSE))


def note_who_answers(
    connection: Connection,
    effect: MissedRound | AnsweredAgain,
    call: Call,
    desk: Desk | None,
    now: datetime,
) -> None:
    """Note who has missed a round, or answers again: on the roster, for all of its desks."""
    if desk is None or desk.roster is None:
        return
    if isinstance(effect, AnsweredAgain):
        note_answered(connection, desk.roster, effect.person)
    elif call.ticket and call.ticket.number is not None:
        note_missed(connection, desk.roster, effect.person, call.ticket.number, now)


def note_unanswered(
    connection: Connection, over: RoundUnanswered, call: Call, now: datetime
) -> None:
    """Show on the ticket that a round rang the duty and nobody took it."""
    if call.ticket and call.ticket.number is not None:
        happened, number = Happened.ROUND_UNANSWERED, call.ticket.number
        add_event(connection, number, happened, now, round=over.round, rung=over.rung)
