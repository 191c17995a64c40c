"""`vakt duty`: who is on duty at a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import AT, check_option, refused_as
from app.commands.console import CommandRefused, command_database
from app.commands.output import no_such_desk, show, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.actions.roster.report_on_duty import OnDutyReport
    from app.domain.roster.duty_status import DutyStatus
    from app.domain.roster.on_duty import OnDuty, Shadow


@click.command("duty")
@click.argument("desk")
@AT
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
                known = [live.desk.id for live in list_desks(connection)]
            raise CommandRefused(no_such_desk(desk, known))
    _print_json(report) if as_json else _print(report)


def _print_json(report: OnDutyReport) -> None:
    from app.api.v1.responses import duty_response
    from app.voice_prompts import texts

    click.echo(duty_response(report, texts()).model_dump_json(by_alias=True, indent=2))


def _print(report: OnDutyReport) -> None:
    from app.domain.texts.written_moments import moment_ref

    zone, duty = report.desk.time_zone, report.duty
    head = ref("command.duty_at", desk=report.desk.name, at=moment_ref(duty.at, zone))
    click.secho(written(head), bold=True)
    for place, entry in enumerate(duty.ringing, 1):
        click.echo(f"{place:3}  {written(_entry(entry, zone))}")
    if not duty.ringing:
        click.echo(f"     {written(ref('command.nobody'))}")
    for shadow in duty.shadows:
        click.echo(f"  +  {written(_shadow(shadow, zone))}")
    for each in duty.reasons:
        click.secho(f"  {written(ref('command.duty_why', reason=each.ref))}", dim=True)
    if duty.handover:
        at = moment_ref(duty.handover, zone)
        show("command.next_handover", at=at, people=_after(duty) or ref("command.nobody"))


def _after(duty: DutyStatus) -> tuple[MessageRef, ...]:
    return tuple(
        ref("command.person_in_role", name=e.person.name, role=MessageRef(f"role.{e.role}"))
        for e in duty.after
        if e.person
    )


def _shadow(shadow: Shadow, zone: str) -> MessageRef:
    from app.domain.texts.written_moments import moment_ref

    until = ref("command.duty_until", at=moment_ref(shadow.to, zone))
    return ref("command.shadow", name=shadow.person.name, until=until)


def _entry(entry: OnDuty, zone: str) -> MessageRef:
    from app.domain.texts.written_moments import moment_ref, spaced

    numbers = tuple(spaced(number) for number in entry.numbers)
    until = ref("command.duty_until", at=moment_ref(entry.to, zone)) if entry.to else ""
    if not entry.person:
        return ref("command.last_resort", numbers=numbers, until=until)
    role = MessageRef(f"role.{entry.role}")
    return ref("command.on_duty", name=entry.person.name, role=role, numbers=numbers, until=until)
