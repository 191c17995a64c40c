"""The worker's due work: sent once, tried again, given up in the open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from unittest.mock import Mock

import pytest
from sqlalchemy import select

from app.actions.messages.take_sms import take_delivery, take_recording
from app.actions.outbox import outbox_worker
from app.actions.outbox.outbox_worker import do_next_job, has_due_job
from app.domain.calls.call import Recorded, RingEnded
from app.domain.delivery_errors import DeliveryError
from app.domain.hunts.events import LegAnswered, LegPressed
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Ring
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.store import Database
from app.store.call_lists import CallNotification, find_call
from app.store.outbox import TELEPHONE, NewJob, put_jobs
from app.store.recordings import load_recording, recordings_of_ticket
from app.store.sms import DeliveryReport
from app.store.tables import JobKind, JobRow, JobState
from app.store.ticket_lists import TicketEvent, ticket_events
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    CALLER,
    DAY,
    DESK_TOML,
    DUTY,
    DUTY_1,
    DUTY_2,
    SUPPORT,
    folder,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night
from tests.support.turns import take_leg_turn, take_turn

LANDLINE = PermanentFailure("refused with status 400, error 21614", 21614)
BUSY = TemporaryFailure("refused with status 503", None)


def work(database: Database, network: FakeGateway, now: datetime) -> int:
    """Do all that is due now; return how many jobs that were."""
    sender = cast(Sender, network)
    count = 0
    while do_next_job(database, sender, texts(), now):
        count += 1
        assert count < 50
    return count


def notices(database: Database) -> list[CallNotification]:
    with database.read() as connection:
        past = find_call(connection, "CA1")
    assert past
    return list(past.notifications)


def events(database: Database) -> list[TicketEvent]:
    with database.read() as connection:
        return list(ticket_events(connection, 1001))


@ONE_DATABASE
def test_the_caller_and_the_duty_get_one_sms_each_in_words(database: Database) -> None:
    network = FakeGateway()
    critical_at_night(database)
    assert has_due_job(database, later(60))
    assert work(database, network, later(60)) == 3
    assert not has_due_job(database, later(60))
    assert {each["to"] for each in network.sent} == {CALLER, DUTY_1, DUTY_2}
    assert {each["from_"] for each in network.sent} == {DUTY}
    assert all("1001" in str(each["body"]) for each in network.sent)
    assert {notice.state for notice in notices(database)} == {JobState.SENT}


@ONE_DATABASE
def test_a_slot_for_the_telephone_takes_nothing_that_may_hold_it_up(database: Database) -> None:
    """All others may wait for a mail server that does not answer."""
    mail = NewJob(JobKind.WEBHOOK, "a post", ticket=None)
    database.write(partial(put_jobs, jobs=[mail], now=later(0)))
    assert not has_due_job(database, later(60), TELEPHONE)
    critical_at_night(database)
    network = FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), later(60), TELEPHONE):
        pass
    assert len(network.did("sms")) == 3
    assert has_due_job(database, later(60))


def test_a_landline_is_not_tried_twice_and_shows_on_the_ticket(database: Database) -> None:
    network = FakeGateway(refuses=[None, LANDLINE])
    critical_at_night(database)
    work(database, network, later(60))
    assert work(database, network, later(9000)) == 0
    assert len(network.sent) == 2
    failed = [event for event in events(database) if event.kind == "notification_failed"]
    assert [(event.who, event.facts["error_code"]) for event in failed] == [("duty-1", "21614")]


def test_a_provider_that_is_away_is_tried_again_ever_more_slowly_until_given_up(
    database: Database,
) -> None:
    network = FakeGateway(refuses=[BUSY] * 100)
    critical_at_night(database)
    now, waits = later(60), []
    while has_due_job(database, now + timedelta(minutes=6)):
        work(database, network, now)
        with database.read() as connection:
            due = (
                connection.execute(
                    select(JobRow.due_at).where(JobRow.due_at.is_not(None)).order_by(JobRow.due_at)
                )
                .scalars()
                .all()
            )
        if not due:
            break
        assert due[-1]
        waits.append((due[-1] - now).total_seconds())
        now = due[-1]
    assert len(waits) == 11  # twelve tries
    assert all(0 < wait <= 300 for wait in waits)
    assert waits[5] > waits[0]
    failed = [event.who for event in events(database) if event.kind == "notification_failed"]
    assert sorted(failed) == ["", "duty-1", "duty-2"]


@ONE_DATABASE
def test_a_provider_that_comes_back_gets_the_sms_it_refused(database: Database) -> None:
    network = FakeGateway(refuses=[BUSY] * 3)
    critical_at_night(database)
    work(database, network, later(60))
    work(database, network, later(70))
    assert len(network.did("sms")) == 3


def test_the_desk_is_told_once_by_mail_that_the_network_takes_nothing(migrated_url: str) -> None:
    contact = '\n[[contacts]]\nrole = "Teamleiar"\nemail = "teamleiar@fjordhjelp.example"\n'
    with sample_database(migrated_url, folder(desk=DESK_TOML + contact)) as database:
        network = FakeGateway(refuses=[BUSY] * 100)
        critical_at_night(database)
        for seconds in range(1, 600, 20):
            work(database, network, later(seconds))

    [(to, subject, body)] = network.mails
    assert to == "teamleiar@fjordhjelp.example"
    assert subject.startswith("Fjordhjelp: SMS")
    assert "status 503" in body


@ONE_DATABASE
def test_after_an_hour_nobody_is_told_that_a_call_is_coming_and_the_ticket_shows_it(
    database: Database,
) -> None:
    critical_at_night(database)
    network = FakeGateway()
    assert work(database, network, later(3600)) == 3

    assert [sms["to"] for sms in network.sent] == [CALLER], "who still waits for the number"
    dropped = [event for event in events(database) if event.kind == "notification_dropped"]
    assert sorted(event.who for event in dropped) == ["duty-1", "duty-2"]


def test_a_duty_sms_that_was_not_delivered_shows_on_the_ticket_once(database: Database) -> None:
    network = FakeGateway()
    critical_at_night(database)
    work(database, network, later(60))
    sid = next(notice.sid for notice in notices(database) if notice.person == "duty-2")
    assert sid
    for status in ("sent", "undelivered", "sent", "undelivered", "delivered"):
        take_delivery(database, DeliveryReport(sid, status, "30003"), later(70))
    shown = [event for event in events(database) if event.kind == "notification_undelivered"]
    assert [(event.who, event.facts["error_code"]) for event in shown] == [("duty-2", "30003")]
    assert [n.delivery for n in notices(database) if n.person == "duty-2"] == ["undelivered"]


@ONE_DATABASE
def test_a_delivery_told_before_the_worker_has_noted_the_sid_is_not_lost(
    database: Database,
) -> None:
    critical_at_night(database)
    for number in (1, 2, 3):
        take_delivery(database, DeliveryReport(f"SM{number}", "failed", "30005"), later(59))
    work(database, FakeGateway(), later(60))
    shown = [event.who for event in events(database) if event.kind == "notification_undelivered"]
    assert sorted(shown) == ["", "duty-1", "duty-2"]


@ONE_DATABASE
def test_a_spoken_message_is_fetched_by_its_sid_kept_and_deleted_there(database: Database) -> None:
    network = FakeGateway(recordings={"RE1": b"RIFF-sound"})
    call = critical_at_night(database)
    while isinstance(call.nobody_answers().instruction, Ring):
        pass
    call.does(Recorded(12, "RE1"))
    for _ in range(2):
        take_recording(database, "CA1", "RE1", "completed", later(20))
    work(database, network, later(20))
    with database.read() as connection:
        recording = load_recording(connection, "RE1")
        assert recordings_of_ticket(connection, 1001) == ("RE1",)
    assert recording
    assert (recording.media, recording.ticket) == (b"RIFF-sound", 1001)
    assert network.recordings == {}
    assert [each["does"] for each in network.sent][-2:] == ["fetch", "delete"]
    assert [event.kind for event in events(database)].count("recording_stored") == 1


@ONE_DATABASE
def test_a_recording_without_its_callback_is_fetched_all_the_same(database: Database) -> None:
    network = FakeGateway(recordings={"RE1": b"RIFF-sound"})
    call = critical_at_night(database)
    while isinstance(call.nobody_answers().instruction, Ring):
        pass
    call.does(Recorded(12, "RE1"))
    work(database, network, later(60))
    assert network.recordings == {}


@ONE_DATABASE
def test_an_absent_recording_and_one_of_no_call_are_nothing(database: Database) -> None:
    critical_at_night(database)
    take_recording(database, "CA1", "RE1", "absent", later(20))
    take_recording(database, "CA404", "RE2", "completed", later(20))
    with database.read() as connection:
        kinds = set(connection.execute(select(JobRow.kind)).scalars())
    assert kinds == {JobKind.SMS}


@ONE_DATABASE
def test_a_recording_that_is_gone_shows_on_the_ticket(database: Database) -> None:
    critical_at_night(database)
    take_recording(database, "CA1", "RE404", "completed", later(20))
    work(database, FakeGateway(), later(60))
    assert "recording_lost" in [event.kind for event in events(database)]


def test_a_message_whose_worker_died_before_noting_that_it_is_stored_is_not_lost(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    critical_at_night(database)
    network = FakeGateway(recordings={"RE1": b"RIFF-sound"})
    work(database, network, later(10))
    take_recording(database, "CA1", "RE1", "completed", later(20))
    with monkeypatch.context() as killed:
        killed.setattr(outbox_worker, "note_success", Mock(side_effect=SystemExit))
        with pytest.raises(SystemExit):
            do_next_job(database, cast(Sender, network), texts(), later(21))
    network.recordings.clear()  # another worker has had it deleted there

    work(database, network, later(200))

    assert len(network.did("fetch")) == 1
    assert "recording_lost" not in [event.kind for event in events(database)]
    with database.read() as connection:
        fetches = select(JobRow.state).where(JobRow.kind == JobKind.RECORDING_FETCH)
        assert connection.execute(fetches).scalars().all() == [JobState.SENT]
        assert load_recording(connection, "RE1")


# --- ringing several at once ------------------------------------------------------------

AT_ONCE = DESK_TOML.replace('order = "in_order"', 'order = "at_once"')


@pytest.fixture
def all_at_once(migrated_url: str) -> Iterator[DrivenCall]:
    """A caller in opening hours whose case rings the whole first line at once."""
    with sample_database(migrated_url, folder(desk=AT_ONCE)) as database:
        call = DrivenCall(database, line=SUPPORT, start=DAY)
        call.arrives()
        answer = call.presses("2")
        assert isinstance(answer.instruction, Ring)
        assert answer.instruction.at_once
        yield call


@ONE_DATABASE
def test_each_of_the_first_line_is_rung_by_a_call_of_its_own(all_at_once: DrivenCall) -> None:
    network = FakeGateway()
    work(all_at_once.database, network, later(3, DAY))
    assert [(each["to"], each["leg"]) for each in network.did("ring")] == [
        ("+4749009201", 1),
        ("+4749009202", 2),
    ]
    assert all(leg.placed and leg.sid for leg in all_at_once.stored.legs)


@ONE_DATABASE
def test_when_one_accepts_the_other_is_stopped(all_at_once: DrivenCall) -> None:
    network, database = FakeGateway(), all_at_once.database
    work(database, network, later(3, DAY))
    all_at_once.somebody_accepts(2)
    work(database, network, later(9, DAY))
    first = all_at_once.stored.leg(1)
    assert first
    assert first.outcome is LegOutcome.CANCELLED
    assert [each["sid"] for each in network.did("cancel")] == [first.sid]


@ONE_DATABASE
def test_a_leg_that_nobody_needs_any_more_is_not_rung(all_at_once: DrivenCall) -> None:
    network = FakeGateway()
    all_at_once.hangs_up()
    work(all_at_once.database, network, later(5, DAY))
    assert network.did("ring") == []
    assert network.did("cancel") == []


@ONE_DATABASE
def test_a_leg_that_may_be_ringing_is_not_rung_a_second_time(all_at_once: DrivenCall) -> None:
    lost = TemporaryFailure("ReadTimeout", None, is_uncertain=True)
    network = FakeGateway(refuses=[lost, lost])
    work(all_at_once.database, network, later(3, DAY))
    work(all_at_once.database, network, later(60, DAY))
    assert network.did("ring") == []


def test_a_leg_of_a_worker_that_comes_back_too_late_is_over_and_no_fault_of_the_network(
    all_at_once: DrivenCall,
) -> None:
    database = all_at_once.database
    work(database, FakeGateway(), later(60, DAY))
    with database.read() as connection:
        rings = select(JobRow.state, JobRow.error).where(JobRow.kind == JobKind.CALL)
        told = set(connection.execute(rings).all())
    assert told == {(JobState.DROPPED, DeliveryError.EXPIRED)}
    assert {leg.outcome for leg in all_at_once.stored.legs} == {LegOutcome.FAILED}


@ONE_DATABASE
def test_legs_that_could_not_be_placed_look_unplaced(all_at_once: DrivenCall) -> None:
    network = FakeGateway(refuses=[LANDLINE, LANDLINE])
    work(all_at_once.database, network, later(3, DAY))
    assert not any(leg.placed for leg in all_at_once.stored.legs)


@ONE_DATABASE
def test_when_no_leg_could_be_placed_they_are_rung_in_order(all_at_once: DrivenCall) -> None:
    work(all_at_once.database, FakeGateway(refuses=[LANDLINE, LANDLINE]), later(3, DAY))
    answer = all_at_once.does(RingEnded("no-answer", bridged=False))
    assert isinstance(answer.instruction, Ring)
    assert not answer.instruction.at_once
    assert [callee.number for callee in answer.instruction.callees] == ["+4749009201"]


def test_a_job_that_cannot_be_put_into_words_stops_nobody_else(database: Database) -> None:
    critical_at_night(database)
    network = FakeGateway()
    with database.read() as connection:
        first = connection.execute(select(JobRow.id).order_by(JobRow.id)).scalars().first()
    database.write(
        lambda connection: connection.execute(
            JobRow.__table__.update()  # type: ignore[attr-defined]
            .where(JobRow.id == first)
            .values(payload='{"to":"x","from":"y","message":{"key":"nobody_wrote_this"}}')
        )
    )
    work(database, network, later(60))
    assert len(network.did("sms")) == 2


@ONE_DATABASE
def test_a_leg_answered_before_the_worker_knew_its_sid_keeps_both(all_at_once: DrivenCall) -> None:
    database = all_at_once.database
    take_leg_turn(database, "CA1", LegAnswered(1, "CB1"), later(3, DAY))
    work(database, FakeGateway(), later(3, DAY))
    take_leg_turn(database, "CA1", LegPressed(1, "1"), later(4, DAY), heard=1)
    leg = all_at_once.stored.leg(1)
    assert leg
    assert (leg.sid, leg.outcome) == ("CB1", LegOutcome.ACCEPTED)
    assert take_turn(database, "CA1", 2, RingEnded("completed", True), later(90, DAY)).turn == 2
