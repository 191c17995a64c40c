"""`vakt report`: how a desk's targets were kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, output_language, show, show_error, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.domain.roster.working_hours.tables import Cell, Table

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group("report", cls=CommandGroup)
def command() -> None:
    """Figures of a desk's tickets."""


@command.command("targets")
@click.argument("desk")
@click.option("--month", metavar="YYYY-MM", help="Of tickets opened then.  [this month]")
@click.option("--months", type=click.IntRange(1, 24), default=1, help="And of those before it.")
@click.option("--csv", type=FILE, help="Write a file for spreadsheets.")
@click.option("--xlsx", type=FILE, help="Write a workbook.")
def targets(desk: str, month: str | None, months: int, csv: Path | None, xlsx: Path | None) -> None:
    """Tell how targets were kept at DESK: met, only just met, missed, and how long tickets waited.

    For each agreement, by the month in which tickets were opened.
    """
    from app.actions.tickets.report_targets import read_month, report_targets
    from app.domain.overview.target_table import target_table
    from app.store.desks import list_desks

    first = read_month(month) if month else None
    if month and first is None:
        raise click.BadParameter(written(ref("target_report.no_month")), param_hint="--month")
    with command_database() as database, database.read() as connection:
        found = report_targets(connection, desk, first, months, clock.now())
        if found is None:
            raise CommandRefused(no_such_desk(desk, [e.desk.id for e in list_desks(connection)]))
    table = target_table(found.rows)
    _write(table, csv, xlsx)
    if not table.rows:
        show("target_report.nothing")
        return
    shown = [[written(each) for each in table.head]]
    shown += [[_cell(each) for each in row] for row in table.rows]
    for line in columns(shown):
        click.echo(line.rstrip())


def _write(table: Table, csv: Path | None, xlsx: Path | None) -> None:
    from app.domain.roster.working_hours.csv_file import csv_file
    from app.gateways.xlsx import workbook

    if csv:
        csv.write_bytes(csv_file(table, output_language(), written).encode())
        show_error("working_hours.written", file=str(csv))
    if xlsx:
        xlsx.write_bytes(workbook([table], written, clock.now()))
        show_error("working_hours.written", file=str(xlsx))


def _cell(cell: Cell) -> str:
    from datetime import timedelta

    if isinstance(cell, MessageRef):
        return written(cell)
    if isinstance(cell, timedelta):
        return f"{cell.total_seconds() / 3600:.1f}"
    return "" if cell is None else str(cell)
