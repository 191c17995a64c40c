"""A ticket acknowledged, closed or given another priority by somebody at the desk.

By command or API; a key pressed on a telephone takes the same store function. Locked, decided
(domain/tickets/moves.py) and written in one transaction, so that of two only one is first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import assert_never

from sqlalchemy import Connection

from app.domain.calls.effects import AcknowledgeTicket
from app.domain.desks.desk import Priority
from app.domain.tickets.moves import (
    Acknowledge,
    Close,
    Move,
    Moved,
    Outcome,
    SetPriority,
    decide_move,
)
from app.domain.tickets.targets import Deadlines, deadlines
from app.store import Database
from app.store.call_outs import plan_call_out
from app.store.desks import find_desk
from app.store.inbox_notifications import InboxEvent, InboxNotification, notify_inbox
from app.store.outbox import put_jobs
from app.store.tickets import (
    ChangedBy,
    LockedTicket,
    NewPriority,
    acknowledge_ticket,
    change_priority,
    close_ticket,
    lock_ticket,
)


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """Who wants what done with which ticket. None in `desks` means every desk's."""

    number: int
    move: Move
    said: ChangedBy
    desks: Collection[str] | None = None


def move_ticket(database: Database, request: MoveRequest, now: datetime) -> Outcome | None:
    """Do what is asked for, once; None where there is no such ticket that they may see."""
    return database.write(partial(_move, request=request, now=now))


def _move(connection: Connection, request: MoveRequest, now: datetime) -> Outcome | None:
    ticket = lock_ticket(connection, request.number, request.desks)
    if ticket is None:
        return None
    outcome = decide_move(ticket.state, request.move, request.said.by)
    if isinstance(outcome, Moved):
        _carry_out(connection, ticket, request, outcome, now)
    return outcome


def _carry_out(
    connection: Connection, ticket: LockedTicket, request: MoveRequest, moved: Moved, now: datetime
) -> None:
    at, said = now + ticket.offset, request.said  # a ticket's events are in its own time
    if moved.acknowledges:
        acknowledged = AcknowledgeTicket(person="", name=said.by)
        is_all = isinstance(request.move, Acknowledge)
        acknowledge_ticket(connection, request.number, acknowledged, at, said if is_all else None)
    match request.move:
        case Acknowledge():
            pass
        case Close():
            close_ticket(connection, request.number, said, at)
        case SetPriority(priority=priority):
            changed = _new_priority(connection, ticket, priority)
            change_priority(connection, ticket.state, changed, said, at)
            _notify(connection, ticket, at, now)
            if changed.is_urgent:  # the duty is rung about it, if it may be
                plan_call_out(connection, request.number, now)
        case _:
            assert_never(request.move)


def _notify(connection: Connection, ticket: LockedTicket, at: datetime, now: datetime) -> None:
    """Tell the desk's inbox that the priority is another one."""
    live, state = find_desk(connection, ticket.state.desk), ticket.state
    key, was = f"{at:%Y%m%dT%H%M%S%f}", str(state.priority)
    told = InboxNotification(InboxEvent.PRIORITY_CHANGED, state.number, key, at, was=was)
    jobs = notify_inbox(live.desk if live else None, told)
    if jobs:
        put_jobs(connection, jobs, now)


def _new_priority(connection: Connection, ticket: LockedTicket, priority: Priority) -> NewPriority:
    """What was agreed for this priority, from when the ticket was opened."""
    live = find_desk(connection, ticket.state.desk)
    if live is None:
        return NewPriority(priority, Deadlines(None, None), priority is Priority.CRITICAL)
    known = [agreement.id for agreement in live.desk.agreements]
    agreement = ticket.agreement if ticket.agreement in known else None
    default = live.desk.default_agreement().id
    due = deadlines(live.desk, agreement or default, priority, ticket.created_at)
    return NewPriority(priority, due, live.desk.is_urgent(priority, agreement))
