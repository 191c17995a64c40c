"""`vakt token`: tokens for the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import WholeNumber, checked_name
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, no_such_desk, show, show_error, written
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import day_ref

if TYPE_CHECKING:
    from app.store import Database
    from app.store.token_lists import TokenLine


@click.group("token", cls=CommandGroup)
def command() -> None:
    """Make, list and revoke tokens for the API."""


@command.command("create")
@click.argument("name")
@click.option(
    "--desk", "desks", multiple=True, metavar="ID", help="Only this desk; may be repeated."
)
@click.option("--write", is_flag=True, help="May change things too. [reads only]")
@click.option("--days", type=WholeNumber(1, 3660), help="Valid for so many days. [for ever]")
def create(name: str, desks: tuple[str, ...], write: bool, days: int | None) -> None:
    """Make a token called NAME and print its secret: the only time that it is shown."""
    from app.actions.access.tokens import create_token
    from app.store.tokens import NewToken

    called, now = checked_name(name, "NAME"), clock.now()
    expires_at = now + timedelta(days=days) if days else None
    with command_database() as database:
        _refuse_unknown(database, desks)
        secret = create_token(database, NewToken(called, desks, write, expires_at), now)
    click.echo(secret)
    show_error("command.keep_token")


@command.command("list")
def list_() -> None:
    """List the tokens; never their secrets."""
    from app.store.token_lists import list_tokens

    with command_database() as database, database.read() as connection:
        found = list_tokens(connection)
    for line in columns([_cells(token) for token in found]):
        click.echo(line)
    if not found:
        show_error("command.no_tokens")


@command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Take away the tokens called NAME, at once."""
    from app.store.token_lists import revoke_tokens

    with command_database() as database:
        gone = database.write(partial(revoke_tokens, name=name))
    if not gone:
        raise CommandRefused(ref("command.no_such_token", name=name))
    show("command.tokens_revoked", count=gone)


def _refuse_unknown(database: Database, desks: tuple[str, ...]) -> None:
    from app.store.desks import list_desks

    with database.read() as connection:
        known = [live.desk.id for live in list_desks(connection)]
    for unknown in (desk for desk in desks if desk not in known):
        raise CommandRefused(no_such_desk(unknown, known))


def _cells(token: TokenLine) -> tuple[str, ...]:
    cells = (
        ref("command.token_writes" if token.may_write else "command.token_reads"),
        ref("command.token_desks", desks=token.desks) if token.desks else ref("command.every_desk"),
        ref("command.expires", day=_day(token.expires_at))
        if token.expires_at
        else ref("command.never_expires"),
        ref("command.last_used", day=_day(token.last_used_at))
        if token.last_used_at
        else ref("command.never_used"),
    )
    return (token.name, *(written(cell) for cell in cells))


def _day(at: datetime) -> MessageRef:
    return day_ref(at, "UTC")
