"""SMS that come in while the database is away: the same limits, and what is asked for waits."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from app.actions.messages.callbacks import import_callbacks, take_callback
from app.actions.messages.take_sms import SmsResult
from app.store import Database
from app.store.blocked_numbers import list_blocks
from app.store.roster_entries import every_entry
from app.store.sms import ReceivedSms, written_about
from app.store.sms_senders import load_opt_outs
from app.store.ticket_lists import list_tickets
from tests.offline.outage import Outage, an_outage
from tests.support.backends import ONE_DATABASE
from tests.support.contacts import LEADER, WITH_CONTACTS
from tests.support.sample_desk import (
    CALLER,
    DUTY,
    DUTY_1,
    NIGHT,
    STRANGER,
    later,
    sample_database,
)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


@pytest.fixture
def outage(database: Database, tmp_path: Path) -> Iterator[Outage]:
    with an_outage(database, tmp_path) as outage:
        outage.breaks()
        yield outage


def writes(outage: Outage, body: str, sender: str, sid: str, at: datetime = NIGHT) -> SmsResult:
    taken = take_callback(outage.turn_service, ReceivedSms(sid, DUTY, sender, body), at)
    assert taken
    return taken


def comes_back(outage: Outage) -> None:
    outage.mends()
    import_callbacks(outage.database, outage.offline)


def test_many_sms_of_one_sender_get_one_answer_an_hour(outage: Outage) -> None:
    answers = [writes(outage, f"Hei {n}", STRANGER, f"SM{n}", later(n)) for n in range(30)]
    assert [answer.is_answered for answer in answers] == [True] + [False] * 29
    assert answers[0].live, "the answer names the desk's numbers"
    assert writes(outage, "Hei", CALLER, "SMx", later(31)).is_answered, "another's own"
    assert writes(outage, "Hei", STRANGER, "SMy", later(3700)).is_answered, "an hour later"


def test_who_was_answered_while_it_was_away_is_not_answered_again_when_it_is_back(
    outage: Outage,
) -> None:
    assert writes(outage, "Hei", STRANGER, "SM1").is_answered
    comes_back(outage)
    assert not writes(outage, "Er det nokon der?", STRANGER, "SM2", later(600)).is_answered
    assert writes(outage, "Hei", STRANGER, "SM3", later(3700)).is_answered


def test_an_sms_without_a_sender_is_not_answered(outage: Outage) -> None:
    assert not writes(outage, "Hei", "", "SM1").is_answered


@pytest.mark.parametrize("body", ["STOP", "START"])
def test_the_networks_own_words_are_not_answered(outage: Outage, body: str) -> None:
    assert not writes(outage, body, CALLER, "SM1").is_answered


def test_stop_holds_when_the_database_is_back(outage: Outage) -> None:
    writes(outage, "STOP", CALLER, "SM1")
    comes_back(outage)
    with outage.database.read() as connection:
        assert [opt_out.number for opt_out in load_opt_outs(connection)] == [CALLER]


def test_who_wants_to_close_is_told_to_ask_once_more_and_nothing_is_closed_late(
    outage: Outage,
) -> None:
    taken = writes(outage, "STENG SKJULT", LEADER, "SM1")
    assert taken.is_answered
    assert taken.replies
    assert taken.replies[0].key == "sms_withheld_not_now"
    assert not writes(outage, "STENG SKJULT", LEADER, "SM2", later(5)).is_answered
    [kept] = writes(outage, "STENG SKJULT", STRANGER, "SM3", later(6)).replies
    assert kept.key == "sms_case.kept"
    comes_back(outage)
    with outage.database.read() as connection:
        assert list_blocks(connection) == ()


@ONE_DATABASE
def test_a_command_that_changes_something_did_not_happen_and_what_is_read_is_told(
    outage: Outage,
) -> None:
    told = [
        writes(outage, body, DUTY_1, f"SM{count}", later(count)).replies[0].key
        for count, body in enumerate(("TA VAKT", "OK 1001", "VAKT"))
    ]
    assert told == ["sms_staff.not_now", "sms_staff.not_now", "sms_staff.on_duty_then"]
    assert writes(outage, "NEI", LEADER, "SM8").replies[0].key == "sms_staff.not_now"
    assert writes(outage, "TA VAKT", STRANGER, "SM9").replies[0].key == "sms_staff.not_now"
    assert not writes(outage, "TA VAKT", STRANGER, "SM10").is_answered, "once an hour"
    comes_back(outage)
    with outage.database.read() as connection:
        assert every_entry(connection, "fjordhjelp") == (), "nor does it happen later"
        assert list_tickets(connection) == ()


@ONE_DATABASE
def test_nobody_is_told_that_words_are_kept_which_are_not(outage: Outage) -> None:
    assert writes(outage, "Eg er sjuk i natt", DUTY_1, "SM1").replies[0].key == "sms_staff.help"
    assert not writes(outage, "Autosvar", DUTY_1, "SM2").is_answered, "once an hour"
    assert writes(outage, "hjelp", LEADER, "SM3").replies[0].key == "sms_case.kept"
    comes_back(outage)
    with outage.database.read() as connection:
        [opened] = list_tickets(connection)
        assert written_about(connection, opened.number) == ("hjelp",)


def test_what_a_caller_writes_is_kept_and_an_answer_is_asked_for_once_more(outage: Outage) -> None:
    assert writes(outage, "Journalen svarer ikke", CALLER, "SM1").replies[0].key == "sms_case.kept"
    assert writes(outage, "1", STRANGER, "SM2").replies[0].key == "sms_case.answer_not_now"
    comes_back(outage)
    with outage.database.read() as connection:
        [opened] = list_tickets(connection)
        assert written_about(connection, opened.number) == ("Journalen svarer ikke",)
