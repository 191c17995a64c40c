"""A person gets all that is stored about their number, or has it erased; figures stay."""

import itertools
import json
import threading
import typing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import String, cast, event, insert, select, update

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.messages.take_sms import take_sms
from app.actions.outbox.outbox_worker import do_next_job
from app.actions.privacy.personal_data import (
    CallInProgress,
    OwnLineNumber,
    erase_person,
    export_person,
    preview_erasure,
)
from app.domain.calls.call import Recorded
from app.domain.hunts.events import LegAnswered, LegPressed
from app.gateways.sender import Sender
from app.store import Database
from app.store.call_lists import find_call
from app.store.figures import count_outcomes
from app.store.missed_call_outs import note_missed_call_out
from app.store.recording_accesses import recording_accesses_of
from app.store.recordings import load_recording, save_recording
from app.store.sms import ReceivedSms
from app.store.tables import Base, DeliveryRow, IncomingSmsRow, JobKind, JobRow, TicketEventRow
from app.store.ticket_lists import list_tickets
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.call_out_steps import (
    CALL_OUT_1,
    a_message_is_left,
    nobody_answers,
    the_call_out,
)
from tests.support.fake_gateway import InterruptedGateway
from tests.support.kept_rows import made_once
from tests.support.sample_desk import (
    CALLER,
    DUTY,
    DUTY_1,
    LAST_RESORT,
    ROSTER_TOML,
    SUPPORT,
    blank_database,
    folder,
    import_sample_desks,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import take_leg_turn

OTHER = "+4749009002"
NOW = later(9000)
STAY = {("desk_versions", "text"), ("roster_versions", "text")}


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with blank_database(migrated_url) as database:
        made_once(database, a_night)
        yield database


def a_night(database: Database) -> None:
    """The caller rings twice and writes; somebody else mentions the number in an SMS."""
    import_sample_desks(database)
    call = critical_at_night(database, "CA1")
    call.nobody_answers()
    call.somebody_accepts(call.stored.ringing[-1].id)
    call.hangs_up()
    by_night = DrivenCall(database, "CA2", SUPPORT, start=later(4000))
    by_night.arrives()
    by_night.presses("2")
    by_night.does(Recorded(12, "RE2"))
    by_night.hangs_up()
    voice = partial(save_recording, sid="RE2", call_sid="CA2", media=b"RIFF", now=later(4100))
    database.write(voice)
    critical_at_night(database, "CA3", caller=OTHER).hangs_up()
    take_sms(database, ReceivedSms("SM1", SUPPORT, CALLER, "Det hastar"), later(4200))
    take_sms(
        database, ReceivedSms("SM2", SUPPORT, OTHER, "Ring 49 00 90 01, ikkje meg"), later(4201)
    )
    told = {"error": f"The 'To' number {CALLER} is not valid", "seconds": 3}
    event = update(TicketEventRow).values(facts=json.dumps(told))
    database.write(
        lambda connection: connection.execute(event.where(TicketEventRow.ticket == 1001))
    )


def where_it_stands(database: Database, digits: str = CALLER) -> set[tuple[str, str]]:
    """Every column of every table in which the number's digits stand, grouped or not."""
    found: set[tuple[str, str]] = set()
    bare = digits.removeprefix("+47")
    with database.read() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    if bare in str(value).replace(" ", ""):
                        found.add((table.name, str(name)))
    return found


def outcomes(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return dict(count_outcomes(connection))


def test_an_export_has_every_table_in_which_the_number_stands(database: Database) -> None:
    found = export_person(database, CALLER, "Teamleiar", NOW)
    assert {table for table, _ in where_it_stands(database)} <= set(found.tables)
    assert {"calls", "turns", "legs", "tickets", "ticket_events"} <= set(found.tables)
    assert {"incoming_sms", "recordings", "customers", "outbox"} <= set(found.tables)
    assert found.media == {"RE2": b"RIFF"}
    assert {row["sid"] for row in found.tables["incoming_sms"]} == {"SM1", "SM2"}
    assert {row["sid"] for row in found.tables["calls"]} == {"CA1", "CA2"}
    assert json.dumps(found.tables)


def test_an_export_tells_how_the_messages_of_a_call_out_fared(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        begin_due_call_outs(database, a_message_is_left(database) + timedelta(minutes=1))
        sent = (
            update(JobRow)
            .where(JobRow.call_sid == CALL_OUT_1, JobRow.kind == JobKind.SMS)
            .values(provider_sid="SM-duty")
        )
        fared = insert(DeliveryRow).values(sid="SM-duty", status="delivered", reported_at=NOW)
        database.write(lambda connection: [connection.execute(each) for each in (sent, fared)])

        found = export_person(database, CALLER, "Teamleiar", NOW)
    assert [row["sid"] for row in found.tables["deliveries"]] == ["SM-duty"]


@ONE_DATABASE
def test_an_export_hands_nobody_elses_number_out(database: Database) -> None:
    told = json.dumps(export_person(database, CALLER, "Teamleiar", NOW).tables)
    assert CALLER in told
    assert OTHER not in told
    assert DUTY_1 not in told
    assert DUTY in told  # the line they rang


@ONE_DATABASE
def test_handing_a_recording_out_is_noted(database: Database) -> None:
    export_person(database, CALLER, "Teamleiar", NOW)
    with database.read() as connection:
        [note] = recording_accesses_of(connection, "RE2")
    assert (note.who, note.channel, note.at) == ("Teamleiar", "export", NOW)


@ONE_DATABASE
def test_after_an_erasure_the_number_stands_nowhere(database: Database) -> None:
    assert len(where_it_stands(database)) > 8
    erase_person(database, CALLER, NOW)
    assert where_it_stands(database) == set()


def test_an_erasure_takes_the_voice_and_the_words_too(database: Database) -> None:
    done = erase_person(database, CALLER, NOW)
    assert (done.recordings, done.not_fetched, done.rows["calls"]) == (1, 1, 2)
    with database.read() as connection:
        assert load_recording(connection, "RE2") is None
        words = dict(connection.execute(select(IncomingSmsRow.sid, IncomingSmsRow.body)).all())
        waiting = select(cast(JobRow.payload, String)).where(JobRow.due_at.is_not(None))
        payloads = connection.execute(waiting.where(JobRow.kind == "sms")).scalars().all()
    assert words == {"SM1": "", "SM2": "Ring erased, ikkje meg"}
    assert payloads  # the duty still gets its own
    assert all(json.loads(payload)["to"] for payload in payloads)


@ONE_DATABASE
def test_an_erased_call_still_counts_and_can_be_told(database: Database) -> None:
    before = outcomes(database)
    erase_person(database, CALLER, NOW)
    assert outcomes(database) == before
    with database.read() as connection:
        past = find_call(connection, "CA1")
        tickets = list_tickets(connection)
    assert past
    assert not past.call.caller.is_known
    assert past.turns
    assert past.legs[0].number == DUTY_1
    assert [ticket.contact.number.digits for ticket in tickets] == [OTHER, OTHER, "", ""]


def test_an_erasure_done_twice_finds_nothing_more(database: Database) -> None:
    erase_person(database, CALLER, NOW)
    again = erase_person(database, CALLER, NOW)
    assert (again.recordings, again.messages, again.rows) == (0, 0, {})
    assert preview_erasure(database, CALLER).rows == {}


@ONE_DATABASE
def test_other_people_lose_nothing(database: Database) -> None:
    before = where_it_stands(database, OTHER)
    erase_person(database, CALLER, NOW)
    assert where_it_stands(database, OTHER) == before


def test_a_message_that_is_not_fetched_yet_never_comes(database: Database) -> None:
    call = DrivenCall(database, "CA9", SUPPORT, start=later(8000))
    call.arrives()
    call.presses("2")
    call.does(Recorded(9, "RE9"))
    call.hangs_up()
    erase_person(database, CALLER, NOW)
    with database.read() as connection:
        jobs = select(JobRow.kind, JobRow.state).where(JobRow.dedup.startswith("recording:RE9"))
        found = dict(connection.execute(jobs).all())
    assert found == {"recording_fetch": "dropped", "recording_delete": "waiting"}


@ONE_DATABASE
def test_a_message_that_is_on_its_way_while_its_caller_is_erased_is_not_kept(
    database: Database,
) -> None:
    network = InterruptedGateway(
        recordings={"RE2": b"RIFF-sound"}, meanwhile=lambda: erase_person(database, CALLER, NOW)
    )
    sender, fetches = typing.cast(Sender, network), (JobKind.RECORDING_FETCH,)
    assert do_next_job(database, sender, texts(), NOW, fetches)
    assert network.did("fetch") == [{"does": "fetch", "sid": "RE2"}]
    with database.read() as connection:
        assert load_recording(connection, "RE2") is None


def test_a_message_that_is_being_stored_while_its_caller_is_erased_is_not_kept(
    migrated_postgresql_url: str,
) -> None:
    """The erasure comes when the worker has just seen that the message is still wanted."""
    with blank_database(migrated_postgresql_url) as database, ThreadPoolExecutor(1) as other:
        a_night(database)
        worker, looks, erasures = threading.current_thread(), itertools.count(1), []

        def look(*told: object) -> None:
            is_look = "outbox.dedup = " in str(told[2]) and threading.current_thread() is worker
            if is_look and next(looks) == 2:  # the one in the transaction that stores it
                erasures.append(other.submit(erase_person, database, CALLER, NOW))
                wait(erasures, timeout=4)

        event.listen(database.engine, "after_cursor_execute", look)
        network = InterruptedGateway(recordings={"RE2": b"RIFF-sound"})
        sender, fetches = typing.cast(Sender, network), (JobKind.RECORDING_FETCH,)
        assert do_next_job(database, sender, texts(), NOW, fetches)
        [erasure] = erasures
        erasure.result(timeout=60)
        with database.read() as connection:
            assert load_recording(connection, "RE2") is None


@ONE_DATABASE
def test_who_is_on_the_roster_stays_there_and_is_told_so(database: Database) -> None:
    done = erase_person(database, DUTY_1, NOW)
    assert done.stays.rosters == ("fjordhjelp",)
    assert done.stays.documents == ("roster_versions fjordhjelp 1",)
    left = where_it_stands(database, DUTY_1)
    assert left == {("people", "numbers"), ("roster_versions", "text")}


def test_who_has_left_the_roster_goes_but_not_from_what_was_written(database: Database) -> None:
    import_sample_desks(database, folder(roster=ROSTER_TOML.replace(DUTY_1, "+4749009109")))
    erase_person(database, DUTY_1, NOW)
    assert where_it_stands(database, DUTY_1) == {("roster_versions", "text")}


def test_a_last_resort_that_is_nobody_any_more_is_erased_where_its_number_was_its_name(
    database: Database,
) -> None:
    call, late = "call-out-1003-1", later(600)
    begin_due_call_outs(database, later(300))
    nobody_answers(database, later(400), call)
    the_last = the_call_out(database, call).legs[-1]
    assert the_last.callee.number == LAST_RESORT
    take_leg_turn(database, call, LegAnswered(the_last.id, "CA-last"), late)
    take_leg_turn(database, call, LegPressed(the_last.id, "1"), late, heard=1)
    gone = partial(
        note_missed_call_out, roster="fjordhjelp", person=LAST_RESORT, ticket=1001, now=late
    )
    database.write(gone)
    import_sample_desks(database, folder(roster=ROSTER_TOML.replace(LAST_RESORT, "+4749009191")))

    erase_person(database, LAST_RESORT, NOW)
    assert where_it_stands(database, LAST_RESORT) == {("roster_versions", "text")}


@ONE_DATABASE
def test_a_customer_keeps_its_other_numbers(database: Database) -> None:
    erase_person(database, CALLER, NOW)
    with database.read() as connection:
        rows = connection.execute(select(Base.metadata.tables["customers"])).mappings().all()
    phones = {row["number"]: json.loads(row["phones"]) for row in rows}
    assert phones == {"9001": [], "9002": [OTHER]}


@ONE_DATABASE
def test_a_desks_own_line_is_no_persons_number(database: Database) -> None:
    for ask in (export_person, preview_erasure, erase_person):
        more = {export_person: ("x", NOW), erase_person: (NOW,)}.get(ask, ())
        with pytest.raises(OwnLineNumber):
            ask(database, SUPPORT, *more)  # type: ignore[operator]


def test_during_a_call_nothing_is_erased(database: Database) -> None:
    critical_at_night(database, "CA8", start=later(8900))
    before = where_it_stands(database)
    with pytest.raises(CallInProgress):
        erase_person(database, CALLER, NOW)
    assert where_it_stands(database) == before


@ONE_DATABASE
def test_who_erases_is_told_that_nobody_has_accepted(database: Database) -> None:
    assert preview_erasure(database, CALLER).unacknowledged == (1002,)
    assert preview_erasure(database, OTHER).unacknowledged == (1003, 1004)
