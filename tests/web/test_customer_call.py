"""Somebody calls a ticket's customer from its page: by the button, and by the network's doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection

from app import clock
from app.actions.desks.block_numbers import block_number
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.open_ticket import OpenRequest, open_asked_ticket
from app.domain.access.audit import Author
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.desks.desk import Priority
from app.domain.health.provider_records import ProviderLeg, ProviderLegs
from app.domain.tickets.new_ticket_input import TicketAsked
from app.domain.tickets.ticket import Ticket
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.blocked_numbers import Block
from app.store.customer_calls import change_customer_call
from app.store.tables import JobKind
from app.store.ticket_lists import find_ticket, ticket_events
from app.voice_prompts import texts
from tests.support.database_faults import refused
from tests.support.fake_gateway import FakeGateway
from tests.support.fake_twilio import FakeTwilio, fake_twilio, said, settings, tags
from tests.support.logged_in import Browser, a_browser, database_of
from tests.support.sample_desk import CALLER, DESK, DUTY_1, SUPPORT
from tests.support.users import OPERATOR, a_user
from tests.web.test_ticket_page import hidden
from tests.web.test_verification_webhooks import services_of

PAGE = "/tickets/1001"
DOOR = "/twilio/customer-call/1"
ON_ROSTER = PersonLink(DESK, "duty-1")


@pytest.fixture
def network(migrated_sqlite_url: str, tmp_path: Path) -> Iterator[FakeTwilio]:
    with fake_twilio(settings(migrated_sqlite_url, tmp_path)) as network:
        services_of(network).offline_sync.stop()
        yield network


@pytest.fixture
def database(network: FakeTwilio) -> Database:
    database = database_of(network.client.application)
    for key, number in (("1", CALLER), ("2", "")):
        asked = TicketAsked(DESK, Priority.MEDIUM, "The printer", OPERATOR, "9001", number=number)
        open_asked_ticket(database, OpenRequest(asked, "test", key), clock.now())
    return database


@pytest.fixture
def grete(network: FakeTwilio, database: Database) -> Browser:
    """Somebody of the duty, who has telephones on the roster."""
    user = a_user(database, "grete", AccessRole.DUTY_PERSON, Scope(roster=DESK), ON_ROSTER)
    return a_browser(network.client.application, user)


def presses(browser: Browser, **more: str) -> int:
    """Press the button, also while the desk is closed."""
    key = hidden(browser.get(PAGE).text, "key")
    return browser.post(f"{PAGE}/call", {"key": key, "confirmed": "yes", **more}).status_code


def ticket(database: Database) -> Ticket:
    with database.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    return found


def events(database: Database) -> list[tuple[str, object]]:
    with database.read() as connection:
        found = ticket_events(connection, 1001)
    return [(str(each.kind), each.facts.get("outcome")) for each in found[1:]]


def looks(database: Database, gateway: FakeGateway, *, minutes: int) -> int:
    """The worker asks the network so long after now; how often."""
    before, at = len(gateway.did("legs")), clock.now() + timedelta(minutes=minutes)
    sender, kinds = cast(Sender, gateway), (JobKind.CUSTOMER_CALL_STATUS,)
    while do_next_job(database, sender, texts(), at, kinds):
        pass
    return len(gateway.did("legs")) - before


def places(database: Database, gateway: FakeGateway | None = None) -> list[dict[str, object]]:
    gateway = gateway or FakeGateway()
    while do_next_job(database, gateway, texts(), clock.now(), (JobKind.CUSTOMER_CALL,)):  # type: ignore[arg-type]
        pass
    return gateway.did("call_customer")


def test_their_own_telephone_is_rung_once_and_one_connects_with_the_customer(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    shown = grete.get(PAGE).text
    assert "Ring kunden" in shown
    assert "Telefonen din, som ringer først" in shown
    form = {"key": hidden(shown, "key"), "confirmed": "yes"}
    for _ in range(2):
        assert grete.post(f"{PAGE}/call", form).status_code == 303, "a double click"
    [rung] = places(database)
    assert (rung["to"], rung["from_"]) == (DUTY_1, SUPPORT)
    assert presses(grete) == 409, "it rings already"

    asked = network.hears(f"{DOOR}/whisper")
    assert said(asked) == "Fjordhjelp: samtale om sak 1, 0, 0, 1. Trykk 1, så ringer vi kunden."
    assert tags(asked) == ["Gather", "Redirect"]
    for _ in range(2):
        connects = network.hears(f"{DOOR}/key/1", Digits="1")
        [dial] = connects.iter("Dial")
        assert dial.attrib["callerId"] == SUPPORT
        assert [each.text for each in dial] == [CALLER]
    version = ticket(database).work.version
    network.post(f"{DOOR}/customer", CallStatus="in-progress")
    answered = ticket(database)
    assert answered.responded_at
    assert answered.acknowledged_by == "Grete Vik"
    assert answered.work.version == version, "whoever writes meanwhile is not told of their call"
    for _ in range(2):
        over = network.hears(f"{DOOR}/talk", DialCallStatus="completed", DialCallDuration="190")
        assert tags(over) == ["Hangup"]
        network.post(f"{DOOR}/customer", CallStatus="completed", CallDuration="190")
        network.post(f"{DOOR}/status", CallStatus="completed")
    assert events(database) == [("acknowledged", None), ("customer_called", "talked")]
    assert "Grete Vik ringte kunden og snakket med dem i 3 minutter." in grete.get(PAGE).text


def test_a_customer_who_does_not_answer_is_told_and_is_no_answer_to_them(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    network.hears(f"{DOOR}/key/1", Digits="1")
    ended = network.hears(f"{DOOR}/talk", DialCallStatus="no-answer")
    assert said(ended) == "Kunden svarte ikke. Ha det."
    network.post(f"{DOOR}/customer", CallStatus="ringing")
    network.post(f"{DOOR}/status", CallStatus="completed")
    assert events(database) == [("customer_called", "no_answer")]
    assert ticket(database).responded_at is None
    assert presses(grete) == 303, "once more"


def test_a_voicemail_of_theirs_connects_nobody_and_nothing_stands_on_the_ticket(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    network.hears(f"{DOOR}/whisper")
    for prompt in (1, 2):
        assert tags(network.hears(f"{DOOR}/key/{prompt}")) == ["Gather", "Redirect"]
    assert tags(network.hears(f"{DOOR}/key/3")) == ["Hangup"]
    network.post(f"{DOOR}/status", CallStatus="completed")
    assert events(database) == []
    assert "trykte ikke 1. Kunden ble ikke ringt." in grete.get(PAGE).text


def test_what_the_network_refuses_is_shown_and_can_be_tried_again(
    database: Database, grete: Browser
) -> None:
    presses(grete)
    assert places(database, FakeGateway(refuses=[PermanentFailure("no such number", 21211)])) == []
    assert "Grete Vik kunne ikke ringes opp." in grete.get(PAGE).text
    assert presses(grete) == 303


def test_a_call_that_was_placed_though_the_networks_answer_was_lost_is_a_call_all_the_same(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    assert places(database, FakeGateway(refuses=[TemporaryFailure("timed out")])) == []
    assert tags(network.hears(f"{DOOR}/key/1", Digits="1")) == ["Say", "Dial"]
    network.post(f"{DOOR}/customer", CallStatus="ringing")
    assert events(database) == [], "it rings still"
    assert presses(grete) == 409, "they are on the telephone"
    network.post(f"{DOOR}/customer", CallStatus="in-progress", CallDuration="0")
    network.post(f"{DOOR}/customer", CallStatus="completed", CallDuration="190")
    network.post(f"{DOOR}/status", CallStatus="completed")
    assert events(database) == [("acknowledged", None), ("customer_called", "talked")]
    assert "snakket med dem i 3 minutter" in grete.get(PAGE).text


def test_where_the_customer_cannot_be_called_the_reason_stands_instead_of_the_button(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    app = network.client.application
    agent = a_browser(app, a_user(database, "anne", AccessRole.AGENT))
    assert presses(agent) == 409, "somebody of no roster says which telephone is theirs"
    assert presses(agent, on="+4749009999") == 409, "no telephone of the desk"
    without = grete.get("/tickets/1002").text
    assert "Ring kunden" not in without
    assert "Kunden kan ikke ringes herfra: saken har ikke noe nummer." in without
    now = clock.now()
    block_number(database, Block(DESK, CALLER, "A robot.", None, "x", now), Author(OPERATOR, now))
    assert "Kunden kan ikke ringes herfra: nummeret er sperret." in grete.get(PAGE).text
    assert presses(grete) == 409
    assert places(database) == []
    assert (
        a_browser(app, a_user(database, "ola", AccessRole.READER)).post(f"{PAGE}/call").status_code
        == 403
    )


def test_a_colleague_who_calls_already_is_named_and_a_call_without_an_end_is_forgotten(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    person = PersonLink(DESK, "duty-2")
    other = a_user(database, "tor", AccessRole.DUTY_PERSON, Scope(roster=DESK), person)
    theirs = a_browser(network.client.application, other)
    key = hidden(theirs.get(PAGE).text, "key")
    busy = theirs.post(f"{PAGE}/call", {"key": key, "confirmed": "yes"})
    assert busy.status_code == 409
    assert "Grete Vik ringer kunden nå." in busy.text

    def long_ago(connection: Connection) -> None:
        began: datetime = clock.now() - timedelta(minutes=4)
        change_customer_call(connection, 1, started_at=began)

    database.write(long_ago)
    assert presses(theirs) == 303


def test_without_the_database_nobody_is_connected_and_strangers_calls_are_hung_up(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    with refused(services_of(network)):
        assert tags(network.hears(f"{DOOR}/key/1", Digits="1")) == ["Hangup"]
    elsewhere = "/twilio/customer-call/77"
    for door in ("whisper", "key/1", "talk"):
        assert tags(network.hears(f"{elsewhere}/{door}", Digits="1")) == ["Hangup"]
    for door in ("status", "customer"):
        for word in ("completed", "dancing"):
            assert network.post(f"{elsewhere}/{door}", CallStatus=word).status_code == 204


def presses_1(network: FakeTwilio, database: Database, grete: Browser) -> FakeGateway:
    """Grete is rung and lets the customer be rung; what else the network tells is not taken."""
    presses(grete)
    places(database, gateway := FakeGateway())
    network.hears(f"{DOOR}/key/1", Digits="1")
    return gateway


def test_a_talk_of_which_nothing_could_be_stored_is_asked_for_and_is_the_answer(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    gateway = presses_1(network, database, grete)
    ended = clock.now() + timedelta(minutes=4)
    gateway.legs["CA1"] = ProviderLegs(
        ProviderLeg("completed", 230, None, ended), ProviderLeg("completed", 190, None, ended)
    )

    assert looks(database, gateway, minutes=4) == 0, "it would have been told by now, mostly"
    assert looks(database, gateway, minutes=6) == 1
    assert looks(database, gateway, minutes=60) == 0, "now it is known"

    assert events(database) == [("acknowledged", None), ("customer_called", "talked")]
    assert ticket(database).responded_at == ended - timedelta(seconds=190)
    assert "Grete Vik ringte kunden og snakket med dem i 3 minutter." in grete.get(PAGE).text


def test_it_is_asked_again_while_they_talk_and_no_more_where_all_is_reported(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    gateway = presses_1(network, database, grete)
    since = clock.now() + timedelta(seconds=20)
    talks = ProviderLeg("in-progress", started_at=since)
    gateway.legs["CA1"] = ProviderLegs(talks, talks)
    assert looks(database, gateway, minutes=6) == 1
    assert events(database) == [("acknowledged", None)], "they talk"
    assert ticket(database).responded_at == since, "and not since we asked"
    assert looks(database, gateway, minutes=12) == 1

    network.post(f"{DOOR}/customer", CallStatus="completed", CallDuration="600")
    network.post(f"{DOOR}/status", CallStatus="completed")
    assert looks(database, gateway, minutes=18) == 0
    assert events(database) == [("acknowledged", None), ("customer_called", "talked")]


@pytest.mark.parametrize("lagging", [ProviderLeg("in-progress"), ProviderLeg(""), None])
def test_a_customers_call_that_lags_behind_in_the_networks_list_is_asked_for_again(
    network: FakeTwilio, database: Database, grete: Browser, lagging: ProviderLeg | None
) -> None:
    gateway = presses_1(network, database, grete)
    ended = clock.now() + timedelta(minutes=4)
    own = ProviderLeg("completed", 230, None, ended)
    gateway.legs["CA1"] = ProviderLegs(own, lagging)
    assert looks(database, gateway, minutes=6) == 1
    assert events(database) == []

    gateway.legs["CA1"] = ProviderLegs(own, ProviderLeg("completed", 190, None, ended))
    assert looks(database, gateway, minutes=12) == 1
    assert events(database) == [("acknowledged", None), ("customer_called", "talked")]
    assert ticket(database).responded_at == ended - timedelta(seconds=190)
    assert looks(database, gateway, minutes=60) == 0


def test_a_provider_that_is_away_is_asked_for_a_day(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses_1(network, database, grete)
    away = FakeGateway(refuses=[TemporaryFailure("refused with status 503", None)] * 1000)
    hours_asked = {
        minute // 60 for minute in range(0, 25 * 60, 3) if looks_at(database, away, minute)
    }
    assert set(range(23)) <= hours_asked
    assert 24 not in hours_asked


def looks_at(database: Database, gateway: FakeGateway, minute: int) -> bool:
    """Whether the provider was asked then."""
    before = len(gateway.refuses)
    looks(database, gateway, minutes=minute)
    return len(gateway.refuses) < before


def test_a_customer_who_was_never_rung_is_not_shown_as_called(
    network: FakeTwilio, database: Database, grete: Browser
) -> None:
    presses(grete)
    places(database, gateway := FakeGateway())
    ended = clock.now() + timedelta(minutes=1)
    gateway.legs["CA1"] = ProviderLegs(ProviderLeg("no-answer", 0, None, ended))
    assert looks(database, gateway, minutes=6) == 1
    assert events(database) == []
    assert presses(grete) == 303, "once more"
