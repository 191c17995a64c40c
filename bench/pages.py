"""What open pages cost the telephone: turns on schedule with and without fifty people who read."""

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

from app import clock
from app.actions.access.sessions import begin_session
from app.actions.access.users import add_user
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import EVERYTHING
from app.domain.access.users import Grant
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.users import NewUser
from app.web.session import COOKIE, HOST_ONLY
from bench import desks
from bench.calls import Exchange
from bench.figures import Figure, at_least, at_most, percentile
from bench.page_readers import READING
from bench.servers import PRODUCT, ROOT, Served, serving
from bench.telephones import Heard, Telephones, schedule
from bench.turns import CALLERS_AT_ONCE, PER_SECOND, refuse_losses

READERS = 50
COST_GOAL, UNCHANGED_GOAL = 1.2, 95.0  # of the p99 without readers; per cent
WARM_UP = 1.0  # seconds of reading before turns are timed


@contextmanager
def people_reading(served: Served, cookie: str, answers: Counter[str]) -> Iterator[None]:
    """Have people read Now meanwhile, and count what they were answered."""
    command = [sys.executable, "-m", "bench.page_readers", str(served.port), cookie, str(READERS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as readers:
        try:
            assert readers.stdout, "asked for above"
            assert readers.stdout.readline().strip() == READING
            sleep(WARM_UP)
            yield
        finally:
            readers.send_signal(signal.SIGTERM)
            told, _ = readers.communicate(timeout=60)
            answers.update(json.loads(told))


def figures(kind: str, url: str, folder: Path, rounds: int, seconds: float) -> Iterator[Figure]:
    """The telephone's p99 with readers beside that without, and how often nothing had changed."""
    part = f"{READERS} pages open on {kind}"
    database = desks.prepared(url, desks.shipped())
    cookie = f"{HOST_ONLY}{COOKIE}={logged_in(database)}"
    alone: list[float] = []
    beside: list[float] = []
    busy: Counter[str] = Counter()
    quiet: Counter[str] = Counter()
    try:
        with serving(PRODUCT, url, folder) as served:
            exchange = Exchange()
            turns_on_schedule(served, exchange, seconds)  # processes read their documents
            for at in range(rounds):
                for is_read in (True, False) if at % 2 else (False, True):
                    if is_read:
                        with people_reading(served, cookie, busy):
                            beside += turns_on_schedule(served, exchange, seconds).latencies
                    else:
                        alone += turns_on_schedule(served, exchange, seconds).latencies
            with people_reading(served, cookie, quiet):
                sleep(seconds)
    finally:
        database.close()
    slowest = [1000 * percentile(each, 0.99) for each in (alone, beside)]
    yield at_most(part, "telephone's p99, beside that without", slowest[1] / slowest[0], COST_GOAL)
    yield Figure(part, "p99 without", slowest[0], "ms")
    yield Figure(part, "p99 with them", slowest[1], "ms")
    yield Figure(part, "pages asked for a second", busy.total() / (rounds * seconds))
    yield at_most(part, "pages without an answer", _bad(busy) + _bad(quiet), 0)
    yield Figure(part, "unchanged while calls came", _unchanged(busy), "%")
    yield at_least(part, "unchanged on a quiet page", _unchanged(quiet), UNCHANGED_GOAL, "%")


def turns_on_schedule(served: Served, exchange: Exchange, seconds: float) -> Heard:
    """Take fifty turns a second at random moments; TurnsLost where one had no right answer."""
    calls = exchange.calls(int(PER_SECOND * seconds))
    plan = schedule(calls, PER_SECOND, CALLERS_AT_ONCE, seed=1)
    telephones = Telephones(served.port, CALLERS_AT_ONCE)
    try:
        heard = telephones.on_schedule(plan)
    finally:
        telephones.close()
    refuse_losses(heard)
    return heard


def logged_in(database: Database, role: AccessRole = AccessRole.READER) -> str:
    """The secret of somebody who has a role at every desk."""
    now = clock.now()
    new = NewUser("reader@vakt.example.org", "Reader", "nb", None)
    by = Author(command_line("bench"), now)
    user = add_user(database, new, (Grant(role, EVERYTHING),), by)
    return database.write(
        lambda connection: begin_session(
            connection, user, LoginKind.PASSWORD, Client("192.0.2.1"), now
        )
    )


def _unchanged(answers: Counter[str]) -> float:
    again = answers.total() - answers["first"]
    return 100 * answers["304"] / max(1, again)


def _bad(answers: Counter[str]) -> int:
    return sum(count for status, count in answers.items() if status not in ("first", "200", "304"))
