"""What waits to be sent is looked at once more: is it still so?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.alarm import clear_alarm, raise_alarm
from app.actions.move_ticket import Request, move_ticket
from app.actions.rounds import begin_due_rounds
from app.actions.tick import do_next_job
from app.domain.alarms import Alarm, AlarmKind
from app.domain.desk import Priority
from app.domain.ticket_moves import Acknowledge, Close, Move, SetPriority
from app.phone.sender import Sender
from app.store import Database
from app.store.desks import find_desk
from app.store.ticket_lists import ticket_events
from app.store.tickets import Said
from app.voice_prompts import texts
from tests.a_house import CALLER, DESK, DUTY_1, DUTY_2, NIGHT, a_house, later
from tests.actions.a_call import critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.a_round import ROUND_1, a_message_is_left, the_round
from tests.actions.contacts import WITH_CONTACTS

PAUSE = later(600)  # the worker was away for ten minutes


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, WITH_CONTACTS) as database:
        yield database


def work(house: Database, now: datetime) -> ANetwork:
    network = ANetwork()
    while do_next_job(house, cast(Sender, network), texts(), now):
        pass
    return network


def moved(house: Database, move: Move, now: datetime) -> None:
    assert move_ticket(house, Request(1001, move, Said("Vakt 2")), now)


def sms_to(network: ANetwork) -> dict[str, str]:
    return {str(each["to"]): str(each["body"]) for each in network.did("sms")}


def dropped(house: Database) -> list[str]:
    with house.read() as connection:
        return [
            each.who for each in ticket_events(connection, 1001) if each.kind.endswith("dropped")
        ]


def test_nobody_is_told_of_a_critical_case_that_is_acknowledged_by_now(house: Database) -> None:
    critical_at_night(house)
    moved(house, Acknowledge(), later(300))
    network = work(house, PAUSE)
    assert list(sms_to(network)) == [CALLER], "the caller's own number of the case is still so"
    assert len(dropped(house)) == 2


def test_a_case_that_is_closed_by_now_is_told_to_nobody(house: Database) -> None:
    critical_at_night(house)
    moved(house, Close(), later(300))
    assert sms_to(work(house, PAUSE)) == {}


def test_a_caller_who_has_hung_up_meanwhile_is_not_calling_any_more(house: Database) -> None:
    critical_at_night(house).hangs_up()
    told = sms_to(work(house, PAUSE))
    assert set(told) == {CALLER, DUTY_1, DUTY_2}
    assert "Ringte fra" in told[DUTY_1]
    assert "Ringer fra" not in told[DUTY_1]
    assert "Ingen har tatt sak 1001" in told[DUTY_1]


def test_a_case_that_is_called_something_else_by_now_is_told_as_that(house: Database) -> None:
    critical_at_night(house)
    moved(house, SetPriority(Priority.LOW), later(300))
    told = sms_to(work(house, PAUSE))
    assert "kritisk" not in "".join(told.values()).lower()


def test_what_is_so_is_sent_as_it_was_said(house: Database) -> None:
    critical_at_night(house)
    told = sms_to(work(house, later(20)))
    assert "Ringer fra" in told[DUTY_1]
    assert "kritiske" in told[CALLER]


def test_a_round_wakes_nobody_about_a_case_that_was_taken_before_the_worker_rang(
    house: Database,
) -> None:
    ended = a_message_is_left(house)
    work(house, ended)
    now = ended + timedelta(seconds=61)
    assert begin_due_rounds(house, now) == 1
    assert the_round(house, ROUND_1).ringing
    moved(house, Acknowledge(), now)
    network = work(house, now)
    assert network.did("ring") == []
    assert network.did("sms") == []


def alarm(kind: AlarmKind) -> Alarm:
    return Alarm(kind, values=(("since", NIGHT), ("count", 2), ("last", NIGHT), ("caller", "")))


@pytest.mark.parametrize(
    ("kind", "is_still_told"), [(AlarmKind.SNAPSHOT_OLD, False), (AlarmKind.CALLS_FAILED, True)]
)
def test_an_alarm_that_is_over_by_now_is_not_sent_and_what_has_happened_is(
    house: Database, kind: AlarmKind, is_still_told: bool
) -> None:
    with house.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    desk = live.desk
    house.write(lambda c: raise_alarm(c, desk, alarm(kind), NIGHT))
    house.write(lambda c: clear_alarm(c, desk, alarm(kind), later(60), told=False))
    network = work(house, PAUSE)
    assert bool(network.mails or network.sent) is is_still_told
