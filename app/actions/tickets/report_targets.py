"""Reports how a desk's targets were kept in some months. Reads; changes nothing."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.tickets.target_report import ReportRow, target_report
from app.store.desks import find_desk
from app.store.target_reviews import tickets_opened

MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class TargetReport:
    """A desk, the month that was asked for, and the rows of it and of those before it."""

    desk: Desk
    month: date  # its first day
    rows: tuple[ReportRow, ...]

    def of(self, month: date) -> tuple[ReportRow, ...]:
        """Return the rows of one month."""
        return tuple(each for each in self.rows if each.month == month)


def read_month(text: str) -> date | None:
    """Read 2026-11 as the month's first day; None where it is no month."""
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else None


def report_targets(
    connection: Connection,
    desk_id: str,
    month: date | None,
    months: int,
    now: datetime,
    *,
    with_near: bool = True,
) -> TargetReport | None:
    """Report on so many months up to this one, or to the present; None without such a desk.

    Without `with_near` only the last one tells what was only just met.
    """
    live = find_desk(connection, desk_id)
    if live is None:
        return None
    zone = ZoneInfo(live.desk.time_zone)
    last = month or now.astimezone(zone).date().replace(day=1)
    first = last
    for _ in range(months - 1):
        first = month_before(first)
    tickets = tickets_opened(
        connection, desk_id, _begins(first, zone), _begins(month_after(last), zone)
    )
    near_since = first if with_near else last
    return TargetReport(live.desk, last, target_report(live.desk, tickets, now, near_since))


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
