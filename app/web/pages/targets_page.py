"""`/desks/ID/targets`: how a desk's targets were kept, month by month; as files too."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.report_targets import (
    TargetReport,
    month_after,
    month_before,
    read_month,
    report_targets,
)
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageRef, ref
from app.domain.overview.target_table import target_table
from app.domain.roster.working_hours.csv_file import csv_file
from app.domain.tickets.target_report import ReportRow, Result
from app.domain.tickets.targets import TargetKind
from app.gateways.xlsx import workbook
from app.web.page_access import needs, require
from app.web.pages.desks_page import ONE_DESK
from app.web.pages.language import page_language
from app.web.pages.render import page, written
from app.web.pages.roster_hours_page import CSV_TYPE, XLSX_TYPE
from app.web.services import current_services

MONTHS: Final = 6  # in the drawing
BAR_HEIGHT: Final = 100  # of all tickets whose target was met or missed, in the drawing's units
BAR_WIDTH: Final = 28
STEP: Final = 80  # from one month to the next
BETWEEN: Final = 4  # the two bars of a month

targets_page = Blueprint("targets_page", __name__, url_prefix="/desks")


@dataclass(frozen=True, slots=True)
class Bar:
    """One clock of one month, over all agreements, in the drawing's units."""

    kind: TargetKind
    x: int
    kept: int | None  # percent; None where nothing was decided
    height: int


@dataclass(frozen=True, slots=True)
class DrawnMonth:
    """A month in the drawing."""

    first: date
    x: int
    bars: tuple[Bar, ...]

    @property
    def name(self) -> MessageRef:
        """The month's short name."""
        return MessageRef(f"month_short.{self.first.month}")


@targets_page.get(f"{ONE_DESK}/targets")
@needs(Permission.WORK_ON_TICKETS)
def targets(desk: str) -> Response:
    """Show a month's figures by agreement, and the months up to it as a drawing."""
    report = _asked(desk, MONTHS)
    first, drawn = report.month, _drawn(report)
    return page(
        "targets.html",
        ref("targets_page.title", desk=report.desk.name),
        time_zone=report.desk.time_zone,
        desk=report.desk,
        address=_address(desk, first),
        month=month_name(first),
        before=(month_name(month_before(first)), _address(desk, month_before(first))),
        after=(month_name(month_after(first)), _address(desk, month_after(first))),
        rows=report.of(first),
        drawn=drawn,
        has_figures=any(bar.kept is not None for month in drawn for bar in month.bars),
        results=tuple(Result),
        kinds=tuple(TargetKind),
        bar_width=BAR_WIDTH,
        bar_height=BAR_HEIGHT,
        width=STEP * MONTHS,
        file=lambda kind: f"/desks/{quote(desk, safe='')}/targets/{kind}?month={first:%Y-%m}",
    )


@targets_page.get(f"{ONE_DESK}/targets/csv")
@needs(Permission.WORK_ON_TICKETS)
def as_csv(desk: str) -> Response:
    """Answer a month as CSV."""
    report = _asked(desk, 1)
    text = csv_file(target_table(report.rows), page_language(), written)
    return _file(text.encode(), CSV_TYPE, report, "csv")


@targets_page.get(f"{ONE_DESK}/targets/xlsx")
@needs(Permission.WORK_ON_TICKETS)
def as_xlsx(desk: str) -> Response:
    """Answer a month as a workbook."""
    report = _asked(desk, 1)
    content = workbook([target_table(report.rows)], written, clock.now())
    return _file(content, XLSX_TYPE, report, "xlsx")


def month_name(first: date) -> MessageRef:
    """`november 2026`."""
    return ref("roster_hours.month", month=MessageRef(f"month.{first.month}"), year=str(first.year))


def _asked(desk: str, months: int) -> TargetReport:
    require(Permission.WORK_ON_TICKETS, Scope(desk=desk))
    text = request.args.get("month", "")
    month = read_month(text)
    if text and month is None:
        abort(404)
    with current_services().database.read() as connection:
        found = report_targets(connection, desk, month, months, clock.now(), with_near=False)
    return found or abort(404)


def _address(desk: str, month: date) -> str:
    return f"/desks/{quote(desk, safe='')}/targets?month={month:%Y-%m}"


def _file(content: bytes, kind: str, report: TargetReport, ending: str) -> Response:
    answer = Response(content, content_type=kind)
    name = f"targets-{report.desk.id}-{report.month:%Y-%m}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _drawn(report: TargetReport) -> tuple[DrawnMonth, ...]:
    months = [report.month]
    while len(months) < MONTHS:
        months.insert(0, month_before(months[0]))
    return tuple(_month(report, first, place * STEP) for place, first in enumerate(months))


def _month(report: TargetReport, first: date, x: int) -> DrawnMonth:
    bars = tuple(
        _bar(
            kind,
            [row for row in report.of(first) if row.kind is kind],
            x + place * (BAR_WIDTH + BETWEEN),
        )
        for place, kind in enumerate(TargetKind)
    )
    return DrawnMonth(first, x, bars)


def _bar(kind: TargetKind, rows: list[ReportRow], x: int) -> Bar:
    kept = sum(each.kept for each in rows)
    decided = kept + sum(each.count(Result.MISSED) for each in rows)
    share = kept * 100 // decided if decided else None
    return Bar(kind, x, share, (share or 0) * BAR_HEIGHT // 100)
