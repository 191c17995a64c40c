"""How targets were kept, per agreement and month: missed, only just met, and how long was waited.

Pure, over tickets as they stand. A ticket counts in the month in which it was opened.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Agreement, Desk, Priority
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.targets import TargetKind, target_calendar, target_of, target_rule
from app.domain.time.business_time import Target, business_between, nominal
from app.domain.time.calendars import Calendar
from app.domain.time.intervals import Intervals

NO_TIME: Final = timedelta()
NEAR_SHARE: Final = 10  # percent of a target's time: with less left it was only just met


class Result(StrEnum):
    """What became of one target of one ticket."""

    NOT_AGREED = "not_agreed"
    RUNNING = "running"  # not met, and not due yet; or its clock stands
    MET = "met"
    NEAR = "near"  # met, with less than a tenth of its time left
    MISSED = "missed"  # met late, or not yet


class ReportedTicket(NamedTuple):
    """What figures need of a ticket, and no more: a whole one takes ten times as long to make.

    When a target was met is said as clocks.py says it of a whole ticket.
    """

    agreement: str | None
    priority: Priority
    opened_at: datetime
    respond_by: datetime | None
    solve_by: datetime | None
    workaround_stops: bool
    paused_since: datetime | None
    responded_at: datetime | None
    workaround_at: datetime | None
    closed_at: datetime | None
    pauses: Intervals = ()

    def deadline(self, kind: TargetKind) -> datetime | None:
        """Return by when one of the two was promised."""
        return self.respond_by if kind is TargetKind.RESPONSE else self.solve_by

    def met_at(self, kind: TargetKind) -> datetime | None:
        """Return when the customer was answered, or had a solution."""
        if kind is TargetKind.RESPONSE:
            return self.responded_at
        stops = self.workaround_at if self.workaround_stops else None
        if self.closed_at is None:
            return stops
        solved = min(self.closed_at, self.paused_since or self.closed_at)
        return min(solved, stops) if stops else solved


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One clock of one agreement in one month; `paused` is how long its tickets waited in all."""

    month: date  # its first day
    agreement: Agreement
    kind: TargetKind
    results: tuple[tuple[Result, int], ...]
    pauses: int  # tickets that waited at all
    paused: timedelta

    def count(self, result: Result) -> int:
        """Return of how many tickets this became."""
        return dict(self.results).get(result, 0)

    @property
    def tickets(self) -> int:
        """Return how many tickets there were."""
        return sum(count for _, count in self.results)

    @property
    def kept(self) -> int:
        """Return how many met the target, only just or not."""
        return self.count(Result.MET) + self.count(Result.NEAR)

    @property
    def kept_percent(self) -> int | None:
        """Return the share that met the target of those that met or missed it; None of none."""
        decided = self.kept + self.count(Result.MISSED)
        return self.kept * 100 // decided if decided else None


def target_report(
    desk: Desk, tickets: Iterable[ReportedTicket], now: datetime, near_since: date = date.min
) -> tuple[ReportRow, ...]:
    """Count a desk's tickets: by month, the newest first, and in the desk's order of agreements.

    In months before `near_since` what was only just met counts as met: it takes long to find.
    """
    zone, margins = ZoneInfo(desk.time_zone), Margins(desk)
    agreements: dict[str | None, str] = {}
    found: dict[tuple[date, str], list[ReportedTicket]] = {}
    for ticket in tickets:
        local = ticket.opened_at.astimezone(zone)
        agreement = agreements.get(ticket.agreement)
        if agreement is None:
            agreement = agreements[ticket.agreement] = agreement_of(desk, ticket.agreement).id
        found.setdefault((date(local.year, local.month, 1), agreement), []).append(ticket)
    order = [each.id for each in desk.agreements]
    keys = sorted(found, key=lambda key: (-key[0].toordinal(), order.index(key[1])))
    return tuple(
        row
        for key in keys
        for row in _rows(margins, key, found[key], now, with_near=key[0] >= near_since)
    )


@dataclass(frozen=True, slots=True)
class Margins:
    """What is left of a target where it is only just met: worked out once for each."""

    desk: Desk
    known: dict[tuple[str, Priority, TargetKind], tuple[Calendar, timedelta] | None] = field(
        default_factory=dict
    )

    def of(self, ticket: ReportedTicket, kind: TargetKind) -> tuple[Calendar, timedelta] | None:
        """Return the target's calendar and a tenth of its open time; None where there is none."""
        agreement = agreement_of(self.desk, ticket.agreement).id
        key = agreement, ticket.priority, kind
        if key not in self.known:
            rule = target_rule(self.desk, agreement, ticket.priority)
            self.known[key] = self._worked_out(target_of(rule, kind) if rule else None)
        return self.known[key]

    def _worked_out(self, target: Target | None) -> tuple[Calendar, timedelta] | None:
        if target is None:
            return None
        calendar = target_calendar(self.desk, target)
        return calendar, nominal(calendar, target.amount) * NEAR_SHARE / 100


def result_of(
    margins: Margins,
    ticket: ReportedTicket,
    kind: TargetKind,
    now: datetime,
    *,
    with_near: bool = True,
) -> Result:
    """Say what became of one target."""
    deadline, met = ticket.deadline(kind), ticket.met_at(kind)
    if deadline is None:
        return Result.NOT_AGREED
    if met is None:
        stood_or_now = ticket.paused_since or now
        return Result.MISSED if stood_or_now > deadline else Result.RUNNING
    if met > deadline:
        return Result.MISSED
    is_near = with_near and _is_near(margins.of(ticket, kind), met, deadline)
    return Result.NEAR if is_near else Result.MET


def _is_near(margin: tuple[Calendar, timedelta] | None, met: datetime, deadline: datetime) -> bool:
    if margin is None:
        return False
    calendar, least = margin
    return deadline - met < least or business_between(calendar, met, deadline) < least


def _rows(
    margins: Margins,
    key: tuple[date, str],
    tickets: list[ReportedTicket],
    now: datetime,
    *,
    with_near: bool,
) -> Iterator[ReportRow]:
    month, agreement = key[0], margins.desk.agreement(key[1])
    waited = [length for each in tickets if (length := _paused(each, now))]
    total = sum(waited, timedelta())
    for kind in TargetKind:
        results = Counter(
            result_of(margins, each, kind, now, with_near=with_near) for each in tickets
        )
        counted = tuple((each, results[each]) for each in Result)
        yield ReportRow(month, agreement, kind, counted, len(waited), total)


def _paused(ticket: ReportedTicket, now: datetime) -> timedelta:
    """How long a ticket's clocks stood; of a closed one not what came after it was solved."""
    over = sum((each.length for each in ticket.pauses), NO_TIME) if ticket.pauses else NO_TIME
    if ticket.paused_since is None or ticket.closed_at is not None:
        return over
    return over + (now - ticket.paused_since)
