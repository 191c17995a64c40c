"""Starts what is measured: gunicorn with the repository's own settings, whatever it serves."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.calls import ACCOUNT, PUBLIC_URL, TOKEN
from bench.telephones import wait_until_it_answers

ROOT = Path(__file__).parent.parent
# What is set for a running product must not reach the bench. WEB_WORKERS and WEB_THREADS may.
OURS = ("VAKT_", "TWILIO_", "DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL", "PORT")

# For PostgreSQL: its own defaults, which are durable, on a socket and nowhere else.
DURABLE = ("fsync=on", "synchronous_commit=on", "max_connections=200", "listen_addresses=")

PRODUCT = "app:create_app()"
BARE = "bench.bare:without_rows()"
FIVE = "bench.bare:with_five_statements()"


@dataclass(frozen=True, slots=True)
class Served:
    """An application that answers on a port of this machine."""

    port: int
    process: int

    def processor_seconds(self) -> float:
        """What its processes have worked since they began, the database's apart."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(_worked(int(pid)) for pid in children)


def _worked(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(app: str, database_url: str, folder: Path) -> Iterator[Served]:
    """Serve an application on a free port until the end; the same settings for every one."""
    port = free_port()
    log = folder / f"{app.partition(':')[2].strip('()')}-{port}.log"
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", app]
    with log.open("wb") as errors:
        server = subprocess.Popen(
            command, cwd=ROOT, env=_environment(database_url, folder), stdout=errors, stderr=errors
        )
    try:
        wait_until_it_answers(port)
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(30)


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {
        "DATABASE_URL": database_url,
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": "of the bench",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "VAKT_EXCHANGE": "1",
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
    }


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
