"""How commands speak: in the language that was asked for, with the texts of voice_prompts."""

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final

import click

from app.domain.delivery_errors import delivery_error
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.texts.languages import BY_CODE, language_of_environment

LANGUAGE: Final = "app.language"  # where click keeps what `vakt --language` said
YES: Final = frozenset({"y", "yes", "j", "ja"})
NO: Final = frozenset({"", "n", "no", "nei"})

# What the machine refuses, in words of ours; the rest as it says it.
SYSTEM_ERRORS: Final = {
    errno.ENOENT: ref("system_error.missing"),
    errno.EACCES: ref("system_error.denied"),
    errno.EPERM: ref("system_error.denied"),
    errno.EROFS: ref("system_error.read_only"),
    errno.ENOSPC: ref("system_error.disk_full"),
    errno.EEXIST: ref("system_error.exists"),
    errno.EISDIR: ref("system_error.is_folder"),
    errno.ENOTDIR: ref("system_error.no_folder"),
}


def choose_language(ctx: click.Context, _option: click.Parameter, language: str | None) -> None:
    """Keep the language for this command and all that it calls.

    None, too: until here another command's own --language may have been taken for ours.
    """
    ctx.meta[LANGUAGE] = language or ""


def output_language() -> str:
    """Return the language of `vakt --language`, else the terminal's."""
    ctx = click.get_current_context(silent=True)
    chosen: str = ctx.meta.get(LANGUAGE, "") if ctx else ""
    return chosen or language_of_environment(os.environ)


def language_asked_for(args: Sequence[str]) -> str:
    """Return the language that these arguments ask for; empty where they do not, or for another."""
    for word, after in zip(args, (*args[1:], ""), strict=True):
        name, _, value = word.partition("=")
        if name == "--language":
            wanted = value or after
            return wanted if wanted in BY_CODE.values() else ""
    return ""


class CommandRefusal(click.ClickException):
    """Refused in words of ours, on standard error, with nothing around them (exit code 1)."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the words."""
        click.echo(self.message, file=file, err=True)


def written(message: MessageRef) -> str:
    """Return a message in the language of this command."""
    from app.voice_prompts import texts  # read when something is said, not for --help

    return texts().write(message, output_language())


def why(error: Exception) -> MessageRef | str:
    """Return why something was refused: our own message, or what a library says."""
    message = getattr(error, "message", None)
    if isinstance(error, OSError) and not isinstance(message, MessageRef):
        return system_error(error)
    return message if isinstance(message, MessageRef) else delivery_error(str(error))


def system_error(error: OSError) -> MessageRef:
    """Say what the machine refuses, and which file that is about."""
    said = SYSTEM_ERRORS.get(error.errno or 0) or str(error.strerror or error)
    if not error.filename:
        return ref("usage.as_said", words=said)
    return ref("system_error_of_file", file=str(error.filename), why=said)


def ask_to_go_on(question: MessageRef) -> None:
    """Ask for a yes or no, in whichever of our languages it is answered; Abort unless it is yes."""
    asks = written(ref("command.yes_or_no", question=question))
    while True:
        answer = click.prompt(asks, default="", show_default=False, prompt_suffix=" ", err=True)
        if answer.strip().lower() in YES:
            return
        if answer.strip().lower() in NO:
            raise click.Abort
        show_error("command.answer_yes_or_no")


def no_such_desk(desk: str, known: Iterable[str]) -> MessageRef:
    """Refuse a desk that is not there, and name those that are."""
    desks = tuple(known)
    if not desks:
        return ref("command.no_desks", desk=desk)
    return ref("command.no_such_desk", desk=desk, desks=desks)


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Write rows under each other, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def show(key: str, /, **values: RefValue) -> None:
    """Print a text on standard output."""
    click.echo(written(ref(key, **values)))


def show_error(key: str, /, **values: RefValue) -> None:
    """Print a text on standard error."""
    click.echo(written(ref(key, **values)), err=True)
