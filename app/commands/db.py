"""`vakt db upgrade`: brings the database to the newest schema."""

from __future__ import annotations

import click

from app.commands.console import CommandRefused, command_settings


@click.group("db")
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema; makes it where there is none."""
    from sqlalchemy import make_url

    from app.store import DatabaseUnavailable, migrate
    from app.store.error_messages import error_message

    url = command_settings().database_url
    try:
        migrate(url)
    except DatabaseUnavailable as error:
        raise CommandRefused(f"The database cannot be used: {error_message(error)}.") from None
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("sqlalchemy", "alembic"):
            raise
        why = error_message(error)
        raise CommandRefused(f"The database cannot be brought up to date: {why}.") from None
    click.echo(f"{make_url(url).render_as_string(hide_password=True)} has the newest schema.")
