"""A report of hours in the terminal: everybody's figures, the year, broken rest, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from app.commands.output import output_language, show, written
from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import FigureKind
from app.domain.roster.working_hours.csv_file import STYLES
from app.domain.roster.working_hours.numbers_written import decimal_hours
from app.domain.texts.written_moments import day_ref, moment_ref

if TYPE_CHECKING:
    from app.actions.roster.report_hours import ReportedHours
    from app.domain.roster.entries import RosterEntry
    from app.domain.roster.working_hours.balance import Compared
    from app.domain.roster.working_hours.figures import Amount
    from app.domain.roster.working_hours.report import HoursReport
    from app.domain.roster.working_hours.rest import BrokenRest

# What fits beside each other in a terminal; files and JSON have every figure.
SHOWN: Final = (
    FigureKind.DUTY,
    FigureKind.EVENING,
    FigureKind.NIGHT,
    FigureKind.SATURDAY,
    FigureKind.SUNDAY,
    FigureKind.EVE,
    FigureKind.HOLIDAY,
    FigureKind.CALL_OUT_TIME,
    FigureKind.CONVERTED,
    FigureKind.COUNTED,
)


def print_report(found: ReportedHours) -> None:
    """Print it on standard output."""
    report, zone = found.report, found.roster.time_zone
    start, end = _limit(report.span.from_, zone), _limit(report.span.to, zone, is_end=True)
    head = ref("working_hours.head", name=found.name, start=start, end=end)
    click.secho(written(head), bold=True)
    if not report.people:
        show("working_hours.nobody")
        return
    _print_rows(_figures(report))
    click.echo()
    year = report.year.from_.astimezone(ZoneInfo(zone)).year
    show("working_hours.balance_head", year=year)
    _print_rows(_balance(report))
    if report.rest:
        click.echo()
        show("working_hours.rest_head")
        for each in report.rest:
            click.echo(f"  {written(_rest(each, report, zone))}")
    if found.corrections:
        click.echo()
        show("working_hours.corrections_head")
        for entry in found.corrections:
            click.echo(f"  {written(_correction(entry, zone))}")
    click.echo()
    show("working_hours.counted_head")
    for figure in report.people[0].figures:
        name = MessageRef(f"hours_figure.{figure.kind}")
        how = ref("working_hours.counted", figure=name, why=figure.why.ref)
        click.secho(f"  {written(how)}", dim=True)


def _correction(entry: RosterEntry, zone: str) -> MessageRef:
    return ref(
        "working_hours.correction",
        kind=MessageRef(f"entry_kind.{entry.kind}"),
        person=entry.dated.person,
        from_=moment_ref(entry.dated.from_, zone),
        to=moment_ref(entry.dated.to, zone),
        who=entry.author.name,
        why=entry.dated.note,
    )


def _limit(at: datetime, zone: str, *, is_end: bool = False) -> MessageRef:
    """A day, where the period begins or ends with one; else the moment."""
    if at.astimezone(ZoneInfo(zone)).strftime("%H%M%S%f").strip("0"):
        return moment_ref(at, zone)
    if is_end:
        return ref("working_hours.and_with", day=day_ref(at - timedelta.resolution, zone))
    return day_ref(at, zone)


def _figures(report: HoursReport) -> Iterator[tuple[str, ...]]:
    names = (written(MessageRef(f"hours_figure.{kind}")) for kind in SHOWN)
    yield written(ref("hours_column.name")), *names
    for person in report.people:
        yield person.name, *(_number(person.of(kind)) for kind in SHOWN)


def _balance(report: HoursReport) -> Iterator[tuple[str, ...]]:
    compared = report.balance[0].compared if report.balance else ()
    names = (written(MessageRef(f"hours_figure.{each.kind}")) for each in compared)
    yield written(ref("hours_column.name")), *names
    for row in report.balance:
        yield report.names[row.person], *(_beside_share(each) for each in row.compared)


def _beside_share(compared: Compared) -> str:
    amount = _number(compared.amount)
    if compared.percent is None:
        return amount
    return written(ref("working_hours.percent", amount=amount, percent=compared.percent))


def _rest(rest: BrokenRest, report: HoursReport, zone: str) -> MessageRef:
    return ref(
        "working_hours.rest",
        name=report.names[rest.person],
        rest=MessageRef(f"rest_kind.{rest.kind}"),
        start=moment_ref(rest.within.from_, zone),
        longest=_number(rest.longest),
        count=len(rest.call_outs),
    )


def _number(amount: Amount) -> str:
    if isinstance(amount, int):
        return str(amount)
    return str(decimal_hours(amount)).replace(".", STYLES[output_language()].decimal)


def _print_rows(rows: Iterator[tuple[str, ...]]) -> None:
    """The names to the left, the numbers to the right."""
    table: Sequence[tuple[str, ...]] = tuple(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *numbers in table:
        cells = (f"{cell:>{width}}" for cell, width in zip(numbers, widths[1:], strict=True))
        click.echo(f"  {name:<{widths[0]}}  {'  '.join(cells)}")
