"""A number is verified: its key counts once, its call never goes back, it is forgotten in time."""

from datetime import timedelta

import pytest

from app.actions.desks.verify_number import (
    begin_verification,
    find_verification,
    press_on_verification,
    reply_to_verification,
    sent_on_verification,
    update_verification,
    verification_answered,
)
from app.actions.messages.take_sms import take_delivery
from app.actions.privacy.personal_data import erase_person
from app.actions.privacy.purge import purge_batch
from app.domain.hunts.events import LegAnswered
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import End
from app.store import Database
from app.store.number_verifications import NewNumberVerification, NumberVerification, last_answers
from app.store.sms import DeliveryReport
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import DESK, DUTY, DUTY_1, DUTY_2, NIGHT, later
from tests.support.stored_call import critical_at_night
from tests.support.turns import take_leg_turn

NEW = NewNumberVerification(DUTY_1, DESK, DUTY, "nb")


@pytest.fixture
def verification(database: Database) -> int:
    begun = begin_verification(database, NEW, NIGHT)
    sent_on_verification(database, begun, "SM1")
    return begun


def stored(database: Database, verification: int) -> NumberVerification:
    found = find_verification(database, verification)
    assert found
    return found


def verified(database: Database) -> dict[str, object]:
    with database.read() as connection:
        return dict(last_answers(connection, NIGHT))


@ONE_DATABASE
def test_a_call_never_goes_back_whatever_order_it_is_told_in(
    database: Database, verification: int
) -> None:
    for told, stands in (
        ("in-progress", "in-progress"),
        ("ringing", "in-progress"),
        ("initiated", "in-progress"),
        ("completed", "completed"),
        ("in-progress", "completed"),
        ("failed", "completed"),
    ):
        update_verification(database, verification, told, NIGHT)
        assert stored(database, verification).status == stands
    assert stored(database, verification).is_over


@ONE_DATABASE
def test_a_voicemail_that_lifts_when_the_caller_has_gone_has_pressed_no_key(
    database: Database,
) -> None:
    call = critical_at_night(database)
    call.hangs_up()
    take_leg_turn(database, call.sid, LegAnswered(1, "CA1-leg1"), call.now)
    assert call.stored.legs[0].outcome is LegOutcome.LATE
    assert verified(database) == {}


def test_only_the_key_that_was_asked_for_counts_and_only_once(
    database: Database, verification: int
) -> None:
    for prompt, key in ((1, ""), (2, "2")):
        press_on_verification(database, verification, key, prompt, later(5))
        assert stored(database, verification).key_pressed_at is None
    assert verified(database) == {}
    for second in (10, 20):
        heard = press_on_verification(database, verification, "1", 3, later(second)).instruction
        assert [message.key for message in heard.says] == ["whisper_number_verification_thanks"]
        assert stored(database, verification).key_pressed_at == later(10)
    assert verified(database) == {DUTY_1: later(10)}


def test_a_key_that_is_posted_twice_is_one_miss(database: Database, verification: int) -> None:
    for _ in range(4):
        again = press_on_verification(database, verification, "5", 1, later(5))
        assert again.prompt == 2
    assert stored(database, verification).misses == 1


def test_an_sms_answers_the_newest_verification_of_its_sender_within_an_hour(
    database: Database, verification: int
) -> None:
    begin_verification(database, NEW, later(1))  # its SMS was refused
    for sender, body in ((DUTY_2, "1"), (DUTY_1, "Ja"), (DUTY_1, "11"), ("", "1")):
        assert reply_to_verification(database, sender, body, later(30)) is None
    assert reply_to_verification(database, DUTY_1, "1", later(3700)) is None
    for second in (40, 50):  # the network may post it twice
        found = reply_to_verification(database, DUTY_1, " 1\n", later(second))
        assert found
        assert (found[0].id, found[0].replied_at) == (verification, later(40))
    assert verified(database) == {}, "who reads SMS has not been heard to answer a call"


def test_the_network_reports_how_its_sms_fares(database: Database, verification: int) -> None:
    assert stored(database, verification).delivery == ""
    take_delivery(database, DeliveryReport("SM1", "delivered"), later(3))
    assert stored(database, verification).delivery == "delivered"


@ONE_DATABASE
def test_a_verification_that_nobody_knows_is_nothing(database: Database) -> None:
    update_verification(database, 99, "completed", NIGHT)
    assert find_verification(database, 99) is None
    assert verification_answered(database, 99).instruction == End()
    assert press_on_verification(database, 99, "1", 1, NIGHT).instruction == End()


def test_who_is_erased_is_not_verified(database: Database, verification: int) -> None:
    press_on_verification(database, verification, "1", 1, later(10))
    erase_person(database, DUTY_1, later(100))
    assert stored(database, verification).number == ""
    assert verified(database) == {}


def test_verifications_go_with_the_numbers(database: Database, verification: int) -> None:
    press_on_verification(database, verification, "1", 1, later(10))
    take_delivery(database, DeliveryReport("SM1", "delivered"), later(3))
    other = begin_verification(
        database, NewNumberVerification(DUTY_2, DESK, DUTY, "nb"), NIGHT + timedelta(days=300)
    )
    while purge_batch(database, NIGHT + timedelta(days=366)):
        pass
    assert find_verification(database, verification) is None
    assert stored(database, other).number == DUTY_2
