"""Whom a ticket is answered to gets one mail a minute, of what still stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.move_ticket import (
    Close,
    MakeMove,
    MoveRequest,
    TicketChange,
    Undo,
    WriteComment,
    move_ticket,
)
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.event_messages import event_message
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.workflow_moves import MoveAsked
from app.domain.workflow.workflow import Mover
from app.gateways.send_failures import PermanentFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import DAY, DESK, DESK_TOML, folder, sample_database

OLA = "ola@skogli.example"
INBOX = '\n[inbox]\nmail = ["service@fjordhjelp.example"]\n'
START = DAY.replace(hour=10, minute=0, second=0, microsecond=0)
ASK = MakeMove(MoveAsked("ask", frozenset({Mover.AGENT}), "Which ward?"))
NOTE = WriteComment(Comment("The proxy?", Side.DESK, Visibility.INTERNAL))
REPLY = WriteComment(Comment("Restart it, please.", Side.DESK))
ANSWER = WriteComment(Comment("Ward 2.", Side.CUSTOMER))


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + INBOX)) as database:
        yield database


def opened(database: Database, email: str = OLA) -> None:
    asked = TicketAsked(
        desk=DESK,
        priority=Priority.MEDIUM,
        subject="The printer",
        by=Actor(ActorKind.COMMAND, "Kari", via="vakt ticket"),
        customer="9001",
        number="",
        name="Ola Nordmann",
        email=email,
        note="",
    )
    open_asked_ticket(database, OpenRequest(asked, "test", "1"), START)


def does(database: Database, change: TicketChange, at: datetime, who: str = "Kari") -> None:
    by = Actor(ActorKind.PERSON, who, f"id-{who}")
    assert move_ticket(database, MoveRequest(1001, change, by), at)


def work(database: Database, network: FakeGateway, now: datetime) -> None:
    count = 0
    while do_next_job(database, cast(Sender, network), texts(), now):
        count += 1
        assert count < 50


def to_ola(network: FakeGateway) -> list[str]:
    return [each.body for each in network.letters if each.to == OLA]


def test_all_of_a_minute_is_one_mail_with_what_the_customer_may_read(database: Database) -> None:
    network = FakeGateway()
    opened(database)
    does(database, NOTE, START + timedelta(seconds=20))
    does(database, ASK, START + timedelta(seconds=40))
    work(database, network, START + timedelta(seconds=69))
    assert to_ola(network) == [], "the minute, and what may be undone of it, is not over"
    work(database, network, START + timedelta(seconds=71))
    [mail] = [each for each in network.letters if each.to == OLA]
    assert mail.subject == "Sak 1001: The printer"
    assert mail.thread == "customer:1001"
    for words in ("med nummer 1001", "Kari skriver:\n\nWhich ward?", "venter på svar fra deg"):
        assert words in mail.body
    assert f"/portal/{DESK}" in mail.body
    assert "proxy" not in mail.body
    does(database, Close(), START + timedelta(minutes=5))
    work(database, network, START + timedelta(minutes=7))
    assert len(to_ola(network)) == 2
    assert "Saken er løst og lukket." in to_ola(network)[1]


def test_what_was_taken_back_is_never_told(database: Database) -> None:
    network = FakeGateway()
    opened(database)
    work(database, network, START + timedelta(minutes=2))
    network.letters.clear()
    just_before = START + timedelta(minutes=5, seconds=55)
    does(database, ASK, just_before)
    does(database, Undo(), just_before + timedelta(seconds=9))
    work(database, network, START + timedelta(minutes=9))
    assert to_ola(network) == []


def test_the_customers_own_words_go_to_the_desk_and_not_back(database: Database) -> None:
    network = FakeGateway()
    opened(database)
    does(database, ASK, START)
    work(database, network, START + timedelta(minutes=2))
    network.letters.clear()
    does(database, ANSWER, START + timedelta(minutes=5), "Ola Nordmann")
    work(database, network, START + timedelta(minutes=7))
    [mail] = network.letters
    assert mail.to == "service@fjordhjelp.example"
    assert "Ola Nordmann skrev:\nWard 2." in mail.body


def test_a_mail_that_cannot_be_delivered_is_shown_on_the_ticket(database: Database) -> None:
    network = FakeGateway()
    network.refuses_mail = PermanentFailure("550 no such user")
    opened(database)
    work(database, network, START + timedelta(minutes=2))
    with database.read() as connection:
        failed = [each for each in ticket_events(connection, 1001) if "failed" in each.kind]
    assert "customer" in [each.who for each in failed]
    [told] = [event_message(e.kind, e.who, e.facts, "nb") for e in failed if e.who == "customer"]
    words = texts().render(told, now=START, time_zone="Europe/Oslo", spoken=False)
    assert "kunden" in words.lower()


def test_without_an_address_nobody_is_mailed(database: Database) -> None:
    network = FakeGateway()
    opened(database, email="")
    does(database, REPLY, START)
    work(database, network, START + timedelta(minutes=2))
    assert [each.to for each in network.letters] == ["service@fjordhjelp.example"]


def test_a_note_taken_back_does_not_hide_that_the_case_was_closed(database: Database) -> None:
    network = FakeGateway()
    opened(database)
    work(database, network, START + timedelta(minutes=2))
    network.letters.clear()
    at = START + timedelta(minutes=5)
    does(database, Close(), at)
    does(database, NOTE, at + timedelta(seconds=10))
    does(database, Undo(), at + timedelta(seconds=15))
    work(database, network, at + timedelta(minutes=2))
    [mail] = to_ola(network)
    assert "Saken er løst og lukket." in mail
