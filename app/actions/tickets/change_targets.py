"""What somebody at the desk decides about a ticket's targets: by page, command or API.

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
from app.domain.tickets.moves import Refusal, Refused, Unchanged
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.target_changes import (
    AgreedDate,
    agree_date,
    hold_escalation,
    note_workaround,
    release_escalation,
    withdraw_date,
    withdraw_workaround,
)
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.undo import Undoable, undoable
from app.store import Database
from app.store.apply import ChangeRecord, apply_outcome
from app.store.desks import find_desk
from app.store.outbox import put_jobs
from app.store.tickets import lock_ticket


class TargetChange(StrEnum):
    """What is decided beside a date."""

    RELEASE_ESCALATION = "release_escalation"
    NOTE_WORKAROUND = "note_workaround"
    WITHDRAW_WORKAROUND = "withdraw_workaround"
    WITHDRAW_DATE = "withdraw_date"


@dataclass(frozen=True, slots=True)
class AgreeDate:
    """A date is agreed with the customer; as it was written, in the desk's time zone."""

    when: str


@dataclass(frozen=True, slots=True)
class HoldEscalation:
    """Nobody is told of it until then, as it was written; "": until it is released."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class TargetRequest:
    """Who decides what about which ticket, and why. None in `desks` means every desk's.

    `version` is the one that they saw: of two who decide at once, one is told.
    """

    number: int
    change: TargetChange | AgreeDate | HoldEscalation
    by: Actor
    reason: str
    desks: Collection[str] | None = None
    version: int | None = None


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
    work = stored.ticket.work
    if isinstance(outcome, Outcome) and request.version not in (None, work.version):
        return Refused(Refusal.CHANGED_MEANWHILE, work.changed_by, work.changed_at)
    if isinstance(outcome, Outcome):
        record = ChangeRecord(_undoable(stored.ticket, outcome, request, moment.now))
        jobs = apply_outcome(connection, outcome, desk, moment, record)
        if jobs:
            put_jobs(connection, jobs, now)
    return outcome


def _undoable(
    before: Ticket, outcome: Outcome, request: TargetRequest, now: datetime
) -> Undoable | None:
    """Return how it can be undone; None for what may have been told to somebody within seconds."""
    change = request.change
    if change is TargetChange.NOTE_WORKAROUND or isinstance(change, AgreeDate | HoldEscalation):
        return undoable(before, outcome, request.by, now)
    return None


def _decide(
    ticket: Ticket, request: TargetRequest, desk: Desk | None, at: datetime
) -> Outcome | Unchanged | Refused:
    by, reason = request.by, request.reason
    zone = desk.time_zone if desk else "UTC"
    match request.change:
        case AgreeDate(when):
            date = AgreedDate(read_when(when, zone), reason)
            return agree_date(ticket, desk, date, by, at)
        case HoldEscalation(until):
            return hold_escalation(
                ticket, by, at, reason, read_when(until, zone) if until else None
            )
        case TargetChange.RELEASE_ESCALATION:
            return release_escalation(ticket, by, at, reason)
        case TargetChange.NOTE_WORKAROUND:
            return note_workaround(ticket, by, at, reason)
        case TargetChange.WITHDRAW_WORKAROUND:
            return withdraw_workaround(ticket, by, at, reason)
        case TargetChange.WITHDRAW_DATE:
            return withdraw_date(ticket, desk, by, at, reason)
        case _:
            assert_never(request.change)
