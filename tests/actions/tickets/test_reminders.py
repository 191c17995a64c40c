"""A case that waits for its customer: reminded twice, then inactive, then closed. And silence."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy import select

from app.actions.access.users import disable_user
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.move_ticket import (
    MakeMove,
    MoveRequest,
    WriteComment,
    move_ticket,
)
from app.actions.tickets.open_ticket import Opened, OpenRequest, open_asked_ticket
from app.actions.tickets.review_targets import review_due_targets
from app.domain.access.actor import Actor, ActorKind, command_line
from app.domain.config.folder_reader import read_folder
from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Comment, Side
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.outcome import Outcome
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from app.store import Database
from app.store.desks import Edit
from app.store.tables import JobRow, TicketRow
from app.store.ticket_lists import find_ticket, ticket_events
from app.voice_prompts import texts
from tests.domain.time.wall_clock import in_oslo, oslo
from tests.support.backends import ONE_DATABASE
from tests.support.fake_gateway import FakeGateway
from tests.support.imported_desks import put_desks
from tests.support.sample_desk import DESK, edit
from tests.support.shipped_desks import folder_files
from tests.support.target_desk import a_folder
from tests.support.users import a_user, author

BY: Final = Actor(ActorKind.COMMAND, "Konsulent", via="vakt ticket")
MONDAY: Final = oslo("2026-11-02 10:00")


@pytest.fixture
def prokom(database: Database) -> Iterator[Database]:
    folder = read_folder(folder_files("prokom"), "prokom")
    put_desks(database, [folder], Edit(command_line("Leder"), MONDAY - timedelta(days=30)))
    return database


def opened(database: Database, desk: str, priority: Priority = Priority.LOW) -> int:
    asked = TicketAsked(desk, priority, "Skjema", BY, email="kunde@kommune.example")
    answer = open_asked_ticket(database, OpenRequest(asked, "test", "1"), MONDAY)
    assert isinstance(answer, Opened)
    return answer.number


def let_time_pass(database: Database, until: datetime) -> None:
    """From one instant at which something may follow to the next."""
    for _ in range(100):
        with database.read() as connection:
            at = connection.execute(select(TicketRow.target_review_at)).scalar()
        if at is None or at > until:
            return
        review_due_targets(database, max(at, MONDAY))
    raise AssertionError("the same ticket again and again")


def history(database: Database, number: int) -> list[tuple[str, str]]:
    with database.read() as connection:
        events = ticket_events(connection, number)
    return [(in_oslo(each.at), str(each.kind)) for each in events[1:]]


def test_a_customer_is_reminded_twice_then_the_case_is_inactive_then_closed(
    prokom: Database,
) -> None:
    number = opened(prokom, "prokom")
    ask = MoveAsked("ask", frozenset({Mover.AGENT}), comment="Hvilken nettleser?")
    asked = move_ticket(prokom, MoveRequest(number, MakeMove(ask), BY), MONDAY)
    assert isinstance(asked, Outcome)
    before = len(history(prokom, number))
    let_time_pass(prokom, MONDAY + timedelta(days=100))
    assert history(prokom, number)[before:] == [
        ("Thu 2026-11-05 10:00", "customer_reminded"),  # three working days
        ("Tue 2026-11-10 10:00", "customer_reminded"),  # six
        ("Mon 2026-11-16 10:00", "moved"),  # ten
        ("Mon 2026-11-30 10:00", "closed"),  # ten more
    ]
    with prokom.read() as connection:
        ticket = find_ticket(connection, number)
        to_customer = select(JobRow.payload).where(JobRow.dedup.startswith("reminder:"))
        jobs = connection.execute(to_customer).scalars().all()
    assert ticket
    assert (ticket.work.state, ticket.closed_by) == ("closed", "workflow")
    assert len(jobs) == 2
    assert all("kunde@kommune.example" in each for each in jobs)


def test_a_worker_that_was_away_reminds_once_and_waits_a_day_before_it_moves(
    prokom: Database,
) -> None:
    number = opened(prokom, "prokom")
    ask = MoveAsked("ask", frozenset({Mover.AGENT}), comment="Hvilken nettleser?")
    move_ticket(prokom, MoveRequest(number, MakeMove(ask), BY), MONDAY)
    before = len(history(prokom, number))
    back = oslo("2026-11-25 10:00")
    while review_due_targets(prokom, back):
        pass
    let_time_pass(prokom, back + timedelta(days=1))
    assert history(prokom, number)[before:] == [
        ("Wed 2026-11-25 10:00", "customer_reminded"),
        ("Thu 2026-11-26 10:00", "moved"),
    ]


SILENCE: Final = """
[silence]
after = "8 hours"
calendar = "desk"

[target_warning]
at = "1 hour before"

[inbox]
mail = ["saker@fjordhjelp.example"]
"""


def test_a_desk_is_warned_once_and_reminded_while_its_customer_hears_nothing(
    database: Database,
) -> None:
    put_desks(database, [a_folder(more=SILENCE)], edit(MONDAY))
    number = opened(database, DESK, Priority.HIGH)  # answer within 2 hours, solution within 4
    let_time_pass(database, oslo("2026-11-03 12:00"))
    assert history(database, number) == [
        ("Mon 2026-11-02 11:00", "target_near"),  # an hour before 12:00
        ("Mon 2026-11-02 12:00", "escalated"),
        ("Mon 2026-11-02 12:00", "target_missed"),
        ("Mon 2026-11-02 13:00", "target_near"),  # an hour before 14:00
        ("Mon 2026-11-02 14:00", "target_missed"),
        ("Tue 2026-11-03 10:00", "silent"),  # 6 hours on Monday, 2 on Tuesday
    ]
    wrote = WriteComment(Comment("Vi er i gang.", Side.DESK))
    move_ticket(database, MoveRequest(number, wrote, BY), oslo("2026-11-03 15:00"))
    let_time_pass(database, oslo("2026-11-05 08:00"))
    assert history(database, number)[-1] == ("Wed 2026-11-04 15:00", "silent")
    with database.read() as connection:
        to_desk = select(JobRow.dedup).where(JobRow.dedup.startswith("reminder:"))
        jobs = connection.execute(to_desk).scalars().all()
    assert len(jobs) == 4


@ONE_DATABASE
def test_a_customer_who_is_shut_out_is_mailed_no_reminder(prokom: Database) -> None:
    kunde = a_user(prokom, "kunde", None)
    disable_user(prokom, kunde.id, author(MONDAY))
    number = opened(prokom, "prokom")
    ask = MoveAsked("ask", frozenset({Mover.AGENT}), comment="Hvilken nettleser?")
    move_ticket(prokom, MoveRequest(number, MakeMove(ask), BY), MONDAY)
    before = len(history(prokom, number))
    let_time_pass(prokom, MONDAY + timedelta(days=100))
    assert history(prokom, number)[before:] == [
        ("Thu 2026-11-05 10:00", "customer_not_reminded"),
        ("Tue 2026-11-10 10:00", "customer_not_reminded"),
    ], "nor is the case put away: nobody has told them"
    with prokom.read() as connection:
        jobs = select(JobRow.payload).where(JobRow.dedup.startswith("reminder:"))
        mails = connection.execute(jobs).scalars().all()
    assert not any("kunde@kommune.example" in each for each in mails)


@ONE_DATABASE
def test_a_desks_program_is_told_of_what_is_near_missed_and_escalated(database: Database) -> None:
    webhook = 'webhook = "https://sak.fjordhjelp.example/h"\n'
    put_desks(database, [a_folder(more=SILENCE + webhook)], edit(MONDAY))
    number = opened(database, DESK, Priority.HIGH)
    let_time_pass(database, oslo("2026-11-02 12:30"))
    gateway = FakeGateway()
    while do_next_job(database, gateway, texts(), oslo("2026-11-02 12:30")):
        pass
    told = [json.loads(post.body) for post in gateway.posts]
    assert {each["data"]["ticket"]["number"] for each in told} == {number}
    targets = {each["type"]: each["data"].get("target") for each in told}
    answer = {"kind": "response", "due": "2026-11-02T12:00:00+01:00"}
    assert targets == {
        "ticket.opened": None,
        "ticket.target_near": answer,
        "ticket.target_missed": answer,
        "ticket.escalated": answer
        | {"level": 1, "role": "Teamleiar", "since": "2026-11-02T12:00:00+01:00"},
    }
    assert len(told) == 4, "each once"
