"""How long after a ticket becomes due somebody is rung about it: a real worker, in real time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app import clock
from app.actions.callouts.call_outs import begin_due_call_outs
from app.domain.callouts.next_call_out import PAUSE
from app.store import Database, migrate
from bench.figures import Figure, at_most, percentile
from bench.idle_worker import start_working, worker
from tests.support.call_out_steps import a_message_is_left, accepts, nobody_answers, the_call_out
from tests.support.sample_desk import NIGHT, folder, sample_database

GOAL: Final = 0.5  # seconds
TIMES: Final = 20
APART: Final = 1.7  # seconds between two tickets that become due: one rings at a time at a desk
MAKES: Final = 1.0  # seconds for each ticket
STARTS: Final = 30.0  # seconds until the worker looks for work, on a busy machine
ROUNDS_EVERY: Final = timedelta(minutes=5)  # as a desk has them that says nothing else
A_CALL_TAKES: Final = timedelta(seconds=10)
GIVES_UP: Final = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class DueTicket:
    """A ticket, which call-out about it comes next, and when that is due."""

    call_out: str
    due: datetime


def figures(kind: str, url: str, logs: Path, times: int = TIMES) -> Iterator[Figure]:
    """Seconds from when a ticket becomes due until the network is asked to ring somebody.

    Half of them after their caller's call, half after a call-out in vain.
    """
    part, log = f"Call-outs ({kind})", logs / "call-outs.log"
    migrate(url)
    shift = NIGHT - clock.now()
    with (
        sample_database(url, folder(customers=customers(times))) as database,
        worker(url, log, shift.total_seconds()) as process,
    ):
        first = clock.now() + shift + timedelta(seconds=MAKES * times + STARTS)
        dues = (first + timedelta(seconds=APART * number) for number in range(times))
        tickets = [a_ticket(database, number, due) for number, due in enumerate(dues)]
        start_working(process)
        late = list(delays(database, tickets, log, shift))
    yield at_most(part, "due to ring, median", percentile(late, 0.5), GOAL, "s")
    yield at_most(part, f"due to ring, the latest of {times}", max(late), GOAL, "s")


def customers(count: int) -> str:
    """A customer for each call: nobody is asked whether they call about the same."""
    rows = (f"{9100 + each},Kunde {each},standard,{caller(each)},," for each in range(count))
    return "\n".join(("number,name,agreement,phones,shared_phones,class", *rows, ""))


def caller(number: int) -> str:
    """The number of a customer who is nobody."""
    return f"+47490094{number:02}"


def a_ticket(database: Database, number: int, due: datetime) -> DueTicket:
    """Make a critical ticket that nobody took, in the past, so that it becomes due then."""
    is_round = number % 2 == 1
    before = PAUSE + (ROUNDS_EVERY if is_round else timedelta(0))
    start, ticket = due - before - A_CALL_TAKES, 1001 + number
    ended = a_message_is_left(database, f"CA{number}", caller=caller(number), start=start)
    if not is_round:
        return DueTicket(f"call-out-{ticket}-1", ended + PAUSE)
    begin_due_call_outs(database, ended + PAUSE)
    first = f"call-out-{ticket}-1"
    nobody_answers(database, ended + PAUSE + A_CALL_TAKES, first)
    began = the_call_out(database, first).started_at
    return DueTicket(f"call-out-{ticket}-2", began + ROUNDS_EVERY)


def delays(
    database: Database, tickets: list[DueTicket], log: Path, shift: timedelta
) -> Iterator[float]:
    """Let whoever is rung take the ticket, one after another; how late each was rung."""
    due = {each.call_out: (each.due - shift).timestamp() for each in tickets}
    give_up = max(due.values()) + GIVES_UP
    while due:
        if time.time() > give_up:
            raise TimeoutError(f"nobody was rung in {', '.join(due)}")
        time.sleep(0.02)
        for call_out, at in _rang(log):
            if call_out in due:
                accepts(database, clock.now() + shift, call_out)
                yield at - due.pop(call_out)


def _rang(log: Path) -> list[tuple[str, float]]:
    """Return in which call-outs the network was asked to ring somebody, and when."""
    lines = (line.split() for line in log.read_text("utf-8").splitlines())
    return [(words[1], int(words[2]) / 1e9) for words in lines if words[:1] == ["rang"]]
