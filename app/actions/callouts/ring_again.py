"""Whoever of the duty has an SMS about a ticket asks to be rung again in a while instead.

Nobody has the ticket meanwhile, so that the others on duty and the desk's contacts are told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import gather, take_call_out_turn
from app.actions.messages.tell_change import Telling, numbers_of, tell_by_sms
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import Actor
from app.domain.callouts.call_out import CallOut, CallOutBegan
from app.domain.callouts.calls_about import CallsAbout
from app.domain.callouts.context import CallOutContext
from app.domain.callouts.next_call_out import over_at, policy_of
from app.domain.callouts.night_case import may_ring_again
from app.domain.callouts.ring_again import a_pause, ask_again
from app.domain.calls.turn_request import ClockReading, Moment, put_off
from app.domain.message_refs import ref
from app.domain.roster.on_duty import on_duty
from app.domain.tickets.ticket import RingAgain, Ticket
from app.store.apply import apply_outcome
from app.store.call_outs import ticket_with_calls
from app.store.missed_call_outs import clear_missed_call_out
from app.store.outbox import put_jobs
from app.store.ticket_lists import find_ticket
from app.store.tickets import lock_ticket

DUTY: Final = "duty"
CONTACTS: Final = "contacts"


@dataclass(frozen=True, slots=True)
class TicketSeen:
    """A ticket with what has happened about it, and the world in which it would ring."""

    about: CallsAbout
    context: CallOutContext

    @property
    def ticket(self) -> Ticket:
        """Return the ticket."""
        return self.context.call_out.ticket


def see_ticket(connection: Connection, ticket: Ticket, now: datetime) -> TicketSeen | None:
    """Gather what is decided on; None where the desk or its line is gone."""
    found = ticket_with_calls(connection, ticket, 0, now)
    at = now + found.offset
    planned = CallOut(ticket.without_people(), ticket.call_outs_made + 1, at)
    call_out, snapshot = gather(connection, planned, CallOutBegan(), Moment(at, now))
    if snapshot.world.desk is None or snapshot.world.line is None:
        return None
    return TicketSeen(found.about, CallOutContext(call_out, snapshot.world, at))


def ring_again(connection: Connection, number: int, by: Actor, roster: str, now: datetime) -> None:
    """Stop their telephone and ring it again later; change nothing where that is not possible."""
    ticket = find_ticket(connection, number)
    seen = see_ticket(connection, ticket, now) if ticket else None
    if seen is None or not _may(seen, by):
        return
    last = seen.about.last
    if last and not last.has_ended:  # a call-out is locked before its ticket
        asked = _pause(seen, by)
        take_call_out_turn(connection, put_off(last.sid, by.name, asked, ClockReading(now)))
    stored = lock_ticket(connection, number)
    seen = see_ticket(connection, stored.ticket, now) if stored else None
    if stored is None or seen is None or not _may(seen, by):
        return
    outcome = ask_again(stored.ticket, by, _pause(seen, by))
    moment = Moment(seen.context.now, now)
    put_jobs(connection, apply_outcome(connection, outcome, seen.context.desk, moment), now)
    clear_missed_call_out(connection, roster, by.id)  # they are there again
    _tell(connection, seen, outcome.ticket.rings_again, roster, by)


def _pause(seen: TicketSeen, by: Actor) -> RingAgain:
    """Return the pause that they have, if they ask now."""
    policy = policy_of(seen.ticket, seen.about, seen.context.world, seen.context.now)
    return a_pause(by.id, seen.context.now, over_at(seen.ticket, policy))


def _may(seen: TicketSeen, by: Actor) -> bool:
    return may_ring_again(seen.context, seen.about, by.id)


def _tell(
    connection: Connection,
    seen: TicketSeen,
    rings_again: tuple[RingAgain, ...],
    roster: str,
    by: Actor,
) -> None:
    """Tell the others on duty, who can take it, and the contacts."""
    used, context = roster_in_use(connection, roster), seen.context
    if used is None:
        return
    ringing = on_duty(used.plan, context.now).ringing
    others = [each.person.id for each in ringing if each.person and each.person.id != by.id]
    contacts = numbers_of(used, context.desk, ())
    duty = [each for each in numbers_of(used, context.desk, others) if each not in contacts]
    own = used.plan.person(by.id)
    for whom, numbers in ((DUTY, duty), (CONTACTS, contacts)):
        text = ref(
            f"ring_again_told.{whom}",
            desk=context.desk.name,
            who=by.name,
            ticket=seen.ticket.number,
            at=rings_again[-1].until,
        )
        mark = f"ring-again:{seen.ticket.number}:{len(rings_again)}:{whom}"
        telling = Telling(
            used,
            context.desk,
            text,
            context.line.number,
            "",
            mark,
            context.now,
            seen.ticket.number,
        )
        theirs = own.numbers if own else ()
        tell_by_sms(connection, telling, [each for each in numbers if each not in theirs])
