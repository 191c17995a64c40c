"""A critical ticket does not sleep: the duty is rung in call-outs until somebody has taken it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import cast

import pytest
from sqlalchemy import select, update

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.health.alarm import raise_alarm
from app.actions.messages.take_sms import take_sms
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.purge import purge_batch
from app.domain.calls.call import Recorded
from app.domain.health.alarms import ticket_unacknowledged
from app.domain.hunts.hunt import LegOutcome
from app.gateways.sender import Sender
from app.store import Database
from app.store.call_lists import list_calls
from app.store.call_outs import AT_ONCE
from app.store.codec import read_facts
from app.store.desks import list_desks
from app.store.figures import count_outcomes
from app.store.missed_call_outs import list_missed_call_outs
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
from app.store.ticket_lists import find_ticket
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import (
    CALL_OUT_1,
    CALL_OUT_2,
    a_message_is_left,
    accepts,
    no_answer,
    nobody_answers,
    the_call_out,
)
from tests.support.contacts import ONE_CONTACT
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    DESK,
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    SUPPORT,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night

MINUTE = timedelta(minutes=1)
OTHERS_DUTY = "+4720000912"


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + ONE_CONTACT)) as database:
        yield database


@pytest.fixture
def one_desk(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url, folder(desk=DESK_TOML + ONE_CONTACT)) as database:
        yield database


def ticket(database: Database, number: int = 1001) -> TicketRow:
    with database.read() as connection:
        row = connection.execute(select(TicketRow.__table__).where(TicketRow.number == number))
        return row.one()  # type: ignore[return-value]


def jobs(database: Database, kind: JobKind, sid: str = CALL_OUT_1) -> list[JobRow]:
    of_call = select(JobRow.__table__).where(JobRow.kind == kind, JobRow.call_sid == sid)
    with database.read() as connection:
        return list(connection.execute(of_call.order_by(JobRow.id)))  # type: ignore[arg-type]


def alarms(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(AlarmRow.subject)).scalars())


def missed(database: Database) -> list[str]:
    with database.read() as connection:
        return [each.person for each in list_missed_call_outs(connection, "fjordhjelp")]


def ticket_of(database: Database, sid: str) -> int:
    with database.read() as connection:
        return connection.execute(select(CallRow.ticket).where(CallRow.sid == sid)).scalar_one()


def another_desk_moves_in(database: Database) -> None:
    """Its duty is the same people."""
    text = DESK_TOML.replace(DUTY, OTHERS_DUTY).replace(SUPPORT, "+4720000911")
    import_sample_desks(database, folder("nabohjelp", desk=text))


def nobody_can_read_the_documents_of(database: Database, desk: str) -> None:
    """A release that reads less than the one before it."""
    strange = update(DeskVersionRow).where(DeskVersionRow.desk == desk)
    database.write(lambda connection: connection.execute(strange.values(text="?", sha="?")))


@ONE_DATABASE
def test_a_minute_after_the_message_the_duty_is_called_one_after_another(
    database: Database,
) -> None:
    ended = a_message_is_left(database)
    assert begin_due_call_outs(database, ended + timedelta(seconds=55)) == 0
    assert begin_due_call_outs(database, ended + MINUTE) == 1
    assert begin_due_call_outs(database, ended + MINUTE) == 0, "it rings already"

    call = the_call_out(database)
    assert [leg.callee.number for leg in call.legs] == [DUTY_1]
    assert (call.recording, call.line, call.number) == ("RE-CA1", DUTY, 1)
    [ring] = jobs(database, JobKind.CALL)
    assert ring.state is JobState.WAITING
    no_answer(database, ended + 2 * MINUTE)
    nobody_answers(database, ended + 2 * MINUTE)
    rung = [leg.callee.number for leg in the_call_out(database).legs]
    assert [rung[0], rung[-1]] == [DUTY_1, LAST_RESORT]
    assert DUTY_2 in rung
    assert the_call_out(database).has_ended
    assert ticket(database).call_outs_made == 1


@ONE_DATABASE
def test_each_round_tells_everybody_once_by_sms(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    nobody_answers(database, ended + 2 * MINUTE)
    begin_due_call_outs(database, ended + 3 * MINUTE)
    begin_due_call_outs(database, ended + 6 * MINUTE)

    assert {job.person for job in jobs(database, JobKind.SMS)} == {"duty-1", "duty-2"}
    assert len(jobs(database, JobKind.SMS)) == 2
    assert len(jobs(database, JobKind.SMS, CALL_OUT_2)) == 2


def test_nobody_is_told_late_that_a_ticket_waits_which_somebody_has_taken(
    one_desk: Database,
) -> None:
    """The network takes nothing until somebody has pressed 1."""
    ended = a_message_is_left(one_desk)
    begin_due_call_outs(one_desk, ended + MINUTE)
    with one_desk.read() as connection:
        found = find_ticket(connection, 1001)
    assert found
    alarm = ticket_unacknowledged(found, None, ended)
    one_desk.write(lambda c: raise_alarm(c, list_desks(c)[0].desk, alarm, ended + MINUTE))
    accepts(one_desk, ended + 2 * MINUTE)
    network = FakeGateway()
    while do_next_job(one_desk, cast(Sender, network), texts(), ended + 3 * MINUTE):
        assert len(network.sent) < 50

    assert not [job for job in jobs(one_desk, JobKind.SMS) if job.state is not JobState.DROPPED]
    assert "+4749009301" not in {sms["to"] for sms in network.did("sms")}


def test_whoever_presses_1_has_it_and_nobody_is_called_again(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    no_answer(database, ended + 2 * MINUTE)
    no_answer(database, ended + 2 * MINUTE)
    accepts(database, ended + 3 * MINUTE)

    taken = ticket(database)
    assert (taken.acknowledged_by, taken.next_call_out_at) == ("Duty 2", None)
    assert begin_due_call_outs(database, ended + 20 * MINUTE) == 0
    assert alarms(database) == []


@ONE_DATABASE
def test_who_misses_a_round_is_rung_after_the_others_until_they_answer(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    nobody_answers(database, ended + 2 * MINUTE)
    assert sorted(missed(database)) == [LAST_RESORT, "duty-1", "duty-2"]

    take_sms(database, ReceivedSms("SM1", DUTY, DUTY_2, "ok"), ended + 3 * MINUTE)
    assert sorted(missed(database)) == [LAST_RESORT, "duty-1"], "who writes is there again"
    begin_due_call_outs(database, ended + 3 * MINUTE)
    begin_due_call_outs(database, ended + 6 * MINUTE)
    assert the_call_out(database, CALL_OUT_2).ringing[0].callee.number == DUTY_2
    while the_call_out(database, CALL_OUT_2).ringing[0].callee.number != DUTY_1:
        no_answer(database, ended + 7 * MINUTE, CALL_OUT_2)
    accepts(database, ended + 7 * MINUTE, CALL_OUT_2)
    assert "duty-1" not in missed(database), "who presses a key is there again"


@ONE_DATABASE
def test_when_the_rounds_run_out_the_contacts_are_alarmed_once(database: Database) -> None:
    now = a_message_is_left(database) + MINUTE
    for _ in range(90):
        begin_due_call_outs(database, now)
        made = ticket(database).call_outs_made
        if made and the_call_out(database, f"call-out-1001-{made}").ringing:
            nobody_answers(database, now, f"call-out-1001-{made}")
        now += MINUTE

    row = ticket(database)
    assert row.call_outs_made == 12
    assert row.next_call_out_at is None
    assert alarms(database) == ["1001"]


@ONE_DATABASE
def test_a_telephone_that_no_worker_could_ring_is_rung_when_one_is_back(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    back, network = ended + 20 * MINUTE, FakeGateway()
    assert begin_due_call_outs(database, back) == 0
    while do_next_job(database, cast(Sender, network), texts(), back):
        pass
    assert [each["to"] for each in network.did("ring")] == [DUTY_1]
    assert [leg.callee.number for leg in the_call_out(database).ringing] == [DUTY_1]


@ONE_DATABASE
def test_a_round_that_stands_still_rings_the_next_one(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    for minute in range(2, 40):  # nothing is ever told of the telephones that rang
        begin_due_call_outs(database, ended + minute * MINUTE)
        if the_call_out(database).has_ended:
            break

    legs = the_call_out(database).legs
    assert {leg.outcome for leg in legs} == {LegOutcome.NO_ANSWER}
    assert legs[-1].callee.number == LAST_RESORT
    assert the_call_out(database, CALL_OUT_2).ringing, "and it is time for the next call-out"


@ONE_DATABASE
def test_one_ticket_at_a_time_is_called_about_at_a_desk(database: Database) -> None:
    ended = a_message_is_left(database)
    a_message_is_left(database, "CA2", caller="+4749009098")
    assert begin_due_call_outs(database, ended + MINUTE) == 1
    assert ticket(database, 1002).call_outs_made == 0

    accepts(database, ended + 2 * MINUTE)
    assert begin_due_call_outs(database, ended + 2 * MINUTE) == 1
    assert the_call_out(database, "call-out-1002-1").ringing


def test_many_tickets_that_wait_at_one_desk_keep_no_other_desks_ticket(
    one_desk: Database,
) -> None:
    another_desk_moves_in(one_desk)
    ended = a_message_is_left(one_desk)
    assert begin_due_call_outs(one_desk, ended + MINUTE) == 1
    for count in range(AT_ONCE + 1):
        a_message_is_left(one_desk, f"CB{count}", caller=f"+47490091{count:02}")
    ended = a_message_is_left(one_desk, "CC1", line=OTHERS_DUTY)
    about = f"call-out-{ticket_of(one_desk, 'CC1')}-1"

    assert begin_due_call_outs(one_desk, ended + MINUTE) == 1
    assert the_call_out(one_desk, about).ringing


def test_a_round_that_cannot_be_stopped_keeps_nobody_elses_ticket(one_desk: Database) -> None:
    another_desk_moves_in(one_desk)
    ended = a_message_is_left(one_desk)
    begin_due_call_outs(one_desk, ended + MINUTE)
    again = DrivenCall(one_desk, "CA2", start=ended + MINUTE)
    again.arrives()
    again.presses("1")
    again.somebody_accepts(1)
    ended = a_message_is_left(one_desk, "CC1", line=OTHERS_DUTY)
    nobody_can_read_the_documents_of(one_desk, DESK)

    assert begin_due_call_outs(one_desk, ended + MINUTE) == 1
    assert the_call_out(one_desk, "call-out-1002-1").ringing


@ONE_DATABASE
def test_a_call_that_goes_on_is_not_called_about_and_one_that_hangs_is(database: Database) -> None:
    call = critical_at_night(database)
    begun = call.now
    for minute in range(1, 5):
        assert begin_due_call_outs(database, begun + minute * MINUTE) == 0, (
            "it rings for the caller"
        )
    for minute in range(5, 8):
        begin_due_call_outs(database, begun + minute * MINUTE)
    assert the_call_out(database).ringing, "no end was ever told"


@ONE_DATABASE
def test_a_ticket_that_is_taken_in_another_call_stops_its_round(database: Database) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    again = DrivenCall(database, "CA2", start=ended + MINUTE)
    again.arrives()
    again.presses("1")
    again.somebody_accepts(1)
    begin_due_call_outs(database, ended + 2 * MINUTE)

    assert the_call_out(database).has_ended
    assert not the_call_out(database).ringing
    [ring] = jobs(database, JobKind.CALL)
    assert ring.state is JobState.DROPPED, "it had not been placed yet"


def test_what_the_duty_is_not_there_for_is_not_called_about(one_desk: Database) -> None:
    by_night = DrivenCall(one_desk, "CA1", "+4720000901", start=later(0))
    by_night.arrives()
    by_night.presses("2")
    by_night.does(Recorded(12, "RE1"))
    assert ticket(one_desk).next_call_out_at is None


def test_a_desk_without_rounds_alarms_its_contacts_at_once(migrated_sqlite_url: str) -> None:
    desk = DESK_TOML + "\n[duty.call_outs]\nevery_minutes = 0\n" + ONE_CONTACT
    with sample_database(migrated_sqlite_url, folder(desk=desk)) as database:
        ended = a_message_is_left(database)
        assert begin_due_call_outs(database, ended + MINUTE) == 0
        assert alarms(database) == ["1001"]
        assert ticket(database).next_call_out_at is None


NEW_DUTY = "+4720000903"


def line_leaves(database: Database) -> None:
    """The desk's document names another duty line."""
    import_sample_desks(database, folder(desk=DESK_TOML.replace(DUTY, NEW_DUTY) + ONE_CONTACT))


def called_from(database: Database) -> list[object]:
    return [read_facts(ring.payload)["from"] for ring in jobs(database, JobKind.CALL)]


@ONE_DATABASE
def test_a_ticket_whose_line_has_left_the_desk_is_called_about_from_another_one(
    database: Database,
) -> None:
    ended = a_message_is_left(database)
    line_leaves(database)
    assert begin_due_call_outs(database, ended + MINUTE) == 1
    assert [leg.callee.number for leg in the_call_out(database).legs] == [DUTY_1]
    assert called_from(database) == [NEW_DUTY]
    accepts(database, ended + MINUTE)
    assert ticket(database).acknowledged_by == "Duty 1"


@ONE_DATABASE
def test_a_call_out_goes_on_when_its_line_leaves_the_desk_while_it_rings(
    database: Database,
) -> None:
    ended = a_message_is_left(database)
    begin_due_call_outs(database, ended + MINUTE)
    line_leaves(database)
    no_answer(database, ended + 2 * MINUTE)
    accepts(database, ended + 2 * MINUTE)
    assert ticket(database).acknowledged_by == "Duty 1"
    assert called_from(database) == [DUTY, NEW_DUTY]


@ONE_DATABASE
def test_a_line_that_another_desk_has_now_takes_no_ticket_with_it(database: Database) -> None:
    ended = a_message_is_left(database)
    line_leaves(database)
    others = DESK_TOML.replace(SUPPORT, "+4720000911")
    import_sample_desks(database, folder("nabohjelp", desk=others))
    assert begin_due_call_outs(database, ended + MINUTE) == 1
    call_out = the_call_out(database)
    assert (call_out.desk, call_out.line) == (DESK, NEW_DUTY)


def test_rounds_are_no_calls_of_callers(one_desk: Database) -> None:
    ended = a_message_is_left(one_desk)
    begin_due_call_outs(one_desk, ended + MINUTE)
    nobody_answers(one_desk, ended + 2 * MINUTE)
    with one_desk.read() as connection:
        assert [line.sid for line in list_calls(connection)] == ["CA1"]
        assert sum(count_outcomes(connection).values()) == 1


def test_two_workers_that_look_at_the_same_moment_begin_one_round(database: Database) -> None:
    ended = a_message_is_left(database)
    with ThreadPoolExecutor(4) as workers:
        begun = list(workers.map(lambda _: begin_due_call_outs(database, ended + MINUTE), range(4)))
    assert sum(begun) == 1
    assert len(the_call_out(database).legs) == 1
    assert len(jobs(database, JobKind.CALL)) == 1


def test_a_ticket_goes_in_its_time_with_its_rounds_and_with_who_missed_them(
    one_desk: Database,
) -> None:
    ended = a_message_is_left(one_desk)
    begin_due_call_outs(one_desk, ended + MINUTE)
    nobody_answers(one_desk, ended + 2 * MINUTE)
    for years in (1, 2, 4):
        while purge_batch(one_desk, ended + timedelta(days=366 * years)):
            pass
    assert missed(one_desk) == []
    call = the_call_out(one_desk)
    assert {leg.callee.name for leg in call.legs} == {""}
    assert call.caller.digits == ""
