"""`vakt roster numbers`: the numbers that people have chosen themselves, against their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from app.commands.console import CommandGroup, command_database, refused_in_words
from app.commands.output import columns, show, show_error, written
from app.commands.user import author
from app.domain.message_refs import ref

if TYPE_CHECKING:
    from app.actions.roster.own_numbers import NumbersOfPerson

DESK = click.argument("desk")
BY = click.option("--as", "who", metavar="NAME", help="Who does it; it is noted. [your login]")


@click.group("numbers", cls=CommandGroup)
def numbers() -> None:
    """Numbers that people of a roster have chosen themselves: they count against the file's."""


@numbers.command("list")
@DESK
def list_(desk: str) -> None:
    """List who of DESK's roster has chosen numbers: those rung, in order, and those waiting."""
    from app.actions.roster.own_numbers import list_chosen_numbers

    with command_database() as database, refused_in_words():
        found = list_chosen_numbers(database, desk)
    for line in columns([_cells(each) for each in found]):
        click.echo(line)
    if not found:
        show_error("own_numbers.nobody_chose")


@numbers.command("forget")
@DESK
@click.argument("person")
@BY
def forget(desk: str, person: str, who: str | None) -> None:
    """Let the file's numbers of PERSON count again, from the next import on."""
    from app.actions.roster.own_numbers import forget_own_numbers

    with command_database() as database, refused_in_words():
        forget_own_numbers(database, desk, person, author(who))
    show("own_numbers.forgotten", person=person)


def _cells(of: NumbersOfPerson) -> tuple[str, ...]:
    numbers, waiting = of.numbers.ringing, of.numbers.waiting
    waits = written(ref("own_numbers.waiting", numbers=waiting)) if waiting else ""
    return (of.whose.person, " ".join(numbers), waits)
