"""When a ticket must be answered and solved, as agreed; what was never agreed stays so.

Deadlines are calculated from the desk's rules; nothing is stored here.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.desks.desk import Desk, EscalationStep, Priority, TargetRule
from app.domain.time.business_time import NeverOpens, Target, due_with_pauses
from app.domain.time.calendars import ROUND_THE_CLOCK_ID, Calendar, round_the_clock
from app.domain.time.intervals import Intervals


class TargetKind(StrEnum):
    """What a target is for: each has its clock, its deadline and its escalation."""

    RESPONSE = "response"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The instants by which a ticket is answered and solved; None where nothing was agreed."""

    respond_by: datetime | None
    solve_by: datetime | None
    workaround_stops: bool = False  # a temporary solution is enough for the solution

    def of(self, kind: TargetKind) -> datetime | None:
        """Return one of the two."""
        return self.respond_by if kind is TargetKind.RESPONSE else self.solve_by


def target_of(agreed: TargetRule | EscalationStep, kind: TargetKind) -> Target | None:
    """Return one of the two targets of what was agreed, or of a level of the escalation."""
    return agreed.respond if kind is TargetKind.RESPONSE else agreed.solve


def target_rule(desk: Desk, agreement: str, priority: Priority) -> TargetRule | None:
    """Return what was agreed: for both together, else the agreement, else the priority.

    None means "not agreed", and it stays so: no figure is invented.
    """
    for wanted in ((agreement, priority), (agreement, None), (None, priority)):
        for rule in desk.targets:
            if (rule.agreement, rule.priority) == wanted:
                return rule
    return None


def deadlines(
    desk: Desk, agreement: str, priority: Priority, start: datetime, pauses: Intervals = ()
) -> Deadlines:
    """Calculate when a ticket that began at `start` is due; its clocks stood in the pauses."""
    rule = target_rule(desk, agreement, priority)
    if rule is None:
        return Deadlines(None, None)
    respond_by = target_due(desk, rule.respond, start, pauses)
    solve_by = target_due(desk, rule.solve, start, pauses)
    return Deadlines(respond_by, solve_by, rule.workaround_stops)


def target_due(
    desk: Desk, target: Target | None, start: datetime, pauses: Intervals = ()
) -> datetime | None:
    """Calculate when a target that counts from `start` is due; None where there is none."""
    if target is None:
        return None
    try:
        return due_with_pauses(target_calendar(desk, target), start, target.amount, pauses)
    except NeverOpens:  # a calendar without hours promises nothing
        return None


def target_calendar(desk: Desk, target: Target) -> Calendar:
    """Return the calendar in which a target counts, or the one that never closes."""
    if target.calendar == ROUND_THE_CLOCK_ID:
        return round_the_clock(desk.time_zone)
    return desk.calendar(target.calendar)
