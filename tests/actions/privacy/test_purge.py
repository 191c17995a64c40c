"""Things are kept as long as the desk says, and figures for good."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import func, insert, select, update

from app.actions.messages.take_sms import take_sms
from app.actions.privacy.purge import purge_batch
from app.domain.calls.call import CallOutcome, Recorded
from app.domain.privacy.anonymise import RetentionLevel
from app.store import Database
from app.store.call_lists import find_call
from app.store.figures import count_outcomes
from app.store.recordings import load_recording, save_recording
from app.store.sms import ReceivedSms
from app.store.tables import (
    Base,
    BlockedNumberRow,
    CallRow,
    IncomingSmsRow,
    JobRow,
    LegRow,
    TicketEventRow,
    TicketRow,
    TurnRow,
)
from app.store.ticket_lists import find_ticket, ticket_events
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    CALLER,
    DESK_TOML,
    DUTY_1,
    LAST_RESORT,
    SUPPORT,
    folder,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night

KEEP = (
    "\n[retention]\nrecordings_days = 10\nturns_days = 20\nnumbers_days = 30\ntickets_days = 40\n"
)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, folder(desk=DESK_TOML + KEEP)) as database:
        yield database


def after(days: int) -> datetime:
    return later(60) + timedelta(days=days)


def a_message_at_night(database: Database, sid: str = "CA1") -> int:
    """Nobody answers a critical call; the caller leaves a message. Returns the ticket."""
    call = critical_at_night(database, sid)
    while call.stored.step != "message":
        call.nobody_answers()
    call.does(Recorded(12, f"RE-{sid}", caller_gone=True))
    call.hangs_up()
    stored = call.stored
    assert stored.has_ended
    assert stored.ticket
    recording = partial(save_recording, sid=f"RE-{sid}", call_sid=sid, media=b"wav", now=later(9))
    database.write(recording)
    database.write(lambda connection: connection.execute(update(JobRow).values(due_at=None)))
    assert stored.ticket.number
    return stored.ticket.number


def keep_all(database: Database, now: datetime) -> int:
    """What the worker does until nothing is left to do."""
    gone = 0
    while some := purge_batch(database, now):
        gone += some
    return gone


def count(database: Database, table: type[Base]) -> int:
    with database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def outcomes(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {name: n for name, n in count_outcomes(connection).items() if n}


@ONE_DATABASE
def test_what_is_young_is_left_alone(database: Database) -> None:
    a_message_at_night(database)
    assert keep_all(database, after(9)) == 0


@ONE_DATABASE
def test_a_recording_goes_first_and_its_ticket_tells(database: Database) -> None:
    ticket = a_message_at_night(database)
    keep_all(database, after(10))
    with database.read() as connection:
        assert load_recording(connection, "RE-CA1") is None
        events = ticket_events(connection, ticket)
        jobs = select(JobRow.payload).where(JobRow.kind == "recording_delete")
        assert "RE-CA1" in connection.execute(jobs).scalar_one()  # and at the provider
    assert events[-1].kind == "recording_deleted"
    assert count(database, TurnRow) > 3


@ONE_DATABASE
def test_turns_and_messages_go_while_the_ticket_still_has_its_caller(database: Database) -> None:
    ticket = a_message_at_night(database)
    take_sms(database, ReceivedSms("SM1", SUPPORT, CALLER, "Det brenn"), later(20))
    keep_all(database, after(20))
    assert (count(database, TurnRow), count(database, IncomingSmsRow)) == (0, 0)
    with database.read() as connection:
        found, past = find_ticket(connection, ticket), find_call(connection, "CA1")
        kinds = set(connection.execute(select(JobRow.kind)).scalars())
    assert found
    assert found.contact.number.digits == CALLER
    assert kinds <= {"recording_delete"}
    assert past
    assert past.line.outcome is CallOutcome.MESSAGE


def test_numbers_go_from_call_legs_and_ticket(database: Database) -> None:
    ticket = a_message_at_night(database)
    keep_all(database, after(30))
    with database.read() as connection:
        found, past = find_ticket(connection, ticket), find_call(connection, "CA1")
        state = connection.execute(select(CallRow.state)).scalar_one()
        numbers = set(connection.execute(select(LegRow.number)).scalars())
    assert found
    assert past
    assert (found.contact.number.digits, past.line.caller, past.call.caller.digits) == ("", "", "")
    assert CALLER not in state
    assert DUTY_1 not in state
    assert numbers == {""}
    assert {leg.name for leg in past.legs} >= {"Duty 1", "Duty 2"}


def test_a_last_resort_without_a_name_is_not_left_behind_by_its_number(database: Database) -> None:
    call = critical_at_night(database, "CA1")
    while call.stored.ringing[-1].callee.number != LAST_RESORT:
        call.nobody_answers()
    call.somebody_accepts(call.stored.ringing[-1].id)
    call.hangs_up()
    database.write(lambda connection: connection.execute(update(JobRow).values(due_at=None)))
    bare = LAST_RESORT.removeprefix("+47")

    keep_all(database, after(30))

    with database.read() as connection:
        for table in (CallRow, LegRow, TicketRow, TicketEventRow):
            for row in connection.execute(select(table.__table__)).mappings():
                assert bare not in str(dict(row)).replace(" ", "")
        taken = connection.execute(select(TicketRow.acknowledged_by)).scalar_one()
    assert taken == "erased", "it is still a ticket that somebody took"


def test_the_ticket_goes_last_and_the_call_still_counts(database: Database) -> None:
    ticket = a_message_at_night(database)
    before = outcomes(database)
    keep_all(database, after(40))
    with database.read() as connection:
        assert find_ticket(connection, ticket) is None
        assert ticket_events(connection, ticket) == ()
        past = find_call(connection, "CA1")
        kept = connection.execute(select(CallRow.retained)).scalars().all()
    assert outcomes(database) == before == {"message": 1}
    assert past
    assert {leg.name for leg in past.legs} == {""}
    assert "no_answer" in {leg.outcome for leg in past.legs}
    assert kept == [RetentionLevel.FIGURES]
    assert count(database, TicketRow) == 0


@ONE_DATABASE
def test_it_goes_on_where_it_stopped_in_small_batches(database: Database) -> None:
    for call in range(30):
        DrivenCall(database, f"CA{call}", start=later(call * 10)).arrives()
    first = purge_batch(database, after(21))
    assert 0 < first < 31  # a batch, then calls may pass
    assert keep_all(database, after(21)) == 30 - first
    assert count(database, TurnRow) == 0


def test_what_belongs_to_no_desk_is_kept_for_the_usual_times(database: Database) -> None:
    DrivenCall(database, "CA1", line="+4720000999").arrives()
    keep_all(database, after(89))
    assert count(database, TurnRow) == 1
    keep_all(database, after(91))
    assert count(database, TurnRow) == 0
    keep_all(database, after(366))
    with database.read() as connection:
        assert connection.execute(select(CallRow.caller)).scalar_one() == ""


@ONE_DATABASE
def test_a_message_that_still_waits_to_be_sent_is_not_thrown_away(database: Database) -> None:
    critical_at_night(database)
    waiting = count(database, JobRow)
    keep_all(database, after(39))
    assert count(database, JobRow) == waiting > 0


def test_a_block_that_is_over_goes_and_one_that_holds_stays(database: Database) -> None:
    def block(digits: str, until: datetime | None) -> dict[str, object]:
        why = {"reason": "ringer i søvne", "author": "Teamleiar", "at": later(0)}
        return {"desk": "fjordhjelp", "digits": digits, "until": until, **why}

    rows = [block("+4749009071", after(1)), block("+4749009072", None)]
    database.write(lambda connection: connection.execute(insert(BlockedNumberRow), rows))
    keep_all(database, after(30))
    assert count(database, BlockedNumberRow) == 2
    keep_all(database, after(32))
    with database.read() as connection:
        left = connection.execute(select(BlockedNumberRow.digits)).scalars().all()
    assert left == ["+4749009072"]
