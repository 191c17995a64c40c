"""A ticket: what somebody needs done, where it stands, and who has acknowledged it.

Frozen facts. opening.py opens one, moves.py moves one; store/tickets.py has the rows.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import Priority
from app.domain.numbers import NOBODY, Number
from app.domain.tickets.targets import Deadlines
from app.domain.time.intervals import Interval
from app.domain.workflow.status import Status

NOT_GIVEN: Final = 0  # a number is drawn when the ticket is stored; the first one is 1001
LARGEST_NUMBER: Final = 2**63 - 1  # of any row, in either database
LONGEST_SUBJECT: Final = 120  # the duty hears it on the telephone
LONGEST_NAME: Final = 200
LONGEST_NOTE: Final = 500
LONGEST_COMMENT: Final = 20_000
LONGEST_EMAIL: Final = 250
NOT_AGREED: Final = Deadlines(None, None)
RECENT: Final = timedelta(minutes=60)  # so old may a ticket be that a caller is asked about it
REPORTED_AND_CALLED: Final = timedelta(minutes=30)  # the same of a critical one from the portal


class Source(StrEnum):
    """By what way a ticket came in."""

    CALL = "call"
    SMS = "sms"
    PORTAL = "portal"
    MAIL = "mail"
    ALERT = "alert"
    STAFF = "staff"  # somebody at the desk, or a program of theirs


class WakesDuty(StrEnum):
    """Whether the duty may be called about a ticket that is urgent enough."""

    BY_AGREEMENT = "by_agreement"  # where the customer's agreement says so
    CONFIRMED = "confirmed"  # whatever is agreed: it was confirmed on the duty line
    NEVER = "never"  # the caller asked for a human or a message, not for the duty


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to answer; any part may be missing."""

    number: Number = NOBODY
    name: str = ""
    email: str = ""


NO_CONTACT: Final = Contact()


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Somebody has taken responsibility for the ticket. The customer may have heard nothing yet.

    `person` is a person's id, or the name of a telephone of the first line; empty for somebody
    who is on no roster. `on_number` is the number on which they did it, where that is known.
    """

    by: str
    at: datetime
    person: str = ""
    on_number: str = ""


@dataclass(frozen=True, slots=True)
class RingAgain:
    """Somebody of the duty answered that they shall be rung again in a while; nobody has it."""

    person: str  # the id
    asked_at: datetime
    until: datetime  # when they are rung again; the call-outs are not over before


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is left to do."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whose the ticket is at the desk: a user of the product, or who a program says it is."""

    name: str
    id: str = ""  # of the user; empty where no user is behind the name


@dataclass(frozen=True, slots=True)
class Work:
    """How far the desk has come with a ticket.

    `state` is one of the desk's workflow. `version` grows with every change, so
    that whoever changes what they saw is told when it is not so any more.
    """

    state: str = ""
    since: datetime | None = None  # when it came to that state; None: as it was opened
    moved_by: str = ""  # who moved it there: the id, or the name where there is none
    assignee: Assignee | None = None
    group: str = ""  # the id of one of the desk's groups
    version: int = 1
    changed_by: str = ""  # the name of whoever changed it last
    changed_at: datetime | None = None


NOT_WORKED: Final = Work()


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. Instants are the ticket's own time.

    A call carries the ticket as it was when the call opened or joined it. `line` is the desk's
    number that was called, and from which the duty is called. `calls` have been about it.
    """

    desk: str
    source: Source
    priority: Priority
    opened_at: datetime
    number: int = NOT_GIVEN
    status: Status = Status.OPEN
    contact: Contact = NO_CONTACT
    subject: str = ""  # what it is about, where somebody wrote that
    customer: str | None = None  # the customer's number
    agreement: str | None = None
    due: Deadlines = NOT_AGREED
    pauses: tuple[Interval, ...] = ()  # in which its clocks stood; merged and in order
    paused_since: datetime | None = None  # its clocks stand; clocks.py starts and ends a pause
    responded_at: datetime | None = None  # the first public answer of a human, or accepted call
    workaround_at: datetime | None = None  # when a temporary solution was in place
    agreed_solve_by: datetime | None = None  # agreed with the customer instead of the target
    escalation_held_at: datetime | None = None  # nobody is told of it as it grows older
    escalation_held_until: datetime | None = None  # then it goes on by itself; None: never
    is_urgent: bool = False  # critical, or of a level that may wake the duty: Desk.is_urgent
    wakes_duty: WakesDuty = WakesDuty.BY_AGREEMENT
    priority_set_at: datetime | None = None  # when somebody gave it another priority
    acknowledged: Acknowledged | None = None
    released_at: datetime | None = None  # when whoever had it last gave it back
    passed_on_by: tuple[str, ...] = ()  # people who passed it on: rung after the others about it
    rings_again: tuple[RingAgain, ...] = ()  # who asked to be rung again, the last one last
    closed: Closed | None = None
    work: Work = NOT_WORKED
    line: str = ""
    language: str = ""  # of whoever opened it
    no_keys: bool = False  # the caller could not use the keys
    call_sid: str | None = None  # the call that opened it
    calls: int = 0
    call_outs_made: int = 0  # in which the duty was called about it again
    next_call_out_at: datetime | None = None  # real time; None: nobody is called about it again

    @property
    def acknowledged_by(self) -> str | None:
        """Return the name of whoever has acknowledged it."""
        return self.acknowledged.by if self.acknowledged else None

    @property
    def acknowledged_at(self) -> datetime | None:
        """Return when it was acknowledged."""
        return self.acknowledged.at if self.acknowledged else None

    @property
    def closed_by(self) -> str | None:
        """Return the name of whoever has closed it."""
        return self.closed.by if self.closed else None

    @property
    def closed_at(self) -> datetime | None:
        """Return when it was closed."""
        return self.closed.at if self.closed else None

    def holds_escalation(self, now: datetime) -> bool:
        """Tell whether nobody is told of it as it grows older."""
        until = self.escalation_held_until
        return self.escalation_held_at is not None and (until is None or now < until)

    @property
    def is_from_caller(self) -> bool:
        """Tell whether a caller is behind it, and not somebody at the desk or a program."""
        return self.source in (Source.CALL, Source.SMS)

    @property
    def is_unacknowledged(self) -> bool:
        """Tell whether it is urgent and nobody has acknowledged it."""
        return self.is_urgent and self.acknowledged is None

    @property
    def urgent_since(self) -> datetime:
        """Return since when it is as urgent as it is now, and nobody has had it."""
        instants = (self.opened_at, self.priority_set_at, self.released_at)
        return max(at for at in instants if at)

    def without_people(self) -> "Ticket":
        """Return the ticket as calls keep it: without the name and address of whom to answer."""
        bare = Work(self.work.state)
        return replace(self, contact=Contact(self.contact.number), work=bare)
