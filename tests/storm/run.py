"""One storm on one database: the calls are placed, the kills fall, then the house is left alone.

What came of it is judged elsewhere; nothing is decided here.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from app.exchange.exchange import Exchange
from app.exchange.server import running
from app.store import migrate
from tests.end_to_end.running import free_port
from tests.storm.afterwards import leave_alone, standby_places, what_is_stored
from tests.storm.databases import a_database
from tests.storm.heard import Network, listen
from tests.storm.house import House, a_house, address
from tests.storm.kills import Progress, kill_all
from tests.storm.plan import Plan, PlannedCall, Victim
from tests.storm.rows import Rows
from tests.storm.scene import ACCOUNT, TOKEN, Setting, move_in, network_of


@dataclass(frozen=True, slots=True)
class Storm:
    """What came of it."""

    backend: str
    plan: Plan
    network: Network
    rows: Rows
    fallen: Counter[Victim]
    seconds: float
    rest_seconds: float
    webhook_seconds: float


def run_storm(
    backend: str,
    plan: Plan,
    folder: Path,
    setting: Setting,
    tell: Callable[[Progress], None] = lambda _: None,
) -> Storm:
    """Plays a plan on a fresh house, waits until nothing is left to do, and tells all of it."""
    port = free_port()
    with a_database(backend, folder) as database:
        migrate(database.url)
        move_in(database.url)
        with running(network_of(address(port), setting)) as exchange:
            exchange.seat(plan.people)
            environment = {
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_API_URL": exchange.address,
            }
            try:
                with a_house(database, environment, folder, port) as house:
                    return _play(backend, plan, folder, setting, exchange, house, tell)
            finally:
                for place in standby_places(database.url, folder):
                    shutil.rmtree(place, ignore_errors=True)


def _play(
    backend: str,
    plan: Plan,
    folder: Path,
    setting: Setting,
    exchange: Exchange,
    house: House,
    tell: Callable[[Progress], None],
) -> Storm:
    progress, placed = Progress(len(plan.calls), tell=tell), {}
    began = monotonic()
    killer = threading.Thread(
        target=kill_all, args=(plan, house, exchange, progress), name="killer"
    )
    killer.start()
    with ThreadPoolExecutor(setting.at_once, thread_name_prefix="storm") as pool:
        for sid, planned in pool.map(
            lambda call: _phone(exchange, call, progress, setting.patience), plan.calls
        ):
            placed[sid] = planned
    killer.join()
    seconds = monotonic() - began
    house.await_all()
    standby_turns = house.standby_turns()
    leave_alone(exchange, house, folder, setting)
    rest = monotonic() - began - seconds
    return Storm(
        backend=backend,
        plan=plan,
        network=listen(exchange, placed),
        rows=what_is_stored(house, folder, standby_turns),
        fallen=progress.fallen,
        seconds=seconds,
        rest_seconds=rest,
        webhook_seconds=setting.webhook_seconds,
    )


def _phone(
    exchange: Exchange, call: PlannedCall, progress: Progress, patience: float
) -> tuple[str, PlannedCall]:
    sid = exchange.call(call.caller, call.line, script=list(call.script))
    progress.begins()
    exchange.find(sid).settled.wait(patience)
    progress.ends()
    return sid, call
