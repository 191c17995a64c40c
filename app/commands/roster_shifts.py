"""`vakt roster shift`: the shifts that people are asked to confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.console import CommandGroup, command_database, refused_in_words
from app.commands.output import columns, show_error, written
from app.commands.user import author
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import moment_ref

if TYPE_CHECKING:
    from app.domain.roster.plan import Roster
    from app.domain.roster.shift_confirmations import AskedShift

DESK = click.argument("desk")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("shift", cls=CommandGroup)
def shift() -> None:
    """Shifts that people are asked to confirm before they begin."""


@shift.command("list")
@DESK
def list_(desk: str) -> None:
    """List what people of DESK's roster were asked to confirm, and whether they did."""
    from app.actions.roster.confirm_shifts import confirmations_of_desk

    with command_database() as database, refused_in_words():
        roster, found = confirmations_of_desk(database, desk, clock.now())
    _show(roster, found)
    if not found:
        show_error("shift_confirmation.nobody_asked")


@shift.command("confirm")
@DESK
@click.argument("person")
@BY
def confirm(desk: str, person: str, who: str | None) -> None:
    """Confirm for PERSON, who has said yes, what they were asked about."""
    from app.actions.roster.confirm_shifts import confirm_at_desk

    with command_database() as database, refused_in_words():
        roster, found = confirm_at_desk(database, desk, person, author(who))
    _show(roster, found)


def _show(roster: Roster, found: tuple[AskedShift, ...]) -> None:
    for line in columns([_cells(roster, one) for one in found]):
        click.echo(line)


def _cells(roster: Roster, one: AskedShift) -> tuple[str, ...]:
    zone = roster.time_zone
    stands = (
        ref("shift_confirmation.confirmed", at=moment_ref(one.confirmed_at, zone))
        if one.confirmed_at
        else ref("shift_confirmation.waits", at=moment_ref(one.alarm_at, zone))
    )
    role = MessageRef(f"role.{one.role}")
    begins = moment_ref(one.when.from_, zone)
    return (one.person, written(role), written(begins), written(stands))
