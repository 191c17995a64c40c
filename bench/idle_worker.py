"""What a worker costs while nothing happens, and how late it is when something does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from app import clock
from app.actions.desks.import_desks import import_desks
from app.domain.access.actor import command_line
from app.domain.texts.message import Message
from app.store import Database, migrate, open_database
from app.store.desks import Edit
from app.store.outbox import NewJob, put_jobs
from app.store.tables import JobKind
from bench.desks import shipped
from bench.figures import Figure, at_most, percentile
from bench.servers import ROOT

IDLE_GOAL, LATE_GOAL = 1.0, 0.5  # per cent of a core; seconds
SETTLES = 20.0  # seconds after the start until every loop has had its first time
TIMES = 40  # SMS
SEED = 8
# The real worker, with a network that takes everything at once and notes when.
PROGRAM = """
import sys, time
from datetime import timedelta
from app.database_clock import DatabaseClock
from app.logs import configure
from app.store import open_database
from app.voice_prompts import texts
from app.worker.worker import Worker
from tests.support.fake_gateway import FakeGateway

class Network(FakeGateway):
    def send_sms(self, *, to, from_, body):
        print("sent", body.split()[-1], time.time_ns(), flush=True)
        return super().send_sms(to=to, from_=from_, body=body)

    def ring(self, **asked):
        print("rang", asked["call_sid"], time.time_ns(), flush=True)
        return super().ring(**asked)

class LaterClock(DatabaseClock):
    def now(self):
        return super().now() + timedelta(seconds=float(sys.argv[2]))

configure(level="WARNING")
worker = Worker(open_database(sys.argv[1]), Network(), texts(), clock=LaterClock())
worker.stop_on_signals()
print("loaded", flush=True)
sys.stdin.readline()
worker.run()
"""


def figures(kind: str, url: str, folder: Path, seconds: float) -> Iterator[Figure]:
    """Processor time of an idle worker, and seconds from a commit until it is acted upon."""
    part, log = f"An idle worker ({kind})", folder / "worker.log"
    migrate(url)
    database = open_database(url)
    import_desks(database, tuple(shipped()), Edit(command_line("bench"), clock.now()))
    with worker(url, log) as process:
        start_working(process)
        time.sleep(SETTLES if seconds > SETTLES else 0)
        yield at_most(
            part, "processor, of one core", busy_percent(process.pid, seconds), IDLE_GOAL, "%"
        )
        committed = commits_of_sms(database, TIMES)
        time.sleep(2 * LATE_GOAL)
    late = delays(committed, log)
    yield at_most(part, "commit to send, median", percentile(late, 0.5), LATE_GOAL, "s")
    yield at_most(part, f"commit to send, the latest of {TIMES}", max(late), LATE_GOAL, "s")
    database.close()


@contextmanager
def worker(url: str, log: Path, ahead: float = 0.0) -> Iterator[subprocess.Popen[bytes]]:
    """A worker as a process of its own, which waits to be let work.

    For it, it is so many seconds later than it is.
    """
    with log.open("wb") as told:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(ahead)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=told,
            stderr=told,
        )
    try:
        while "loaded" not in log.read_text("utf-8") and process.poll() is None:
            time.sleep(0.1)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def start_working(process: subprocess.Popen[bytes]) -> None:
    """Let the worker work from now on."""
    assert process.stdin
    process.stdin.write(b"\n")
    process.stdin.flush()


def busy_percent(pid: int, seconds: float) -> float:
    """How much of one core a process and its threads use in so many seconds."""
    before, began = processor_seconds(pid), time.monotonic()
    time.sleep(seconds)
    return 100 * (processor_seconds(pid) - before) / (time.monotonic() - began)


def processor_seconds(pid: int) -> float:
    """What a process has used until now, by Linux; its own threads included."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def commits_of_sms(database: Database, times: int) -> dict[str, int]:
    """Put so many SMS in the outbox, at any instant between two looks; when each was committed."""
    chance, committed = random.Random(SEED), {}
    for number in range(times):
        time.sleep(chance.uniform(0.3, 0.7))
        words = Message("sms_portal", "en", (("desk", "Bench"), ("portal", f"n{number}")))
        facts: dict[str, object] = {
            "to": "+4749009001",
            "from": "+4720000901",
            "message": asdict(words),
            "at": clock.now(),
            "time_zone": "UTC",
        }
        job = NewJob(JobKind.SMS, f"bench-{number}", facts)
        database.write(partial(put_jobs, jobs=[job], now=clock.now()))
        committed[f"n{number}"] = time.time_ns()
    return committed


def delays(committed: dict[str, int], log: Path) -> list[float]:
    """Seconds from each commit until the network was asked."""
    lines = (line.split() for line in log.read_text("utf-8").splitlines())
    sent = {words[1]: int(words[2]) for words in lines if words[:1] == ["sent"]}
    return [(sent[body] - at) / 1e9 for body, at in committed.items()]
