"""`vakt duty`: who is on duty at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import check_option, refused_as
from app.commands.console import CommandRefused, command_database

if TYPE_CHECKING:
    from app.actions.roster.report_on_duty import OnDutyReport
    from app.domain.roster.on_duty import OnDuty


@click.command("duty")
@click.argument("desk")
@click.option("--at", metavar="WHEN", help="When; without an offset the desk's wall time. [now]")
@click.option("--json", "as_json", is_flag=True, help="As JSON, like GET /api/v1/desks/DESK/duty.")
def command(desk: str, at: str | None, as_json: bool) -> None:
    """Tell who is on duty at DESK, in ringing order, with the reasons.

    A desk without duty lists nobody, and says why.
    """
    from app.actions.roster.report_on_duty import report_on_duty
    from app.store.desks import list_desks

    check_option("--at", at)
    with command_database() as database, refused_as("--at"):
        report = report_on_duty(database, desk, at, clock.now())
        if report is None:
            with database.read() as connection:
                known = ", ".join(live.desk.id for live in list_desks(connection)) or "none"
            raise CommandRefused(f"There is no desk “{desk}”. Desks here: {known}.")
    _print_json(report) if as_json else _print(report)


def _print_json(report: OnDutyReport) -> None:
    from app.api.v1.responses import duty_response
    from app.voice_prompts import texts

    click.echo(duty_response(report, texts()).model_dump_json(by_alias=True, indent=2))


def _print(report: OnDutyReport) -> None:
    from app.domain.texts.message import Message
    from app.domain.texts.plain import moment_text
    from app.voice_prompts import texts

    zone, duty = report.desk.time_zone, report.duty
    click.secho(f"{report.desk.name}, {moment_text(duty.at, zone)}", bold=True)
    for place, entry in enumerate(duty.ringing, 1):
        click.echo(f"{place:3}  {_entry(entry, zone)}")
    if not duty.ringing:
        click.echo("     nobody")
    for each in duty.reasons:
        reason = Message(each.key, "en", each.values)
        text = texts().render(reason, now=duty.at, time_zone=zone, spoken=False)
        click.secho(f"  why  {text}", dim=True)
    if duty.handover:
        after = ", ".join(f"{e.person.name} {e.role}" for e in duty.after if e.person)
        click.echo(f"next handover {moment_text(duty.handover, zone)}: {after or 'nobody'}")


def _entry(entry: OnDuty, zone: str) -> str:
    from app.domain.texts.plain import moment_text, spaced

    name = entry.person.name if entry.person else "last resort"
    role = f", {entry.role}" if entry.person else ""
    until = f", until {moment_text(entry.to, zone)}" if entry.to else ""
    return f"{name}{role}, {' then '.join(spaced(number) for number in entry.numbers)}{until}"
