"""A number is tried: its key counts once, its call never goes back, it is forgotten in time."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.actions.keep import keep_some
from app.actions.persons import erase_person
from app.actions.take_sms import take_delivery
from app.actions.take_turn import take_leg_turn
from app.actions.try_number import (
    begin_trial,
    change_trial,
    find_trial,
    press_on_trial,
    reply_to_trial,
    sent_on_trial,
    trial_answered,
)
from app.domain.call import LegAnswered, LegOutcome
from app.store import Database
from app.store.sms import Told
from app.store.trials import NewTrial, Trial
from app.store.tried import last_answers
from tests.a_house import DESK, DUTY, DUTY_1, DUTY_2, NIGHT, a_house, later
from tests.actions.a_call import critical_at_night

NEW = NewTrial(DUTY_1, DESK, DUTY, "nb")


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url) as database:
        yield database


@pytest.fixture
def trial(house: Database) -> int:
    begun = begin_trial(house, NEW, NIGHT)
    sent_on_trial(house, begun, "SM1")
    return begun


def stored(house: Database, trial: int) -> Trial:
    found = find_trial(house, trial)
    assert found
    return found


def tried(house: Database) -> dict[str, object]:
    with house.read() as connection:
        return dict(last_answers(connection, NIGHT))


def test_a_call_never_goes_back_whatever_order_it_is_told_in(house: Database, trial: int) -> None:
    for told, stands in (
        ("in-progress", "in-progress"),
        ("ringing", "in-progress"),
        ("initiated", "in-progress"),
        ("completed", "completed"),
        ("in-progress", "completed"),
        ("failed", "completed"),
    ):
        change_trial(house, trial, told)
        assert stored(house, trial).status == stands
    assert stored(house, trial).is_over


def test_a_voicemail_that_lifts_when_the_caller_has_gone_has_pressed_no_key(
    house: Database,
) -> None:
    call = critical_at_night(house)
    call.hangs_up()
    take_leg_turn(house, call.sid, LegAnswered(1, "CA1-leg1"), call.now)
    assert call.stored.legs[0].outcome is LegOutcome.LATE
    assert tried(house) == {}


def test_only_the_key_that_was_asked_for_counts_and_only_once(house: Database, trial: int) -> None:
    for key in ("", "2", "#"):
        found = press_on_trial(house, trial, key, later(5))
        assert found
        assert found[0].key_at is None
    assert tried(house) == {}
    for second in (10, 20):
        found = press_on_trial(house, trial, "1", later(second))
        assert found
        assert found[0].key_at == later(10)
        assert found[1]
        assert found[1].desk.id == DESK
    assert tried(house) == {DUTY_1: later(10)}


def test_an_sms_answers_the_newest_trial_of_its_sender_within_an_hour(
    house: Database, trial: int
) -> None:
    begin_trial(house, NEW, later(1))  # its SMS was refused
    for sender, body in ((DUTY_2, "1"), (DUTY_1, "Ja"), (DUTY_1, "11"), ("", "1")):
        assert reply_to_trial(house, sender, body, later(30)) is None
    assert reply_to_trial(house, DUTY_1, "1", later(3700)) is None
    for second in (40, 50):  # the network may post it twice
        found = reply_to_trial(house, DUTY_1, " 1\n", later(second))
        assert found
        assert (found[0].id, found[0].reply_at) == (trial, later(40))
    assert tried(house) == {}, "who reads SMS has not been heard to answer a call"


def test_how_its_sms_fares_is_told_by_the_network(house: Database, trial: int) -> None:
    assert stored(house, trial).delivery == ""
    take_delivery(house, Told("SM1", "delivered"), later(3))
    assert stored(house, trial).delivery == "delivered"


def test_a_trial_that_nobody_knows_is_nothing(house: Database) -> None:
    change_trial(house, 99, "completed")
    assert find_trial(house, 99) is None
    assert trial_answered(house, 99) is None
    assert press_on_trial(house, 99, "1", NIGHT) is None


def test_who_is_erased_has_not_been_tried(house: Database, trial: int) -> None:
    press_on_trial(house, trial, "1", later(10))
    erase_person(house, DUTY_1, later(100))
    assert stored(house, trial).number == ""
    assert tried(house) == {}


def test_trials_go_with_the_numbers(house: Database, trial: int) -> None:
    press_on_trial(house, trial, "1", later(10))
    take_delivery(house, Told("SM1", "delivered"), later(3))
    other = begin_trial(house, NewTrial(DUTY_2, DESK, DUTY, "nb"), NIGHT + timedelta(days=300))
    while keep_some(house, NIGHT + timedelta(days=366)):
        pass
    assert find_trial(house, trial) is None
    assert stored(house, other).number == DUTY_2
