"""Who is rung for a call to a customer, when, and what is kept of it; on both databases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.actions.desks.block_numbers import block_number
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.purge import purge_batch
from app.actions.tickets.call_customer import (
    CallBegun,
    CallRefused,
    CallRequest,
    call_customer,
)
from app.actions.tickets.customer_call_turns import (
    CustomerStatus,
    note_customer_status,
    note_own_status,
    press_in_customer_call,
)
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.actions.tickets.writing import stop_writing, tell_writing, writers_beside
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import AccessRole
from app.domain.access.users import PersonLink
from app.domain.calls.flows.customer import CustomerCallResult
from app.domain.desks.desk import Priority
from app.domain.hunts.instructions import End
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.writing import Writing
from app.store import Database
from app.store.blocked_numbers import Block
from app.store.customer_calls import load_customer_call
from app.store.ticket_lists import find_ticket, ticket_events
from app.voice_prompts import texts
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import CALLER, DAY, DESK, DUTY_1, DUTY_1_HOME, NIGHT, sample_database
from tests.support.users import a_user, author

KARI = Actor(ActorKind.PERSON, "Kari Vik", "1")
WHOSE = PersonLink(DESK, "duty-1")


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        asked = TicketAsked(DESK, Priority.LOW, "The printer", KARI, "9001", number=CALLER)
        open_asked_ticket(database, OpenRequest(asked, "test", "1"), DAY)
        yield database


def test_it_rings_once_is_asked_about_at_night_and_is_forgotten_after_its_time(
    database: Database,
) -> None:
    request = CallRequest(1001, KARI, WHOSE, "form-1")
    for _ in range(2):
        assert call_customer(database, request, DAY) == CallBegun(DUTY_1)
    gateway = FakeGateway()
    while do_next_job(database, gateway, texts(), DAY):  # type: ignore[arg-type]
        pass
    assert len(gateway.did("call_customer")) == 1

    press_in_customer_call(database, 1, "1", 1, DAY)
    lifted, over = DAY + timedelta(seconds=20), DAY + timedelta(seconds=80)
    note_customer_status(database, 1, CustomerStatus("in-progress"), lifted)
    note_own_status(database, 1, "completed", over)
    note_customer_status(database, 1, CustomerStatus("completed", 60), over)
    with database.read() as connection:
        ticket, call = find_ticket(connection, 1001), load_customer_call(connection, 1)
        [*_, event] = ticket_events(connection, 1001)
    assert ticket
    assert call
    assert ticket.responded_at == lifted
    assert (event.kind, event.who, event.facts["seconds"]) == ("customer_called", "Kari Vik", 60)
    assert call.new.by == KARI

    at_night = CallRequest(1001, KARI, WHOSE, "form-2", on=DUTY_1_HOME)
    refused = call_customer(database, at_night, NIGHT)
    assert isinstance(refused, CallRefused)
    assert refused.is_question
    confirmed = CallRequest(1001, KARI, None, "form-3", is_confirmed=True, on="First line 2")
    assert call_customer(database, confirmed, NIGHT) == CallBegun("+4749009202")
    while purge_batch(database, NIGHT + timedelta(days=91)):
        pass
    with database.read() as connection:
        assert load_customer_call(connection, 1) is None


def test_a_telephone_is_rung_about_one_of_several_tickets_that_are_pressed_at_once(
    database: Database,
) -> None:
    numbers = (1001, 1002, 1003)
    for number in numbers[1:]:
        asked = TicketAsked(DESK, Priority.LOW, "Again", KARI, "9001", number=CALLER)
        open_asked_ticket(database, OpenRequest(asked, "test", str(number)), DAY)

    def press(number: int) -> object:
        return call_customer(database, CallRequest(number, KARI, WHOSE, f"form-{number}"), DAY)

    with ThreadPoolExecutor(len(numbers)) as pool:
        answers = [*pool.map(press, numbers)]
    assert answers.count(CallBegun(DUTY_1)) == 1
    refused = [each.why.key for each in answers if isinstance(each, CallRefused)]
    assert refused == ["customer_call.rings_already"] * 2


def test_nobody_is_told_that_the_customer_was_silent_before_the_network_says_so(
    database: Database,
) -> None:
    call_customer(database, CallRequest(1001, KARI, WHOSE, "form-1"), DAY)
    press_in_customer_call(database, 1, "1", 1, DAY)
    note_own_status(database, 1, "completed", DAY)
    with database.read() as connection:
        assert len(ticket_events(connection, 1001)) == 1
    note_customer_status(database, 1, CustomerStatus("completed", 50), DAY)
    with database.read() as connection:
        [*_, event] = ticket_events(connection, 1001)
    assert (event.facts["outcome"], event.facts["seconds"]) == ("talked", 50)


def test_who_writes_is_seen_by_others_until_they_stop(database: Database) -> None:
    ola, eli = (a_user(database, name, AccessRole.AGENT) for name in ("ola", "eli"))
    for second in (0, 1, 15):
        now = DAY + timedelta(seconds=second)
        assert tell_writing(database, 1001, ola, Writing.REPLY, now)
    found = writers_beside(database, 1001, eli, now)
    assert found
    assert [(each.name, each.since) for each in found[1]] == [("Ola Vik", DAY)]
    own = writers_beside(database, 1001, ola, now)
    assert own
    assert own[1] == ()
    stop_writing(database, 1001, ola)
    left = writers_beside(database, 1001, eli, now)
    assert left
    assert left[1] == ()


def test_a_number_that_was_blocked_before_the_key_is_not_rung(database: Database) -> None:
    assert isinstance(call_customer(database, CallRequest(1001, KARI, WHOSE, "1"), DAY), CallBegun)
    by = author(DAY)
    block_number(database, Block(DESK, CALLER, "calls all night", None, by.actor.name, DAY), by)
    heard = press_in_customer_call(database, 1, "1", 1, DAY)
    assert isinstance(heard.instruction, End)
    [said] = heard.instruction.says
    assert said.key == "whisper_customer_call_not_rung"
    note_own_status(database, 1, "completed", DAY)
    with database.read() as connection:
        call = load_customer_call(connection, 1)
        kinds = {each.kind for each in ticket_events(connection, 1001)}
    assert call
    assert call.call().result(DAY) is CustomerCallResult.NOT_RUNG
    assert "customer_called" not in kinds, "nobody has called the customer"
