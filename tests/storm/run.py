"""One storm on one database: the calls are placed, the kills fall, then the house is left alone.

What came of it is judged elsewhere; nothing is decided here.
"""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from subprocess import run
from sys import executable
from time import monotonic

from app import clock
from app.actions.import_desks import import_desks
from app.domain.documents.reading import read_folder
from app.exchange.config import Config, read_config
from app.exchange.exchange import Exchange
from app.exchange.server import running
from app.standby.places import places
from app.store import migrate, open_database
from app.store.desks import Edit
from tests.end_to_end.running import ROOT
from tests.storm.databases import a_database
from tests.storm.heard import Network, listen
from tests.storm.house import House, a_door, a_house, address, pause
from tests.storm.plan import CONTACTS, LINES, Kill, Moment, Plan, PlannedCall, Victim
from tests.storm.rows import Rows, change, count, counting, faults_in, journaled, numbers, read_rows

DESKS = Path(__file__).parent / "desks"
ACCOUNT, TOKEN = "AC00000000000000000000000000000001", "the token of the storm"
RETRIES = "#rc=2&rp=ct,rt,5xx"  # as the README has it set on every number

LONGEST_WATCH = 3.0  # seconds
OPEN_JOBS = "select count(*) from outbox where state in ('waiting', 'sending')"
OPEN_CALLS = "select count(*) from calls where ended_at is null and sid like 'CA%'"
OPEN_ROUNDS = "select count(*) from tickets where next_round_at is not null"
UNTAKEN = """
    select number from tickets
    where priority = 'critical' and acknowledged_at is null and next_round_at is null
"""
AUDITOR_WAITS = timedelta(minutes=20)  # and some more: he tells of a ticket that nobody takes
TIME_PASSES = """
    update calls set created_at = :then where sid in (
        select call_sid from tickets
        where priority = 'critical' and acknowledged_at is null and next_round_at is null
    )
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """How a storm is run: how many calls at once, how fast, and how long anything may take."""

    at_once: int = 20
    speed: float = 20.0  # of the network's time; ours is always real
    webhook_seconds: float = 15.0  # Twilio's; more on a machine that is slow to start a process
    patience: float = 600.0  # real seconds for one call
    rest_seconds: float = 1800.0  # until nothing waits any more
    is_hurried: bool = False  # leases are made due instead of waited for, and rounds are not


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


@dataclass
class Progress:
    """How far it has come, for those who watch and for those who kill."""

    calls: int
    begun: int = 0
    over: int = 0
    fallen: Counter[Victim] = field(default_factory=Counter)
    tell: Callable[[Progress], None] = lambda _: None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def begins(self) -> None:
        with self._changed:
            self.begun += 1
            self._changed.notify_all()

    def ends(self) -> None:
        with self._changed:
            self.over += 1
            self._changed.notify_all()
        self.tell(self)

    def wait_for(self, call: int) -> bool:
        """Waits until this call has begun; False when the last one is over before."""
        with self._changed:
            self._changed.wait_for(lambda: self.begun >= call or self.is_over)
            return not self.is_over

    @property
    def is_over(self) -> bool:
        return self.over >= self.calls


def run_storm(
    backend: str,
    plan: Plan,
    folder: Path,
    setting: Setting = Setting(),
    tell: Callable[[Progress], None] = lambda _: None,
) -> Storm:
    """Plays a plan on a fresh house, waits until nothing is left to do, and tells all of it."""
    with a_database(backend, folder) as database, a_door() as door:
        migrate(database.url)
        move_in(database.url)
        with running(network_of(address(door), setting)) as exchange:
            exchange.seat(plan.people)
            environment = {
                "TWILIO_ACCOUNT_SID": ACCOUNT,
                "TWILIO_AUTH_TOKEN": TOKEN,
                "TWILIO_API_URL": exchange.address,
            }
            try:
                with a_house(database, environment, folder, door) as house:
                    return _play(backend, plan, folder, setting, exchange, house, tell)
            finally:
                for place in standby_places(database.url, folder):
                    shutil.rmtree(place, ignore_errors=True)


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


def move_in(url: str) -> None:
    """Makes the storm's desks live."""
    folders = [
        read_folder({file.name: file.read_bytes() for file in desk.iterdir()}, desk.name)
        for desk in sorted(DESKS.iterdir())
    ]
    database = open_database(url)
    try:
        import_desks(database, folders, Edit("Storm", clock.now(), "for the storm"))
    finally:
        database.close()


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
        target=_kill_all, args=(plan, house, exchange, progress), name="killer"
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
    _rest(exchange, house, folder, setting)
    rest = monotonic() - began - seconds
    return Storm(
        backend=backend,
        plan=plan,
        network=listen(exchange, placed),
        rows=_rows(house, folder, standby_turns),
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


def _kill_all(plan: Plan, house: House, exchange: Exchange, progress: Progress) -> None:
    """Each kill in its turn, when its victim is there; they end with the last call."""
    for kill in plan.kills:
        if not progress.wait_for(kill.after_call):
            break
        if not house.comes_up(kill.victim):
            continue
        _await_moment(kill, house, exchange)
        if progress.is_over:
            break
        house.fall(kill.victim, kill.away, kill.after_call)
        progress.fallen[kill.victim] += 1


def _await_moment(kill: Kill, house: House, exchange: Exchange) -> None:
    """Waits for the worst instant, for a while: there may be none to come."""
    if kill.moment is Moment.ANY:
        pause(kill.delay)
        return
    with counting(house.database.url, "select count(*) from tickets") as tickets:
        seen = tickets if kill.moment is Moment.AT_A_TICKET else lambda: len(exchange.messages())
        before, give_up = seen(), monotonic() + LONGEST_WATCH
        while seen() <= before and monotonic() < give_up:
            pause(0.002)


# --- afterwards ----------------------------------------------------------------------------


def _rest(exchange: Exchange, house: House, folder: Path, setting: Setting) -> None:
    """Leaves the house alone until nothing waits any more, or for as long as it may take."""
    url, hurry = house.database.url, Hurry(house.database.url)

    def is_quiet() -> bool:
        if setting.is_hurried:
            hurry.look()
        queries = [OPEN_JOBS, OPEN_CALLS, *([] if setting.is_hurried else [OPEN_ROUNDS])]
        if any(count(url, query) for query in queries):
            return False
        is_settled = all(call.settled.is_set() for call in exchange.office.calls.all())
        return is_settled and not journaled(standby_places(house.database.url, folder))

    def is_told() -> bool:
        sent = " ".join(m.body for m in exchange.messages() if m.to.startswith(CONTACTS))
        return is_quiet() and all(str(number) in sent for number in numbers(url, UNTAKEN))

    _wait(is_quiet, setting.rest_seconds)
    # Nobody is rung about a case of a desk without a duty: the auditor tells the desk's contacts.
    change(url, TIME_PASSES, then=as_stored(url, clock.now() - AUDITOR_WAITS))
    _wait(is_told, setting.rest_seconds)


def _wait(is_so: Callable[[], bool], seconds: float) -> None:
    """Waits no longer than that: what still waits then is found by the judge."""
    give_up = monotonic() + seconds
    while not is_so() and monotonic() < give_up:
        pause(0.5)


@dataclass
class Hurry:
    """Lets the time pass for which leases and rounds would have to be waited for."""

    url: str
    _seen: set[tuple[int, int]] = field(default_factory=set)
    _looked: float = 0.0

    def look(self) -> None:
        """A job that nobody has got on with for some seconds belongs to a worker that is dead."""
        if monotonic() - self._looked < 2.0:
            return
        self._looked = monotonic()
        jobs = {(int(job["id"]), int(job["attempts"])) for job in sending(self.url)}
        for job, _ in jobs & self._seen:
            change(self.url, PASS_THE_LEASE, now=as_stored(self.url, clock.now()), id=job)
        self._seen = jobs


PASS_THE_LEASE = "update outbox set due_at = :now where id = :id and state = 'sending'"


def sending(url: str) -> list[dict[str, object]]:
    return [dict(job) for job in read_rows(url).outbox if job["state"] == "sending"]


def as_stored(url: str, at: datetime) -> str:
    """A moment as the database writes it."""
    return at.replace(tzinfo=None).isoformat(" ") if url.startswith("sqlite") else at.isoformat()


def standby_places(url: str, folder: Path) -> tuple[Path, ...]:
    """Where the product keeps its journals."""
    return places(folder / "standby", url)


def _rows(house: House, folder: Path, standby_turns: int) -> Rows:
    said = house.said()
    return replace(
        read_rows(house.database.url),
        waiting=journaled(standby_places(house.database.url, folder)),
        faults=faults_in(said),
        fell_alone=tuple(house.fell_alone),
        standby_turns=standby_turns,
        lifelines=said.count('"event": "lifeline"') + said.count('"event": "fallback"'),
    )
