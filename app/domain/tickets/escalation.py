"""The escalation of a ticket: which level is reached when, and who is told. Pure.

The matrix stands in the desk's document. Carried out by the worker, each level once for the
response and once for the solution.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.desks.desk import AlarmContact, Desk, EscalationBasis, EscalationStep, Priority
from app.domain.tickets.clocks import is_met
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.targets import TargetKind, target_due, target_of, target_rule
from app.domain.tickets.ticket import Ticket
from app.domain.time.business_time import Target
from app.domain.time.hours import next_opening

# A level of the response or of the solution, of the row of one priority.
Cell = tuple[TargetKind, int, Priority]


@dataclass(frozen=True, slots=True)
class Escalation:
    """One level of a ticket's escalation: it is reached while the target is not met."""

    kind: TargetKind
    level: int
    role: str
    reached_at: datetime
    deadline: datetime
    priority: Priority

    @property
    def cell(self) -> Cell:
        """Return which cell of the matrix it is: each is told once for a ticket.

        At another priority the matrix has another row: its levels are told too.
        """
        return self.kind, self.level, self.priority

    @property
    def is_forewarning(self) -> bool:
        """Tell whether it is reached before the target is missed."""
        return self.reached_at < self.deadline


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told of an escalation and when; `instead_of` is the role that is away."""

    contact: AlarmContact
    at: datetime
    instead_of: str = ""


def escalation_plan(
    desk: Desk, ticket: Ticket, basis: EscalationBasis | None = None
) -> tuple[Escalation, ...]:
    """Return when each level is reached if the target is not met before; the earliest first.

    By the desk's basis, or another one for comparison. Where nothing was agreed nothing can be
    overrun: no level is reached then.
    """
    found = [
        escalation
        for step in desk.escalation
        if step.priority is ticket.priority
        for kind in TargetKind
        if (escalation := _escalation(desk, ticket, step, kind, basis or desk.escalation_basis))
    ]
    return tuple(sorted(found, key=lambda each: (each.reached_at, each.kind, each.level)))


def due_escalations(
    desk: Desk, ticket: Ticket, notified: Collection[Cell], now: datetime
) -> tuple[tuple[Escalation, Recipient], ...]:
    """Return those that are told now: reached, not told before, and the contact's hours have come.

    None while the clocks stand, while the escalation is held, or once the target is met.
    """
    return tuple(
        (each, told)
        for each in _open(desk, ticket, notified, now)
        if (told := recipient(desk, each, now)) and told.at <= now
    )


def next_escalation_at(
    desk: Desk, ticket: Ticket, notified: Collection[Cell], now: datetime
) -> datetime | None:
    """Return when the next one after `now` is told, if nothing happens before.

    Not before a hold is over; what is reached meanwhile is told then.
    """
    until = ticket.escalation_held_until
    since = until if until and ticket.holds_escalation(now) else now
    left = _open(desk, ticket, notified, since)
    instants = (told.at for each in left if (told := recipient(desk, each, since)))
    return min((at for at in instants if at > now), default=None)


def recipient(desk: Desk, escalation: Escalation, now: datetime) -> Recipient | None:
    """Return who is told of a level, and when: not before it is reached, nor before `now`.

    While a contact is away the substitute is told, and a substitute's own while they are away
    too; the role itself where nobody is there. None where the desk has no such contact any more.
    """
    at = max(escalation.reached_at, now)
    for _ in range(len(desk.contacts) + 1):  # hours may begin on a day of absence
        role = _who_is_there(desk, escalation.role, at)
        opening = _reachable_at(desk, role, at)
        if opening == at:
            break
        at = opening
    contact = desk.contact(role)
    instead_of = "" if role == escalation.role else escalation.role
    return Recipient(contact, at, instead_of) if contact else None


def _open(
    desk: Desk, ticket: Ticket, notified: Collection[Cell], now: datetime
) -> tuple[Escalation, ...]:
    if ticket.paused_since or ticket.holds_escalation(now) or ticket.closed:
        return ()
    return tuple(
        each
        for each in escalation_plan(desk, ticket)
        if each.cell not in notified and not is_met(ticket, each.kind)
    )


def _escalation(
    desk: Desk, ticket: Ticket, step: EscalationStep, kind: TargetKind, basis: EscalationBasis
) -> Escalation | None:
    amount, deadline = _counted_in(desk, ticket, step, kind), ticket.due.of(kind)
    if amount is None or deadline is None:
        return None
    is_agreed = kind is TargetKind.SOLUTION and ticket.agreed_solve_by is not None
    # A date that was agreed with the customer replaces the target: levels count from it.
    from_start = basis is EscalationBasis.ELAPSED and not is_agreed
    start = ticket.opened_at if from_start else deadline
    reached = target_due(desk, amount, start, ticket.pauses)
    if reached is None:
        return None
    return Escalation(kind, step.level, step.contact, reached, deadline, step.priority)


def _counted_in(
    desk: Desk, ticket: Ticket, step: EscalationStep, kind: TargetKind
) -> Target | None:
    """Return a level's time in the calendar of the ticket's target, unless it has its own."""
    amount = target_of(step, kind)
    if amount is None or step.has_own_calendar:
        return amount
    rule = target_rule(desk, agreement_of(desk, ticket.agreement).id, ticket.priority)
    agreed = target_of(rule, kind) if rule else None
    return Target(amount.amount, agreed.calendar) if agreed else amount


def _who_is_there(desk: Desk, role: str, at: datetime) -> str:
    """Return the role, or the first of its substitutes who is not away."""
    seen: list[str] = []
    while role not in seen and desk.contact(role):
        rules = desk.rules_of(role)
        day = at.astimezone(ZoneInfo(desk.time_zone)).date()
        if not any(each.first <= day <= each.last for each in rules.away):
            return role
        seen.append(role)
        role = rules.substitute
    return seen[0] if seen else role


def _reachable_at(desk: Desk, role: str, at: datetime) -> datetime:
    """Return when a role is told: at `at` where the desk names no hours, or none that open."""
    hours = desk.rules_of(role).calendar
    return (next_opening(desk.calendar(hours), at) if hours else None) or at
