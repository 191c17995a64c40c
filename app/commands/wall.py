"""`vakt wall`: addresses for screens on a wall."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import checked_name
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, show, show_error, written
from app.domain.message_refs import ref
from app.domain.texts.text_parts import LANGUAGES
from app.domain.texts.written_moments import day_ref

if TYPE_CHECKING:
    from app.domain.access.audit import Author
    from app.store import Database
    from app.store.wall_screens import WallScreen


@click.group("wall", cls=CommandGroup)
def command() -> None:
    """Make, list and revoke addresses for wall screens: who is on duty now, without numbers."""


@command.command("add")
@click.argument("name")
@click.option(
    "--desk", "desks", multiple=True, metavar="ID", help="Only this desk; may be repeated."
)
@click.option("--language", type=click.Choice(LANGUAGES), default="nb", help="[nb]")
def add(name: str, desks: tuple[str, ...], language: str) -> None:
    """Make a screen called NAME and print its address: the only time that it is shown."""
    from app.actions.overview.wall_screens import create_wall_screen
    from app.settings import Settings
    from app.store.wall_screens import NewWallScreen

    called = checked_name(name, "NAME")
    with command_database() as database:
        _refuse_unknown(database, desks)
        screen = NewWallScreen(called, desks, language)
        secret = create_wall_screen(database, screen, _author())
    click.echo(f"{Settings().public_url}/wall/{secret}")
    show_error("command.keep_wall_address")


@command.command("list")
def list_() -> None:
    """List the screens; never their addresses."""
    from app.store.wall_screens import list_wall_screens

    with command_database() as database, database.read() as connection:
        found = list_wall_screens(connection)
    for line in columns([_cells(screen) for screen in found]):
        click.echo(line)
    if not found:
        show_error("command.no_wall_screens")


@command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Take away the addresses of the screens called NAME, at once."""
    from app.actions.overview.wall_screens import revoke_wall_screens

    with command_database() as database:
        gone = revoke_wall_screens(database, name, _author())
    if not gone:
        raise CommandRefused(ref("command.no_such_wall_screen", name=name))
    show("command.tokens_revoked", count=gone)


def _author() -> Author:
    from app.domain.access.actor import command_line
    from app.domain.access.audit import Author

    return Author(command_line(getpass.getuser()), clock.now())


def _refuse_unknown(database: Database, desks: tuple[str, ...]) -> None:
    from app.store.desks import list_desks

    with database.read() as connection:
        known = [live.desk.id for live in list_desks(connection)]
    for unknown in (desk for desk in desks if desk not in known):
        raise CommandRefused(no_such_desk(unknown, known))


def _cells(screen: WallScreen) -> tuple[str, ...]:
    cells = (
        ref("command.token_desks", desks=screen.desks)
        if screen.desks
        else ref("command.every_desk"),
        ref("command.last_used", day=day_ref(screen.last_used_at, "UTC"))
        if screen.last_used_at
        else ref("command.never_used"),
    )
    return (screen.name, screen.language, *(written(cell) for cell in cells))
