"""Why a ticket's clock runs, stands or has stopped: one reason for each of the two. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.desks.desk import Desk
from app.domain.tickets.clocks import met_at, solved_at
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.targets import TargetKind, target_calendar, target_of, target_rule
from app.domain.tickets.ticket import Ticket


class ClockReason(StrEnum):
    """How a clock stands, and why."""

    NOT_AGREED = "not_agreed"
    MET = "met"  # answered or solved: at `at`
    BY_WORKAROUND = "by_workaround"  # a temporary solution counts here, since `at`
    STANDS = "stands"  # the state stops it, since `at`
    DATE_AGREED = "date_agreed"  # with the customer, instead of the target; no pause moves it
    RUNS = "runs"  # in the hours of `calendar`


@dataclass(frozen=True, slots=True)
class WhyClock:
    """The reason of one clock; `calendar` is the name of the hours in which it counts."""

    reason: ClockReason
    at: datetime | None = None
    calendar: str = ""


def why_clock(desk: Desk, ticket: Ticket, kind: TargetKind) -> WhyClock:
    """Say how one of a ticket's clocks stands, and why."""
    if ticket.due.of(kind) is None:
        return WhyClock(ClockReason.NOT_AGREED)
    is_solution = kind is TargetKind.SOLUTION
    met = met_at(ticket, kind)
    if is_solution and met and met == ticket.workaround_at:
        return WhyClock(ClockReason.BY_WORKAROUND, met)
    met = met or (solved_at(ticket) if is_solution else None)
    if met:
        return WhyClock(ClockReason.MET, met)
    if is_solution and ticket.agreed_solve_by:
        return WhyClock(ClockReason.DATE_AGREED, ticket.agreed_solve_by)
    if ticket.paused_since:
        return WhyClock(ClockReason.STANDS, ticket.paused_since)
    return WhyClock(ClockReason.RUNS, calendar=_calendar(desk, ticket, kind))


def _calendar(desk: Desk, ticket: Ticket, kind: TargetKind) -> str:
    """Return the name of the hours; "" round the clock, and where the document says nothing now."""
    rule = target_rule(desk, agreement_of(desk, ticket.agreement).id, ticket.priority)
    target = target_of(rule, kind) if rule else None
    return target_calendar(desk, target).name if target else ""
