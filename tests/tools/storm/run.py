"""One storm on one database: the calls are placed, the kills fall, then the system is left alone.

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

from app.store import migrate
from exchange.exchange import Exchange
from exchange.server import running
from tests.end_to_end.processes import free_port
from tests.tools.storm.afterwards import leave_alone, offline_dirs, what_is_stored
from tests.tools.storm.databases import a_database
from tests.tools.storm.heard import Network, listen
from tests.tools.storm.kills import Progress, kill_all
from tests.tools.storm.plan import Plan, PlannedCall, Victim
from tests.tools.storm.product import StormProduct, address, storm_product
from tests.tools.storm.rows import Rows
from tests.tools.storm.scene import ACCOUNT, TOKEN, Setting, move_in, network_of


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
    """Plays a plan on a fresh installation until nothing is left to do, and tells all of it."""
    port = free_port()
    with a_database(backend, folder) as database:
        migrate(database.url)
        move_in(database.url, plan)
        with running(network_of(address(port), setting)) as exchange:
            exchange.assign(plan.people)
            environment = {
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_API_URL": exchange.address,
            }
            try:
                with storm_product(database, environment, folder, port) as product:
                    return _play(backend, plan, folder, setting, exchange, product, tell)
            finally:
                for place in offline_dirs(database.url, folder):
                    shutil.rmtree(place, ignore_errors=True)


def _play(
    backend: str,
    plan: Plan,
    folder: Path,
    setting: Setting,
    exchange: Exchange,
    product: StormProduct,
    tell: Callable[[Progress], None],
) -> Storm:
    progress, placed = Progress(len(plan.calls), tell=tell), {}
    began = monotonic()
    killer = threading.Thread(
        target=kill_all, args=(plan, product, exchange, progress), name="killer"
    )
    killer.start()
    with ThreadPoolExecutor(setting.at_once, thread_name_prefix="storm") as pool:
        for sid, planned in pool.map(
            lambda call: _phone(exchange, call, progress, setting.patience), plan.calls
        ):
            placed[sid] = planned
    killer.join()
    seconds = monotonic() - began
    product.await_all()
    offline_turns = product.offline_turns()
    leave_alone(exchange, product, folder, setting)
    rest = monotonic() - began - seconds
    return Storm(
        backend=backend,
        plan=plan,
        network=listen(exchange, placed),
        rows=what_is_stored(product, folder, offline_turns),
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
