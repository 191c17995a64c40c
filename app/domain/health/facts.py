"""Values that are gathered about the installation and its desks, and judged by checks.py.

Who asks (auditor, preflight, /readyz, /metrics) gathers what it can, and judges nothing itself.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.desks.desk import Desk
from app.domain.health.alarms import AlarmKind
from app.domain.health.opt_outs import OptedOut
from app.domain.hunts.hunt import RateLimit
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class WorkerHeartbeat:
    """When a worker that has not signed off last told that it lives."""

    worker: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Since when the oldest job waits that is due; None while none is."""

    due_since: datetime | None = None
    deletion_due_since: datetime | None = None  # of recordings at the network


class ClockReference(StrEnum):
    """What a clock is compared with."""

    DATABASE = "database"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class ClockSkew:
    """How far a machine's clock is ahead. `machine` is empty for this one."""

    ahead: timedelta
    reference: ClockReference
    machine: str = ""


@dataclass(frozen=True, slots=True)
class OfflineSnapshot:
    """The copy of the facts that calls are decided on without the database."""

    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class DamagedJournal:
    """What of the journal of an outage could not be read, and how many entries are lost."""

    found_at: datetime
    since: datetime
    lost: int


@dataclass(frozen=True, slots=True)
class Journal:
    """The calls of an outage that the database does not have yet."""

    waiting_since: datetime | None = None
    is_readable: bool = True
    damaged: tuple[DamagedJournal, ...] = ()


@dataclass(frozen=True, slots=True)
class StaticFallback:
    """A desk's documents at the network for when the whole site is down."""

    desk: str
    valid_until: datetime | None = None
    failing_since: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class FailingCalendar:
    """A calendar of somebody's absences that cannot be read: the person's id and name."""

    desk: str
    person: str
    who: str
    since: datetime


@dataclass(frozen=True, slots=True)
class SystemFacts:
    """What was gathered about the installation. None: not asked here, so nothing is judged."""

    database_answers: bool | None = None
    heartbeats: tuple[WorkerHeartbeat, ...] | None = None
    outbox: Outbox | None = None
    clocks: tuple[ClockSkew, ...] | None = None
    snapshot: OfflineSnapshot | None = None
    journal: Journal | None = None
    fallbacks: tuple[StaticFallback, ...] | None = None
    opted_out: tuple[OptedOut, ...] | None = None
    calendars: tuple[FailingCalendar, ...] | None = None


@dataclass(frozen=True, slots=True)
class UnacknowledgedTicket:
    """An urgent ticket that nobody has acknowledged. `since` is real time, as everywhere here."""

    ticket: Ticket
    since: datetime
    customer: str | None  # the customer's name


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A call that ended without help or hangs, or a job that was given up for its reason."""

    desk: str
    at: datetime
    caller: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose end was not reported yet, and when it last moved."""

    desk: str
    sid: str
    moved_at: datetime
    caller: str
    talks: bool


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who was asked to confirm a shift of a desk's roster: which of them, from when."""

    desk: str
    shift: int
    name: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What the auditor knows: the installation, and what has happened at its desks."""

    desks: tuple[Desk, ...]
    notified: dict[
        tuple[str, AlarmKind], datetime
    ]  # when the contacts were last notified of what happens
    system: SystemFacts = field(default_factory=SystemFacts)
    unacknowledged: tuple[UnacknowledgedTicket, ...] = ()
    acknowledged: tuple[tuple[int, str], ...] = ()  # tickets with an alarm, and who has them now
    failed: tuple[FailedItem, ...] = ()
    open_calls: tuple[OpenCall, ...] = ()
    rate_limited: tuple[tuple[RateLimit, FailedItem], ...] = ()  # calls, by whose limit it was
    given_up: tuple[FailedItem, ...] = ()
    tried_often: tuple[FailedItem, ...] = ()  # waits although the network was asked several times
    sent_at: datetime | None = None  # when the network last took something
    unconfirmed: tuple[AskedPerson, ...] = ()  # who was asked, and has not answered in time
    confirmed: tuple[AskedPerson, ...] = ()  # of whom there is an alarm, and who have meanwhile
