"""`vakt restore`: an empty database filled from a backup, fit to be taken into use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import WholeNumber
from app.commands.console import CommandRefused, command_database
from app.commands.output import show, why
from app.domain.message_refs import ref
from app.domain.texts.written_moments import moment_ref

if TYPE_CHECKING:
    from app.actions.backup.restore import RestoreResult


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--after",
    type=WholeNumber(0, 10**15),
    default=0,
    metavar="NUMBER",
    help="The highest ticket number that anybody knows of, if it is higher than ours.",
)
def command(file: Path, after: int) -> None:
    """Fill the database of DATABASE_URL, which must be empty, from FILE.

    Start web and worker afterwards, not before.
    """
    from app.actions.backup.restore import restore
    from app.store.backup import UnusableBackup

    with command_database(is_new=True) as database:
        try:
            done = restore(database, file, clock.now(), after)
        except UnusableBackup as wrong:
            raise CommandRefused(ref("command.not_restored", why=why(wrong))) from None
    _print(done)


def _print(done: RestoreResult) -> None:
    rows = sum(table.rows for table in done.cover.tables.values())
    show("command.restored", rows=rows, at=moment_ref(done.cover.made_at, "UTC"))
    show("command.restore_closed", count=done.closed)
    show("command.restore_dropped", count=done.dropped)
    show("command.restore_waiting", count=done.waiting)
    show("command.restore_next_ticket", number=done.next_ticket_number)
    show("command.restore_erased")
