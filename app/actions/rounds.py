"""Rings the duty in rounds about critical tickets that nobody has taken, until somebody has.

The worker asks once a second. What follows for a ticket is domain/rounds_due.py's; a round
is a call like any other and goes the one corridor (take_turn.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection

from app.actions.alarm import raise_alarm
from app.actions.take_turn import begin_round, take_leg_turn, tell_taken
from app.domain.alarms import Alarm, ticket_unanswered
from app.domain.call import Call, LegChanged, RoundBegan
from app.domain.desk import Desk, Priority
from app.domain.rounds_due import NextRound, Then, longest_ring, next_round, round_of
from app.domain.world import World
from app.store import Database, DatabaseUnavailable
from app.store.apply import Moment
from app.store.outbox import may_be_placed
from app.store.rounds import (
    OpenRound,
    count_round,
    due_tickets,
    lock_due_ticket,
    open_rounds,
    plan_round,
)
from app.store.snapshot import take_snapshot

T = TypeVar("T")

log = structlog.get_logger()

UNTIL_PLACED: Final = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Hangs:
    """A round of which nothing has been heard for too long: its worker died, or the network."""

    sid: str
    legs: tuple[int, ...]  # that ring, as far as anybody knows


@dataclass(frozen=True, slots=True)
class Due:
    """A ticket whose time has come, locked: its next round, and the world that it would ring in."""

    ticket: int
    call: Call
    world: World
    desk: Desk
    opened_at: datetime

    @property
    def alarm(self) -> Alarm:
        """Return what the desk's contacts are told when no round follows any more."""
        known = (c for c in self.world.customers if c.number == self.call.customer)
        customer = next((each.name for each in known), None)
        level = self.call.priority or Priority.CRITICAL
        number = self.call.caller.digits
        return ticket_unanswered(self.ticket, number, customer, self.opened_at, level)


def begin_due_rounds(database: Database, now: datetime) -> int:
    """Look at every ticket that is due; return how many rounds were begun.

    One at a time at each desk: whoever hears of one ticket can take only that one.
    DatabaseUnavailable when the database is away; what was begun until then goes on.
    """
    with database.read() as connection:
        going_on = open_rounds(connection, now)
        due = due_tickets(connection, now, [each for each in going_on if each.keeps_others])
    for each in going_on:
        if each.taken_by and each.is_ringing:
            stop = partial(tell_taken, database, each.call.sid, each.taken_by, now)
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
        log.exception("round_stuck", ticket=ticket)
        return None


def _look_at(database: Database, ticket: int, now: datetime) -> bool:
    """Do what is next for one ticket; True when a round was begun."""
    look = partial(_look, number=ticket, now=now)
    found = database.write(look)
    if isinstance(found, Hangs):
        # In a transaction of its own: whatever happens in a call locks it before its ticket.
        for leg in found.legs:
            take_leg_turn(database, found.sid, LegChanged(leg, "no-answer"), now)
        log.warning("round_hung", ticket=ticket, call_sid=found.sid)
        found = database.write(look)
    return found is True


def _look(connection: Connection, number: int, now: datetime) -> bool | Hangs:
    ticket = lock_due_ticket(connection, number, now)
    if ticket is None:
        return False
    moment = Moment(now + ticket.offset, now)
    call = round_of(ticket.about, moment.now)
    world = take_snapshot(connection, call, RoundBegan(), moment.now, now).world
    if world.desk is None:  # the line that was called is nobody's any more
        plan_round(connection, number, None)
        return False
    follows = next_round(ticket.about, world, moment.now)
    last = ticket.about.last
    if last and follows.then is Then.RING_ON:
        return _ring_on(connection, number, last, now)
    due = Due(number, call, world, world.desk, ticket.about.opened_at)
    return _carry_out(connection, due, follows, moment)


def _ring_on(connection: Connection, number: int, last: Call, now: datetime) -> bool | Hangs:
    """Tell which legs do not answer; where a worker has yet to place them, they are waited for."""
    legs = tuple(leg.id for leg in last.ringing)
    if any(may_be_placed(connection, last.sid, leg, now) for leg in legs):
        plan_round(connection, number, now + UNTIL_PLACED)
        return False
    return Hangs(last.sid, legs)


def _carry_out(connection: Connection, due: Due, follows: NextRound, moment: Moment) -> bool:
    """Begin the round, or note when the ticket is looked at again, if ever."""
    if follows.then is Then.LEAVE:
        plan_round(connection, due.ticket, None)
    elif follows.then is Then.LOOK_AGAIN or follows.at > moment.now:
        plan_round(connection, due.ticket, follows.at - moment.offset)
    elif follows.then is Then.ALARM:
        plan_round(connection, due.ticket, None)
        raise_alarm(connection, due.desk, due.alarm, moment.real)
    elif not _is_busy(due.desk.id, due.ticket, open_rounds(connection, moment.real)):
        _begin(connection, due, moment)
        return True
    return False


def _begin(connection: Connection, due: Due, moment: Moment) -> None:
    """Ring the first of the duty. Should all of us die now, it is looked at again in time."""
    count_round(connection, due.ticket, due.call.round)
    plan_round(connection, due.ticket, moment.real + longest_ring(due.desk, due.call))
    begin_round(connection, due.call, moment)
    log.info("round_begun", ticket=due.ticket, round=due.call.round, desk=due.desk.id)


def _is_busy(desk: str, ticket: int, going_on: tuple[OpenRound, ...]) -> bool:
    """Tell whether a round about another ticket rings at the desk."""
    return any(
        each.desk == desk and each.ticket != ticket and each.keeps_others for each in going_on
    )
