"""What pages cost among 100,000 tickets: the queue, a ticket, and how targets were kept."""

import http.client
import random
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, insert, text

from app import clock
from app.domain.access.permissions import AccessRole
from app.domain.desks.desk import Priority
from app.domain.numbers import NumberKind
from app.domain.tickets.ticket import Source, WakesDuty
from app.domain.workflow.status import Status
from app.store import Database
from app.store.desks import list_desks
from app.store.people import list_customers
from app.store.tables import TicketRow, TicketWordRow
from app.web.session import COOKIE, HOST_ONLY
from bench import desks, pages
from bench.figures import Figure, at_most, percentile
from bench.servers import PRODUCT, Served, serving

TICKETS: Final = 100_000
OPEN_IN_TEN: Final = 3
WORDS_EACH: Final = 10
AT_ONCE: Final = 5000
GOAL: Final = 150.0  # ms, of a whole answer
GOAL_OF_TARGETS: Final = 0.6  # s: a fifth of three seconds for all the tickets
IN_THE_MIDDLE: Final = 51_001
SEED: Final = 10
COMMON: Final = ("skriver", "innlogging", "pc", "nett", "passord", "journal", "treg", "feil")
SYLLABLES: Final = ("sko", "lis", "tra", "ven", "mor", "dal", "bek", "fjo", "hei", "rud", "gar")
# Name and question: what people ask, from the usual to the worst that there is.
ASKED: Final = (
    ("all open", "view=open"),
    ("mine", "view=mine"),
    ("unassigned", "view=unassigned"),
    ("breaching", "view=breaching"),
    ("closed", "view=closed"),
    ("a priority of one desk", "view=open&desk=prokom&priority=low"),
    ("a group that has none", "view=open&group=second_line"),
    ("a customer's closed ones", "view=closed&customer=1001"),
    ("deep in the closed ones", "view=closed&after=-31000"),
    ("search: a common word", "q=skriver"),
    ("search: a rare word", "q=skolistraven"),
    ("search: two letters", "q=sk"),
    ("search: three words", "q=skriver+innlogging+treg"),
    ("search: a customer's name", "q=kommune"),
    ("search: a ticket's number", "q=54321"),
    ("search: a telephone number", f"q={quote('49 00 01 23')}"),
    ("search: nothing like it", "q=zzzz"),
)  # fmt: skip


def figures(kind: str, url: str, folder: Path, rounds: int) -> Iterator[Figure]:
    """The median of the whole answer for each question."""
    part = f"queue of {TICKETS} tickets on {kind}"
    database = desks.prepared(url, desks.shipped())
    try:
        fill(database, TICKETS)
        cookie = f"{HOST_ONLY}{COOKIE}={pages.logged_in(database, AccessRole.AGENT)}"
        with serving(PRODUCT, url, folder) as served:
            for name, query in ASKED:
                took = _seconds(served, cookie, f"/tickets?{query}", rounds)
                yield at_most(part, f"p50, {name}", 1000 * percentile(took, 0.5), GOAL, "ms")
            took = _seconds(served, cookie, f"/tickets/{IN_THE_MIDDLE}", rounds)
            yield at_most(part, "p50, a ticket", 1000 * percentile(took, 0.5), GOAL, "ms")
            took = _seconds(served, cookie, "/desks/prokom/targets", 1)
            yield at_most(part, "targets of one desk of five", took[0], GOAL_OF_TARGETS, "s")
    finally:
        database.close()


def _seconds(served: Served, cookie: str, path: str, rounds: int) -> list[float]:
    """How long each answer took; the first two are not counted: processes read their documents."""
    took = []
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=30)
    for _ in range(rounds + 2):
        began = perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        answer.read()
        took.append(perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return took[2:]


def fill(database: Database, count: int) -> None:
    """Store so many tickets of the shipped desks, three in ten of them open."""
    chance = random.Random(SEED)  # the same tickets each time
    vocabulary = ["".join(chance.sample(SYLLABLES, 4)) for _ in range(4000)]
    with database.read() as connection:
        there = [
            (live.desk.id, [each.number for each in list_customers(connection, live.desk.id)])
            for live in list_desks(connection)
        ]
    made = _tickets(chance, there, count)
    while some := list(islice(made, AT_ONCE)):
        words = [
            {"ticket": row["number"], "word": word}
            for row in some
            for word in {
                chance.choice(COMMON),
                *(chance.choice(vocabulary) for _ in range(WORDS_EACH)),
            }
        ]
        database.write(partial(_insert, tickets=some, words=words))
    if not database.is_sqlite:  # as its own housekeeping would
        with database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _insert(
    connection: Connection, tickets: list[dict[str, Any]], words: list[dict[str, Any]]
) -> None:
    connection.execute(insert(TicketRow), tickets)
    connection.execute(insert(TicketWordRow), words)


def _tickets(
    chance: random.Random, there: list[tuple[str, list[str]]], count: int
) -> Iterator[dict[str, Any]]:
    now = clock.now()
    for number in range(1001, 1001 + count):
        desk, customers = chance.choice(there)
        is_open = chance.randrange(10) < OPEN_IN_TEN
        opened_at = now - timedelta(minutes=count + 1001 - number)
        due = opened_at + timedelta(days=chance.uniform(0.1, 60)) if chance.random() < 0.5 else None
        is_assigned = chance.random() < 0.7
        status = chance.choice((Status.OPEN, Status.IN_PROGRESS, Status.WAITING))
        yield {
            "number": number, "desk": desk, "source": Source.STAFF, "subject": "Skriveren er treg",
            "customer": chance.choice(customers) if customers else None,
            "caller": f"+474900{number % 10_000:04}", "caller_kind": NumberKind.MOBILE,
            "contact_name": "", "contact_email": "", "line": "", "language": "nb",
            "priority": chance.choice(tuple(Priority)),
            "status": status if is_open else Status.CLOSED,
            "wakes_duty": WakesDuty.NEVER, "no_keys": False, "created_at": opened_at,
            "next_due_at": due if is_open and status is not Status.WAITING else None,
            "respond_by": due, "closed_at": None if is_open else opened_at + timedelta(hours=5),
            "state": "", "moved_by": "", "group_id": "", "changed_by": "", "offset_seconds": 0.0,
            "assignee_name": "Kari" if is_assigned else None,
            "assignee_id": str(chance.randrange(1, 40)) if is_assigned else None,
        }  # fmt: skip
