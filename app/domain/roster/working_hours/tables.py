"""A report as tables, for files: a head in words, and rows of cells. How each is written is the
file's matter.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import FigureKind
from app.domain.roster.entries import RosterEntry
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.numbers_written import hundredths
from app.domain.roster.working_hours.report import HoursReport

# Text, a number, hours, or a moment on the roster's wall; None is an empty cell.
Cell = MessageRef | str | int | Decimal | timedelta | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A name, the heads of its columns, and its rows."""

    name: MessageRef
    head: tuple[MessageRef, ...]
    rows: tuple[tuple[Cell, ...], ...]


def hours_table(report: HoursReport, roster: Roster) -> Table:
    """One row for each person: the period, who it is, and every figure."""
    zone = ZoneInfo(roster.time_zone)
    numbers = dict(roster.pay.employees)
    first = str(report.span.from_.astimezone(zone).date())
    last = str((report.span.to - timedelta.resolution).astimezone(zone).date())
    heads = ("from", "to", "person", "employee", "name")
    figures = (MessageRef(f"hours_figure.{kind}") for kind in FigureKind)
    rows = (
        (
            first,
            last,
            each.person,
            numbers.get(each.person) or "",
            each.name,
            *(figure.amount for figure in each.figures),
        )
        for each in report.people
    )
    return Table(ref("hours_sheet.hours"), (*_heads(*heads), *figures), tuple(rows))


def tables(
    report: HoursReport, roster: Roster, corrections: Iterable[RosterEntry] = ()
) -> Iterator[Table]:
    """Yield everything that a report says, how it was counted last."""
    zone = ZoneInfo(roster.time_zone)
    yield hours_table(report, roster)
    yield _balance(report)
    yield _duty(report, zone)
    yield _call_outs(report, zone)
    yield _rest(report, zone)
    yield _corrections(corrections, roster, zone)
    yield _counted(report)


def _balance(report: HoursReport) -> Table:
    compared = [each.kind for row in report.balance[:1] for each in row.compared]
    heads = [
        head
        for kind in compared
        for head in (
            MessageRef(f"hours_figure.{kind}"),
            ref("hours_column.share", figure=MessageRef(f"hours_figure.{kind}")),
            ref("hours_column.percent", figure=MessageRef(f"hours_figure.{kind}")),
        )
    ]
    rows = (
        (
            report.names[row.person],
            *(
                cell
                for each in row.compared
                for cell in (each.amount, _share(each.share), each.percent)
            ),
        )
        for row in report.balance
    )
    return Table(ref("hours_sheet.balance"), (*_heads("name"), *heads), tuple(rows))


def _share(share: Fraction | None) -> Decimal | None:
    return None if share is None else hundredths(share)


def _duty(report: HoursReport, zone: ZoneInfo) -> Table:
    rows = (
        (
            person.name,
            MessageRef(f"role.{each.role}"),
            each.interval.from_.astimezone(zone),
            each.interval.to.astimezone(zone),
            each.interval.length,
            each.why.ref,
        )
        for person in report.people
        for each in person.duty
    )
    heads = _heads("name", "role", "from", "to", "hours", "why")
    return Table(ref("hours_sheet.duty"), heads, tuple(rows))


def _call_outs(report: HoursReport, zone: ZoneInfo) -> Table:
    rows = (
        (
            person.name,
            each.interval.from_.astimezone(zone),
            each.interval.to.astimezone(zone),
            each.interval.length,
            ref("hours_known.confirmed") if each.is_confirmed else ref("hours_known.telephone"),
            (each.measured or each.interval).from_.astimezone(zone),
            (each.measured or each.interval).to.astimezone(zone),
            each.reason,
            each.about,
        )
        for person in report.people
        for each in person.call_outs
    )
    heads = _heads(
        "name", "from", "to", "hours", "known", "measured_from", "measured_to", "why", "about"
    )
    return Table(ref("hours_sheet.call_outs"), heads, tuple(rows))


def _rest(report: HoursReport, zone: ZoneInfo) -> Table:
    rows = (
        (
            report.names[each.person],
            MessageRef(f"rest_kind.{each.kind}"),
            each.within.from_.astimezone(zone),
            each.within.to.astimezone(zone),
            each.longest,
            len(each.call_outs),
            each.why.ref,
        )
        for each in report.rest
    )
    heads = _heads("name", "rest", "from", "to", "longest", "call_outs", "why")
    return Table(ref("hours_sheet.rest"), heads, tuple(rows))


def _corrections(entries: Iterable[RosterEntry], roster: Roster, zone: ZoneInfo) -> Table:
    rows = (
        (
            MessageRef(f"entry_kind.{each.kind}"),
            roster.name_of(each.dated.person),
            each.dated.from_.astimezone(zone),
            each.dated.to.astimezone(zone),
            each.dated.note,
            each.author.name,
            each.made_at.astimezone(zone),
        )
        for each in entries
    )
    heads = _heads("entry", "name", "from", "to", "why", "by", "made_at")
    return Table(ref("hours_sheet.corrections"), heads, tuple(rows))


def _counted(report: HoursReport) -> Table:
    figures = (figure for person in report.people[:1] for figure in person.figures)
    rows = ((MessageRef(f"hours_figure.{each.kind}"), each.why.ref) for each in figures)
    return Table(ref("hours_sheet.counted"), _heads("figure", "why"), tuple(rows))


def _heads(*names: str) -> tuple[MessageRef, ...]:
    return tuple(MessageRef(f"hours_column.{name}") for name in names)
