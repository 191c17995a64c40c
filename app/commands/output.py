"""How commands speak: in the language that was asked for, with the texts of voice_prompts."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import click

from app.domain.delivery_errors import delivery_error
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.texts.languages import language_of_environment

LANGUAGE: Final = "app.language"  # where click keeps what `vakt --language` said


def choose_language(ctx: click.Context, _option: click.Parameter, language: str | None) -> None:
    """Keep the language for this command and all that it calls."""
    if language:
        ctx.meta[LANGUAGE] = language


def output_language() -> str:
    """Return the language of `vakt --language`, else the terminal's."""
    ctx = click.get_current_context(silent=True)
    chosen: str = ctx.meta.get(LANGUAGE, "") if ctx else ""
    return chosen or language_of_environment(os.environ)


def written(message: MessageRef) -> str:
    """Return a message in the language of this command."""
    from app.voice_prompts import texts  # read when something is said, not for --help

    return texts().write(message, output_language())


def why(error: Exception) -> MessageRef | str:
    """Return why something was refused: our own message, or what a library says."""
    message = getattr(error, "message", None)
    return message if isinstance(message, MessageRef) else delivery_error(str(error))


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
