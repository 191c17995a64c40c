"""A service desk as its documents describe it: lines, agreements, priorities, duty.

Frozen facts only. How a desk is read from files is domain/config; what follows from it in a call is
calls/forks.py; opening hours are calculated in time/hours.py.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.desks.call_out_policy import USUAL, CallOutPolicy
from app.domain.desks.case_types import USUAL_TYPES, CaseType, Project, Question
from app.domain.desks.customer import Customer
from app.domain.desks.duty_hours import DutyHours
from app.domain.desks.maintenance import Maintenance
from app.domain.texts.localized_text import NO_WORDS, LocalizedText
from app.domain.time.business_time import Target
from app.domain.time.calendars import Calendar
from app.domain.workflow.built_in import SIMPLE
from app.domain.workflow.workflow import Workflow


class Priority(StrEnum):
    """The four levels, in the order of the keys 1 to 4."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class LineKind(StrEnum):
    """What a telephone number is for."""

    SUPPORT = "support"
    DUTY = "duty"


class TelephoneFor(StrEnum):
    """When the telephone is meant at all."""

    EVERYTHING = "everything"
    HIGH_OR_NO_NETWORK = "high_or_no_network"


class EscalationBasis(StrEnum):
    """How a time in the escalation matrix is counted."""

    ELAPSED = "elapsed"
    OVERRUN = "overrun"


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone number of the desk: the one Twilio posts, and the one people know."""

    number: str
    public_number: str
    kind: LineKind
    languages: tuple[str, ...]  # the default first


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a customer has agreed with the desk."""

    id: str
    name: str
    telephone: bool
    telephone_calendar: str | None  # when the telephone answers; None where there is none
    includes_duty: bool
    is_default: bool
    wakes: frozenset[Priority] | None = None  # None: the levels that the desk's duty names


@dataclass(frozen=True, slots=True)
class PriorityTexts:
    """The desk's own name for a level, its definition to read and one to hear (at most 6 s)."""

    level: Priority
    name: LocalizedText
    definition: LocalizedText
    spoken: LocalizedText


@dataclass(frozen=True, slots=True)
class TargetRule:
    """What was agreed for an agreement, a priority, or both together.

    A None in `agreement` or `priority` means every one. A None in `respond` or
    `solve` was never agreed and stays so.
    """

    agreement: str | None
    priority: Priority | None
    respond: Target | None
    solve: Target | None
    workaround_stops: bool = False  # a temporary solution meets the target of the solution
    may_agree_date: bool = False  # a date agreed with the customer may replace it


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """One row of the escalation matrix: whom a ticket of this priority is escalated to, and when.

    It counts in the calendars of what was agreed for the ticket, unless it names its own.
    """

    priority: Priority
    level: int
    respond: Target | None
    solve: Target | None
    contact: str  # a role
    has_own_calendar: bool = False


@dataclass(frozen=True, slots=True)
class TargetWarning:
    """When whoever has a ticket is warned: at a share of the target, or so long before its end."""

    percent: int | None
    minutes: int | None = None


class HandoverSummary(StrEnum):
    """When those concerned are told at a handover of the duty what is open and urgent."""

    WHEN_OPEN = "when_open"  # only where something is
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Duty:
    """When the duty is there, and what may wake it."""

    hours: DutyHours
    wakes: frozenset[Priority]
    ring_seconds: int
    call_outs: CallOutPolicy = USUAL
    call_outs_by_level: tuple[tuple[Priority, CallOutPolicy], ...] = ()  # where a level has its own
    night_page: bool = True  # its SMS carry a link by which whoever is told can take the ticket
    handover_summary: HandoverSummary = HandoverSummary.WHEN_OPEN

    def call_outs_for(self, level: Priority) -> CallOutPolicy:
        """Return how often the duty is called about a ticket of this level."""
        return dict(self.call_outs_by_level).get(level, self.call_outs)


@dataclass(frozen=True, slots=True)
class FirstLinePhone:
    """A telephone of the first line."""

    name: str
    number: str
    language: str


@dataclass(frozen=True, slots=True)
class FirstLine:
    """Who answers while the desk is open, and how they are rung."""

    phones: tuple[FirstLinePhone, ...]
    at_once: bool
    ring_seconds: int


CEILINGS_LOOK_BACK: Final = timedelta(hours=1)  # what "per hour" counts
MOST_RINGS_PER_HOUR: Final = 5000  # that a desk may allow: more need not be counted
MOST_CALLS_PER_HOUR: Final = 1000


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Limits that keep a call, and what it costs, within bounds."""

    rings_per_call: int = 12
    rings_per_hour: int = 120  # for known customers, and as many again for everybody else
    turns_per_call: int = 80
    talk_minutes: int = 120
    message_seconds: int = 180
    calls_per_hour: int = 20  # from one caller
    stranger_wakes_per_hour: int = 3  # calls of strangers that may ring one person of the duty


@dataclass(frozen=True, slots=True)
class Callback:
    """Which callers may be called back at a key, by how their numbers begin."""

    prefixes: tuple[str, ...] = ("+47",)


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days the desk keeps what it knows of a call, from the call on.

    What stands in turns and numbers goes first, the ticket last, and its recording with
    it at the latest: documents that say otherwise are refused. Figures stay for good.
    """

    recordings_days: int = 30
    turns_days: int = 90  # also SMS, both ways
    numbers_days: int = 365  # of callers, and of those who were rung
    tickets_days: int = 3 * 365


@dataclass(frozen=True, slots=True)
class NotServed:
    """A class of callers whom the desk does not serve, and where they are sent."""

    caller_class: str
    message: LocalizedText


@dataclass(frozen=True, slots=True)
class Owner:
    """Who owns or pays for several customers, such as the municipality of its health centres."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people at the desk to which tickets are routed; `line` is 1, 2 or 3.

    `members` are the mail addresses by which its users log in.
    """

    id: str
    name: str
    line: int = 1
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """Words that the desk often writes to customers, to be changed before they are sent."""

    id: str
    name: str
    words: LocalizedText


@dataclass(frozen=True, slots=True)
class DutyNote:
    """What the duty must know beside a ticket. What is empty here fits every ticket."""

    note: LocalizedText
    customer: str = ""
    agreement: str = ""
    owner: str = ""
    priority: Priority | None = None

    def fits(self, customer: Customer | None, agreement: str, priority: Priority) -> bool:
        """Tell whether it is about such a ticket."""
        number, owner = (customer.number, customer.owner) if customer else ("", "")
        return (
            self.customer in ("", number)
            and self.owner in ("", owner)
            and self.agreement in ("", agreement)
            and self.priority in (None, priority)
        )


@dataclass(frozen=True, slots=True)
class AlarmContact:
    """A role that is told when something has gone wrong."""

    role: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class AwayPeriod:
    """Dates on which a role's contact is away, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class ContactRules:
    """When a role is told that a ticket is escalated to it, and who is told in its place."""

    role: str
    substitute: str = ""  # a role; empty: told also while away
    calendar: str = ""  # the hours in which it is told; empty: at any hour
    away: tuple[AwayPeriod, ...] = ()


LINK_HOLDS_DAYS: Final = 14  # a link to a spoken message; somebody may be on holiday


class RecordingsBy(StrEnum):
    """How a spoken message comes to the desk's inbox."""

    LINK = "link"  # to where it is heard, and noted who heard it
    ATTACHED = "attached"  # the sound itself


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where the desk is told of every ticket; nobody is, where both are empty."""

    mail: tuple[str, ...] = ()
    webhook: str = ""
    recordings: RecordingsBy = RecordingsBy.LINK

    def __bool__(self) -> bool:
        return bool(self.mail or self.webhook)


@dataclass(frozen=True, slots=True)
class Desk:
    """One service desk: everything its documents say, and nothing else."""

    id: str
    name: str
    spoken_name: LocalizedText
    time_zone: str
    portal: str
    lines: tuple[Line, ...]
    calendars: tuple[Calendar, ...]
    agreements: tuple[Agreement, ...]
    priorities: tuple[PriorityTexts, ...]
    targets: tuple[TargetRule, ...]
    first_line: FirstLine
    ceilings: Ceilings = Ceilings()
    telephone_for: TelephoneFor = TelephoneFor.EVERYTHING
    duty: Duty | None = None
    roster: str | None = None  # the roster's own id
    escalation: tuple[EscalationStep, ...] = ()
    escalation_basis: EscalationBasis = EscalationBasis.ELAPSED
    not_served: tuple[NotServed, ...] = ()
    while_waiting: LocalizedText = NO_WORDS  # what the caller should have ready
    target_warning: TargetWarning | None = None
    silence: Target | None = None  # after so long without a word to the customer
    tells_customer_from_level: int | None = None  # of the escalation; None: never
    contacts: tuple[AlarmContact, ...] = ()
    contact_rules: tuple[ContactRules, ...] = ()  # of those contacts that have some
    callback: Callback = Callback()
    retention: Retention = Retention()
    owners: tuple[Owner, ...] = ()
    duty_notes: tuple[DutyNote, ...] = ()
    inbox: Inbox = Inbox()
    workflow: Workflow = SIMPLE
    groups: tuple[Group, ...] = ()
    answers: tuple[CannedAnswer, ...] = ()
    projects: tuple[Project, ...] = ()
    case_types: tuple[CaseType, ...] = USUAL_TYPES
    questions: tuple[Question, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()  # planned work, told in the portal
    portal_recordings: bool = False  # a customer hears in the portal what was spoken on their case

    @property
    def language(self) -> str:
        """Return the language in which the desk itself is written to: its first line's first."""
        return next((line.languages[0] for line in self.lines if line.languages), "nb")

    def line(self, number: str) -> Line | None:
        """Return the line that Twilio posts as this number, or None."""
        return next((line for line in self.lines if line.number == number), None)

    def agreement(self, agreement_id: str) -> Agreement:
        """Return the agreement with this id; KeyError where the desk has none such."""
        for agreement in self.agreements:
            if agreement.id == agreement_id:
                return agreement
        raise KeyError(agreement_id)

    def wakes(self, agreement: Agreement) -> frozenset[Priority]:
        """Return the levels that may wake the duty under an agreement; none where it has none."""
        if self.duty is None or not agreement.includes_duty:
            return frozenset()
        return self.duty.wakes if agreement.wakes is None else agreement.wakes

    @property
    def wakes_beyond_critical(self) -> bool:
        """Tell whether some agreement lets other levels than critical wake the duty."""
        return any(self.wakes(each) - {Priority.CRITICAL} for each in self.agreements)

    def is_urgent(self, level: Priority, agreement_id: str | None) -> bool:
        """Tell whether somebody must take such a ticket soon: critical, or it may wake the duty."""
        agreement = next((each for each in self.agreements if each.id == agreement_id), None)
        own = self.wakes(agreement or self.default_agreement())
        return level is Priority.CRITICAL or level in own

    def default_agreement(self) -> Agreement:
        """Return the agreement of callers whom nobody knows."""
        return next(agreement for agreement in self.agreements if agreement.is_default)

    def calendar(self, calendar_id: str) -> Calendar:
        """Return the calendar with this id; KeyError where the desk has none such."""
        for calendar in self.calendars:
            if calendar.id == calendar_id:
                return calendar
        raise KeyError(calendar_id)

    def telephone_calendars(self) -> tuple[Calendar, ...]:
        """Return the calendars in which some agreement's telephone is answered: staffed hours."""
        ids = dict.fromkeys(a.telephone_calendar for a in self.agreements if a.telephone_calendar)
        return tuple(self.calendar(calendar_id) for calendar_id in ids)

    def contact(self, role: str) -> AlarmContact | None:
        """Return the contact of a role, or None where the desk names none such."""
        return next((each for each in self.contacts if each.role == role), None)

    def rules_of(self, role: str) -> ContactRules:
        """Return when a role is told, and who is in its place."""
        return next((e for e in self.contact_rules if e.role == role), ContactRules(role))

    def customer_name(self, customer: Customer) -> str:
        """Return a customer's name as the staff are told it, with whose it is."""
        owner = next((each.name for each in self.owners if each.id == customer.owner), "")
        return f"{customer.name}, {owner}" if owner else customer.name

    def duty_note(
        self, customer: Customer | None, agreement: str, priority: Priority
    ) -> LocalizedText | None:
        """Return what the duty must know beside such a ticket: the first note that fits."""
        fitting = (each for each in self.duty_notes if each.fits(customer, agreement, priority))
        found = next(fitting, None)
        return found.note if found else None

    def texts_for(self, level: Priority) -> PriorityTexts:
        """Return the desk's words for a level; empty ones where it names none."""
        none = PriorityTexts(level, LocalizedText(), LocalizedText(), LocalizedText())
        return next((words for words in self.priorities if words.level == level), none)
