"""Calls a ticket's customer for whoever works on it, whose own telephone is rung first.

Only numbers of a roster are rung for the staff, and of customers only the one that stands on the
ticket, where it may be called back. The worker places the call; what the network tells of it is
customer_call_turns.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import Actor
from app.domain.access.limits import LIMITS, Limited
from app.domain.access.token_bucket import Empty
from app.domain.access.users import PersonLink
from app.domain.calls.flows.customer import OVER
from app.domain.desks.desk import Desk, LineKind
from app.domain.hunts.call_back import TicketsNumber, why_not_called
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.ticket import Ticket
from app.domain.time.hours import is_open
from app.store import Database
from app.store.blocked_numbers import list_blocks
from app.store.customer_calls import (
    NewCustomerCall,
    StoredCustomerCall,
    add_customer_call,
    call_with_key,
    calls_going_on,
    last_call_about,
)
from app.store.desks import LiveDesk, find_desk
from app.store.outbox import NewJob, put_jobs
from app.store.personal_data_search import line_of_desk
from app.store.rate_limits import key_of, take_try
from app.store.tables import JobKind
from app.store.tickets import lock_ticket

SHOWN_FOR: Final = timedelta(minutes=30)  # how the last call went; the ticket tells it for good


@dataclass(frozen=True, slots=True)
class CallRequest:
    """Who wants to be connected with the customer of which ticket, on whose telephone.

    `on` is the telephone of theirs, or the name of one of the first line's; "": their first one.
    `key` makes two requests one call. None in `desks` means every desk's. `is_confirmed`: also
    while the desk is closed.
    """

    number: int
    by: Actor
    whose: PersonLink | None
    key: str
    desks: Collection[str] | None = None
    is_confirmed: bool = False
    on: str = ""


@dataclass(frozen=True, slots=True)
class CallBegun:
    """The telephone of whoever asked is rung."""

    number: str


@dataclass(frozen=True, slots=True)
class CallRefused:
    """Nobody is rung, and why; `is_question`: it may be confirmed."""

    why: MessageRef
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class ShownCustomerCall:
    """What a page shows: why the customer cannot be called, or what may be rung first."""

    why_not: MessageRef | None
    telephones: tuple["Telephone", ...] = ()
    last: StoredCustomerCall | None = None


@dataclass(frozen=True, slots=True)
class Telephone:
    """One that may be rung first; `name` is that of the first line's, "" of one's own."""

    name: str
    number: str
    language: str


def call_customer(
    database: Database, request: CallRequest, now: datetime
) -> CallBegun | CallRefused | None:
    """Ring, once for each key; None where there is no such ticket that they may see."""
    return database.write(partial(_call, request=request, now=now))


def shown_customer_call(
    connection: Connection,
    ticket: Ticket,
    live: LiveDesk,
    whose: PersonLink | None,
    now: datetime,
) -> ShownCustomerCall:
    """Return what the page of a ticket offers, to whom this person is on a roster."""
    last = last_call_about(connection, ticket.number, now - SHOWN_FOR)
    why_not = why_no_call(connection, ticket, live, now)
    there = telephones(connection, live.desk, whose)
    if why_not is None and not there:
        why_not = ref("customer_call.no_telephone")
    return ShownCustomerCall(why_not, there if why_not is None else (), last)


def why_no_call(
    connection: Connection, ticket: Ticket, live: LiveDesk, now: datetime
) -> MessageRef | None:
    """Say why a ticket's customer is not called from here; None where they may be."""
    if ticket.closed:
        return ref("customer_call.closed")
    number = ticket.contact.number
    blocks = list_blocks(connection, (live.desk.id,))
    is_blocked = any(each.digits == number.digits and not each.has_expired(now) for each in blocks)
    asked = TicketsNumber(
        number,
        is_line=line_of_desk(connection, number.digits) is not None,
        is_blocked=is_blocked,
        is_from_caller=ticket.is_from_caller,
    )
    why = why_not_called(asked, live.desk, live.roster)
    return ref("customer_call.not_from_here", why=why) if why else None


def telephones(
    connection: Connection, desk: Desk, whose: PersonLink | None
) -> tuple[Telephone, ...]:
    """Return what may be rung for somebody: their numbers of a roster, and the first line's."""
    in_use = roster_in_use(connection, whose.roster) if whose else None
    person = in_use.plan.person(whose.person) if in_use and whose else None
    own = (Telephone("", each, person.language) for each in person.numbers) if person else ()
    first_line = (Telephone(p.name, p.number, p.language) for p in desk.first_line.phones)
    found = {each.number: each for each in (*first_line, *own)}
    return tuple(sorted(found.values(), key=lambda each: bool(each.name)))


def _chosen(there: tuple[Telephone, ...], on: str) -> Telephone | None:
    """Return the telephone that is asked for; without a wish one's own first one."""
    if on:
        return next((each for each in there if on in (each.name, each.number)), None)
    return next((each for each in there if not each.name), None)


def is_staffed(desk: Desk, now: datetime) -> bool:
    """Tell whether a telephone of the desk is answered at this hour; so where it names no hours."""
    calendars = desk.telephone_calendars()
    return not calendars or any(is_open(each, now).open for each in calendars)


def _call(
    connection: Connection, request: CallRequest, now: datetime
) -> CallBegun | CallRefused | None:
    stored = lock_ticket(connection, request.number, request.desks)
    live = find_desk(connection, stored.ticket.desk) if stored else None
    if stored is None or live is None:
        return None
    before = call_with_key(connection, request.key)
    if before:
        return CallBegun(before.new.number)
    ticket = stored.ticket
    why_not = why_no_call(connection, ticket, live, now)
    if why_not:
        return CallRefused(why_not)
    there = telephones(connection, live.desk, request.whose)
    own = _chosen(there, request.on)
    if own is None:
        key = "which_telephone" if there and not request.on else "no_telephone"
        return CallRefused(ref(f"customer_call.{key}"))
    if not (request.is_confirmed or is_staffed(live.desk, now)):
        return CallRefused(ref("customer_call.closed_now", desk=live.desk.name), is_question=True)
    # This locks the telephone: it must not be rung about two tickets at once.
    limit = key_of(Limited.CUSTOMER_CALLS, own.number)
    taken = take_try(connection, limit, LIMITS[Limited.CUSTOMER_CALLS], now)
    if isinstance(taken, Empty):
        return CallRefused(ref("customer_call.too_often", at=taken.again_at))
    busy = _why_busy(connection, ticket, own, now)
    if busy:
        return CallRefused(busy)
    _begin(connection, request, ticket, live.desk, own, now)
    return CallBegun(own.number)


def _why_busy(
    connection: Connection, ticket: Ticket, own: Telephone, now: datetime
) -> MessageRef | None:
    for each in calls_going_on(connection, ticket.number, own.number, now):
        if each.call().result(now) in OVER:
            continue
        if each.new.number == own.number:
            return ref("customer_call.rings_already")
        return ref("customer_call.somebody_calls", who=each.new.by.name)
    return None


def _begin(
    connection: Connection,
    request: CallRequest,
    ticket: Ticket,
    desk: Desk,
    own: Telephone,
    now: datetime,
) -> None:
    line = _line(desk, ticket)
    languages = next(each.languages for each in desk.lines if each.number == line)
    new = NewCustomerCall(
        ticket.number,
        desk.id,
        line,
        own.number,
        own.language or languages[0],
        ticket.contact.number.digits,
        request.by,
        request.key,
    )
    call = add_customer_call(connection, new, now)
    seconds = desk.duty.ring_seconds if desk.duty else desk.first_line.ring_seconds
    facts: dict[str, object] = {"customer_call": call, "seconds": seconds}
    job = NewJob(
        JobKind.CUSTOMER_CALL, f"customer_call {call}", facts, desk=desk.id, ticket=ticket.number
    )
    put_jobs(connection, [job], now)


def _line(desk: Desk, ticket: Ticket) -> str:
    """Return the desk's number that the customer sees: a support line, which they may call back."""
    support = (each.number for each in desk.lines if each.kind is LineKind.SUPPORT)
    own = ticket.line if desk.line(ticket.line) else desk.lines[0].number
    return next(support, own)
