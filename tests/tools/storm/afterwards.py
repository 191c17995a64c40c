"""After the last call: the system is left alone until nothing waits, then its rows are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from app import clock
from app.offline.storage_dirs import storage_dirs
from exchange.exchange import Exchange
from tests.tools.storm.plan import CONTACTS
from tests.tools.storm.product import StormProduct, pause
from tests.tools.storm.rows import Rows, change, count, faults_in, journaled, numbers, read_rows
from tests.tools.storm.scene import Setting

OPEN_JOBS = "select count(*) from outbox where state in ('waiting', 'sending')"
OPEN_CALLS = "select count(*) from calls where ended_at is null and sid like 'CA%'"
OPEN_CALL_OUTS = "select count(*) from tickets where next_call_out_at is not null"
UNACKNOWLEDGED = """
    select number from tickets
    where priority = 'critical' and acknowledged_at is null and next_call_out_at is null
"""
AUDITOR_WAITS = timedelta(minutes=20)  # and some more: he tells of a ticket that nobody takes
TIME_PASSES = """
    update calls set created_at = :then where sid in (
        select call_sid from tickets
        where priority = 'critical' and acknowledged_at is null and next_call_out_at is null
    )
"""
PASS_THE_LEASE = "update outbox set due_at = :now where id = :id and state = 'sending'"


def leave_alone(exchange: Exchange, product: StormProduct, folder: Path, setting: Setting) -> None:
    """Leaves the system alone until nothing waits any more, or for as long as it may take."""
    url, hurry = product.database.url, Hurry(product.database.url)

    def is_quiet() -> bool:
        if setting.is_hurried:
            hurry.look()
        # In the order in which things go: what leaves the telephone or a journal between two
        # looks is found by the next one.
        if not all(call.settled.is_set() for call in exchange.network.calls.all()):
            return False
        if journaled(offline_dirs(product.database.url, folder)):
            return False
        queries = [OPEN_CALLS, *([] if setting.is_hurried else [OPEN_CALL_OUTS]), OPEN_JOBS]
        return not any(count(url, query) for query in queries)

    def is_told() -> bool:
        sent = " ".join(m.body for m in exchange.messages() if m.to.startswith(CONTACTS))
        return is_quiet() and all(str(number) in sent for number in numbers(url, UNACKNOWLEDGED))

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
    """Lets the time pass for which leases and call-outs would have to be waited for."""

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


def sending(url: str) -> list[dict[str, object]]:
    return [dict(job) for job in read_rows(url).outbox if job["state"] == "sending"]


def as_stored(url: str, at: datetime) -> str:
    """A moment as the database writes it."""
    return at.replace(tzinfo=None).isoformat(" ") if url.startswith("sqlite") else at.isoformat()


def offline_dirs(url: str, folder: Path) -> tuple[Path, ...]:
    """Where the product keeps its journals."""
    return storage_dirs(folder / "offline", url)


def what_is_stored(product: StormProduct, folder: Path, offline_turns: int) -> Rows:
    """The rows, the journals and the logs, as a judge wants them."""
    said = product.said()
    return replace(
        read_rows(product.database.url),
        waiting=journaled(offline_dirs(product.database.url, folder)),
        faults=faults_in(said),
        fell_alone=product.ended_by_itself(),
        offline_turns=offline_turns,
        lifelines=said.count('"event": "lifeline"') + said.count('"event": "fallback"'),
    )
