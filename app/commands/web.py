"""`vakt web`: the web with its socket held open, where no systemd does it."""

from __future__ import annotations

import sys

import click

from app.commands.console import CommandRefused


@click.command("web")
def command() -> None:
    """Answer the telephone network, until SIGTERM or SIGINT.

    Listens at WEB_HOST and PORT. Whatever happens to the processes that answer, the socket stays
    open, and they are started again: who calls meanwhile waits instead of being refused.
    """
    from app import logs
    from app.serving.supervisor import serve
    from app.settings import SettingsError

    logs.configure()
    try:
        sys.exit(serve())
    except SettingsError as error:
        raise CommandRefused(*error.messages) from None
