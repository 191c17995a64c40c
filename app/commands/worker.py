"""`vakt worker`: the process beside the web."""

from __future__ import annotations

import click

from app.commands.console import command_services


@click.command("worker")
def command() -> None:
    """Send, ring and fetch what is due, until SIGTERM or SIGINT.

    Several may run side by side; each job is done by one of them.
    """
    from app import logs
    from app.worker.worker import build_worker

    logs.configure()
    with command_services() as services:
        worker = build_worker(services)
        worker.stop_on_signals()
        worker.run()
