"""What somebody at the desk decides about a ticket's targets: by command or API.

Locked, decided (domain/tickets/target_changes.py) and written in one transaction.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import assert_never

from sqlalchemy import Connection

from app.domain.access.actor import Actor
from app.domain.calls.turn_request import Moment
from app.domain.desks.desk import Desk
from app.domain.texts.operator_input import read_when
from app.domain.tickets.moves import Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.target_changes import (
    AgreedDate,
    agree_date,
    hold_escalation,
    note_workaround,
    release_escalation,
    withdraw_workaround,
)
from app.domain.tickets.ticket import Ticket
from app.store import Database
from app.store.apply import apply_outcome
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.tickets import lock_ticket


class TargetChange(StrEnum):
    """What is decided beside a date."""

    HOLD_ESCALATION = "hold_escalation"
    RELEASE_ESCALATION = "release_escalation"
    NOTE_WORKAROUND = "note_workaround"
    WITHDRAW_WORKAROUND = "withdraw_workaround"


@dataclass(frozen=True, slots=True)
class AgreeDate:
    """A date is agreed with the customer; as it was written, in the desk's time zone."""

    when: str


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """Who decides what about which ticket, and why. None in `desks` means every desk's."""

    number: int
    change: TargetChange | AgreeDate
    by: Actor
    reason: str
    desks: Collection[str] | None = None


def change_targets(
    database: Database, request: TargetRequest, now: datetime
) -> Outcome | Unchanged | Refused | None:
    """Do what is decided, once; None where there is no such ticket that they may see.

    NotAMoment for a date that cannot be read.
    """
    return database.write(partial(_change, request=request, now=now))


def _change(
    connection: Connection, request: TargetRequest, now: datetime
) -> Outcome | Unchanged | Refused | None:
    stored = lock_ticket(connection, request.number, request.desks)
    if stored is None:
        return None
    live = find_desk(connection, stored.ticket.desk)
    desk = live.desk if live else None
    moment = Moment(now + stored.offset, now)
    outcome = _decide(stored.ticket, request, desk, moment.now)
    if isinstance(outcome, Outcome):
        jobs = apply_outcome(connection, outcome, desk, moment)
        if jobs:
            put_jobs(connection, jobs, now)
    return outcome


def _decide(
    ticket: Ticket, request: TargetRequest, desk: Desk | None, at: datetime
) -> Outcome | Unchanged | Refused:
    by, reason = request.by, request.reason
    match request.change:
        case AgreeDate(when):
            zone = desk.time_zone if desk else "UTC"
            date = AgreedDate(read_when(when, zone), reason)
            return agree_date(ticket, desk, date, by, at)
        case TargetChange.HOLD_ESCALATION:
            return hold_escalation(ticket, by, at, reason)
        case TargetChange.RELEASE_ESCALATION:
            return release_escalation(ticket, by, at, reason)
        case TargetChange.NOTE_WORKAROUND:
            return note_workaround(ticket, by, at, reason)
        case TargetChange.WITHDRAW_WORKAROUND:
            return withdraw_workaround(ticket, by, at, reason)
        case _:
            assert_never(request.change)
