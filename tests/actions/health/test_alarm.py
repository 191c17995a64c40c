"""When something is wrong, a desk's contacts are told by two channels, once, and when it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.health.alarm import clear_alarm, raise_alarm
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.desks.desk import Desk
from app.domain.health.alarms import Alarm, AlarmKind
from app.domain.texts.message import MessageRef
from app.gateways.sender import Sender
from app.store import Database
from app.store.alarms import count_open_alarms, open_alarm
from app.store.desks import find_desk
from app.store.tables import AlarmRow
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import DESK, NIGHT, SUPPORT, later, sample_database
from tests.support.stored_call import critical_at_night

SINCE = (("since", NIGHT),)
FROM_NORTH = (("worker", "north"), *SINCE)
NO_COPY = Alarm(AlarmKind.SNAPSHOT_OLD, values=SINCE)
UNANSWERED = Alarm(
    AlarmKind.TICKET_UNACKNOWLEDGED,
    "1001",
    (
        ("ticket", 1001),
        ("priority", MessageRef("priority.critical")),
        ("caller", "+4749••••01"),
        ("customer", "Skogli skule"),
        *SINCE,
    ),
    ticket=1001,
)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


def desk_in(database: Database) -> Desk:
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    return live.desk


def alarmed(database: Database, alarm: Alarm, now: datetime) -> bool:
    desk = desk_in(database)
    return database.write(lambda connection: raise_alarm(connection, desk, alarm, now))


def over(database: Database, alarm: Alarm, now: datetime) -> bool:
    desk = desk_in(database)
    return database.write(lambda connection: clear_alarm(connection, desk, alarm, now))


def sent(database: Database, now: datetime) -> FakeGateway:
    """What leaves the system when the worker does all that is due."""
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        assert len(network.sent) + len(network.mails) < 50
    return network


@ONE_DATABASE
def test_each_contact_is_told_by_every_channel_that_reaches_them(database: Database) -> None:
    assert alarmed(database, NO_COPY, later(3600))
    network = sent(database, later(3601))

    [sms] = network.did("sms")
    assert (sms["to"], sms["from_"]) == (LEADER, SUPPORT)
    assert sms["body"] == (
        "Fjordhjelp: Kopien som svarer uten database, er fra lør. 21. nov. kl. 23.10. "
        "Sjekk webprosessen."
    )
    assert [to for to, _, _ in network.mails] == [LEADERS_MAIL, IT_MAIL]
    for _, subject, body in network.mails:
        assert subject == sms["body"]
        assert "Er disken full?" in body


@ONE_DATABASE
def test_nothing_is_said_again_within_the_quiet_time(database: Database) -> None:
    assert alarmed(database, NO_COPY, NIGHT)
    assert not alarmed(database, NO_COPY, NIGHT + timedelta(hours=23))
    assert len(sent(database, NIGHT).mails) == 2
    assert alarmed(database, NO_COPY, NIGHT + timedelta(hours=25))


def test_another_thing_of_the_same_kind_is_told_at_once(database: Database) -> None:
    assert alarmed(database, Alarm(AlarmKind.WORKER_SILENT, "north", FROM_NORTH), NIGHT)
    assert alarmed(database, Alarm(AlarmKind.WORKER_SILENT, "south", FROM_NORTH), NIGHT)


@ONE_DATABASE
def test_who_was_told_is_told_when_it_is_over_and_only_then(database: Database) -> None:
    assert not over(database, NO_COPY, NIGHT), "nobody was told that it is wrong"
    assert sent(database, NIGHT).mails == []
    alarmed(database, NO_COPY, NIGHT)
    sent(database, NIGHT)

    assert over(database, NO_COPY, later(60))
    assert not over(database, NO_COPY, later(61))
    network = sent(database, later(60))
    assert [sms["to"] for sms in network.did("sms")] == [LEADER]
    assert len(network.mails) == 2
    assert "er oppdatert igjen" in network.mails[0][2]
    with database.read() as connection:
        assert sum(count_open_alarms(connection).values()) == 0


@ONE_DATABASE
def test_what_comes_and_goes_is_not_told_each_time(database: Database) -> None:
    alarmed(database, NO_COPY, NIGHT)
    over(database, NO_COPY, later(60))
    assert not alarmed(database, NO_COPY, later(120))
    assert not over(database, NO_COPY, later(180))


@ONE_DATABASE
def test_who_was_told_that_it_is_over_is_told_when_it_comes_back(database: Database) -> None:
    alarmed(database, NO_COPY, NIGHT)
    over(database, NO_COPY, later(600))
    assert alarmed(database, NO_COPY, later(4000))
    assert not alarmed(database, NO_COPY, later(9000)), "nobody said that it is over"


@ONE_DATABASE
def test_a_ticket_shows_who_was_alarmed_and_the_callers_number_is_masked(
    database: Database,
) -> None:
    critical_at_night(database)
    assert alarmed(database, UNANSWERED, later(600))
    network = sent(database, later(600))
    with database.read() as connection:
        [event] = [each for each in ticket_events(connection, 1001) if each.kind == "alarmed"]
    assert event.who == "Teamleiar, IT-sjef"
    [(_, subject, body), _] = network.mails
    assert "sak 1001, kritisk" in subject
    assert "Skogli skule" in body
    assert "+4749••••01" in body


@ONE_DATABASE
def test_a_desk_without_contacts_shows_on_the_ticket_that_nobody_could_be_told(
    migrated_url: str,
) -> None:
    with sample_database(migrated_url) as database:
        critical_at_night(database)
        assert alarmed(database, UNANSWERED, later(600))
        with database.read() as connection:
            kinds = [each.kind for each in ticket_events(connection, 1001)]
            assert count_open_alarms(connection)["ticket_unacknowledged"] == 1
    assert "nobody_to_alarm" in kinds


@ONE_DATABASE
def test_an_alarm_that_waited_all_night_is_sent_in_the_morning_and_not_the_day_after(
    database: Database,
) -> None:
    alarmed(database, NO_COPY, NIGHT)
    assert len(sent(database, NIGHT + timedelta(hours=9)).mails) == 2
    alarmed(database, NO_COPY, NIGHT + timedelta(days=2))
    network = sent(database, NIGHT + timedelta(days=3))
    assert (network.sent, network.mails) == ([], [])


def test_an_alarm_that_is_not_told_again_keeps_nobody_waiting(migrated_postgresql_url: str) -> None:
    """Two transactions that raise the same alarms in different orders must not wait in a ring."""
    with sample_database(migrated_postgresql_url, WITH_CONTACTS) as database:
        alarmed(database, NO_COPY, NIGHT)
        at_once = select(AlarmRow.id).with_for_update(nowait=True)
        with database.engine.connect() as one, database.engine.connect() as other:
            assert not open_alarm(one, DESK, NO_COPY, later(60))
            assert len(other.execute(at_once).all()) == 1
