"""A critical ticket does not sleep: the duty is rung in rounds until somebody has taken it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select, update

from app.actions.alarm import raise_alarm
from app.actions.keep import keep_some
from app.actions.rounds import begin_due_rounds
from app.actions.take_sms import take_sms
from app.actions.tick import do_next_job
from app.domain.alarms import ticket_unanswered
from app.domain.call import LegOutcome, Recorded
from app.domain.desk import Priority
from app.phone.sender import Sender
from app.store import Database
from app.store.call_lists import list_calls
from app.store.desks import list_desks
from app.store.figures import count_outcomes
from app.store.missed import list_missed
from app.store.rounds import AT_ONCE
from app.store.sms import ReceivedSms
from app.store.tables import (
    AlarmRow,
    CallRow,
    DeskVersionRow,
    JobKind,
    JobRow,
    JobState,
    TicketRow,
)
from app.voice_prompts import texts
from tests.a_house import (
    DESK,
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    SUPPORT,
    a_house,
    folder,
    later,
    move_in,
)
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.a_round import (
    ROUND_1,
    ROUND_2,
    a_message_is_left,
    accepts,
    no_answer,
    nobody_answers,
    the_round,
)

CONTACTS = """
[[contacts]]
role = "Teamleiar"
phone = "+4749009301"
"""
MINUTE = timedelta(minutes=1)
OTHERS_DUTY = "+4720000912"


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, folder(desk=DESK_TOML + CONTACTS)) as database:
        yield database


@pytest.fixture
def one_house(migrated_sqlite_url: str) -> Iterator[Database]:
    with a_house(migrated_sqlite_url, folder(desk=DESK_TOML + CONTACTS)) as database:
        yield database


def ticket(house: Database, number: int = 1001) -> TicketRow:
    with house.read() as connection:
        row = connection.execute(select(TicketRow.__table__).where(TicketRow.number == number))
        return row.one()  # type: ignore[return-value]


def jobs(house: Database, kind: JobKind, sid: str = ROUND_1) -> list[JobRow]:
    of_call = select(JobRow.__table__).where(JobRow.kind == kind, JobRow.call_sid == sid)
    with house.read() as connection:
        return list(connection.execute(of_call.order_by(JobRow.id)))  # type: ignore[arg-type]


def alarms(house: Database) -> list[str]:
    with house.read() as connection:
        return list(connection.execute(select(AlarmRow.subject)).scalars())


def missed(house: Database) -> list[str]:
    with house.read() as connection:
        return [each.person for each in list_missed(connection, "fjordhjelp")]


def ticket_of(house: Database, sid: str) -> int:
    with house.read() as connection:
        return connection.execute(select(CallRow.ticket).where(CallRow.sid == sid)).scalar_one()


def another_desk_moves_in(house: Database) -> None:
    """Its duty is the same people."""
    text = DESK_TOML.replace(DUTY, OTHERS_DUTY).replace(SUPPORT, "+4720000911")
    move_in(house, folder("nabohjelp", desk=text))


def nobody_can_read_the_documents_of(house: Database, desk: str) -> None:
    """A release that reads less than the one before it."""
    strange = update(DeskVersionRow).where(DeskVersionRow.desk == desk)
    house.write(lambda connection: connection.execute(strange.values(text="?", sha="?")))


def test_a_minute_after_the_message_the_duty_is_called_one_after_another(house: Database) -> None:
    ended = a_message_is_left(house)
    assert begin_due_rounds(house, ended + timedelta(seconds=55)) == 0
    assert begin_due_rounds(house, ended + MINUTE) == 1
    assert begin_due_rounds(house, ended + MINUTE) == 0, "it rings already"

    call = the_round(house)
    assert [leg.callee.number for leg in call.legs] == [DUTY_1]
    assert (call.recording, call.line, call.round) == ("RE-CA1", DUTY, 1)
    [ring] = jobs(house, JobKind.CALL)
    assert ring.state is JobState.WAITING
    no_answer(house, ended + 2 * MINUTE)
    nobody_answers(house, ended + 2 * MINUTE)
    rung = [leg.callee.number for leg in the_round(house).legs]
    assert [rung[0], rung[-1]] == [DUTY_1, LAST_RESORT]
    assert DUTY_2 in rung
    assert the_round(house).has_ended
    assert ticket(house).rounds_made == 1


def test_each_round_tells_everybody_once_by_sms(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    nobody_answers(house, ended + 2 * MINUTE)
    begin_due_rounds(house, ended + 3 * MINUTE)
    begin_due_rounds(house, ended + 6 * MINUTE)

    assert {job.person for job in jobs(house, JobKind.SMS)} == {"duty-1", "duty-2"}
    assert len(jobs(house, JobKind.SMS)) == 2
    assert len(jobs(house, JobKind.SMS, ROUND_2)) == 2


def test_nobody_is_told_late_that_a_ticket_waits_which_somebody_has_taken(
    one_house: Database,
) -> None:
    """The network takes nothing until somebody has pressed 1."""
    ended = a_message_is_left(one_house)
    begin_due_rounds(one_house, ended + MINUTE)
    alarm = ticket_unanswered(1001, "", None, ended, Priority.CRITICAL)
    one_house.write(lambda c: raise_alarm(c, list_desks(c)[0].desk, alarm, ended + MINUTE))
    accepts(one_house, ended + 2 * MINUTE)
    network = ANetwork()
    while do_next_job(one_house, cast(Sender, network), texts(), ended + 3 * MINUTE):
        assert len(network.sent) < 50

    assert not [job for job in jobs(one_house, JobKind.SMS) if job.state is not JobState.DROPPED]
    assert "+4749009301" not in {sms["to"] for sms in network.did("sms")}


def test_whoever_presses_1_has_it_and_nobody_is_called_again(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    no_answer(house, ended + 2 * MINUTE)
    no_answer(house, ended + 2 * MINUTE)
    accepts(house, ended + 3 * MINUTE)

    taken = ticket(house)
    assert (taken.acknowledged_by, taken.next_round_at) == ("Duty 2", None)
    assert begin_due_rounds(house, ended + 20 * MINUTE) == 0
    assert alarms(house) == []


def test_who_misses_a_round_is_rung_after_the_others_until_they_answer(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    nobody_answers(house, ended + 2 * MINUTE)
    assert sorted(missed(house)) == [LAST_RESORT, "duty-1", "duty-2"]

    take_sms(house, ReceivedSms("SM1", DUTY, DUTY_2, "ok"), ended + 3 * MINUTE)
    assert sorted(missed(house)) == [LAST_RESORT, "duty-1"], "who writes is there again"
    begin_due_rounds(house, ended + 3 * MINUTE)
    begin_due_rounds(house, ended + 6 * MINUTE)
    assert the_round(house, ROUND_2).ringing[0].callee.number == DUTY_2
    while the_round(house, ROUND_2).ringing[0].callee.number != DUTY_1:
        no_answer(house, ended + 7 * MINUTE, ROUND_2)
    accepts(house, ended + 7 * MINUTE, ROUND_2)
    assert "duty-1" not in missed(house), "who presses a key is there again"


def test_when_the_rounds_run_out_the_contacts_are_alarmed_once(house: Database) -> None:
    now = a_message_is_left(house) + MINUTE
    for _ in range(90):
        begin_due_rounds(house, now)
        made = ticket(house).rounds_made
        if made and the_round(house, f"round-1001-{made}").ringing:
            nobody_answers(house, now, f"round-1001-{made}")
        now += MINUTE

    row = ticket(house)
    assert row.rounds_made == 12
    assert row.next_round_at is None
    assert alarms(house) == ["1001"]


def test_a_telephone_that_no_worker_could_ring_is_rung_when_one_is_back(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    back, network = ended + 20 * MINUTE, ANetwork()
    assert begin_due_rounds(house, back) == 0
    while do_next_job(house, cast(Sender, network), texts(), back):
        pass
    assert [each["to"] for each in network.did("ring")] == [DUTY_1]
    assert [leg.callee.number for leg in the_round(house).ringing] == [DUTY_1]


def test_a_round_that_stands_still_rings_the_next_one(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    for minute in range(2, 40):  # nothing is ever told of the telephones that rang
        begin_due_rounds(house, ended + minute * MINUTE)
        if the_round(house).has_ended:
            break

    legs = the_round(house).legs
    assert {leg.outcome for leg in legs} == {LegOutcome.NO_ANSWER}
    assert legs[-1].callee.number == LAST_RESORT
    assert the_round(house, ROUND_2).ringing, "and it is time for the next round"


def test_one_ticket_at_a_time_is_called_about_at_a_desk(house: Database) -> None:
    ended = a_message_is_left(house)
    a_message_is_left(house, "CA2", caller="+4749009098")
    assert begin_due_rounds(house, ended + MINUTE) == 1
    assert ticket(house, 1002).rounds_made == 0

    accepts(house, ended + 2 * MINUTE)
    assert begin_due_rounds(house, ended + 2 * MINUTE) == 1
    assert the_round(house, "round-1002-1").ringing


def test_many_tickets_that_wait_at_one_desk_keep_no_other_desks_ticket(
    one_house: Database,
) -> None:
    another_desk_moves_in(one_house)
    ended = a_message_is_left(one_house)
    assert begin_due_rounds(one_house, ended + MINUTE) == 1
    for count in range(AT_ONCE + 1):
        a_message_is_left(one_house, f"CB{count}", caller=f"+47490091{count:02}")
    ended = a_message_is_left(one_house, "CC1", line=OTHERS_DUTY)
    about = f"round-{ticket_of(one_house, 'CC1')}-1"

    assert begin_due_rounds(one_house, ended + MINUTE) == 1
    assert the_round(one_house, about).ringing


def test_a_round_that_cannot_be_stopped_keeps_nobody_elses_ticket(one_house: Database) -> None:
    another_desk_moves_in(one_house)
    ended = a_message_is_left(one_house)
    begin_due_rounds(one_house, ended + MINUTE)
    again = ACall(one_house, "CA2", start=ended + MINUTE)
    again.arrives()
    again.presses("1")
    again.somebody_accepts(1)
    ended = a_message_is_left(one_house, "CC1", line=OTHERS_DUTY)
    nobody_can_read_the_documents_of(one_house, DESK)

    assert begin_due_rounds(one_house, ended + MINUTE) == 1
    assert the_round(one_house, "round-1002-1").ringing


def test_a_call_that_goes_on_is_not_called_about_and_one_that_hangs_is(house: Database) -> None:
    call = critical_at_night(house)
    begun = call.now
    for minute in range(1, 5):
        assert begin_due_rounds(house, begun + minute * MINUTE) == 0, "it rings for the caller"
    for minute in range(5, 8):
        begin_due_rounds(house, begun + minute * MINUTE)
    assert the_round(house).ringing, "no end was ever told"


def test_a_ticket_that_is_taken_in_another_call_stops_its_round(house: Database) -> None:
    ended = a_message_is_left(house)
    begin_due_rounds(house, ended + MINUTE)
    again = ACall(house, "CA2", start=ended + MINUTE)
    again.arrives()
    again.presses("1")
    again.somebody_accepts(1)
    begin_due_rounds(house, ended + 2 * MINUTE)

    assert the_round(house).has_ended
    assert not the_round(house).ringing
    [ring] = jobs(house, JobKind.CALL)
    assert ring.state is JobState.DROPPED, "it had not been placed yet"


def test_what_the_duty_is_not_there_for_is_not_called_about(one_house: Database) -> None:
    by_night = ACall(one_house, "CA1", "+4720000901", start=later(0))
    by_night.arrives()
    by_night.presses("2")
    by_night.does(Recorded(12, "RE1"))
    assert ticket(one_house).next_round_at is None


def test_a_desk_without_rounds_alarms_its_contacts_at_once(migrated_sqlite_url: str) -> None:
    desk = DESK_TOML + "\n[duty.rounds]\nevery_minutes = 0\n" + CONTACTS
    with a_house(migrated_sqlite_url, folder(desk=desk)) as house:
        ended = a_message_is_left(house)
        assert begin_due_rounds(house, ended + MINUTE) == 0
        assert alarms(house) == ["1001"]
        assert ticket(house).next_round_at is None


def test_rounds_are_no_calls_of_callers(one_house: Database) -> None:
    ended = a_message_is_left(one_house)
    begin_due_rounds(one_house, ended + MINUTE)
    nobody_answers(one_house, ended + 2 * MINUTE)
    with one_house.read() as connection:
        assert [line.sid for line in list_calls(connection)] == ["CA1"]
        assert sum(count_outcomes(connection).values()) == 1


def test_two_workers_that_look_at_the_same_moment_begin_one_round(house: Database) -> None:
    ended = a_message_is_left(house)
    with ThreadPoolExecutor(4) as workers:
        begun = list(workers.map(lambda _: begin_due_rounds(house, ended + MINUTE), range(4)))
    assert sum(begun) == 1
    assert len(the_round(house).legs) == 1
    assert len(jobs(house, JobKind.CALL)) == 1


def test_a_ticket_goes_in_its_time_with_its_rounds_and_with_who_missed_them(
    one_house: Database,
) -> None:
    ended = a_message_is_left(one_house)
    begin_due_rounds(one_house, ended + MINUTE)
    nobody_answers(one_house, ended + 2 * MINUTE)
    for years in (1, 2, 4):
        while keep_some(one_house, ended + timedelta(days=366 * years)):
            pass
    assert missed(one_house) == []
    call = the_round(one_house)
    assert {leg.callee.name for leg in call.legs} == {""}
    assert call.caller.digits == ""
