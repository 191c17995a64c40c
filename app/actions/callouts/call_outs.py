"""Rings the duty in call-outs about critical tickets that nobody has taken, until somebody has.

The worker asks as soon as one is due. What follows for a ticket is domain/callouts/policy.py's;
a call-out is a call like any other and is handled by the same take_turn.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection

from app.actions.calls.take_turn import begin_call_out, take_turn
from app.actions.health.alarm import raise_alarm
from app.domain.callouts.policy import (
    NextAction,
    NextCallOut,
    call_out_of,
    longest_ring,
    next_call_out,
)
from app.domain.calls.call import Call, CallOutBegan, LegChanged
from app.domain.calls.turn_request import ClockReading, Moment, acknowledged_elsewhere, leg_turn
from app.domain.calls.world import World
from app.domain.desks.desk import Desk
from app.domain.health.alarms import Alarm, ticket_unacknowledged
from app.domain.tickets.ticket import Ticket
from app.store import Database, DatabaseUnavailable
from app.store.call_outs import (
    OpenCallOut,
    count_call_out,
    due_tickets,
    lock_due_ticket,
    open_call_outs,
    plan_call_out,
    plan_no_call_out,
)
from app.store.outbox import may_be_placed
from app.store.snapshot import take_snapshot

T = TypeVar("T")

log = structlog.get_logger()

UNTIL_PLACED: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class StuckCallOut:
    """A call-out of which nothing has been heard for too long: its worker died, or the network."""

    sid: str
    legs: tuple[int, ...]  # that ring, as far as anybody knows


@dataclass(frozen=True, slots=True)
class DueCallOut:
    """A ticket whose time has come, with its next call-out, and the world that it would ring in."""

    ticket: Ticket
    call: Call
    world: World
    desk: Desk

    @property
    def alarm(self) -> Alarm:
        """Return what the desk's contacts are told when no call-out follows any more."""
        known = (c for c in self.world.customers if c.number == self.ticket.customer)
        customer = next((each.name for each in known), None)
        return ticket_unacknowledged(self.ticket, customer, self.ticket.opened_at)


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
            taken = acknowledged_elsewhere(each.call.sid, each.acknowledged_by, ClockReading(now))
            stop = partial(database.write, partial(take_turn, request=taken))
            _safely(stop, each.ticket)
    begun = (_safely(partial(_look_at, database, number, now), number) for number in due)
    return sum(each is True for each in begun)


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
            database.write(partial(take_turn, request=unanswered))
        log.warning("call_out_hung", ticket=ticket, call_sid=found.sid)
        found = database.write(look)
    return found is True


def _look(connection: Connection, number: int, now: datetime) -> bool | StuckCallOut:
    due = lock_due_ticket(connection, number, now)
    if due is None:
        return False
    moment = Moment(now + due.offset, now)
    call = call_out_of(due.ticket, due.about, moment.now)
    world = take_snapshot(connection, call, CallOutBegan(), moment.now, now).world
    if world.desk is None:  # the line that was called is nobody's any more
        plan_no_call_out(connection, number)
        return False
    follows = next_call_out(due.ticket, due.about, world, moment.now)
    last = due.about.last
    if last and follows.then is NextAction.RING_ON:
        return _ring_on(connection, number, last, now)
    return _carry_out(connection, DueCallOut(due.ticket, call, world, world.desk), follows, moment)


def _ring_on(connection: Connection, number: int, last: Call, now: datetime) -> bool | StuckCallOut:
    """Tell which legs do not answer; where a worker has yet to place them, they are waited for."""
    legs = tuple(leg.id for leg in last.ringing)
    if any(may_be_placed(connection, last.sid, leg, now) for leg in legs):
        plan_call_out(connection, number, now + UNTIL_PLACED)
        return False
    return StuckCallOut(last.sid, legs)


def _carry_out(
    connection: Connection, due: DueCallOut, follows: NextCallOut, moment: Moment
) -> bool:
    """Begin the call-out, or note when the ticket is looked at again, if ever."""
    if follows.then is NextAction.LEAVE:
        plan_no_call_out(connection, due.ticket.number)
    elif follows.then is NextAction.LOOK_AGAIN or follows.at > moment.now:
        plan_call_out(connection, due.ticket.number, follows.at - moment.offset)
    elif follows.then is NextAction.ALARM:
        plan_no_call_out(connection, due.ticket.number)
        raise_alarm(connection, due.desk, due.alarm, moment.real)
    elif not _is_busy(due.desk.id, due.ticket.number, open_call_outs(connection, moment.real)):
        _begin(connection, due, moment)
        return True
    return False


def _begin(connection: Connection, due: DueCallOut, moment: Moment) -> None:
    """Ring the first of the duty. Should all of us die now, it is looked at again in time."""
    count_call_out(connection, due.ticket.number, due.call.call_out_number)
    plan_call_out(connection, due.ticket.number, moment.real + longest_ring(due.desk, due.call))
    begin_call_out(connection, due.call, moment)
    log.info(
        "call_out_begun",
        ticket=due.ticket.number,
        call_out_number=due.call.call_out_number,
        desk=due.desk.id,
    )


def _is_busy(desk: str, ticket: int, going_on: tuple[OpenCallOut, ...]) -> bool:
    """Tell whether a call-out about another ticket rings at the desk."""
    return any(
        each.desk == desk and each.ticket != ticket and each.blocks_others for each in going_on
    )
