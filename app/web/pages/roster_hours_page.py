"""`/rosters/ID/hours`: a month's hours of duty, and when people were called out; as files too."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.report_hours import (
    AskedPeriod,
    HoursRefusal,
    ReportedHours,
    report_hours_of_roster,
)
from app.actions.roster.shown_rosters import RosterInUse, list_rosters
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import FigureKind
from app.domain.roster.working_hours.csv_file import STYLES, csv_file
from app.domain.roster.working_hours.figures import Amount
from app.domain.roster.working_hours.numbers_written import decimal_hours
from app.domain.roster.working_hours.period import WrongPeriod
from app.domain.roster.working_hours.tables import hours_table, tables
from app.gateways.xlsx import workbook
from app.web.page_access import needs, require
from app.web.pages.language import page_language
from app.web.pages.render import page, written
from app.web.pages.roster_page import ONE_ROSTER
from app.web.services import current_services

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN: Final = (
    FigureKind.DUTY,
    FigureKind.NIGHTS,
    FigureKind.WEEKEND_DAYS,
    FigureKind.HOLIDAYS,
    FigureKind.CALL_OUT_TIME,
    FigureKind.CALL_OUT_UNCONFIRMED,
    FigureKind.CONVERTED,
    FigureKind.COUNTED,
)
MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
A_DAY: Final = timedelta(days=1)

roster_hours_page = Blueprint("roster_hours_page", __name__, url_prefix="/rosters")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a roster's hours, with the address of it and of those beside it."""

    roster: str
    first: date

    @property
    def after(self) -> "Month":
        """The next month."""
        return Month(self.roster, (self.first + 31 * A_DAY).replace(day=1))

    @property
    def before(self) -> "Month":
        """The month before."""
        return Month(self.roster, (self.first - A_DAY).replace(day=1))

    @property
    def name(self) -> MessageRef:
        """`november 2026`."""
        month = MessageRef(f"month.{self.first.month}")
        return ref("roster_hours.month", month=month, year=str(self.first.year))

    @property
    def roster_page(self) -> str:
        """The roster's own page."""
        return f"/rosters/{quote(self.roster, safe='')}"

    @property
    def address(self) -> str:
        """The page of the month."""
        return f"{self.roster_page}/hours?month={self.first:%Y-%m}"

    def file(self, kind: str) -> str:
        """The month as a file."""
        return f"{self.roster_page}/hours/{kind}?month={self.first:%Y-%m}"

    @property
    def period(self) -> AskedPeriod:
        """The month as it is asked for: both days are in it."""
        return AskedPeriod(str(self.first), str(self.after.first - A_DAY))


@roster_hours_page.get(f"{ONE_ROSTER}/hours")
@needs(Permission.CHANGE_ROSTER)
def hours(roster: str) -> Response:
    """Show a month: everybody's figures, each call-out as measured and confirmed, corrections."""
    in_use, month = _asked(roster)
    found = _found(month)
    return page(
        "roster_hours.html",
        ref("roster_hours.title", desks=tuple(desk.name for desk in in_use.desks)),
        time_zone=in_use.plan.time_zone,
        month=month,
        report=found.report,
        corrections=found.corrections,
        name_of=found.roster.name_of,
        shown=SHOWN,
        number=_number,
    )


@roster_hours_page.get(f"{ONE_ROSTER}/hours/csv")
@needs(Permission.CHANGE_ROSTER)
def as_csv(roster: str) -> Response:
    """Answer a month's figures as CSV."""
    _, month = _asked(roster)
    found = _found(month)
    text = csv_file(hours_table(found.report, found.roster), page_language(), written)
    return _file(text.encode(), CSV_TYPE, month, "csv")


@roster_hours_page.get(f"{ONE_ROSTER}/hours/xlsx")
@needs(Permission.CHANGE_ROSTER)
def as_xlsx(roster: str) -> Response:
    """Answer a month as a workbook: figures, shifts, call-outs, rest, corrections, and how."""
    _, month = _asked(roster)
    found = _found(month)
    sheets = tables(found.report, found.roster, found.corrections)
    content = workbook(sheets, written, clock.now())
    return _file(content, XLSX_TYPE, month, "xlsx")


def _asked(roster: str) -> tuple[RosterInUse, Month]:
    """The roster, where they may change it, and the month of the address; else this month."""
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    known = list_rosters(current_services().database)  # the report reads them all anyway
    in_use = next((each for each in known if each.id == roster), None)
    if in_use is None:
        abort(404)
    today = clock.now().astimezone(ZoneInfo(in_use.plan.time_zone)).date()
    return in_use, Month(roster, _first(request.args.get("month", "")) or today.replace(day=1))


def _first(text: str) -> date | None:
    """The first day of a month that an address names; 404 for one that is none."""
    if not text:
        return None
    found = MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found else abort(404)


def _found(month: Month) -> ReportedHours:
    database = current_services().database
    try:
        found = report_hours_of_roster(database, month.roster, month.period, clock.now())
    except WrongPeriod:
        abort(404)
    if isinstance(found, HoursRefusal):
        abort(404)
    return found


def _file(content: bytes, kind: str, month: Month, ending: str) -> Response:
    answer = Response(content, content_type=kind)
    name = f"hours-{month.roster}-{month.first:%Y-%m}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _number(amount: Amount) -> str:
    """Hours with two decimals, or a count, as numbers are written in the reader's language."""
    if isinstance(amount, int):
        return str(amount)
    return str(decimal_hours(amount)).replace(".", STYLES[page_language()].decimal)
