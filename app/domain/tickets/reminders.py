"""What time alone brings about on a ticket: warnings, reminders, and moves that the product makes.

Pure. What is due is asked of the ticket as it stands and of what it has been reminded of; the
workflow's table says of whom a state waits, when they are reminded and what follows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.tickets.clocks import is_met
from app.domain.tickets.comments import Side, Visibility
from app.domain.tickets.escalation import Cell
from app.domain.tickets.events import TicketEvent, TicketEventKind
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.targets import (
    TargetKind,
    target_calendar,
    target_of,
    target_rule,
)
from app.domain.tickets.ticket import Ticket
from app.domain.tickets.workflow_moves import moves_of, state_of, workflow_of
from app.domain.time.business_time import (
    Minutes,
    NeverOpens,
    add_working_days,
    business_between,
    due,
    due_with_pauses,
)
from app.domain.time.calendars import Calendar, round_the_clock
from app.domain.time.intervals import Interval, within
from app.domain.time.wall_time import starts_at
from app.domain.workflow.workflow import Mover, WaitsFor

WARNING: Final = 0  # the level of the warning before a target is missed
MISSED: Final = -1  # the level of the moment from which it is
SYSTEM: Final = frozenset({Mover.SYSTEM})
MORNING: Final = time(8)  # on the desk's wall: what a customer is told of by time alone
EVENING: Final = time(20)
FAIR_DAYS: Final = 1  # working days between the last reminder and what the product then does


@dataclass(frozen=True, slots=True)
class Signs:
    """What the customer has heard, and of what they and the desk were reminded."""

    heard_at: datetime
    desk_reminded_at: datetime | None = None
    customer_reminded_at: datetime | None = None
    customer_reminders: int = 0  # in the state in which the ticket is
    reminders_due: int = 0  # of them, also those by which the customer could not be reached
    customer_at: datetime | None = None  # first wrote after the desk last spoke, and waits


def signs_of(ticket: Ticket, events: Iterable[TicketEvent]) -> Signs:
    """Read from a ticket's history what was said and of what was reminded."""
    since = in_state_since(ticket)
    heard, desk, customer = max(since, ticket.opened_at), None, None
    count = reached = 0
    written: list[datetime] = []
    for event in events:
        match event.kind:
            case TicketEventKind.COMMENTED if event.facts.get("side") == Side.CUSTOMER:
                written.append(event.at)
            case TicketEventKind.COMMENTED if _is_answer(event):
                heard = max(heard, event.at)
            case TicketEventKind.RESPONDED:
                heard = max(heard, event.at)
            case TicketEventKind.SILENT:
                desk = event.at
            case TicketEventKind.CUSTOMER_REMINDED if event.at >= since:
                customer, told = event.at, int(str(event.facts["count"]))
                reached += told - count  # those that were missed are one
                count = told
            case TicketEventKind.CUSTOMER_NOT_REMINDED if event.at >= since:
                count = int(str(event.facts["count"]))
            case _:
                pass
    heard = max(heard, ticket.responded_at or heard)
    unanswered = min((at for at in written if at > heard), default=None)
    return Signs(heard, desk, customer, reached, count, unanswered)


def _is_answer(event: TicketEvent) -> bool:
    said = event.facts.get("side"), event.facts.get("visibility")
    return said == (Side.DESK, Visibility.PUBLIC)


def in_state_since(ticket: Ticket) -> datetime:
    """Return since when a ticket is in the state in which it is."""
    return ticket.work.since or ticket.opened_at


def warns_at(desk: Desk, ticket: Ticket, kind: TargetKind) -> datetime | None:
    """Return when whoever has a ticket is warned that a target will be missed; None: not at all.

    At a share of the target's open time, or so many minutes of it before the deadline. None too
    while the clocks stand, once the target is met, and where it is shorter than the warning.
    """
    rule, deadline = desk.target_warning, ticket.due.of(kind)
    is_over = ticket.closed or ticket.paused_since or is_met(ticket, kind)
    if rule is None or deadline is None or is_over:
        return None
    agreed = target_rule(desk, agreement_of(desk, ticket.agreement).id, ticket.priority)
    target = target_of(agreed, kind) if agreed else None
    if target is None:
        return None
    calendar, start = target_calendar(desk, target), ticket.opened_at
    whole = _open_minutes(calendar, ticket, deadline)
    used = whole * rule.percent // 100 if rule.percent else whole - (rule.minutes or 0)
    if used <= 0:
        return None
    return due_with_pauses(calendar, start, Minutes(used), ticket.pauses)


def missed_at(ticket: Ticket, kind: TargetKind) -> datetime | None:
    """Return from when a target is missed, if nothing happens before; None as for a warning."""
    is_over = ticket.closed or ticket.paused_since or is_met(ticket, kind)
    return None if is_over else ticket.due.of(kind)


def cell_of(ticket: Ticket, kind: TargetKind, level: int) -> Cell:
    """Return by what it is told once: at another priority it is about another target."""
    return kind, level, ticket.priority


def _open_minutes(calendar: Calendar, ticket: Ticket, deadline: datetime) -> int:
    """How many minutes a target comes to, as open time without the pauses."""
    span = Interval(ticket.opened_at, max(deadline, ticket.opened_at))
    paused = sum(
        (business_between(calendar, e.from_, e.to) for e in within(ticket.pauses, span)),
        timedelta(),
    )
    return int((business_between(calendar, span.from_, span.to) - paused).total_seconds()) // 60


def silent_at(desk: Desk, ticket: Ticket, signs: Signs) -> datetime | None:
    """Return when whoever has the ticket is reminded that the customer hears nothing.

    Again after as long, while nothing is said. While the ticket waits for the customer it counts
    from what they wrote, and None where they wrote nothing.
    """
    if desk.silence is None or ticket.closed:
        return None
    waits_for = state_of(ticket, workflow_of(desk)).waits_for
    is_our_turn = waits_for not in (WaitsFor.CUSTOMER, WaitsFor.NOBODY)
    begun = signs.heard_at if is_our_turn else signs.customer_at
    if begun is None:
        return None
    since = max(begun, signs.desk_reminded_at or begun)
    try:
        return due(target_calendar(desk, desk.silence), since, desk.silence.amount)
    except NeverOpens:
        return None


def customer_reminder(
    desk: Desk, ticket: Ticket, signs: Signs, now: datetime
) -> tuple[datetime, int] | None:
    """Return when the customer is reminded next, and which reminder that is.

    By day only. Where nobody looked in time, the reminders that were missed are one. Not while the
    customer has written and waits for an answer.
    """
    state = state_of(ticket, workflow_of(desk))
    if state.waits_for is not WaitsFor.CUSTOMER or ticket.closed or signs.customer_at:
        return None
    instants = [_working_days_on(desk, ticket, days) for days in state.remind_after]
    left = [(at, count) for count, at in enumerate(instants, 1) if at is not None]
    left = [each for each in left if each[1] > signs.reminders_due]
    missed = [each for each in left if each[0] <= now]
    at, count = missed[-1] if missed else next(iter(left), (None, 0))
    return (_by_day(desk, at, now), count) if at else None


def system_move(
    desk: Desk, ticket: Ticket, signs: Signs, now: datetime
) -> tuple[datetime, str] | None:
    """Return when the product moves the ticket by itself, and by which move; the first of several.

    By day only: the customer is told of it.

    Never before the customer was reminded as often as the state says, and a working day later;
    nor while the customer has written and waits for an answer.
    """
    if signs.customer_at:
        return None
    workflow = workflow_of(desk)
    state = state_of(ticket, workflow)
    if state.waits_for is WaitsFor.CUSTOMER and signs.customer_reminders < len(state.remind_after):
        return None
    found = [
        (at, move.id)
        for move in moves_of(ticket, workflow, SYSTEM)
        if move.after_working_days is not None
        and (at := _working_days_on(desk, ticket, move.after_working_days))
    ]
    if not found:
        return None
    at, move_id = min(found)
    if signs.customer_reminded_at:
        calendar = working_calendar(desk, ticket)
        at = max(at, add_working_days(calendar, signs.customer_reminded_at, FAIR_DAYS))
    return _by_day(desk, at, now), move_id


def _by_day(desk: Desk, at: datetime, now: datetime) -> datetime:
    """Return `at`, or the next morning where it, or now that it has passed, is in the night.

    Some agreements telephone around the clock, and a worker may come back at night.
    """
    zone = ZoneInfo(desk.time_zone)
    wall = max(at, now).astimezone(zone)
    if MORNING <= wall.time() < EVENING:
        return at
    day = wall.date() + timedelta(days=wall.time() >= EVENING)
    return starts_at(datetime.combine(day, MORNING), zone)


def working_calendar(desk: Desk, ticket: Ticket) -> Calendar:
    """Return the calendar whose days are the desk's working days for a ticket."""
    hours = agreement_of(desk, ticket.agreement).telephone_calendar
    if hours:
        return desk.calendar(hours)
    return desk.calendars[0] if desk.calendars else round_the_clock(desk.time_zone)


def _working_days_on(desk: Desk, ticket: Ticket, days: int) -> datetime | None:
    try:
        return add_working_days(working_calendar(desk, ticket), in_state_since(ticket), days)
    except NeverOpens:
        return None


def next_at(
    desk: Desk,
    ticket: Ticket,
    signs: Signs,
    warnings: Iterable[datetime],
    now: datetime,
) -> datetime | None:
    """Return when time alone brings something about next, escalation apart.

    `warnings`: when somebody is told of a target, of which they were not told yet.
    """
    reminder = customer_reminder(desk, ticket, signs, now)
    move = system_move(desk, ticket, signs, now)
    instants = (
        silent_at(desk, ticket, signs),
        reminder[0] if reminder else None,
        move[0] if move else None,
        *warnings,
    )
    return min((at for at in instants if at), default=None)
