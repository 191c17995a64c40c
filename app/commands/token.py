"""`vakt token`: tokens for the API."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import LONGEST_NAME, WholeNumber
from app.commands.console import CommandRefused, command_database

if TYPE_CHECKING:
    from app.store import Database
    from app.store.token_lists import TokenLine


@click.group("token")
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

    if not name.strip() or len(name) > LONGEST_NAME:
        raise click.BadParameter(f"a name has 1 to {LONGEST_NAME} letters", param_hint="NAME")
    now = clock.now()
    expires_at = now + timedelta(days=days) if days else None
    with command_database() as database:
        _refuse_unknown(database, desks)
        secret = create_token(database, NewToken(name.strip(), desks, write, expires_at), now)
    click.echo(secret)
    click.echo("Keep it well: it is not shown again.", err=True)


@command.command("list")
def list_() -> None:
    """List the tokens; never their secrets."""
    from app.store.token_lists import list_tokens

    with command_database() as database, database.read() as connection:
        found = list_tokens(connection)
    for token in found:
        click.echo(_line(token))
    if not found:
        click.echo("There are no tokens.", err=True)


@command.command("revoke")
@click.argument("name")
def revoke(name: str) -> None:
    """Take away the tokens called NAME, at once."""
    from app.store.token_lists import revoke_tokens

    with command_database() as database:
        gone = database.write(partial(revoke_tokens, name=name))
    if not gone:
        raise CommandRefused(f"There is no token “{name}”.")
    click.echo(f"{gone} revoked")


def _refuse_unknown(database: Database, desks: tuple[str, ...]) -> None:
    from app.store.desks import list_desks

    with database.read() as connection:
        known = [live.desk.id for live in list_desks(connection)]
    unknown = [desk for desk in desks if desk not in known]
    if unknown:
        raise CommandRefused(
            *(f"There is no desk “{desk}”." for desk in unknown),
            f"Desks here: {', '.join(known) or 'none'}.",
        )


def _line(token: TokenLine) -> str:
    return "  ".join(
        (
            f"{token.name:<20}",
            "reads and writes" if token.may_write else "reads",
            ", ".join(token.desks) or "every desk",
            f"expires {_day(token.expires_at)}",
            f"last used {_day(token.last_used_at)}",
        )
    )


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else "never"
