"""`vakt recording`: hear what a caller said, and see who has. Every listening is noted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import clock
from app.commands.arguments import checked_name
from app.commands.console import CommandGroup, CommandRefused, command_database
from app.commands.output import columns, show, show_error, written
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.written_moments import moment_ref

if TYPE_CHECKING:
    from app.store import Database


@click.group("recording", cls=CommandGroup)
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

    name = checked_name(who, "--as")
    if out.exists():
        raise CommandRefused(ref("command.already_there", path=str(out)))
    with command_database() as database:
        sid = _sid_of(database, which)
        recording = listen(database, sid, name, AccessChannel.COMMAND, clock.now())
    if recording is None:
        raise CommandRefused(ref("command.no_such_recording", which=which))
    _write(out, recording.media)
    fetched = moment_ref(recording.fetched_at, "UTC")
    show("command.recording_written", file=str(out), sid=recording.sid, at=fetched)


@command.command("heard")
@click.argument("sid")
def note_access(sid: str) -> None:
    """List who has listened to a recording, also to one that is gone."""
    from app.store.recording_accesses import recording_accesses_of

    with command_database() as database, database.read() as connection:
        found = recording_accesses_of(connection, sid)
    rows = [
        (
            written(ref("command.heard_at", at=moment_ref(each.at, "UTC"))),
            written(MessageRef(f"access_channel.{each.channel}")),
            each.who,
        )
        for each in found
    ]
    for line in columns(rows):
        click.echo(line)
    if not found:
        show_error("command.not_listened_to")


def _sid_of(database: Database, which: str) -> str:
    from app.store.recordings import recordings_of_ticket

    if not (which.isascii() and which.isdecimal() and len(which) < 19):
        return which
    with database.read() as connection:
        sids = recordings_of_ticket(connection, int(which))
    if not sids:
        raise CommandRefused(ref("command.ticket_without_recording", number=which))
    if len(sids) > 1:
        raise CommandRefused(ref("command.several_recordings", number=which), *sids)
    return sids[0]


def _write(out: Path, media: bytes) -> None:
    """Write a file that only its owner can read."""
    out.touch(mode=0o600, exist_ok=False)
    out.write_bytes(media)
