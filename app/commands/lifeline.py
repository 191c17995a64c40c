"""`vakt lifeline`: what callers get while the whole site is down."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from app import clock
from app.commands.arguments import check_option
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import no_such_desk, show_error, written
from app.domain.message_refs import ref

if TYPE_CHECKING:
    from app.domain.simulate.site_outage import StaticPlan


WHEN: Final = "without an offset the desk's wall time."


@click.group("lifeline", cls=CommandGroup)
def command() -> None:
    """What callers get while the whole site is down (docs/outage.md)."""


@command.command("export")
@click.argument("desk")
@click.option("--at", metavar="WHEN", help=f"Valid from when; {WHEN} [now]")
@click.option("--until", metavar="WHEN", help="Refuse unless it holds until then.")
@click.option("--line", metavar="NUMBER", help="Print the document of this line only.")
@click.option("--base", metavar="URL", help="Where the folder will lie; wants -o.")
@click.option("-o", "folder", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path))
def export(
    desk: str,
    at: str | None,
    until: str | None,
    line: str | None,
    base: str | None,
    folder: Path | None,
) -> None:
    """Write DESK's lines as static TwiML, for the network to keep: one document a line.

    Each rings who is on duty now, in order, and holds until that or the hours change. With
    --base the documents lead to each other, and whoever answers has to press a key. Without
    it each stands alone, can ask nothing and rings 15 seconds: the next best.
    """
    from app.gateways.twilio.site_outage_twiml import documents
    from app.voice_prompts import texts

    _check(at, until, base, folder)
    plan = _static_plan(desk, at, until)
    files = documents(plan, texts(), base or "")
    if line:
        files = {name: files[name] for name in _names_of(plan, line)}
    if folder:
        _write(folder, files)
    else:
        click.echo("\n\n".join(files.values()))
    _print_outcome(plan)


def _check(at: str | None, until: str | None, base: str | None, folder: Path | None) -> None:
    from app.settings.urls import is_folder_address

    for option, when in (("--at", at), ("--until", until)):
        check_option(option, when)
    if base and not is_folder_address(base):
        wrong = ref("usage.no_base", example="https://files.example.org/vakt")
        raise click.BadParameter(written(wrong), param_hint="--base")
    if base and folder is None:
        raise click.UsageError(written(ref("usage.base_without_folder")))


def _static_plan(desk: str, at: str | None, until: str | None) -> StaticPlan:
    from app.actions.lifeline.report_lifeline import NotValidUntil, report_lifeline
    from app.domain.message_refs import MessageError
    from app.domain.texts.written_moments import moment_ref
    from app.domain.time.parsing import NotAMoment
    from app.store.desks import list_desks

    with command_database() as database:
        try:
            plan = report_lifeline(database, desk, at, until, clock.now())
        except NotValidUntil as refused:
            zone = refused.plan.desk.time_zone
            raise CommandRefused(
                ref(
                    "command.lifeline_changes",
                    wanted=moment_ref(refused.wanted, zone),
                    until=moment_ref(refused.plan.until, zone),
                ),
                ref("command.lifeline_without_until"),
            ) from None
        except MessageError as error:
            option = "--at / --until" if isinstance(error, NotAMoment) else "--until"
            raise click.BadParameter(written(error.message), param_hint=option) from None
        if plan is None:
            with database.read() as connection:
                known = [live.desk.id for live in list_desks(connection)]
            raise CommandRefused(no_such_desk(desk, known))
    return plan


def _names_of(plan: StaticPlan, number: str) -> list[str]:
    from app.gateways.twilio.site_outage_twiml import line_file

    wanted = "".join(number.split())
    found = [line_file(each.line) for each in plan.lines if each.line.number == wanted]
    if not found:
        lines = tuple(each.line.number for each in plan.lines)
        raise CommandRefused(
            ref("command.no_such_line", desk=plan.desk.id, number=number, lines=lines)
        )
    return found


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Write the files for their owner only: the staff's numbers stand in them."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in files.items():
        file = folder / name
        file.touch(mode=0o600)
        file.write_text(text, "utf-8", newline="")
        click.echo(file)


def _print_outcome(plan: StaticPlan) -> None:
    """Say on standard error what was written: the documents go to standard output."""
    from app.domain.texts.written_moments import moment_ref, spaced

    zone = plan.desk.time_zone
    for line in plan.lines:
        rung = tuple(spaced(callee.number) for callee in line.rung)
        critical = tuple(spaced(callee.number) for callee in line.if_critical)
        show_error(
            "command.lifeline_rings",
            line=line.line.number,
            numbers=rung or ref("command.nobody"),
            if_critical=ref("command.lifeline_if_critical", numbers=critical) if critical else "",
        )
    show_error(
        "command.lifeline_valid",
        from_=moment_ref(plan.from_, zone),
        until=moment_ref(plan.until, zone),
    )
