"""The auditor: what goes wrong in a house is found and told to the contacts, once."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import update

from app.actions.audit import Audited, audit
from app.actions.tick import do_next_job
from app.domain.alarms import AlarmKind
from app.domain.decision import AcknowledgeTicket
from app.phone.sender import PermanentFailure, Sender, TemporaryFailure
from app.standby.standby import open_standby
from app.store import Database
from app.store.heartbeats import beat
from app.store.rounds import count_round, plan_round
from app.store.tables import CallRow
from app.store.ticket_lists import ticket_events
from app.store.tickets import acknowledge_ticket
from app.voice_prompts import texts
from tests.a_house import CALLER, NIGHT, SUPPORT, a_house, later
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS
from tests.standby.outage import Outage

NO_FILES = open_standby(())
MINUTE = timedelta(minutes=1)
LANDLINE = PermanentFailure("refused with status 400, error 21614", 21614)
BUSY = TemporaryFailure("refused with status 503", None)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, WITH_CONTACTS) as database:
        yield database


def audited(house: Database, now: datetime) -> Audited:
    return audit(house, NO_FILES, now)


def kinds(found: Audited) -> list[AlarmKind]:
    return [alarm.kind for alarm in found.raised]


def work(house: Database, now: datetime, network: ANetwork | None = None) -> ANetwork:
    """Send all that is due."""
    network = network or ANetwork()
    while do_next_job(house, cast(Sender, network), texts(), now):
        assert len(network.sent) + len(network.mails) < 50
    return network


def left_alone(house: Database, sid: str = "CA1") -> None:
    """A critical caller who hung up while the duty was rung."""
    critical_at_night(house, sid).hangs_up()
    work(house, later(10))


def fails(house: Database, sid: str, ended_at: datetime) -> None:
    """A call that is cut off before the caller got any help."""
    ACall(house, sid).arrives()
    failed = update(CallRow).where(CallRow.sid == sid).values(outcome="failed", ended_at=ended_at)
    house.write(lambda connection: connection.execute(failed))


def test_a_house_where_all_is_well_alarms_nobody(house: Database) -> None:
    critical_at_night(house).somebody_accepts(1)
    work(house, later(10))

    found = audited(house, later(600))
    assert found == Audited(is_well=True, raised=(), ended=())


# --- a critical ticket ------------------------------------------------------------------


def test_a_critical_ticket_that_nobody_takes_is_told_once_by_sms_and_mail(
    house: Database,
) -> None:
    left_alone(house)
    assert audited(house, NIGHT + 14 * MINUTE).is_well

    found = audited(house, NIGHT + 16 * MINUTE)
    assert kinds(found) == [AlarmKind.TICKET_UNANSWERED]
    assert not found.is_well
    network = work(house, NIGHT + 16 * MINUTE)
    assert [sms["to"] for sms in network.did("sms")] == [LEADER]
    assert "sak 1001, kritisk," in str(network.did("sms")[0]["body"])
    assert [to for to, _, _ in network.mails] == [LEADERS_MAIL, IT_MAIL]
    assert CALLER not in network.mails[0][2]

    again = audited(house, NIGHT + 180 * MINUTE)
    assert (again.raised, again.is_well) == ((), False)


def test_while_the_duty_is_rung_in_rounds_about_it_the_contacts_sleep(house: Database) -> None:
    left_alone(house)
    house.write(partial(count_round, ticket=1001, which=1))
    house.write(partial(plan_round, ticket=1001, at=NIGHT + 20 * MINUTE))
    assert audited(house, NIGHT + 16 * MINUTE).is_well
    assert kinds(audited(house, NIGHT + 31 * MINUTE)) == [AlarmKind.TICKET_UNANSWERED]


def test_while_the_duty_is_not_there_to_be_rung_the_contacts_do_not_sleep(house: Database) -> None:
    left_alone(house)
    house.write(partial(plan_round, ticket=1001, at=NIGHT + 20 * MINUTE))
    assert kinds(audited(house, NIGHT + 16 * MINUTE)) == [AlarmKind.TICKET_UNANSWERED]


def test_whoever_was_alarmed_is_told_who_has_taken_the_ticket(house: Database) -> None:
    left_alone(house)
    audited(house, NIGHT + 16 * MINUTE)
    work(house, NIGHT + 16 * MINUTE)
    taken = AcknowledgeTicket("duty-2", "Duty 2")
    now = NIGHT + 20 * MINUTE
    house.write(lambda connection: acknowledge_ticket(connection, 1001, taken, now))

    found = audited(house, now + MINUTE)
    assert found.is_well
    [sms] = work(house, now + MINUTE).did("sms")
    assert sms["body"] == "Fjordhjelp: Sak 1001 er tatt av Duty 2."


def test_a_ticket_from_before_yesterday_is_nobodys_alarm(house: Database) -> None:
    left_alone(house)
    assert audited(house, NIGHT + timedelta(days=2)).is_well


def test_an_alarm_about_a_ticket_that_nobody_ever_takes_is_forgotten_after_a_day(
    house: Database,
) -> None:
    left_alone(house)
    audited(house, NIGHT + 16 * MINUTE)
    work(house, NIGHT + 16 * MINUTE)
    found = audited(house, NIGHT + timedelta(days=1, minutes=1))
    assert found.is_well
    network = work(house, NIGHT + timedelta(days=1, minutes=1))
    assert (network.sent, network.mails) == ([], []), "nobody says that it is over"


# --- calls ------------------------------------------------------------------------------


def test_calls_without_help_are_told_together_and_new_ones_after_an_hour(
    house: Database,
) -> None:
    fails(house, "CA1", later(60))
    fails(house, "CA2", later(70))
    first = audited(house, later(120))
    assert kinds(first) == [AlarmKind.CALLS_FAILED]
    assert dict(first.raised[0].values)["count"] == 2
    work(house, later(120))

    fails(house, "CA3", later(130))
    assert audited(house, later(180)).raised == ()
    [later_on] = audited(house, later(120 + 3600)).raised
    assert dict(later_on.values)["count"] == 1
    work(house, later(120 + 3600))
    assert audited(house, later(120 + 7201)).is_well, "forgotten when no more have come"


def test_a_call_whose_end_is_never_told_is_found_when_it_has_stood_still_too_long(
    house: Database,
) -> None:
    critical_at_night(house)
    work(house, later(10))
    assert audited(house, NIGHT + 12 * MINUTE).raised == ()
    assert AlarmKind.CALLS_HANG in kinds(audited(house, NIGHT + 14 * MINUTE))


def test_where_no_end_is_ever_told_the_contacts_hear_of_it_once_an_hour(house: Database) -> None:
    for minute in (0, 10, 20):
        sid = f"CA{minute}"
        ACall(house, sid, SUPPORT, start=NIGHT + minute * MINUTE).arrives()
    told = []
    for minute in range(0, 180, 2):
        now = NIGHT + minute * MINUTE
        told += [(minute, dict(each.values)["count"]) for each in audited(house, now).raised]
        work(house, now)
    assert told == [(14, 1), (74, 2)]


def test_two_who_talk_for_an_hour_do_not_hang(house: Database) -> None:
    critical_at_night(house).somebody_accepts(1)
    work(house, later(10))
    assert audited(house, NIGHT + 60 * MINUTE).is_well
    assert kinds(audited(house, NIGHT + 140 * MINUTE)) == [AlarmKind.CALLS_HANG]


# --- what shall leave the house ---------------------------------------------------------


def test_messages_that_were_given_up_are_told_with_their_number_and_the_last_error(
    house: Database,
) -> None:
    critical_at_night(house).somebody_accepts(1)
    work(house, later(10), ANetwork(refuses=[LANDLINE, LANDLINE]))  # the duty's have lost their use

    found = audited(house, later(30))
    assert kinds(found) == [AlarmKind.MESSAGE_GIVEN_UP]
    values = dict(found.raised[0].values)
    assert (values["count"], values["error"]) == (1, str(LANDLINE))


def test_an_alarm_that_could_not_be_sent_raises_no_other(house: Database) -> None:
    critical_at_night(house).somebody_accepts(1)
    work(house, later(10), ANetwork(refuses=[LANDLINE]))
    assert kinds(audited(house, later(30))) == [AlarmKind.MESSAGE_GIVEN_UP]
    network = work(house, later(30), ANetwork(refuses=[LANDLINE] * 9))
    assert (network.did("sms"), len(network.mails)) == ([], 2)
    assert audited(house, later(3700)).raised == ()


def test_when_the_network_takes_things_again_the_contacts_are_told(house: Database) -> None:
    critical_at_night(house).somebody_accepts(1)
    network = ANetwork(refuses=[BUSY] * 100)
    for seconds in range(10, 100, 5):
        work(house, later(seconds), network)
    assert [subject for _, subject, _ in network.mails] == [
        "Fjordhjelp: SMS og utgående anrop går ikke ut"
    ] * 2
    assert audited(house, later(100)).is_well is False

    back = work(house, later(500))
    assert [sms["to"] for sms in back.did("sms")] == [CALLER], "the duty has the case already"
    assert audited(house, later(510)).is_well
    assert ["går ut igjen" in body for _, _, body in work(house, later(510)).mails] == [True, True]


def test_what_nobody_sends_is_told_as_late(house: Database) -> None:
    critical_at_night(house).somebody_accepts(1)
    assert audited(house, NIGHT + 4 * MINUTE).is_well
    assert kinds(audited(house, NIGHT + 6 * MINUTE)) == [AlarmKind.OUTBOX_LATE]


# --- the processes ----------------------------------------------------------------------


def test_a_copy_that_is_not_written_any_more_is_found_by_a_worker_beside_it(
    house: Database, tmp_path: Path
) -> None:
    standby = open_standby((tmp_path,))
    standby.write_facts(house)
    [file] = tmp_path.glob("facts-*.db")
    os.utime(file, (NIGHT.timestamp(), NIGHT.timestamp()))

    assert audit(house, standby, NIGHT + 19 * MINUTE).is_well
    assert kinds(audit(house, standby, NIGHT + 21 * MINUTE)) == [AlarmKind.SNAPSHOT_OLD]
    standby.write_facts(house)
    os.utime(file, ((NIGHT + 22 * MINUTE).timestamp(),) * 2)
    assert audit(house, standby, NIGHT + 23 * MINUTE).is_well


def test_calls_of_an_outage_that_the_database_does_not_get_are_found(
    house: Database, tmp_path: Path
) -> None:
    standby = open_standby((tmp_path,))
    standby.write_facts(house)
    outage = Outage(house, standby)
    outage.breaks()
    outage.call().arrives()
    taken_at = standby.waiting_since()
    assert taken_at

    [file] = tmp_path.glob("facts-*.db")
    os.utime(file, (taken_at.timestamp(),) * 2)
    assert audit(house, standby, taken_at + 9 * MINUTE).is_well
    assert kinds(audit(house, standby, taken_at + 11 * MINUTE)) == [AlarmKind.JOURNAL_WAITS]


def test_a_worker_that_was_killed_is_missed_by_the_other_one(house: Database) -> None:
    for machine in ("north:7", "south:8"):
        house.write(partial(beat, worker=machine, started_at=NIGHT, now=NIGHT))
    now = NIGHT + 3 * MINUTE
    house.write(partial(beat, worker="south:8", started_at=NIGHT, now=now))

    [alarm] = audited(house, now).raised
    assert (alarm.kind, alarm.subject) == (AlarmKind.WORKER_SILENT, "north")
    house.write(partial(beat, worker="north:9", started_at=now, now=now))
    assert audited(house, now + MINUTE).is_well, "another one on the same machine has taken over"


def test_two_workers_that_find_the_same_thing_tell_it_once(house: Database) -> None:
    left_alone(house)
    now = NIGHT + 16 * MINUTE
    with ThreadPoolExecutor(4) as workers:
        found = list(workers.map(lambda _: audited(house, now), range(4)))
    assert sum(len(each.raised) for each in found) == 1
    assert len(work(house, now).did("sms")) == 1


def test_a_desk_without_contacts_is_found_too_and_its_ticket_shows_it(migrated_url: str) -> None:
    with a_house(migrated_url) as house:
        left_alone(house)
        assert kinds(audited(house, NIGHT + 16 * MINUTE)) == [AlarmKind.TICKET_UNANSWERED]
        with house.read() as connection:
            told = [event.kind for event in ticket_events(connection, 1001)]
    assert "nobody_to_alarm" in told
