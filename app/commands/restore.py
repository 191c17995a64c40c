"""`vakt restore`: an empty database filled from a backup, fit to be taken into use."""

from pathlib import Path

import click

from app import clock
from app.actions.restore import Restored, restore
from app.commands.common import Refused, rows
from app.commands.reading import Whole
from app.store.backup import Unusable


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--after",
    type=Whole(0, 10**15),
    default=0,
    metavar="NUMBER",
    help="The highest ticket number that anybody knows of, if it is higher than ours.",
)
def command(file: Path, after: int) -> None:
    """Fill the database of DATABASE_URL, which must be empty, from FILE.

    Start web and worker afterwards, not before.
    """
    with rows(is_new=True) as database:
        try:
            done = restore(database, file, clock.now(), after)
        except Unusable as wrong:
            raise Refused(f"Nothing was restored: {wrong}.") from None
    for line in _told(done):
        click.echo(line)


def _told(done: Restored) -> list[str]:
    cover = done.cover
    count = sum(table.rows for table in cover.tables.values())
    return [
        f"{count} rows of {cover.made_at:%Y-%m-%d %H:%M:%S} UTC are back.",
        f"Closed: {done.closed} calls that were in progress then.",
        f"Dropped: {done.dropped} messages and calls that had lost their use; "
        "messages are noted on their tickets.",
        f"Sent when a worker starts: {done.waiting}.",
        f"The next ticket is {done.next_ticket}: numbers given since the backup do not come twice.",
        "Whoever was erased since the backup is back: run `vakt person erase` for them again.",
    ]
