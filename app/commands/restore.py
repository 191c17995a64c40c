"""`vakt restore`: an empty database filled from a backup, fit to be taken into use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import WholeNumber
from app.commands.console import CommandRefused, command_database

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
            raise CommandRefused(f"Nothing was restored: {wrong}.") from None
    for line in _report(done):
        click.echo(line)


def _report(done: RestoreResult) -> list[str]:
    cover = done.cover
    count = sum(table.rows for table in cover.tables.values())
    return [
        f"{count} rows of {cover.made_at:%Y-%m-%d %H:%M:%S} UTC are back.",
        f"Closed: {done.closed} calls that were in progress then.",
        f"Dropped: {done.dropped} messages and calls that had lost their use; "
        "messages are noted on their tickets.",
        f"Sent when a worker starts: {done.waiting}.",
        f"The next ticket is {done.next_ticket_number}: "
        "numbers given since the backup do not come twice.",
        "Whoever was erased since the backup is back: run `vakt person erase` for them again.",
    ]
