"""A ticket that somebody at the desk opens: once, with what was agreed, and the duty is called."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.personal_data import erase_person
from app.actions.privacy.purge import purge_batch
from app.actions.tickets.move_ticket import SetPriority, move_ticket
from app.actions.tickets.open_ticket import (
    Answer,
    KeyReused,
    NotOpened,
    Opened,
    OpenRequest,
    open_asked_ticket,
)
from app.domain.access.actor import Actor, ActorKind
from app.domain.desks.desk import Priority
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.ticket import Source, Ticket
from app.domain.workflow.status import Status
from app.gateways.sender import Sender
from app.store import Database
from app.store.tables import CallOutRow, JobRow
from app.store.ticket_lists import find_ticket, list_tickets, ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import (
    CALL_OUT_1,
    CALL_OUT_2,
    accepts,
    nobody_answers,
    the_call_out,
)
from tests.support.contacts import ONE_CONTACT
from tests.support.desk_moves import CLOSE, asked
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DAY,
    DESK,
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    NIGHT,
    folder,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall

INBOX = """
[inbox]
mail = ["service@fjordhjelp.example"]
"""
MINUTE = timedelta(minutes=1)
SOMEBODYS = "+4749009077"
ASKED = TicketAsked(
    DESK,
    Priority.CRITICAL,
    "Journalen svarer ikke",
    Actor(ActorKind.TOKEN, "Teamleiar", via="token portal"),
    customer="9001",
    number="490 09 077",
    name="Kari Nordmann",
    email="kari@skogli.example",
    note="meldt i chat",
)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + ONE_CONTACT + INBOX)) as database:
        yield database


def opens(
    database: Database, ticket: TicketAsked = ASKED, key: str = "1", now: datetime = NIGHT
) -> Answer:
    return open_asked_ticket(database, OpenRequest(ticket, "token 1", key), now)


def found(database: Database, number: int = 1001) -> Ticket:
    with database.read() as connection:
        ticket = find_ticket(connection, number)
    assert ticket
    return ticket


def kinds(database: Database) -> list[str]:
    with database.read() as connection:
        return [str(event.kind) for event in ticket_events(connection, 1001)]


def work(database: Database, now: datetime) -> FakeGateway:
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass
    return network


# --- the story of a night -----------------------------------------------------------------


def test_the_duty_is_rung_at_once_presses_1_and_has_the_ticket(database: Database) -> None:
    assert opens(database) == Opened(1001, is_new=True)
    assert begin_due_call_outs(database, NIGHT) == 1
    network = work(database, NIGHT)

    assert [(each["to"], each["from_"]) for each in network.did("ring")] == [(DUTY_1, DUTY)]
    sms = {each["to"]: each["body"] for each in network.did("sms")}
    assert sms[DUTY_1] == (
        "Fjordhjelp: Ingen har tatt sak 1001, kritisk (+4749009077): Journalen svarer ikke"
    )
    assert set(sms) == {DUTY_1, DUTY_2}

    accepts(database, later(20), CALL_OUT_1)
    ticket = found(database)
    assert (ticket.acknowledged_by, ticket.status) == ("Duty 1", Status.ACKNOWLEDGED)
    assert ticket.next_call_out_at is None
    assert begin_due_call_outs(database, NIGHT + 10 * MINUTE) == 0
    assert kinds(database) == ["opened", "acknowledged"]


@ONE_DATABASE
def test_nobody_answers_and_it_goes_on_until_the_contacts_are_told(database: Database) -> None:
    opens(database)
    begin_due_call_outs(database, NIGHT)
    nobody_answers(database, NIGHT + MINUTE)
    rung = [leg.callee.number for leg in the_call_out(database).legs]
    assert rung[0] == DUTY_1
    assert DUTY_2 in rung

    assert begin_due_call_outs(database, NIGHT + 6 * MINUTE) == 1
    nobody_answers(database, NIGHT + 7 * MINUTE, CALL_OUT_2)
    for minute in range(8, 70):
        begin_due_call_outs(database, NIGHT + minute * MINUTE)
        number = found(database).call_outs_made
        nobody_answers(database, NIGHT + minute * MINUTE, f"call-out-1001-{number}")
    ticket = found(database)
    assert ticket.call_outs_made >= 10
    assert ticket.next_call_out_at is None
    assert "alarmed" in kinds(database)
    told = work(database, NIGHT + 70 * MINUTE).did("sms")
    assert any(
        each["to"] == "+4749009301" and "Ingen har tatt sak 1001" in str(each["body"])
        for each in told
    )


@ONE_DATABASE
def test_a_call_out_is_about_the_ticket_and_no_list_of_calls_has_a_caller_of_it(
    database: Database,
) -> None:
    opens(database)
    begin_due_call_outs(database, NIGHT)
    ring = the_call_out(database)
    assert ring.caller.digits == SOMEBODYS
    assert ring.ticket
    assert (ring.ticket.number, ring.ticket.subject) == (1001, "Journalen svarer ikke")
    assert ring.ticket.contact.name == "", "calls keep no names"


@ONE_DATABASE
def test_whoever_is_known_to_have_it_is_rung_when_the_contact_calls_about_it(
    database: Database,
) -> None:
    opens(database)
    call = DrivenCall(database, caller=SOMEBODYS, start=NIGHT + MINUTE)
    call.arrives()
    assert call.stored.recent_ticket
    assert call.stored.recent_ticket.number == 1001
    call.presses("1")
    assert (call.stored.joined, found(database).calls) == (1, 1)


# --- only what is urgent ------------------------------------------------------------------


@ONE_DATABASE
def test_one_that_is_not_urgent_rings_nobody_until_it_is_made_critical(database: Database) -> None:
    opens(database, replace(ASKED, priority=Priority.HIGH))
    assert found(database).next_call_out_at is None
    assert begin_due_call_outs(database, NIGHT + MINUTE) == 0
    raised = asked(1001, SetPriority(Priority.CRITICAL))
    move_ticket(database, raised, NIGHT + 5 * MINUTE)
    assert begin_due_call_outs(database, NIGHT + 5 * MINUTE) == 1


@ONE_DATABASE
def test_by_day_the_desk_is_there_itself_and_the_duty_is_not_called(database: Database) -> None:
    opens(database, now=DAY)
    assert begin_due_call_outs(database, DAY) == 0
    assert found(database).next_call_out_at == DAY + 5 * MINUTE, "and it is looked at again"


def test_a_critical_one_wakes_the_duty_whatever_its_customer_has_agreed(
    migrated_sqlite_url: str,
) -> None:
    desk = DESK_TOML.replace("includes_duty = true", "includes_duty = false")
    with sample_database(migrated_sqlite_url, folder(desk=desk)) as database:
        opens(database)
        assert begin_due_call_outs(database, NIGHT) == 1


@ONE_DATABASE
def test_without_customer_and_contact_it_is_no_strangers_and_rings_all_the_same(
    database: Database,
) -> None:
    bare = replace(ASKED, customer="", number="", name="", email="", note="")
    opens(database, bare)
    opens(database, replace(bare, subject="Telefonen er nede"), key="2")
    assert begin_due_call_outs(database, NIGHT) == 1
    accepts(database, later(20), CALL_OUT_1)
    assert begin_due_call_outs(database, later(21)) == 1, (
        "strangers' tickets would wait five minutes"
    )


@ONE_DATABASE
def test_closing_it_stops_what_rings(database: Database) -> None:
    opens(database)
    begin_due_call_outs(database, NIGHT)
    move_ticket(database, asked(1001, CLOSE), later(10))
    begin_due_call_outs(database, later(11))
    assert not the_call_out(database).ringing
    assert found(database).next_call_out_at is None


# --- what is stored, and who is told ------------------------------------------------------


@ONE_DATABASE
def test_it_is_stored_with_all_that_was_written_and_what_was_agreed(database: Database) -> None:
    opens(database)
    ticket = found(database)
    assert (ticket.source, ticket.customer, ticket.agreement) == (Source.STAFF, "9001", "standard")
    assert (ticket.contact.number.digits, ticket.contact.name, ticket.contact.email) == (
        SOMEBODYS, "Kari Nordmann", "kari@skogli.example",
    )  # fmt: skip
    assert (ticket.line, ticket.language, ticket.call_sid, ticket.calls) == (DUTY, "nb", None, 0)
    with database.read() as connection:
        [opened] = ticket_events(connection, 1001)
    assert (opened.who, dict(opened.facts)) == (
        "Teamleiar", {"note": "meldt i chat", "via": "token portal"},
    )  # fmt: skip


@ONE_DATABASE
def test_the_desks_inbox_is_told_what_it_is_about(database: Database) -> None:
    opens(database, replace(ASKED, priority=Priority.LOW))
    [(to, subject, body)] = work(database, NIGHT).mails
    assert to == "service@fjordhjelp.example"
    assert "ny sak 1001" in subject
    assert "Sak 1001 er opprettet uten anrop. Den gjelder: Journalen svarer ikke" in body
    assert "Kontakt: Kari Nordmann kari@skogli.example" in body


# --- once only ----------------------------------------------------------------------------


@ONE_DATABASE
def test_the_same_request_again_is_the_same_ticket(database: Database) -> None:
    assert opens(database) == Opened(1001, is_new=True)
    assert opens(database, now=later(60)) == Opened(1001, is_new=False)
    assert opens(database, replace(ASKED, subject="Noe annet")) == KeyReused(1001)
    assert opens(database, key="2") == Opened(1002, is_new=True)
    other = OpenRequest(ASKED, "token 2", "1")
    assert open_asked_ticket(database, other, NIGHT) == Opened(1003, is_new=True)
    assert kinds(database) == ["opened"]


def test_of_many_of_the_same_at_once_one_opens_it(database: Database) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: opens(database), range(6)))
    numbers = {answer.number for answer in answers if isinstance(answer, Opened)}
    assert len(numbers) == 1
    assert sum(isinstance(answer, Opened) and answer.is_new for answer in answers) == 1
    with database.read() as connection:
        assert len(list_tickets(connection)) == 1
        keys = connection.execute(select(JobRow.dedup).where(JobRow.ticket.is_not(None))).scalars()
        assert sorted(key.split(":")[0] for key in keys) == ["customer", "inbox"], "one mail each"


@ONE_DATABASE
def test_a_request_that_is_wrong_opens_nothing_and_its_key_can_be_used_again(
    database: Database,
) -> None:
    wrong = opens(database, replace(ASKED, customer="4711"))
    assert isinstance(wrong, NotOpened)
    assert [(each.field, each.problem) for each in wrong.problems] == [
        ("customer", "unknown_customer")
    ]
    assert opens(database) == Opened(1001, is_new=True)


# --- privacy ------------------------------------------------------------------------------


def test_whoever_is_forgotten_is_no_more_in_it(database: Database) -> None:
    opens(database)
    begin_due_call_outs(database, NIGHT)
    accepts(database, later(20), CALL_OUT_1)
    erase_person(database, SOMEBODYS, NIGHT + timedelta(hours=7))
    ticket = found(database)
    assert not ticket.contact.number.is_known
    assert (ticket.contact.name, ticket.contact.email) == ("", "")
    with database.read() as connection:
        states = "".join(connection.execute(select(CallOutRow.state)).scalars())
    assert states
    assert SOMEBODYS not in states
    assert "Kari" not in states


@ONE_DATABASE
def test_it_is_kept_no_longer_than_the_desk_says(database: Database) -> None:
    opens(database)

    def keep(days: int) -> None:
        while purge_batch(database, NIGHT + timedelta(days=days)):
            pass

    keep(364)
    assert found(database).contact.name == "Kari Nordmann"
    keep(366)
    assert not found(database).contact.number.is_known
    assert found(database).contact.name == ""
    keep(3 * 365 + 1)
    with database.read() as connection:
        assert find_ticket(connection, 1001) is None
