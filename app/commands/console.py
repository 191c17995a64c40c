"""What the commands share: settings and database, refusals, and how a transcript is printed."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from app.commands.output import CommandRefusal, show_error, written
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.simulate.transcript_words import TranscriptWord

if TYPE_CHECKING:
    from app.composition import Services
    from app.settings import Settings
    from app.store import Database


GONE: Final = (signal.SIGTERM, signal.SIGHUP)
TRANSCRIPT_INDENT: Final = 7
WIDEST: Final = 120
LONGEST_SENTENCE: Final = 1000  # no command's is: nothing is cut
WORD_STYLES: Final[dict[TranscriptWord, dict[str, Any]]] = {
    TranscriptWord.CALL: {"bold": True},
    TranscriptWord.HEARS: {"fg": "cyan"},
    TranscriptWord.PRESS: {"fg": "green", "bold": True},
    TranscriptWord.SILENCE: {"fg": "green"},
    TranscriptWord.SPEAKS: {"fg": "green"},
    TranscriptWord.HANGS_UP: {"fg": "red"},
    TranscriptWord.RINGS: {"fg": "yellow"},
    TranscriptWord.ACCEPTED: {"fg": "green", "bold": True},
    TranscriptWord.TALKS: {"fg": "green"},
    TranscriptWord.PASSED: {"fg": "yellow"},
    TranscriptWord.UNCONFIRMED: {"fg": "red"},
    TranscriptWord.NO_ANSWER: {"fg": "red"},
    TranscriptWord.BUSY: {"fg": "red"},
    TranscriptWord.FAILED: {"fg": "red"},
    TranscriptWord.ENDS: {"bold": True},
    TranscriptWord.WHY: {"dim": True},
    TranscriptWord.DOES: {"fg": "magenta"},
}


class CommandGroup(click.Group):
    """A group whose help tells what each command does in its whole first sentence."""

    group_class = type  # the groups in it are such groups too

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands; click would cut what does not fit into one line."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [
            (name, command.get_short_help_str(limit=LONGEST_SENTENCE))
            for name, command in found
            if command and not command.hidden
        ]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class CommandRefused(CommandRefusal):
    """Refused with its reasons, a line each, on standard error (exit code 1)."""

    def __init__(self, *reasons: MessageRef | str) -> None:
        lines = (written(each) if isinstance(each, MessageRef) else each for each in reasons)
        super().__init__("\n".join(lines))


def command_settings(**given: object) -> Settings:
    """Read the settings, those given instead of the environment's; refuse with every mistake."""
    from app.settings import SettingsError, read_settings

    try:
        return read_settings(**given)
    except SettingsError as error:
        raise CommandRefused(*error.messages) from None


@contextmanager
def refused_in_words() -> Iterator[None]:
    """Refuse in the words of what cannot be done, or cannot be used as it was written."""
    try:
        yield
    except MessageError as refused:
        raise CommandRefused(refused.message) from None


@contextmanager
def command_database(is_new: bool = False) -> Iterator[Database]:
    """Open the database for a command that needs nothing else."""
    with command_services(is_new) as services:
        yield services.database


@contextmanager
def command_services(is_new: bool = False) -> Iterator[Services]:
    """Build the services of a command; refuse in plain words when the database cannot be used.

    None is made where there is none, unless the command is there to fill a new one.
    """
    from sqlalchemy.exc import DBAPIError

    from app.composition import build_services
    from app.store import DatabaseUnavailable
    from app.store.documents import UnreadableVersion
    from app.store.schema import SchemaNotReady, require_schema

    services = build_services(_of_running_demo(command_settings()))
    url = services.settings.database_url
    try:
        if not is_new:
            require_schema(url, services.database)
        yield services
    except SchemaNotReady as refusal:
        raise CommandRefused(*refusal.messages) from None
    except (DatabaseUnavailable, DBAPIError) as error:
        raise CommandRefused(*_why_not(error)) from None
    except UnreadableVersion as error:
        refused = ref("command.unreadable_version", name=error.name)
        raise CommandRefused(refused, *(each.line for each in error.diagnostics)) from None
    finally:
        services.close()


def _of_running_demo(settings: Settings) -> Settings:
    """Take the database of the demo that runs on this machine, where none was named."""
    from app.demo.state import running_demo

    demo = running_demo()
    if demo is None or "DATABASE_URL" in os.environ:
        return settings
    show_error("command.demo_database", url=demo.database_url)
    return settings.model_copy(update={"database_url": demo.database_url})


def _why_not(error: Exception) -> tuple[MessageRef, ...]:
    from sqlalchemy.exc import DBAPIError

    from app.store.error_messages import error_message

    cause = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    lacks = 'relation "' in cause or 'column "' in cause or "column " in cause
    if (
        "no such table" in cause
        or "no such column" in cause
        or (lacks and "does not exist" in cause)
    ):
        return (ref("command.schema_differs"), ref("command.schema_do"))
    return (ref("command.database_unusable", why=error_message(error)),)


def print_transcript(lines: Iterable[str]) -> None:
    """Print a transcript: plain for a file or pipe, wrapped and in colours for a terminal."""
    for line in lines:
        click.echo(painted(line) if is_terminal() else line)


def columns_of_terminal() -> int:
    """Return how wide a line may be: the terminal's width, within reason."""
    return min(shutil.get_terminal_size((100, 30)).columns, WIDEST)


def is_terminal() -> bool:
    """Tell whether somebody is watching."""
    return sys.stdout.isatty()


def painted(line: str, width: int | None = None) -> str:
    """Colour a transcript's line by its word, and wrap it under its column."""
    room = width or columns_of_terminal()
    style = next((style for word, style in WORD_STYLES.items() if _begins_with(line, word)), {})
    wrapped = textwrap.wrap(
        line, room, subsequent_indent=" " * TRANSCRIPT_INDENT, drop_whitespace=True
    ) or [""]
    wrapped[0] = line[: len(line) - len(line.lstrip())] + wrapped[0].lstrip()
    return "\n".join(click.style(part, **style) for part in wrapped)


def _begins_with(line: str, word: TranscriptWord) -> bool:
    """Tell whether a line begins with a word, as a told call writes it or in this language."""
    return any(f"{line.strip()} ".startswith(f"{name} ") for name in (word, written(word.text)))


@contextmanager
def ended_by_signal() -> Iterator[None]:
    """Turn a polite end from outside into an ordinary one, so that nothing is left behind."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in GONE}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
