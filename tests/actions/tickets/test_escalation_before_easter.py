"""ROR-IKT's matrix on the Friday afternoon before Easter: each level is told at its minute.

Four cases, one of each priority, are opened on Friday 27 March 2026 at 14:00 and nobody does
anything. Computed by hand. The desk is open 08:00-15:30, 7.5 hours, so that Friday has 1.5 hours
left. The clocks go forward on Sunday the 29th. Thursday 2 and Friday 3 April and Monday the 6th
are holidays; the Wednesday before is a whole day, because the desk names no early closing.
Working days after that Friday: Mon 30 (1), Tue 31 (2), Wed 1 April (3), Tue 7 (4), Wed 8 (5),
Thu 9 (6), Fri 10 (7), Mon 13 (8), Tue 14 (9), Wed 15 (10), Thu 16 (11), Fri 17 (12), Mon 20 (13),
Tue 21 (14), Wed 22 (15), Thu 23 (16), Fri 24 (17), Mon 27 (18), Tue 28 (19), Wed 29 (20).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select

from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
from app.actions.tickets.review_targets import review_due_targets
from app.domain.access.actor import Actor, ActorKind, command_line
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Priority
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.new_ticket_input import TicketAsked
from app.store import Database
from app.store.desks import Edit
from app.store.tables import JobRow
from app.store.ticket_lists import ticket_events
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.imported_desks import put_desks
from tests.support.shipped_desks import folder_files

OPENED: Final = oslo("2026-03-27 14:00")
MINUTE: Final = timedelta(minutes=1)
BY: Final = Actor(ActorKind.COMMAND, "Kundeservice 1", via="vakt ticket")
LEADER, HEAD, MANAGER = "Leder kundeservice", "Avdelingsleder", "Daglig leder"

# When, which case, which clock, which level, and why: in brackets what is left of the last day.
TABLE: Final = """
Fri 2026-03-27 14:15 | critical | response | 1 | 15 min
Fri 2026-03-27 14:30 | critical | response | 2 | 30 min
Fri 2026-03-27 15:00 | critical | response | 3 | 1 h
Fri 2026-03-27 15:00 | high     | response | 1 | 1 h
Mon 2026-03-30 08:30 | critical | solution | 1 | 2 h: 1.5 on Friday, [0.5]
Mon 2026-03-30 08:30 | high     | response | 2 | 2 h: the same
Mon 2026-03-30 09:30 | medium   | response | 1 | 3 h: 1.5 on Friday, [1.5]
Mon 2026-03-30 10:30 | critical | solution | 2 | 4 h: 1.5 on Friday, [2.5]
Mon 2026-03-30 10:30 | high     | response | 3 | 4 h: the same
Mon 2026-03-30 10:30 | high     | solution | 1 | 4 h: the same
Mon 2026-03-30 10:30 | low      | response | 1 | 4 h: the same
Mon 2026-03-30 12:30 | critical | solution | 3 | 6 h: 1.5 on Friday, [4.5]
Mon 2026-03-30 12:30 | medium   | response | 2 | 6 h: the same
Mon 2026-03-30 14:30 | high     | solution | 2 | 8 h: 1.5 on Friday, [6.5]
Mon 2026-03-30 14:30 | low      | response | 2 | 8 h: the same
Tue 2026-03-31 11:00 | medium   | response | 3 | 12 h: 1.5 on Friday, 7.5 on Monday, [3]
Tue 2026-03-31 14:00 | high     | solution | 3 | 2 days
Tue 2026-03-31 15:00 | low      | response | 3 | 16 h: 1.5 on Friday, 7.5 on Monday, [7]
Wed 2026-04-01 14:00 | medium   | solution | 1 | 3 days
Wed 2026-04-08 14:00 | low      | solution | 1 | 5 days: before the target, a forewarning
Thu 2026-04-09 14:00 | medium   | solution | 2 | 6 days
Wed 2026-04-15 14:00 | low      | solution | 2 | 10 days
Fri 2026-04-17 14:00 | medium   | solution | 3 | 12 days
Wed 2026-04-29 14:00 | low      | solution | 3 | 20 days
"""
CONTACT: Final = {1: LEADER, 2: HEAD, 3: MANAGER}
Told = tuple[str, Priority, str, int]


def by_hand() -> list[Told]:
    rows = [line.split(" | ") for line in TABLE.strip().splitlines()]
    return [(at, Priority(level.strip()), kind, int(n)) for at, level, kind, n, _why in rows]


@pytest.fixture
def database(database: Database) -> Iterator[Database]:
    folder = read_folder(folder_files("kundeservice"), "kundeservice")
    put_desks(database, [folder], Edit(command_line("Teamleder"), OPENED - timedelta(days=30)))
    return database


def opened(database: Database, priority: Priority) -> int:
    asked = TicketAsked("kundeservice", priority, "Fagsystemet svarer ikke", BY)
    answer = open_asked_ticket(database, OpenRequest(asked, "test", priority), OPENED)
    assert isinstance(answer, Opened)
    return answer.number


def look(database: Database, at: datetime) -> None:
    while review_due_targets(database, at):
        pass


def told(database: Database, numbers: dict[Priority, int]) -> list[Told]:
    with database.read() as connection:
        return [
            (
                in_oslo(event.at),
                priority,
                str(event.facts["target"]),
                int(str(event.facts["level"])),
            )
            for priority, number in numbers.items()
            for event in ticket_events(connection, number)
            if event.kind == TicketEventKind.ESCALATED
        ]


def test_every_level_is_told_at_the_minute_that_was_computed_by_hand(database: Database) -> None:
    numbers = {priority: opened(database, priority) for priority in Priority}
    expected = by_hand()
    assert len(expected) == 24, "four priorities, three levels, two clocks"
    for minute in sorted({oslo(row[0][4:]) for row in expected}):
        before = told(database, numbers)
        look(database, minute - MINUTE)
        assert told(database, numbers) == before, f"nothing before {in_oslo(minute)}"
        look(database, minute)
    assert sorted(told(database, numbers)) == sorted(expected)
    look(database, minute + timedelta(days=300))
    assert len(told(database, numbers)) == 24, "each once, and no more after the last"
    with database.read() as connection:
        jobs = connection.execute(
            select(JobRow.person, JobRow.kind, JobRow.dedup).where(
                JobRow.dedup.startswith("escalation:")
            )
        ).all()
    sent = sorted((job.dedup, job.person) for job in jobs)
    assert sent == sorted(
        (f"escalation:{numbers[priority]}:{kind}:{level}:{priority}:{way}", CONTACT[level])
        for _, priority, kind, level in expected
        for way in ("sms", "mail")
    )
