"""The auditor: what goes wrong in an installation is found and told to the contacts, once."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update

from app.actions.health.audit import AuditResult, audit
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.health.alarms import AlarmKind
from app.gateways.send_failures import PermanentFailure, TemporaryFailure
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.call_outs import count_call_out, look_at_ticket
from app.store.heartbeats import record_heartbeat
from app.store.tables import CallRow
from app.store.ticket_lists import ticket_events
from app.voice_prompts import texts
from tests.offline.outage import Outage
from tests.support.backends import ONE_DATABASE
from tests.support.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS
from tests.support.desk_moves import acknowledges
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import CALLER, NIGHT, SUPPORT, later, sample_database
from tests.support.stored_call import DrivenCall, critical_at_night

NO_FILES = open_offline_store(())
MINUTE = timedelta(minutes=1)
LANDLINE = PermanentFailure("refused with status 400, error 21614", 21614)
BUSY = TemporaryFailure("refused with status 503", None)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


def audited(database: Database, now: datetime) -> AuditResult:
    return audit(database, NO_FILES, now)


def kinds(found: AuditResult) -> list[AlarmKind]:
    return [alarm.kind for alarm in found.raised]


def work(database: Database, now: datetime, network: FakeGateway | None = None) -> FakeGateway:
    """Send all that is due."""
    network = network or FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        assert len(network.sent) + len(network.mails) < 50
    return network


def left_alone(database: Database, sid: str = "CA1") -> None:
    """A critical caller who hung up while the duty was rung."""
    critical_at_night(database, sid).hangs_up()
    work(database, later(10))


def fails(database: Database, sid: str, ended_at: datetime) -> None:
    """A call that is cut off before the caller got any help."""
    DrivenCall(database, sid).arrives()
    failed = update(CallRow).where(CallRow.sid == sid).values(outcome="failed", ended_at=ended_at)
    database.write(lambda connection: connection.execute(failed))


@ONE_DATABASE
def test_nobody_is_alarmed_while_all_is_well(database: Database) -> None:
    critical_at_night(database).somebody_accepts(1)
    work(database, later(10))

    found = audited(database, later(600))
    assert found == AuditResult(is_well=True, raised=(), ended=())


# --- a critical ticket ------------------------------------------------------------------


def test_a_critical_ticket_that_nobody_takes_is_told_once_by_sms_and_mail(
    database: Database,
) -> None:
    left_alone(database)
    assert audited(database, NIGHT + 14 * MINUTE).is_well

    found = audited(database, NIGHT + 16 * MINUTE)
    assert kinds(found) == [AlarmKind.TICKET_UNACKNOWLEDGED]
    assert not found.is_well
    network = work(database, NIGHT + 16 * MINUTE)
    assert [sms["to"] for sms in network.did("sms")] == [LEADER]
    assert "sak 1001, kritisk," in str(network.did("sms")[0]["body"])
    assert [to for to, _, _ in network.mails] == [LEADERS_MAIL, IT_MAIL]
    assert CALLER not in network.mails[0][2]

    again = audited(database, NIGHT + 180 * MINUTE)
    assert (again.raised, again.is_well) == ((), False)


@ONE_DATABASE
def test_while_the_duty_is_rung_in_rounds_about_it_the_contacts_sleep(database: Database) -> None:
    left_alone(database)
    database.write(partial(count_call_out, ticket=1001, which=1))
    database.write(partial(look_at_ticket, ticket=1001, at=NIGHT + 20 * MINUTE))
    assert audited(database, NIGHT + 16 * MINUTE).is_well
    assert kinds(audited(database, NIGHT + 31 * MINUTE)) == [AlarmKind.TICKET_UNACKNOWLEDGED]


@ONE_DATABASE
def test_while_the_duty_is_not_there_to_be_rung_the_contacts_do_not_sleep(
    database: Database,
) -> None:
    left_alone(database)
    database.write(partial(look_at_ticket, ticket=1001, at=NIGHT + 20 * MINUTE))
    assert kinds(audited(database, NIGHT + 16 * MINUTE)) == [AlarmKind.TICKET_UNACKNOWLEDGED]


@ONE_DATABASE
def test_whoever_was_alarmed_is_told_who_has_taken_the_ticket(database: Database) -> None:
    left_alone(database)
    audited(database, NIGHT + 16 * MINUTE)
    work(database, NIGHT + 16 * MINUTE)
    now = NIGHT + 20 * MINUTE
    acknowledges(database, 1001, "Duty 2", now)

    found = audited(database, now + MINUTE)
    assert found.is_well
    [sms] = work(database, now + MINUTE).did("sms")
    assert sms["body"] == "Fjordhjelp: Sak 1001 er tatt av Duty 2."


@ONE_DATABASE
def test_a_ticket_from_before_yesterday_is_nobodys_alarm(database: Database) -> None:
    left_alone(database)
    assert audited(database, NIGHT + timedelta(days=2)).is_well


@ONE_DATABASE
def test_an_alarm_about_a_ticket_that_nobody_ever_takes_is_forgotten_after_a_day(
    database: Database,
) -> None:
    left_alone(database)
    audited(database, NIGHT + 16 * MINUTE)
    work(database, NIGHT + 16 * MINUTE)
    found = audited(database, NIGHT + timedelta(days=1, minutes=1))
    assert found.is_well
    network = work(database, NIGHT + timedelta(days=1, minutes=1))
    assert (network.sent, network.mails) == ([], []), "nobody says that it is over"


# --- calls ------------------------------------------------------------------------------


def test_calls_without_help_are_told_together_and_new_ones_after_an_hour(
    database: Database,
) -> None:
    fails(database, "CA1", later(60))
    fails(database, "CA2", later(70))
    first = audited(database, later(120))
    assert kinds(first) == [AlarmKind.CALLS_FAILED]
    assert dict(first.raised[0].values)["count"] == 2
    work(database, later(120))

    fails(database, "CA3", later(130))
    assert audited(database, later(180)).raised == ()
    [later_on] = audited(database, later(120 + 3600)).raised
    assert dict(later_on.values)["count"] == 1
    work(database, later(120 + 3600))
    assert audited(database, later(120 + 7201)).is_well, "forgotten when no more have come"


@ONE_DATABASE
def test_a_call_whose_end_is_never_told_is_found_when_it_has_stood_still_too_long(
    database: Database,
) -> None:
    critical_at_night(database)
    work(database, later(10))
    assert audited(database, NIGHT + 12 * MINUTE).raised == ()
    assert AlarmKind.CALLS_HANG in kinds(audited(database, NIGHT + 14 * MINUTE))


@ONE_DATABASE
def test_where_no_end_is_ever_told_the_contacts_hear_of_it_once_an_hour(database: Database) -> None:
    for minute in (0, 10, 20):
        sid = f"CA{minute}"
        DrivenCall(database, sid, SUPPORT, start=NIGHT + minute * MINUTE).arrives()
    told = []
    for minute in range(0, 180, 2):
        now = NIGHT + minute * MINUTE
        told += [(minute, dict(each.values)["count"]) for each in audited(database, now).raised]
        work(database, now)
    assert told == [(14, 1), (74, 2)]


@ONE_DATABASE
def test_two_who_talk_for_an_hour_do_not_hang(database: Database) -> None:
    critical_at_night(database).somebody_accepts(1)
    work(database, later(10))
    assert audited(database, NIGHT + 60 * MINUTE).is_well
    assert kinds(audited(database, NIGHT + 140 * MINUTE)) == [AlarmKind.CALLS_HANG]


# --- what shall leave the system ---------------------------------------------------------


@ONE_DATABASE
def test_messages_that_were_given_up_are_told_with_their_number_and_the_last_error(
    database: Database,
) -> None:
    critical_at_night(database).somebody_accepts(1)
    work(
        database, later(10), FakeGateway(refuses=[LANDLINE, LANDLINE])
    )  # the duty's have lost their use

    found = audited(database, later(30))
    assert kinds(found) == [AlarmKind.MESSAGE_GIVEN_UP]
    values = dict(found.raised[0].values)
    assert (values["count"], values["error"]) == (1, str(LANDLINE))


@ONE_DATABASE
def test_an_alarm_that_could_not_be_sent_raises_no_other(database: Database) -> None:
    critical_at_night(database).somebody_accepts(1)
    work(database, later(10), FakeGateway(refuses=[LANDLINE]))
    assert kinds(audited(database, later(30))) == [AlarmKind.MESSAGE_GIVEN_UP]
    network = work(database, later(30), FakeGateway(refuses=[LANDLINE] * 9))
    assert (network.did("sms"), len(network.mails)) == ([], 2)
    assert audited(database, later(3700)).raised == ()


def test_when_the_network_takes_things_again_the_contacts_are_told(database: Database) -> None:
    critical_at_night(database).somebody_accepts(1)
    network = FakeGateway(refuses=[BUSY] * 100)
    for seconds in range(10, 100, 5):
        work(database, later(seconds), network)
    assert [subject for _, subject, _ in network.mails] == [
        "Fjordhjelp: SMS og utgående anrop går ikke ut"
    ] * 2
    assert audited(database, later(100)).is_well is False

    back = work(database, later(500))
    assert [sms["to"] for sms in back.did("sms")] == [CALLER], "the duty has the case already"
    assert audited(database, later(510)).is_well
    assert ["går ut igjen" in body for _, _, body in work(database, later(510)).mails] == [
        True,
        True,
    ]


@ONE_DATABASE
def test_what_nobody_sends_is_told_as_late(database: Database) -> None:
    critical_at_night(database).somebody_accepts(1)
    assert audited(database, NIGHT + 4 * MINUTE).is_well
    assert kinds(audited(database, NIGHT + 6 * MINUTE)) == [AlarmKind.OUTBOX_LATE]


# --- the processes ----------------------------------------------------------------------


@ONE_DATABASE
def test_a_copy_that_is_not_written_any_more_is_found_by_a_worker_beside_it(
    database: Database, tmp_path: Path
) -> None:
    offline = open_offline_store((tmp_path,))
    offline.write_facts(database)
    [file] = tmp_path.glob("facts-*.db")
    os.utime(file, (NIGHT.timestamp(), NIGHT.timestamp()))

    assert audit(database, offline, NIGHT + 14 * MINUTE).is_well
    assert kinds(audit(database, offline, NIGHT + 16 * MINUTE)) == [AlarmKind.SNAPSHOT_OLD]
    offline.write_facts(database)
    os.utime(file, ((NIGHT + 17 * MINUTE).timestamp(),) * 2)
    assert audit(database, offline, NIGHT + 18 * MINUTE).is_well


@ONE_DATABASE
def test_calls_of_an_outage_that_the_database_does_not_get_are_found(
    database: Database, tmp_path: Path
) -> None:
    offline = open_offline_store((tmp_path,))
    offline.write_facts(database)
    outage = Outage(database, offline)
    outage.breaks()
    outage.call().arrives()
    taken_at = offline.waiting_since()
    assert taken_at

    [file] = tmp_path.glob("facts-*.db")
    os.utime(file, (taken_at.timestamp(),) * 2)
    assert audit(database, offline, taken_at + 9 * MINUTE).is_well
    assert kinds(audit(database, offline, taken_at + 11 * MINUTE)) == [AlarmKind.JOURNAL_WAITS]


@ONE_DATABASE
def test_a_worker_that_was_killed_is_missed_by_the_other_one(database: Database) -> None:
    for machine in ("north:7", "south:8"):
        database.write(partial(record_heartbeat, worker=machine, started_at=NIGHT, now=NIGHT))
    now = NIGHT + 3 * MINUTE
    database.write(partial(record_heartbeat, worker="south:8", started_at=NIGHT, now=now))

    [alarm] = audited(database, now).raised
    assert (alarm.kind, alarm.subject) == (AlarmKind.WORKER_SILENT, "north")
    database.write(partial(record_heartbeat, worker="north:9", started_at=now, now=now))
    assert audited(database, now + MINUTE).is_well, "another one on the same machine has taken over"


def test_two_workers_that_find_the_same_thing_tell_it_once(database: Database) -> None:
    left_alone(database)
    now = NIGHT + 16 * MINUTE
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: audited(database, now), range(4)))
    assert sum(len(each.raised) for each in found) == 1
    assert len(work(database, now).did("sms")) == 1


@ONE_DATABASE
def test_a_desk_without_contacts_is_found_too_and_its_ticket_shows_it(migrated_url: str) -> None:
    with sample_database(migrated_url) as database:
        left_alone(database)
        assert kinds(audited(database, NIGHT + 16 * MINUTE)) == [AlarmKind.TICKET_UNACKNOWLEDGED]
        with database.read() as connection:
            told = [event.kind for event in ticket_events(connection, 1001)]
    assert "nobody_to_alarm" in told
