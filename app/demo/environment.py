"""A throw-away installation: database, desks, web, worker and telephone network, gone
afterwards.
"""

import json
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import requests

from app import clock
from app.actions.desks.import_desks import import_desks
from app.composition import Services, build_services
from app.demo.exchange_client import ExchangeClient
from app.demo.logins import DemoLogin, make_logins
from app.demo.processes import ProcessDied, Processes, is_free
from app.demo.smtp_sink import SmtpSink
from app.demo.state import DemoState
from app.domain.access.actor import system
from app.domain.access.audit import Author
from app.domain.config.folder import DESK, FILES
from app.domain.config.folder_reader import read_folder
from app.domain.message_refs import MessageError, ref
from app.installation import home, state_folder
from app.settings import Settings, read_settings
from app.store import migrate
from app.store.desks import Edit, LiveDesk, list_desks

FIRST_PORT: Final = 8000
PORTS_TRIED: Final = 50
READY_SECONDS: Final = 120  # a slow machine is slow, not broken
POLL_SECONDS: Final = 0.1


class NoPort(MessageError):
    """No port is free, or not the one that was asked for."""


@dataclass(slots=True)
class DemoEnvironment:
    """A running installation."""

    state: DemoState
    services: Services
    desks: tuple[LiveDesk, ...]
    network: ExchangeClient
    processes: Processes = field(repr=False)
    smtp_sink: SmtpSink = field(repr=False)
    logins: tuple[DemoLogin, ...] = field(default=(), repr=False)


def choose_port(asked: str | None) -> int:
    """Return PORT where it is set and free; else the first free one from 8000 on."""
    if asked:
        if not (asked.isascii() and asked.isdecimal()) or not 0 < int(asked) < 65536:
            raise NoPort(ref("demo.port_is_no_number", port=asked))
        if not is_free(int(asked)):
            raise NoPort(ref("demo.port_taken", port=asked))
        return int(asked)
    for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED):
        if is_free(port):
            return port
    last = FIRST_PORT + PORTS_TRIED - 1
    raise NoPort(ref("demo.no_free_port", first=FIRST_PORT, last=last))


@contextmanager
def demo_environment(port: int) -> Iterator[DemoEnvironment]:
    """Start everything on this machine and wait until it is well; end all of it afterwards.

    ProcessDied tells what a process said before it ended; SettingsError what the environment says
    and cannot be used.
    """
    var = state_folder()
    var.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=var))
    processes = Processes(folder, home())
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        smtp_sink = SmtpSink()
        smtp_sink.open()
        stack.callback(smtp_sink.close)
        variables = _variables(folder, port, smtp_sink.url)
        services = build_services(_settings(variables))
        stack.callback(services.close)
        stack.callback(processes.stop)
        by = Author(system("demo", "vakt demo"), clock.now())
        desks = _fill_database(services, by)
        logins = make_logins(services.database, desks, variables["PUBLIC_URL"], by)
        environment = _start(processes, smtp_sink, services, desks, variables)
        environment.logins = logins
        yield environment


def _variables(folder: Path, port: int, smtp_url: str) -> dict[str, str]:
    """Say to every process of the demo what its environment says to one of an installation."""
    return {
        "DATABASE_URL": f"sqlite:///{folder}/vakt.db",
        "PUBLIC_URL": f"http://localhost:{port}",
        "SECRET_KEY": secrets.token_urlsafe(32),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_API_KEY": "",
        "TWILIO_API_SECRET": "",
        "SMTP_URL": smtp_url,
        "VAKT_EXCHANGE": "0",  # until the telephone network has an address
        "VAKT_LIFELINE": str(folder / "lifeline.json"),
        "PORT": str(port),
    }


def _settings(variables: Mapping[str, str]) -> Settings:
    """Read these settings as another process reads them, here in this one."""
    return read_settings(**{name.lower(): value for name, value in variables.items()})


def _fill_database(services: Services, by: Author) -> tuple[LiveDesk, ...]:
    """Make the database and import the shipped desks."""
    database = services.database
    migrate(services.settings.database_url)
    read = [
        read_folder(_files(desk), desk.name, f"rosters/{desk.name}")
        for desk in sorted((home() / "rosters").iterdir())
        if (desk / DESK).exists()
    ]
    import_desks(database, read, Edit(by.actor, by.at))
    with database.read() as connection:
        return list_desks(connection)


def _files(folder: Path) -> dict[str, bytes | str]:
    return {name: (folder / name).read_bytes() for name in FILES if (folder / name).exists()}


def _start(
    processes: Processes,
    smtp_sink: SmtpSink,
    services: Services,
    desks: tuple[LiveDesk, ...],
    variables: Mapping[str, str],
) -> DemoEnvironment:
    product, secret = variables["PUBLIC_URL"], secrets.token_urlsafe(16)
    config = {
        "account_sid": variables["TWILIO_ACCOUNT_SID"],
        "auth_token": variables["TWILIO_AUTH_TOKEN"],
        "product_url": product,
        "numbers": [line.number for live in desks for line in live.desk.lines],
        "personas": everybody(desks),
        "default_persona": "no_answer",
        "send_moment": True,
        "secret": secret,
    }
    address = _start_exchange(processes, config)
    environment = {**variables, "VAKT_EXCHANGE": "1", "TWILIO_API_URL": address}
    bind = f"127.0.0.1:{variables['PORT']}"
    web = (sys.executable, "-m", "gunicorn", "-b", bind, "app:create_app()")
    processes.start("web", web, environment)
    processes.start("worker", (sys.executable, "-m", "app.cli", "worker"), environment)
    _wait_until_ready(processes, product)
    state = DemoState(
        pid=os.getpid(),
        product_url=product,
        exchange_url=address,
        exchange_secret=secret,
        database_url=services.settings.database_url,
    )
    return DemoEnvironment(
        state, services, desks, ExchangeClient(address, secret), processes, smtp_sink
    )


def everybody(desks: tuple[LiveDesk, ...]) -> dict[str, object]:
    """Let everybody whom the desks can ring take the call."""
    numbers = [phone.number for live in desks for phone in live.desk.first_line.phones]
    for live in desks:
        if live.roster:
            numbers += [number for person in live.roster.people for number in person.numbers]
            numbers += live.roster.last_resort_numbers
    return {number: {"persona": "accepts", "talks": 20} for number in numbers}


def _start_exchange(processes: Processes, config: Mapping[str, object]) -> str:
    """Start the telephone network; it tells its address in its first line."""
    file = processes.folder / "exchange.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(config), "utf-8")
    started = processes.start(
        "exchange", (sys.executable, "-m", "exchange", str(file)), {"PYTHONUNBUFFERED": "1"}
    )
    address = started.stdout.readline().strip() if started.stdout else ""
    if not address:
        started.wait()
        processes.check()
    return address


def _wait_until_ready(processes: Processes, product: str) -> None:
    give_up = clock.seconds() + READY_SECONDS
    while clock.seconds() < give_up:
        processes.check()
        try:
            if requests.get(f"{product}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(POLL_SECONDS)
    raise ProcessDied(ref("demo.not_ready", address=product, seconds=READY_SECONDS))
