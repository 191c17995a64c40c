"""What waits to be sent is looked at once more: is it still so?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import cast

import pytest

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.health.alarm import clear_alarm, raise_alarm
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.tickets.move_ticket import SetPriority, TicketChange, move_ticket
from app.domain.desks.desk import Priority
from app.domain.health.alarms import Alarm, AlarmKind
from app.gateways.sender import Sender
from app.store import Database
from app.store.desks import find_desk
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import CALL_OUT_1, a_message_is_left, the_call_out
from tests.support.contacts import WITH_CONTACTS
from tests.support.desk_moves import ACKNOWLEDGE, CLOSE, asked
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import CALLER, DESK, DUTY_1, DUTY_2, NIGHT, later, sample_database
from tests.support.stored_call import critical_at_night

PAUSE = later(600)  # the worker was away for ten minutes


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


def work(database: Database, now: datetime) -> FakeGateway:
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass
    return network


def moved(database: Database, move: TicketChange, now: datetime) -> None:
    assert move_ticket(database, asked(1001, move, "Vakt 2"), now)


def sms_to(network: FakeGateway) -> dict[str, str]:
    return {str(each["to"]): str(each["body"]) for each in network.did("sms")}


def dropped(database: Database) -> list[str]:
    with database.read() as connection:
        return [
            each.who for each in ticket_events(connection, 1001) if each.kind.endswith("dropped")
        ]


@ONE_DATABASE
def test_nobody_is_told_of_a_critical_case_that_is_acknowledged_by_now(database: Database) -> None:
    critical_at_night(database)
    moved(database, ACKNOWLEDGE, later(300))
    network = work(database, PAUSE)
    assert list(sms_to(network)) == [CALLER], "the caller's own number of the case is still so"
    assert len(dropped(database)) == 2


@ONE_DATABASE
def test_a_case_that_is_closed_by_now_is_told_to_nobody(database: Database) -> None:
    critical_at_night(database)
    moved(database, CLOSE, later(300))
    assert sms_to(work(database, PAUSE)) == {}


def test_a_caller_who_has_hung_up_meanwhile_is_not_calling_any_more(database: Database) -> None:
    critical_at_night(database).hangs_up()
    told = sms_to(work(database, PAUSE))
    assert set(told) == {CALLER, DUTY_1, DUTY_2}
    assert "Ringte fra" in told[DUTY_1]
    assert "Ringer fra" not in told[DUTY_1]
    assert "Ingen har tatt sak 1001" in told[DUTY_1]


@ONE_DATABASE
def test_a_case_that_is_called_something_else_by_now_is_told_as_that(database: Database) -> None:
    critical_at_night(database)
    moved(database, SetPriority(Priority.LOW), later(300))
    told = sms_to(work(database, PAUSE))
    assert "kritisk" not in "".join(told.values()).lower()


@ONE_DATABASE
def test_what_is_so_is_sent_as_it_was_said(database: Database) -> None:
    critical_at_night(database)
    told = sms_to(work(database, later(20)))
    assert "Ringer fra" in told[DUTY_1]
    assert "kritiske" in told[CALLER]


@ONE_DATABASE
def test_a_round_wakes_nobody_about_a_case_that_was_taken_before_the_worker_rang(
    database: Database,
) -> None:
    ended = a_message_is_left(database)
    work(database, ended)
    now = ended + timedelta(seconds=61)
    assert begin_due_call_outs(database, now) == 1
    assert the_call_out(database, CALL_OUT_1).ringing
    moved(database, ACKNOWLEDGE, now)
    network = work(database, now)
    assert network.did("ring") == []
    assert network.did("sms") == []


def alarm(kind: AlarmKind) -> Alarm:
    return Alarm(kind, values=(("since", NIGHT), ("count", 2), ("last", NIGHT), ("caller", "")))


@ONE_DATABASE
@pytest.mark.parametrize(
    ("kind", "is_still_told"), [(AlarmKind.SNAPSHOT_OLD, False), (AlarmKind.CALLS_FAILED, True)]
)
def test_an_alarm_that_is_over_by_now_is_not_sent_and_what_has_happened_is(
    database: Database, kind: AlarmKind, is_still_told: bool
) -> None:
    with database.read() as connection:
        live = find_desk(connection, DESK)
    assert live
    desk = live.desk
    database.write(lambda c: raise_alarm(c, desk, alarm(kind), NIGHT))
    database.write(lambda c: clear_alarm(c, desk, alarm(kind), later(60), notified=False))
    network = work(database, PAUSE)
    assert bool(network.mails or network.sent) is is_still_told
