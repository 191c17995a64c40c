"""Rings the duty in call-outs about critical tickets that nobody has taken, until somebody has.

The worker asks as soon as one is due. What follows for a ticket is next_call_out.py's in
domain/callouts; its turns are call_out_turn.py's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar, assert_never

import structlog
from sqlalchemy import Connection

from app.actions.callouts.call_out_turn import begin_call_out, gather, take_call_out_turn
from app.actions.health.alarm import raise_alarm
from app.domain.callouts import next_call_out
from app.domain.callouts.call_out import CallOut, CallOutBegan
from app.domain.callouts.calls_about import CallsAbout
from app.domain.calls.turn_request import ClockReading, Moment, acknowledged_elsewhere, leg_turn
from app.domain.health.alarms import Alarm, ticket_unacknowledged
from app.domain.hunts.events import LegChanged
from app.domain.hunts.world import World
from app.domain.tickets.ticket import Ticket
from app.store import Database, DatabaseUnavailable
from app.store.call_outs import (
    DueTicket,
    count_call_out,
    due_tickets,
    lock_due_ticket,
    look_at_ticket,
    open_call_outs,
)
from app.store.documents import UnreadableVersion
from app.store.outbox import may_be_placed
from app.store.restored_jobs import tickets_with_call_outs

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StuckCallOut:
    """A call-out of which nothing has been heard for too long: its worker died, or the network."""

    sid: str
    legs: tuple[int, ...]  # that ring, as far as anybody knows


@dataclass(frozen=True, slots=True)
class DueCallOut:
    """A ticket whose time has come, the calls about it, and the world that it would ring in."""

    ticket: Ticket
    about: CallsAbout
    world: World
    moment: Moment
    is_restored: bool = False

    @property
    def next_one(self) -> CallOut:
        """Return the ticket's next call-out, which has not begun."""
        return next_call_out.call_out_of(self.ticket, self.about, self.moment.now)

    @property
    def follows(self) -> next_call_out.NextCallOut:
        """Say what is next for the ticket."""
        now = self.moment.now
        rules = next_call_out.policy_of(self.ticket, self.about, self.world, now)
        rules = replace(rules, is_restored=self.is_restored)
        return next_call_out.next_call_out(self.ticket, self.about, rules, now)

    @property
    def alarm(self) -> Alarm:
        """Return what the desk's contacts are told when no call-out follows any more."""
        known = (c for c in self.world.customers if c.number == self.ticket.customer)
        customer = next((each.name for each in known), None)
        return ticket_unacknowledged(self.ticket, customer, self.ticket.opened_at)

    def after(self, begun: CallOut) -> "DueCallOut":
        """Return what is known once a call-out has begun."""
        about = replace(
            self.about, moved_at=self.moment.now, last_began_at=self.moment.now, last=begun
        )
        ticket = replace(self.ticket, call_outs_made=self.ticket.call_outs_made + 1)
        return replace(self, ticket=ticket, about=about)


def begin_due_call_outs(database: Database, now: datetime) -> int:
    """Look at every ticket that is due; return how many call-outs were begun.

    One at a time at each desk: whoever hears of one ticket can take only that one.
    DatabaseUnavailable when the database is away; what was begun until then goes on.
    """
    with database.read() as connection:
        going_on = open_call_outs(connection, now)
        due = due_tickets(connection, now, [each for each in going_on if each.blocks_others])
    for each in going_on:
        if each.acknowledged_by and each.is_ringing:
            taken = acknowledged_elsewhere(
                each.call_out.sid, each.acknowledged_by, ClockReading(now)
            )
            stop = partial(database.write, partial(take_call_out_turn, request=taken))
            _safely(stop, each.ticket)
    begun = (_safely(partial(_look_at, database, number, now), number) for number in due)
    return sum(each is True for each in begun)


def stop_restored_call_outs(database: Database, now: datetime) -> None:
    """Ring nobody about tickets that a backup has brought back and the rules say are too old.

    What follows for the others is left to the worker.
    """
    with database.read() as connection:
        tickets = tickets_with_call_outs(connection)
    for number in tickets:
        database.write(partial(_look_at_restored, number=number, now=now))


def _look_at_restored(connection: Connection, number: int, now: datetime) -> None:
    look_at_ticket(connection, number, now)
    locked = lock_due_ticket(connection, number, now)
    if locked is None:
        return
    moment = Moment(now + locked.offset, now)
    try:
        due = _due(connection, locked, moment)
    except UnreadableVersion:  # of another release; a ticket that is too old is so without it
        due = DueCallOut(locked.ticket, locked.about, World(), moment)
    if isinstance(replace(due, is_restored=True).follows, next_call_out.Stop):
        look_at_ticket(connection, number, None)


def _safely(work: Callable[[], T], ticket: int | None) -> T | None:
    """One ticket that nothing can be done about must not keep the others."""
    try:
        return work()
    except DatabaseUnavailable:
        raise
    except Exception:
        log.exception("call_out_stuck", ticket=ticket)
        return None


def _look_at(database: Database, ticket: int, now: datetime) -> bool:
    """Do what is next for one ticket; True when a call-out was begun."""
    look = partial(_look, number=ticket, now=now)
    found = database.write(look)
    if isinstance(found, StuckCallOut):
        # In a transaction of its own: whatever happens in a call locks it before its ticket.
        for leg in found.legs:
            unanswered = leg_turn(found.sid, LegChanged(leg, "no-answer"), ClockReading(now))
            database.write(partial(take_call_out_turn, request=unanswered))
        log.warning("call_out_hung", ticket=ticket, call_sid=found.sid)
        found = database.write(look)
    return found is True


def _look(connection: Connection, number: int, now: datetime) -> bool | StuckCallOut:
    locked = lock_due_ticket(connection, number, now)
    if locked is None:
        return False
    moment = Moment(now + locked.offset, now)
    due = _due(connection, locked, moment)
    follows, last = due.follows, locked.about.last
    if last and isinstance(follows, next_call_out.RingNow) and follows.unanswered:
        # Asked only now: a leg that no worker has tried to place gets its chance by the question.
        legs = follows.unanswered
        if not any(may_be_placed(connection, last.sid, leg, now) for leg in legs):
            return StuckCallOut(last.sid, legs)
        due = replace(due, about=replace(due.about, is_placing=True))
    return _carry_out(connection, due)


def _due(connection: Connection, locked: DueTicket, moment: Moment) -> DueCallOut:
    """Gather what the ticket's next call-out is decided on."""
    planned = next_call_out.call_out_of(locked.ticket, locked.about, moment.now)
    call_out, snapshot = gather(connection, planned, CallOutBegan(), moment)
    ticket = replace(locked.ticket, line=call_out.line)
    return DueCallOut(ticket, locked.about, snapshot.world, moment)


def _carry_out(connection: Connection, due: DueCallOut) -> bool:
    """Do what is next, and note when the ticket is looked at again; True when a call-out began."""
    number, follows = due.ticket.number, due.follows
    match follows:
        case next_call_out.RingNow():
            _begin(connection, due)
            return True
        case next_call_out.LookAt(at):
            look_at_ticket(connection, number, at - due.moment.offset)
        case next_call_out.Stop():
            look_at_ticket(connection, number, None)
        case next_call_out.Escalate():
            look_at_ticket(connection, number, None)
            if due.world.desk:
                raise_alarm(connection, due.world.desk, due.alarm, due.moment.real)
            else:
                log.error("call_out_without_desk", ticket=number, desk=due.ticket.desk)
        case _:
            assert_never(follows)
    return False


def _begin(connection: Connection, due: DueCallOut) -> None:
    """Ring the first of the duty. Should all of us die now, it is looked at again in time."""
    which = due.next_one.number
    count_call_out(connection, due.ticket.number, which)
    begun = begin_call_out(connection, due.next_one, due.moment)
    log.info(
        "call_out_begun",
        ticket=due.ticket.number,
        call_out_number=which,
        desk=due.ticket.desk,
    )
    _carry_out(connection, due.after(begun))
