"""Wrong usage of a command, told in the language of the command: what click says in English."""

import re
from contextlib import nullcontext
from typing import IO, Any, Final

import click

from app.commands.output import written
from app.domain.message_refs import MessageRef, ref

# What click says, and our text for it; tests/cli/test_language.py has click say each of them.
OWN_TEXTS: Final = tuple(
    (re.compile(pattern, re.DOTALL), key)
    for pattern, key in (
        (r"No such option ['\"](?P<option>.*)['\"]\.", "usage.no_such_option"),
        (r"No such command ['\"](?P<command>.*)['\"]\.", "usage.no_such_command"),
        (r"Missing command\.", "usage.missing_command"),
        (r"Option ['\"](?P<option>.*)['\"] requires an argument\.", "usage.needs_a_value"),
        (r"Option ['\"](?P<option>.*)['\"] does not take a value\.", "usage.takes_no_value"),
        (r"Got unexpected extra arguments? \((?P<arguments>.*)\)", "usage.too_many_arguments"),
        (r"['\"](?P<value>.*)['\"] is not (?:one of )?(?P<choices>['\"].*)\.", "usage.no_choice"),
        (r"['\"](?P<value>.*)['\"] is not a valid integer(?: range)?\.", "usage.no_whole_number"),
        (r"(?P<value>\S+) is not in the range (?P<range>.*)\.", "usage.out_of_range"),
        (r"\w+ ['\"](?P<path>.*)['\"] does not exist\.", "usage.path_missing"),
        (r"\w+ ['\"](?P<path>.*)['\"] is a file\.", "usage.path_is_file"),
        (r"\w+ ['\"](?P<path>.*)['\"] is a directory\.", "usage.path_is_directory"),
        (r"\w+ ['\"](?P<path>.*)['\"] is not (?:readable|writable)\.", "usage.path_closed"),
    )
)


class WrongUsage(click.ClickException):
    """Wrong usage, with how the command is used, in the language of the command."""

    exit_code = 2

    def __init__(self, error: click.UsageError) -> None:
        ctx = error.ctx
        with ctx.scope(cleanup=False) if ctx else nullcontext():  # which has the language
            super().__init__(written(_usage_message(error)))
            self._usage = _usage(ctx) if ctx else ""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print how the command is used, then what is wrong."""
        click.echo(f"{self._usage}{self.message}", file=file, err=True)


def _usage(ctx: click.Context) -> str:
    line = ctx.get_usage().partition(":")[2].strip()
    helped = written(ref("usage.how", usage=line))
    return f"{helped}\n{written(ref('usage.help', command=ctx.command_path))}\n\n"


def _usage_message(error: click.UsageError) -> MessageRef:
    if isinstance(error, click.MissingParameter):
        return ref("usage.error", error=_missing(error))
    why = _own_text(error.message)
    if isinstance(error, click.BadParameter):
        return ref("usage.error", error=ref("usage.bad_value", option=_named(error), why=why))
    near = getattr(error, "possibilities", None)
    if near:
        return ref("usage.error", error=ref("usage.did_you_mean", error=why, near=tuple(near)))
    return ref("usage.error", error=why)


def _missing(error: click.MissingParameter) -> MessageRef:
    is_option = isinstance(error.param, click.Option)
    return ref(
        "usage.missing_option" if is_option else "usage.missing_argument", name=_named(error)
    )


def _named(error: click.BadParameter) -> str:
    if error.param_hint is None and error.param is not None:
        return (error.param.get_error_hint(error.ctx) or "").strip("'")
    hint = error.param_hint or ""
    return hint if isinstance(hint, str) else " / ".join(hint)


def _own_text(said: str) -> MessageRef:
    for pattern, key in OWN_TEXTS:
        found = pattern.fullmatch(said)
        if found:
            return MessageRef(key, tuple(found.groupdict().items()))
    return ref("usage.as_said", words=said)
