"""A known outage: marked once, told to callers, ended once; everybody who asked learns of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import pytest
from sqlalchemy import Connection, select

from app.actions.desks import outages
from app.actions.desks.outages import (
    AlreadyKnown,
    OutageRefused,
    OutageRequest,
    change_known_outage,
    end_known_outage,
    mark_outage,
    mark_outage_in,
    outage_now,
)
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.access.actor import command_line
from app.domain.access.audit import AuditKind, Author
from app.domain.calls.call import CallOutcome, outcome_of
from app.domain.hunts.instructions import Ask
from app.gateways.sender import Sender
from app.offline.refresher import fingerprint
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.outages import StoredOutage, open_outage, purge_outages, watchers_of
from app.store.outbox import TELEPHONE, NewJob, claim_job, put_jobs
from app.store.overview import look_at_overview
from app.store.sms_senders import note_opt_in, note_opt_out
from app.store.tables import JobKind, JobRow
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    CALLER,
    DAY,
    DESK,
    DUTY_1,
    STRANGER,
    SUPPORT,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall

ME = Author(command_line("somebody"), DAY)
SINCE = DAY - timedelta(minutes=20)
ASKED = OutageRequest(SINCE, {"nb": "E-posten er nede."})


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        yield database


def caller(database: Database, sid: str, number: str = CALLER) -> DrivenCall:
    call = DrivenCall(database, sid, SUPPORT, number, start=later(60, DAY))
    call.arrives()
    return call


def sent(database: Database, now: datetime) -> list[object]:
    """Whom the worker sends an SMS."""
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass
    return [each["to"] for each in network.did("sms")]


def told(database: Database) -> list[tuple[str, str]]:
    """To whom an SMS about the end is on its way, and in which language."""
    with database.read() as connection:
        rows = connection.execute(select(JobRow.payload).where(JobRow.kind == JobKind.SMS))
        payloads = [json.loads(row.payload) for row in rows]
    return sorted((each["to"], each["message"]["language"]) for each in payloads)


def test_who_presses_8_is_told_once_when_it_is_over(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    for sid in ("CA1", "CA2"):  # the same caller again
        caller(database, sid).presses("8")
    caller(database, "CA3", STRANGER).presses("9")
    english = caller(database, "CA4", STRANGER)
    english.presses("9")
    english.presses("8")
    assert told(database) == []
    assert end_known_outage(database, DESK, number, ME).told == 2
    assert told(database) == [(CALLER, "nb"), (STRANGER, "en")]
    again = end_known_outage(database, DESK, number, ME)
    assert (again.is_done, again.told) == (False, 0)
    assert len(told(database)) == 2
    assert outage_now(database, DESK) is None


def test_of_two_who_mark_it_in_the_same_moment_both_mean_the_same_one(
    migrated_postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers: list[int] = []

    def look(connection: Connection, desk: str) -> StoredOutage | None:
        found = open_outage(connection, desk)
        if not numbers:
            numbers.append(0)
            numbers.append(other.write(partial(mark_outage_in, desk=desk, asked=ASKED, by=ME)))
        return found

    monkeypatch.setattr(outages, "open_outage", look)
    with sample_database(migrated_postgresql_url) as database:
        other = Database(database.engine)
        assert mark_outage(database, DESK, ASKED, ME) == numbers[-1]
        other.close()


@ONE_DATABASE
def test_nobody_is_told_that_it_is_over_while_the_desk_has_one_again(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    caller(database, "CA1").presses("8")
    end_known_outage(database, DESK, number, ME)
    again = mark_outage(database, DESK, ASKED, ME)
    assert sent(database, DAY + timedelta(minutes=1)) == []
    assert end_known_outage(database, DESK, again, ME).told == 1
    assert sent(database, DAY + timedelta(minutes=2)) == [CALLER], "once, at the end of that one"


@ONE_DATABASE
def test_that_it_is_over_is_not_told_hours_later(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    caller(database, "CA1").presses("8")
    end_known_outage(database, DESK, number, ME)
    assert sent(database, DAY + timedelta(hours=7)) == []


@ONE_DATABASE
def test_who_heard_of_it_and_presses_8_when_it_is_over_hears_so(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    call = caller(database, "CA1")
    end_known_outage(database, DESK, number, ME)
    heard = call.presses("8").instruction
    assert isinstance(heard, Ask)
    assert heard.says[0].key == "outage_is_over"
    assert told(database) == []


@ONE_DATABASE
def test_who_presses_8_again_when_it_is_over_hears_that_the_sms_has_gone(
    database: Database,
) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    call = caller(database, "CA1")
    call.presses("8")
    end_known_outage(database, DESK, number, ME)
    heard = call.presses("8").instruction
    assert isinstance(heard, Ask)
    assert [each.key for each in heard.says] == ["outage_is_over", "outage_anything_else"]
    assert len(told(database)) == 1


@ONE_DATABASE
def test_who_goes_on_with_something_else_and_gives_up_has_not_been_answered(
    database: Database,
) -> None:
    mark_outage(database, DESK, ASKED, ME)
    one, other = caller(database, "CA1"), caller(database, "CA2", STRANGER)
    one.presses("8")
    one.hangs_up()
    other.presses("8", "1")
    other.hangs_up()
    assert outcome_of(one.stored) is CallOutcome.INFORMED
    assert outcome_of(other.stored) is CallOutcome.ABANDONED


def test_who_has_written_stop_is_promised_nothing_and_not_counted(database: Database) -> None:
    mark_outage(database, DESK, ASKED, ME)
    database.write(partial(note_opt_out, number=CALLER, line=SUPPORT, now=DAY))
    call = caller(database, "CA1")
    heard = call.presses("8").instruction
    assert isinstance(heard, Ask)
    assert heard.says[0].key == "outage_opted_out"
    database.write(partial(note_opt_in, number=CALLER, line=SUPPORT))
    heard = call.presses("8").instruction
    assert isinstance(heard, Ask)
    assert heard.says[0].key == "outage_noted", "START has been sent meanwhile"
    caller(database, "CA2", STRANGER).presses("8")
    database.write(partial(note_opt_out, number=STRANGER, line=SUPPORT, now=DAY))
    known = outage_now(database, DESK)
    assert known
    assert known.watchers == 1, "STOP after 8"
    assert end_known_outage(database, DESK, known.known.id, ME).told == 1
    assert told(database) == [(CALLER, "nb")]


@ONE_DATABASE
def test_an_sms_to_the_duty_does_not_stand_behind_those_of_an_outage_that_is_over(
    database: Database,
) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    caller(database, "CA1").presses("8")
    end_known_outage(database, DESK, number, ME)
    soon = DAY + timedelta(seconds=1)
    to_duty = NewJob(JobKind.SMS, "duty", {"to": DUTY_1}, person="duty-1")
    database.write(lambda connection: put_jobs(connection, [to_duty], soon))
    minute = timedelta(minutes=1)
    first = database.write(lambda connection: claim_job(connection, soon, minute, TELEPHONE))
    assert first
    assert first.dedup == "duty"


@ONE_DATABASE
def test_other_words_are_seen_by_the_offline_copies_and_by_the_overview(
    database: Database,
) -> None:
    """Also where an older outage began later than this one."""
    over = mark_outage(database, DESK, OutageRequest(DAY, {}), ME)
    end_known_outage(database, DESK, over, ME)
    number = mark_outage(database, DESK, ASKED, ME)

    def seen() -> tuple[str, str]:
        with database.read() as connection:
            return fingerprint(connection), look_at_overview(connection, DAY).fingerprint

    marks = [seen()]
    for asked in (
        OutageRequest(SINCE, {"nb": "E-posten er oppe igjen klokken 15."}),
        OutageRequest(SINCE - timedelta(minutes=10), {}),
    ):
        change_known_outage(database, DESK, number, asked, ME)
        marks.append(seen())
    assert all(len(set(each)) == len(marks) for each in zip(*marks, strict=True))


@ONE_DATABASE
def test_the_same_again_is_the_one_that_is_there(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    assert mark_outage(database, DESK, ASKED, ME) == number
    unknown_since = OutageRequest(None, ASKED.words)
    assert mark_outage(database, DESK, unknown_since, ME) == number
    with pytest.raises(AlreadyKnown):
        mark_outage(database, DESK, OutageRequest(SINCE, {"nb": "Noe annet."}), ME)


@ONE_DATABASE
@pytest.mark.parametrize(
    "asked",
    [
        OutageRequest(DAY + timedelta(minutes=1), {}),
        OutageRequest(DAY - timedelta(days=400), {}),
        OutageRequest(SINCE, {"nn": "Ingen line snakkar nynorsk her."}),
        OutageRequest(SINCE, {"nb": "x" * 201}),
        OutageRequest(SINCE, {"nb": "Nede\x1b[2J"}),
    ],
    ids=["later", "too old", "language", "too long", "unprintable"],
)
def test_what_cannot_be_so_is_refused(database: Database, asked: OutageRequest) -> None:
    with pytest.raises(OutageRefused):
        mark_outage(database, DESK, asked, ME)
    assert outage_now(database, DESK) is None


@ONE_DATABASE
def test_one_that_is_over_is_not_changed_and_one_of_nobody_not_ended(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    change_known_outage(database, DESK, number, OutageRequest(None, {"en": "Mail is down."}), ME)
    there = outage_now(database, DESK)
    assert there
    assert (there.known.since, dict(there.known.words.by_language)) == (
        SINCE,
        {"en": "Mail is down."},
    )
    end_known_outage(database, DESK, number, ME)
    with pytest.raises(OutageRefused):
        change_known_outage(database, DESK, number, ASKED, ME)
    with pytest.raises(OutageRefused):
        end_known_outage(database, DESK, number + 1, ME)


def test_the_audit_trail_tells_each_step(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    change_known_outage(database, DESK, number, OutageRequest(None, {}), ME)
    end_known_outage(database, DESK, number, ME)
    for kind in (AuditKind.OUTAGE_MARKED, AuditKind.OUTAGE_CHANGED, AuditKind.OUTAGE_ENDED):
        with database.read() as connection:
            [event] = list_audit_events(connection, AuditFilter(kind=kind))
        assert event.event.actor == ME.actor


def test_numbers_go_when_it_has_been_over_for_long(database: Database) -> None:
    number = mark_outage(database, DESK, ASKED, ME)
    caller(database, "CA1").presses("8")
    purge = partial(purge_outages, desk=DESK, before=DAY + timedelta(days=400))
    assert database.write(purge) == 0, "it is not over"
    end_known_outage(database, DESK, number, ME)
    assert database.write(purge) == 1
    with database.read() as connection:
        assert watchers_of(connection, number) == ()
