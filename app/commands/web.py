"""`vakt web`: the web with its socket held open, where no systemd does it."""

import sys

import click

from app import logs
from app.commands.console import CommandRefused
from app.serving.supervisor import serve
from app.settings import SettingsError


@click.command("web")
def command() -> None:
    """Answer the telephone network, until SIGTERM or SIGINT.

    Listens at WEB_HOST and PORT. Whatever happens to the processes that answer, the socket stays
    open, and they are started again: who calls meanwhile waits instead of being refused.
    """
    logs.configure()
    try:
        sys.exit(serve())
    except SettingsError as error:
        raise CommandRefused("The settings cannot be used:", *error.mistakes) from None
