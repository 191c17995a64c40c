"""What whoever of the duty was told about a ticket sees and does by the link in their SMS.

They take it as a ticket is taken everywhere, pass it on as key 2 does in a call-out, or are rung
again later (ring_again.py).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import take_call_out_turn
from app.actions.callouts.ring_again import ring_again, see_ticket
from app.actions.tickets.move_ticket import Acknowledge, MoveRequest, move_ticket_in
from app.domain.access.actor import Actor, ActorKind
from app.domain.callouts.call_out import CallOut, call_out_sid
from app.domain.callouts.night_case import NightCase, last_ring, night_case, shown_words
from app.domain.calls.turn_request import ClockReading, TurnKey, TurnRequest
from app.domain.hunts.effects import CancelLeg
from app.domain.hunts.events import LegPressed
from app.domain.hunts.night_link import DutySms
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.apply import stop_leg
from app.store.call_out_rows import load_call_out
from app.store.desks import find_desk
from app.store.missed_call_outs import clear_missed_call_out
from app.store.outbox import put_jobs
from app.store.sms import written_about
from app.store.ticket_lists import find_ticket

NIGHT_PAGE: Final = "night_page"
PASS_ON: Final = "2"


@dataclass(frozen=True, slots=True)
class OnRoster:
    """The reader as the desk's roster has them now."""

    actor: Actor
    roster: str


def look_at_case(database: Database, sms: DutySms, now: datetime) -> NightCase | None:
    """Return what the page shows; None where ticket, desk or person is gone."""
    with database.read() as connection:
        ticket = find_ticket(connection, sms.ticket)
        live = find_desk(connection, sms.desk) if ticket else None
        reader = live.roster.person(sms.person) if live and live.roster else None
        if ticket is None or reader is None:
            return None
        seen = see_ticket(connection, ticket, now)
        if seen is None:
            return None
        case = night_case(seen.context, reader, seen.about)
        if not case.needs_facts:
            return case
        return replace(case, written=shown_words(written_about(connection, ticket.number)))


def take_case(database: Database, sms: DutySms, now: datetime) -> None:
    """Acknowledge the ticket for the reader; whoever was first has it, and that is no error."""
    database.write(partial(_take, sms=sms, now=now))


def pass_case_on(database: Database, sms: DutySms, now: datetime) -> None:
    """Ring the next about the ticket, where the reader's telephone rings; else change nothing."""
    database.write(partial(_pass_on, sms=sms, now=now))


def ring_case_again(database: Database, sms: DutySms, now: datetime) -> None:
    """Ring the reader again in a while, and nobody before; else change nothing."""
    database.write(partial(_ring_again, sms=sms, now=now))


def _ring_again(connection: Connection, sms: DutySms, now: datetime) -> None:
    found = _on_roster(connection, sms)
    if found:
        ring_again(connection, sms.ticket, found.actor, found.roster, now)


def _take(connection: Connection, sms: DutySms, now: datetime) -> None:
    found = _on_roster(connection, sms)
    if found is None:
        return
    request = MoveRequest(sms.ticket, Acknowledge(), found.actor)
    move_ticket_in(connection, request, now)
    clear_missed_call_out(connection, found.roster, sms.person)  # they are there again


def _pass_on(connection: Connection, sms: DutySms, now: datetime) -> None:
    ticket = find_ticket(connection, sms.ticket)
    if ticket and _on_roster(connection, sms):
        pass_ring_on(connection, last_call_out(connection, ticket), sms.person, now)


def pass_ring_on(
    connection: Connection, call_out: CallOut | None, person: str, now: datetime
) -> bool:
    """Do what key 2 does on a telephone of theirs that rings in a call-out; False where none."""
    leg = last_ring(call_out, person).own_leg
    if call_out is None or leg is None:
        return False
    key = TurnKey(leg.id, "passed_on")
    pressed = LegPressed(leg.id, PASS_ON)
    take_call_out_turn(connection, TurnRequest(call_out.sid, pressed, key, ClockReading(now)))
    put_jobs(connection, stop_leg(connection, CancelLeg(leg.id, leg.sid), call_out, now), now)
    return True


def _on_roster(connection: Connection, sms: DutySms) -> OnRoster | None:
    live = find_desk(connection, sms.desk)
    person = live.roster.person(sms.person) if live and live.roster else None
    if live is None or live.roster is None or person is None:
        return None
    actor = Actor(ActorKind.PERSON, person.name, person.id, NIGHT_PAGE)
    return OnRoster(actor, live.roster.id)


def last_call_out(connection: Connection, ticket: Ticket) -> CallOut | None:
    """Return the last call-out about a ticket, where there has been one."""
    made = ticket.call_outs_made
    return load_call_out(connection, call_out_sid(ticket.number, made)) if made else None
