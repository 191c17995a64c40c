"""`vakt worker`: the process beside the web."""

from __future__ import annotations

import click

from app.commands.console import command_database, settings_without_web


@click.command("worker")
def command() -> None:
    """Send, ring and fetch what is due, until SIGTERM or SIGINT.

    Several may run side by side; each job is done by one of them.
    """
    from app import logs
    from app.gateways.files.static_host import StaticHost
    from app.gateways.heartbeat import Heartbeat
    from app.gateways.twilio.sender import Sender
    from app.offline.offline_store import open_offline_store
    from app.offline.storage_dirs import storage_dirs
    from app.voice_prompts import texts
    from app.worker.worker import Worker

    logs.configure()
    settings = settings_without_web()
    offline_dir = storage_dirs(settings.vakt_lifeline.parent / "offline", settings.database_url)
    heartbeat = Heartbeat(settings.vakt_heartbeat_url)
    with command_database() as database:
        worker = Worker(
            database,
            Sender(settings),
            texts(),
            open_offline_store(offline_dir),
            heartbeat,
            StaticHost(settings, texts()),
        )
        worker.stop_on_signals()
        worker.run()
