"""`vakt roster pin`: who of a roster has a PIN for the telephone, and which of them are locked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.console import CommandGroup, command_database, refused_in_words
from app.commands.output import columns, show, show_error, written
from app.commands.user import author
from app.domain.message_refs import ref

if TYPE_CHECKING:
    from app.store.staff_pins import StaffPin

DESK = click.argument("desk")
PERSON = click.argument("person")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("pin", cls=CommandGroup)
def pin() -> None:
    """PINs by which people of a roster reach their menu by telephone; only their owners set one."""


@pin.command("list")
@DESK
def list_(desk: str) -> None:
    """List who of DESK's roster has a PIN, and whose is locked."""
    from app.actions.access.pins import pins_of_desk

    with command_database() as database, refused_in_words():
        found = pins_of_desk(database, desk)
    for line in columns([_cells(each, clock.now()) for each in found]):
        click.echo(line)
    if not found:
        show_error("pin.nobody_has_one")


@pin.command("unlock")
@DESK
@PERSON
@BY
def unlock(desk: str, person: str, who: str | None) -> None:
    """Let the PIN of PERSON count again."""
    from app.actions.access.pins import person_at_desk, unlock_pin

    with command_database() as database, refused_in_words():
        unlock_pin(database, person_at_desk(database, desk, person), author(who))
    show("pin.unlocked", person=person)


@pin.command("remove")
@DESK
@PERSON
@BY
def remove(desk: str, person: str, who: str | None) -> None:
    """Take the PIN of PERSON away: they set a new one on their page."""
    from app.actions.access.pins import person_at_desk, remove_pin

    with command_database() as database, refused_in_words():
        remove_pin(database, person_at_desk(database, desk, person), author(who))
    show("pin.removed", person=person)


def _cells(found: StaffPin, now: datetime) -> tuple[str, ...]:
    state = written(ref("pin.listed", at=found.set_at))
    is_locked = found.is_locked(now) and found.locked_until is not None
    locked = written(ref("pin.listed_locked", until=found.locked_until or now)) if is_locked else ""
    return (found.whose.person, state, locked)
