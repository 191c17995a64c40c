"""`vakt worker`: the process beside the web."""

import click

from app import logs
from app.commands.common import rows, settings_without_web
from app.phone.heartbeat import Heartbeat
from app.phone.sender import Sender
from app.phone.shelf import Shelf
from app.standby.places import places
from app.standby.standby import open_standby
from app.voice_prompts import texts
from app.worker import Worker


@click.command("worker")
def command() -> None:
    """Send, ring and fetch what is due, until SIGTERM or SIGINT.

    Several may run side by side; each job is done by one of them.
    """
    logs.configure()
    settings = settings_without_web()
    beside = places(settings.vakt_lifeline.parent / "standby", settings.database_url)
    heartbeat = Heartbeat(settings.vakt_heartbeat_url)
    with rows() as database:
        worker = Worker(
            database,
            Sender(settings),
            texts(),
            open_standby(beside),
            heartbeat,
            Shelf(settings, texts()),
        )
        worker.stop_on_signals()
        worker.run()
