"""The `vakt` command. Names every command; a command's file is read when it is called."""

import errno
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Final, NamedTuple

import click

from app.commands.output import (
    LANGUAGE,
    CommandRefusal,
    choose_language,
    language_asked_for,
    system_error,
    written,
)
from app.domain.message_refs import ref

# What a command loads stays: looking through it for garbage took a tenth of its start.
gc.set_threshold(50_000, 20, 100)


class Entry(NamedTuple):
    """Where a command stands, and what it does in a few words."""

    module: str
    help: str


# In the order in which somebody new meets them.
COMMANDS: Final = {
    "demo": Entry("demo", help="The whole product on this machine, with a night call to watch."),
    "call": Entry("call", help="A telephone in the terminal, through the local exchange."),
    "explain": Entry("explain", help="What would happen in a call, and why; changes nothing."),
    "prove": Entry("prove", help="The coming year walked ahead: which calls would reach nobody?"),
    "duty": Entry("duty", help="Who is on duty at a desk, in ringing order, with reasons."),
    "roster": Entry("roster", help="Overrides and absences: add, list and withdraw them."),
    "import": Entry("import_", help="Rosters of other products as drafts, and the proof of them."),
    "desk": Entry("desk", help="Check, import and export desk folders."),
    "lifeline": Entry("lifeline", help="What callers get while the whole site is away."),
    "ticket": Entry("ticket", help="The tickets: list, show, acknowledge, close."),
    "report": Entry("report", help="How a desk's targets were kept, month by month."),
    "calls": Entry(
        "calls", help="The calls that were taken: list them, and tell one turn by turn."
    ),
    "inbox": Entry(
        "inbox", help="Who at a desk learns of every ticket: try it, and the webhook's key."
    ),
    "recording": Entry("recording", help="Hear a caller's message; who heard it is noted."),
    "person": Entry("person", help="What is stored about a number: give it out, or erase it."),
    "db": Entry("db", help="The database: bring it to the newest schema."),
    "backup": Entry("backup", help="Everything that is stored, in one file."),
    "restore": Entry("restore", help="An empty database filled from a backup, fit to be used."),
    "web": Entry("web", help="The web, started again whenever it ends; its socket stays open."),
    "worker": Entry(
        "worker", help="The process beside the web: sends, rings and fetches what is due."
    ),
    "preflight": Entry("preflight", help="Is everything ready to go live?"),
    "block": Entry("block", help="Numbers whose calls a desk does not take."),
    "outage": Entry("outage", help="Outages that callers are told of, and their end."),
    "user": Entry("user", help="Who may log in on the pages, and with which roles."),
    "token": Entry("token", help="Tokens for the API."),
    "wall": Entry("wall", help="Addresses for wall screens: who is on duty now."),
}


class Commands(click.Group):
    """A group whose commands are read from their files when they are needed."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what no command can read: bytes that are no UTF-8, and a byte zero."""
        ctx.meta[LANGUAGE] = language_asked_for(args)  # whatever is wrong before it is read
        for word in args:
            if "\0" in word or any("\ud800" <= sign <= "\udfff" for sign in word):
                shown = word.encode("ascii", "replace").decode().replace("\0", "?")[:40]
                raise click.UsageError(written(ref("usage.not_utf8", word=shown)))
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in their order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Read a command from its file; None for a name that is none."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(f"app.commands.{entry.module}").command
        return command

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read what stands before the command."""
        with _usage_errors_in_its_language():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what the machine refuses, such as a folder, is told in one line."""
        try:
            with _usage_errors_in_its_language():
                return super().invoke(ctx)
        except (click.Abort, KeyboardInterrupt):
            raise CommandRefusal(written(ref("command.aborted"))) from None
        except OSError as error:
            if error.errno == errno.EPIPE:  # nobody reads on: click ends quietly
                raise
            said = ref("usage.error", error=system_error(error))
            raise CommandRefusal(written(said)) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without reading their files."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


@contextmanager
def _usage_errors_in_its_language() -> Iterator[None]:
    """Report wrong usage in the language of the command; help without a command is no error."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        from app.commands.usage import WrongUsage

        raise WrongUsage(error) from None


def _print_version(ctx: click.Context, _option: click.Parameter, is_asked: bool) -> None:
    """Print the version and end; what knows it is loaded only for this."""
    if is_asked and not ctx.resilient_parsing:
        from app.installation import product_version

        click.echo(f"vakt {product_version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the version and exit.",
)
@click.option(
    "--language",
    type=click.Choice(("nb", "nn", "en")),
    is_eager=True,
    expose_value=False,
    callback=choose_language,
    help="Of what is printed; else the terminal's (LC_ALL, LC_MESSAGES, LANG).",
)
def main() -> None:
    """Vaktlinje: a telephone line for service desks and their duty.

    WHEN is a date and a time, 2026-11-21T23:10, in the desk's wall time or with an offset.
    KEYS are the caller's answers in order, one per prompt: 1001#,1,1 and - for silence.

    Exit codes: 0 done, 1 refused with the reasons on standard error, 2 wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):  # æøå also where the terminal speaks no UTF-8
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


if __name__ == "__main__":
    main()
