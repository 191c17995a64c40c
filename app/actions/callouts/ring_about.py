"""Whether the duty is called about a ticket that nobody has, and who first: by their rules."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.actions.callouts.ring_again import TicketSeen, see_ticket
from app.domain.callouts.next_call_out import (
    NextCallOut,
    call_out_of,
    next_call_out,
    policy_of,
    will_ring,
)
from app.domain.hunts.hunt import Callee
from app.domain.hunts.who_is_rung import next_of_duty
from app.domain.tickets.ticket import Ticket


def is_rung_about(connection: Connection, ticket: Ticket, now: datetime) -> bool:
    """Tell whether somebody is called about a ticket, now or later."""
    seen = see_ticket(connection, ticket, now)
    return seen is not None and will_ring(_follows(seen))


def rung_about(connection: Connection, ticket: Ticket, now: datetime) -> Callee | None:
    """Return who is called about a ticket now, or first the next time; None where nobody is."""
    seen = see_ticket(connection, ticket, now)
    if seen is None or not will_ring(_follows(seen)):
        return None
    last = seen.about.last
    if last and not last.has_ended and last.ringing:
        return last.ringing[0].callee
    next_one = call_out_of(seen.ticket, seen.about, seen.context.now)
    return next_of_duty(replace(seen.context, call_out=next_one))


def _follows(seen: TicketSeen) -> NextCallOut:
    ticket, about, now = seen.ticket, seen.about, seen.context.now
    return next_call_out(ticket, about, policy_of(ticket, about, seen.context.world, now), now)
