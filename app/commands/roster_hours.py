"""`vakt roster hours`: how long who had duty, as tables, as JSON, and as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.console import CommandRefused, command_database, refused_in_words
from app.commands.output import output_language, show_error, written
from app.domain.message_refs import ref

if TYPE_CHECKING:
    from app.actions.roster.report_hours import AskedPeriod, HoursOf, ReportedHours
    from app.store import Database

FILE: Final = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Files:
    """Where to write what, besides the terminal."""

    csv: Path | None = None
    xlsx: Path | None = None
    visma: Path | None = None


@click.command("hours")
@click.argument("name", metavar="DESK|ROSTER")
@click.option("--from", "from_", metavar="DAY", help="From a day, or a moment. [this month]")
@click.option("--to", metavar="DAY", help="To a day, which is included, or a moment.")
@click.option("--all-desks", is_flag=True, help="The duty of every desk that shares the roster.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, like GET …/desks/DESK/hours.")
@click.option("--csv", type=FILE, help="Write a file for spreadsheets.")
@click.option("--xlsx", type=FILE, help="Write a workbook, with every shift and call-out.")
@click.option("--visma", type=FILE, help="Write a pay file, as [pay] of roster.toml says.")
def hours(
    name: str,
    from_: str | None,
    to: str | None,
    all_desks: bool,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Tell who had duty for how long, and how it was counted: a report, and no legal advice.

    The shifts as they were after swaps and absences, within the duty hours of DESK, or of all
    desks of ROSTER; call-outs; home duty converted; rest that was broken; the year's balance.

    \b
    vakt roster hours drift --from 2027-01-01 --to 2027-01-31 --xlsx january.xlsx
    """  # noqa: D301 - \b is click's mark for lines it must not join
    from app.actions.roster.report_hours import AskedPeriod, HoursOf
    from app.commands.hours_text import print_report

    now = clock.now()
    with command_database() as database:
        found = _found(database, HoursOf(name, all_desks), AskedPeriod(from_, to), now)
    _write_files(found, Files(**files), now)
    _print_json(found) if as_json else print_report(found)


def _found(database: Database, asked: HoursOf, period: AskedPeriod, now: datetime) -> ReportedHours:
    from app.actions.roster.report_hours import HoursRefusal, report_hours
    from app.domain.roster.working_hours.period import WrongPeriod
    from app.store.desks import list_desks

    try:
        found = report_hours(database, asked, period, now)
    except WrongPeriod as wrong:
        hint = f"--{wrong.field}"
        raise click.BadParameter(written(wrong.message), param_hint=hint) from None
    match found:
        case HoursRefusal.UNKNOWN_DESK:
            with database.read() as connection:
                known = tuple(live.desk.id for live in list_desks(connection))
            raise CommandRefused(ref("working_hours.unknown", name=asked.name, desks=known))
        case HoursRefusal.NO_ROSTER:
            raise CommandRefused(ref("working_hours.no_roster", name=asked.name))
        case _:
            return found


def _print_json(found: ReportedHours) -> None:
    from app.api.v1.hours_responses import hours_response
    from app.voice_prompts import texts

    told = hours_response(found, texts(), output_language())
    click.echo(told.model_dump_json(by_alias=True, indent=2))


def _write_files(found: ReportedHours, files: Files, now: datetime) -> None:
    """Write what is asked for; a pay file that cannot be written leaves none of them."""
    from app.domain.roster.working_hours.csv_file import csv_file
    from app.domain.roster.working_hours.pay_lines import pay_file
    from app.domain.roster.working_hours.tables import hours_table, tables

    report, roster = found.report, found.roster
    contents: dict[Path, bytes] = {}
    if files.visma:
        with refused_in_words():
            contents[files.visma] = pay_file(report, roster, written).encode()
    if files.csv:
        table = hours_table(report, roster)
        contents[files.csv] = csv_file(table, output_language(), written).encode()
    if files.xlsx:
        from app.gateways.xlsx import workbook

        contents[files.xlsx] = workbook(tables(report, roster, found.corrections), written, now)
    for path, content in contents.items():
        path.write_bytes(content)
        show_error("working_hours.written", file=str(path))
