"""When something is wrong, a desk's contacts are told by two channels, once, and when it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.alarm import clear_alarm, raise_alarm
from app.actions.tick import do_next_job
from app.domain.alarms import Alarm, AlarmKind
from app.domain.desk import Desk
from app.domain.sentence import Named
from app.phone.sender import Sender
from app.store import Database
from app.store.alarms import count_open
from app.store.desks import find_desk
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.a_house import DESK, NIGHT, SUPPORT, a_house, later
from tests.actions.a_call import critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS

SINCE = (("since", NIGHT),)
FROM_NORTH = (("worker", "north"), *SINCE)
NO_COPY = Alarm(AlarmKind.SNAPSHOT_OLD, values=SINCE)
UNANSWERED = Alarm(
    AlarmKind.TICKET_UNANSWERED,
    "1001",
    (
        ("ticket", 1001),
        ("priority", Named("priority.critical")),
        ("caller", "+4749••••01"),
        ("customer", "Skogli skule"),
        *SINCE,
    ),
    ticket=1001,
)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, WITH_CONTACTS) as database:
        yield database


def desk_in(house: Database) -> Desk:
    with house.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    return live.desk


def alarmed(house: Database, alarm: Alarm, now: datetime) -> bool:
    desk = desk_in(house)
    return house.write(lambda connection: raise_alarm(connection, desk, alarm, now))


def over(house: Database, alarm: Alarm, now: datetime) -> bool:
    desk = desk_in(house)
    return house.write(lambda connection: clear_alarm(connection, desk, alarm, now))


def sent(house: Database, now: datetime) -> ANetwork:
    """What leaves the house when the worker does all that is due."""
    network = ANetwork()
    while do_next_job(house, cast(Sender, network), texts(), now):
        assert len(network.sent) + len(network.mails) < 50
    return network


def test_each_contact_is_told_by_every_channel_that_reaches_them(house: Database) -> None:
    assert alarmed(house, NO_COPY, later(3600))
    network = sent(house, later(3601))

    [sms] = network.did("sms")
    assert (sms["to"], sms["from_"]) == (LEADER, SUPPORT)
    assert sms["body"] == (
        "Fjordhjelp: Kopien som svarer uten database, er fra lør. 21. nov. kl. 23.10. "
        "Se etter webprosessen."
    )
    assert [to for to, _, _ in network.mails] == [LEADERS_MAIL, IT_MAIL]
    for _, subject, body in network.mails:
        assert subject == sms["body"]
        assert "Er disken full?" in body


def test_nothing_is_said_again_within_the_quiet_time(house: Database) -> None:
    assert alarmed(house, NO_COPY, NIGHT)
    assert not alarmed(house, NO_COPY, NIGHT + timedelta(hours=23))
    assert len(sent(house, NIGHT).mails) == 2
    assert alarmed(house, NO_COPY, NIGHT + timedelta(hours=25))


def test_another_thing_of_the_same_kind_is_told_at_once(house: Database) -> None:
    assert alarmed(house, Alarm(AlarmKind.WORKER_SILENT, "north", FROM_NORTH), NIGHT)
    assert alarmed(house, Alarm(AlarmKind.WORKER_SILENT, "south", FROM_NORTH), NIGHT)


def test_who_was_told_is_told_when_it_is_over_and_only_then(house: Database) -> None:
    assert not over(house, NO_COPY, NIGHT), "nobody was told that it is wrong"
    assert sent(house, NIGHT).mails == []
    alarmed(house, NO_COPY, NIGHT)
    sent(house, NIGHT)

    assert over(house, NO_COPY, later(60))
    assert not over(house, NO_COPY, later(61))
    network = sent(house, later(60))
    assert [sms["to"] for sms in network.did("sms")] == [LEADER]
    assert len(network.mails) == 2
    assert "er ny igjen" in network.mails[0][2]
    with house.read() as connection:
        assert sum(count_open(connection).values()) == 0


def test_what_comes_and_goes_is_not_told_each_time(house: Database) -> None:
    alarmed(house, NO_COPY, NIGHT)
    over(house, NO_COPY, later(60))
    assert not alarmed(house, NO_COPY, later(120))
    assert not over(house, NO_COPY, later(180))


def test_who_was_told_that_it_is_over_is_told_when_it_comes_back(house: Database) -> None:
    alarmed(house, NO_COPY, NIGHT)
    over(house, NO_COPY, later(600))
    assert alarmed(house, NO_COPY, later(4000))
    assert not alarmed(house, NO_COPY, later(9000)), "nobody said that it is over"


def test_a_ticket_shows_who_was_alarmed_and_the_callers_number_is_masked(house: Database) -> None:
    critical_at_night(house)
    assert alarmed(house, UNANSWERED, later(600))
    network = sent(house, later(600))
    with house.read() as connection:
        [event] = [each for each in ticket_events(connection, 1001) if each.kind == "alarmed"]
    assert event.who == "Teamleiar, IT-sjef"
    [(_, subject, body), _] = network.mails
    assert "sak 1001, kritisk" in subject
    assert "Skogli skule" in body
    assert "+4749••••01" in body


def test_a_desk_without_contacts_shows_on_the_ticket_that_nobody_could_be_told(
    migrated_url: str,
) -> None:
    with a_house(migrated_url) as house:
        critical_at_night(house)
        assert alarmed(house, UNANSWERED, later(600))
        with house.read() as connection:
            kinds = [each.kind for each in ticket_events(connection, 1001)]
            assert count_open(connection)["ticket_unanswered"] == 1
    assert "nobody_to_alarm" in kinds


def test_an_alarm_that_waited_all_night_is_sent_in_the_morning_and_not_the_day_after(
    house: Database,
) -> None:
    alarmed(house, NO_COPY, NIGHT)
    assert len(sent(house, NIGHT + timedelta(hours=9)).mails) == 2
    alarmed(house, NO_COPY, NIGHT + timedelta(days=2))
    network = sent(house, NIGHT + timedelta(days=3))
    assert (network.sent, network.mails) == ([], [])
