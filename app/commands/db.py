"""`vakt db upgrade`: brings the database to the newest schema."""

from __future__ import annotations

import click

from app.commands.console import CommandGroup, CommandRefused, command_settings
from app.commands.output import show
from app.domain.message_refs import ref


@click.group("db", cls=CommandGroup)
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
        raise CommandRefused(ref("command.database_unusable", why=error_message(error))) from None
    except Exception as error:
        if type(error).__module__.split(".")[0] not in ("sqlalchemy", "alembic"):
            raise
        raise CommandRefused(
            ref("command.database_not_upgraded", why=error_message(error))
        ) from None
    show("command.newest_schema", database=make_url(url).render_as_string(hide_password=True))
