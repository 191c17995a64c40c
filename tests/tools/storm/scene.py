"""Where a storm blows: its setting, the network as the README sets it up, the desks made live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from sys import executable
from time import monotonic

from app import clock
from app.actions.desks.import_desks import import_desks
from app.domain.access.actor import command_line
from app.domain.config.folder_reader import read_folder
from app.store import open_database
from app.store.desks import Edit
from exchange.config import Config, read_config
from tests.end_to_end.processes import ROOT
from tests.tools.storm.plan import LINES, Plan

DESKS = Path(__file__).parent / "desks"
STRANGERS = 10  # one in so many callers; all strangers together wake a person thrice an hour
ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "token-of-the-storm"
RETRIES = "#rc=2&rp=ct,rt,5xx"  # as the README has it set on every number


@dataclass(frozen=True, slots=True)
class Setting:
    """How a storm is run: how many calls at once, how fast, and how long anything may take."""

    at_once: int = 20
    speed: float = 20.0  # of the network's time; ours is always real
    webhook_seconds: float = 15.0  # Twilio's; more on a machine that is slow to start a process
    patience: float = 600.0  # real seconds for one call
    rest_seconds: float = 1800.0  # until nothing waits any more
    is_hurried: bool = False  # leases are made due instead of waited for, and call-outs are not


def seconds_to_start() -> float:
    """How long this machine needs to start a process of ours, now."""
    began = monotonic()
    run([executable, "-c", "import app.web.application"], cwd=ROOT, check=True)
    return monotonic() - began


def network_of(product: str, setting: Setting) -> Config:
    """A network whose numbers are set up as the README tells, and that waits as Twilio does."""
    doors = {
        "voice_url": f"{product}/twilio/voice{RETRIES}",
        "fallback_url": f"{product}/twilio/voice/fallback{RETRIES}",
        "status_url": f"{product}/twilio/status{RETRIES}",
        "sms_url": f"{product}/twilio/sms{RETRIES}",
    }
    return read_config(
        {
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "product_url": product,
            "numbers": dict.fromkeys(LINES, doors),
            "speed": setting.speed,
            "webhook_seconds": setting.webhook_seconds,
            "poll_seconds": 0.5,
        }
    )


def move_in(url: str, plan: Plan) -> None:
    """Makes the storm's desks live."""
    folders = [read_folder(_files(desk, plan), desk.name) for desk in sorted(DESKS.iterdir())]
    database = open_database(url)
    try:
        import_desks(database, folders, Edit(command_line("Storm"), clock.now(), "for the storm"))
    finally:
        database.close()


def _files(desk: Path, plan: Plan) -> dict[str, str]:
    """A desk's files, with most of the callers of its lines among its customers."""
    files = {file.name: file.read_text("utf-8") for file in desk.iterdir()}
    customers = files["customers.csv"]
    agreement = customers.splitlines()[1].split(",")[2]
    for caller in dict.fromkeys(
        call.caller
        for call in plan.calls
        if f'"{call.line}"' in files["desk.toml"] and call.number % STRANGERS
    ):
        if caller not in customers:
            customers += f"9{caller[-4:]},Kunde {caller[-4:]},{agreement},{caller},,\n"
    return {**files, "customers.csv": customers}
