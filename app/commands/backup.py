"""`vakt backup`: everything that is stored, in one file."""

from __future__ import annotations

from pathlib import Path

import click

from app import clock
from app.commands.console import CommandRefused, command_database
from app.commands.output import show, why
from app.domain.message_refs import ref


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write everything that is stored, as of one moment, to FILE; calls go on meanwhile.

    The same file restores into SQLite and into PostgreSQL. It holds callers' numbers and
    voices: keep it as the database is kept, and no longer than the desks' [retention] says.
    """
    from app.store.backup import UnusableBackup, write_backup

    with command_database() as database:
        try:
            cover = write_backup(database, file, clock.now())
        except UnusableBackup as wrong:
            raise CommandRefused(ref("command.no_backup", why=why(wrong))) from None
    count = sum(table.rows for table in cover.tables.values())
    show("command.backed_up", file=str(file), rows=count, tables=len(cover.tables))
