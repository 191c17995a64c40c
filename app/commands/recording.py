"""`vakt recording`: hear what a caller said, and see who has. Every listening is noted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import LONGEST_NAME
from app.commands.console import CommandRefused, command_database

if TYPE_CHECKING:
    from app.store import Database


@click.group("recording")
def command() -> None:
    """Hear a caller's message. Who heard what, and when, is noted."""


@command.command("listen")
@click.argument("which", metavar="TICKET|SID")
@click.option("--as", "who", required=True, metavar="NAME", help="Who listens; it is noted.")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write, a WAV; one that is there already is not touched.",
)
def listen_(which: str, who: str, out: Path) -> None:
    """Write the recording of a ticket, or one by its sid, to a file."""
    from app.actions.calls.listen import listen
    from app.store.recording_accesses import AccessChannel

    if not who.strip() or len(who) > LONGEST_NAME:
        raise click.BadParameter(f"a name has 1 to {LONGEST_NAME} letters", param_hint="--as")
    if out.exists():
        raise CommandRefused(f"{out} is there already.")
    with command_database() as database:
        sid = _sid_of(database, which)
        recording = listen(database, sid, who.strip(), AccessChannel.COMMAND, clock.now())
    if recording is None:
        raise CommandRefused(f"There is no recording “{which}”. It may have been kept its time.")
    _write(out, recording.media)
    click.echo(f"{out}: recording {recording.sid} of {recording.fetched_at:%Y-%m-%d %H:%M} UTC")


@command.command("heard")
@click.argument("sid")
def note_access(sid: str) -> None:
    """List who has listened to a recording, also to one that is gone."""
    from app.store.recording_accesses import recording_accesses_of

    with command_database() as database, database.read() as connection:
        found = recording_accesses_of(connection, sid)
    for each in found:
        click.echo(f"{each.at:%Y-%m-%d %H:%M:%S} UTC  {each.channel:<8}  {each.who}")
    if not found:
        click.echo("Nobody has listened to it.", err=True)


def _sid_of(database: Database, which: str) -> str:
    from app.store.recordings import recordings_of_ticket

    if not (which.isascii() and which.isdecimal() and len(which) < 19):
        return which
    with database.read() as connection:
        sids = recordings_of_ticket(connection, int(which))
    if not sids:
        raise CommandRefused(f"Ticket {which} has no recording. It may have been kept its time.")
    if len(sids) > 1:
        raise CommandRefused(f"Ticket {which} has several recordings; name one of them:", *sids)
    return sids[0]


def _write(out: Path, media: bytes) -> None:
    """Write a file that only its owner can read."""
    out.touch(mode=0o600, exist_ok=False)
    out.write_bytes(media)
