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
from typing import IO, TYPE_CHECKING, Any, Final

import click

from app.commands.output import show_error, written
from app.domain.message_refs import MessageRef, ref

if TYPE_CHECKING:
    from app.composition import Services
    from app.settings import Settings
    from app.store import Database


GONE: Final = (signal.SIGTERM, signal.SIGHUP)
TRANSCRIPT_INDENT: Final = 7
WIDEST: Final = 120
WORD_STYLES: Final[dict[str, dict[str, Any]]] = {
    "call": {"bold": True},
    "hears": {"fg": "cyan"},
    "press": {"fg": "green", "bold": True},
    "silence": {"fg": "green"},
    "speaks": {"fg": "green"},
    "hangs up": {"fg": "red"},
    "rings": {"fg": "yellow"},
    "accepted": {"fg": "green", "bold": True},
    "talks": {"fg": "green"},
    "passed": {"fg": "yellow"},
    "unconfirmed": {"fg": "red"},
    "no_answer": {"fg": "red"},
    "busy": {"fg": "red"},
    "failed": {"fg": "red"},
    "ends": {"bold": True},
    "why": {"dim": True},
    "does": {"fg": "magenta"},
}


class CommandRefused(click.ClickException):
    """Refused with its reasons, a line each, on standard error (exit code 1)."""

    exit_code = 1

    def __init__(self, *reasons: MessageRef | str) -> None:
        lines = (written(each) if isinstance(each, MessageRef) else each for each in reasons)
        super().__init__("\n".join(lines))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the reasons, nothing around them."""
        click.echo(self.message, err=True)


def command_settings() -> Settings:
    """Read the settings; refuse with every mistake at once."""
    from app.settings import SettingsError, read_settings

    try:
        return read_settings()
    except SettingsError as error:
        raise CommandRefused(*error.messages) from None


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
    word = line.strip()
    word = next((name for name in WORD_STYLES if f"{word} ".startswith(f"{name} ")), "")
    wrapped = textwrap.wrap(
        line, room, subsequent_indent=" " * TRANSCRIPT_INDENT, drop_whitespace=True
    ) or [""]
    wrapped[0] = line[: len(line) - len(line.lstrip())] + wrapped[0].lstrip()
    style = WORD_STYLES.get(word, {})
    return "\n".join(click.style(part, **style) for part in wrapped)


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
