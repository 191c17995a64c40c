"""SMS that come in: one answer an hour, STOP and START, and the desk closed to withheld numbers."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.desks.withheld_numbers import WithheldRequest, close_desk
from app.actions.health.audit import audit
from app.actions.messages.take_sms import SmsResult, take_sms
from app.actions.outbox.outbox_worker import do_next_job
from app.domain.calls.call import Step
from app.domain.health.alarms import AlarmKind
from app.domain.messages.intent import REQUESTS_ALLOWED
from app.gateways.send_failures import PermanentFailure
from app.gateways.sender import Sender
from app.offline.offline_store import open_offline_store
from app.store import Database
from app.store.blocked_numbers import WITHHELD, list_blocks
from app.store.missed_call_outs import list_missed_call_outs, note_missed_call_out
from app.store.sms import ReceivedSms
from app.store.tables import JobRow, JobState
from app.voice_prompts import texts
from tests.support.backends import ONE_DATABASE
from tests.support.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS
from tests.support.fake_gateway import FakeGateway
from tests.support.sample_desk import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    STRANGER,
    SUPPORT,
    later,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night

NO_FILES = open_offline_store(())
HOUR = timedelta(hours=1)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url, WITH_CONTACTS) as database:
        yield database


def writes(
    database: Database, body: str, sender: str, sid: str, at: datetime = NIGHT, line: str = DUTY
) -> SmsResult:
    return take_sms(database, ReceivedSms(sid, line, sender, body), at)


def work(database: Database, now: datetime, network: FakeGateway | None = None) -> FakeGateway:
    network = network or FakeGateway()
    while do_next_job(database, cast(Sender, network), texts(), now):
        pass
    return network


def step_of_withheld(database: Database, sid: str, at: datetime) -> Step:
    return DrivenCall(database, sid, caller="anonymous", start=at).arrives().held.step


@ONE_DATABASE
def test_of_two_hundred_sms_from_one_number_one_an_hour_gets_a_receipt(database: Database) -> None:
    answers = [writes(database, f"Hei {n}", STRANGER, f"SM{n}", later(n)) for n in range(200)]
    answered = [answer.replies[0].key for answer in answers if answer.is_answered]
    assert answered == ["sms_case.ask", "sms_case.ask"], "a ticket, and what was added to it"
    assert writes(database, "Hei 0", STRANGER, "SM0", later(201)).is_answered, "its answer was lost"
    assert not writes(database, "Hei", STRANGER, "SMx", later(3600)).is_answered
    assert writes(database, "Hei", STRANGER, "SMy", later(3802)).is_answered
    assert writes(database, "Hei", CALLER, "SMz", later(202)).is_answered, "another's own"


@ONE_DATABASE
def test_an_automatic_reply_answers_for_nobody_and_a_1_does(database: Database) -> None:
    call = critical_at_night(database)
    number = call.stored.ticket
    assert number
    assert number.number
    note = partial(
        note_missed_call_out, roster=DESK, person="duty-1", ticket=number.number, now=NIGHT
    )
    database.write(note)

    def missed() -> list[str]:
        with database.read() as connection:
            return [each.person for each in list_missed_call_outs(connection, DESK)]

    writes(database, "Eg køyrer og svarar når eg er framme", DUTY_1, "SM1")
    writes(database, "STOP", DUTY_1, "SM2")
    assert missed() == ["duty-1"]
    writes(database, " 1 ", DUTY_1, "SM3")
    assert missed() == []


@ONE_DATABASE
def test_stop_is_not_answered_and_holds_until_start(database: Database) -> None:
    assert not writes(database, "STOP", CALLER, "SM1").is_answered
    critical_at_night(database, caller=CALLER).hangs_up()
    sent = work(database, later(60))
    assert CALLER not in {each["to"] for each in sent.did("sms")}
    with database.read() as connection:
        states = connection.execute(select(JobRow.state)).scalars().all()
    assert JobState.FAILED not in states, "nothing is promised that the network would refuse"

    assert not writes(database, "START", CALLER, "SM2").is_answered
    DrivenCall(database, "CA2", caller=CALLER, start=later(4000)).arrives()
    critical_at_night(database, "CA3", caller=CALLER, start=later(8000)).hangs_up()
    again = work(database, later(8060))
    assert CALLER in {each["to"] for each in again.did("sms")}


@ONE_DATABASE
def test_the_contacts_are_told_when_a_duty_number_has_opted_out_and_when_it_is_back(
    database: Database,
) -> None:
    writes(database, "STOP", DUTY_1, "SM1")
    found = audit(database, NO_FILES, later(10))
    assert [alarm.kind for alarm in found.raised] == [AlarmKind.SMS_OPTED_OUT]
    told = work(database, later(11))
    [sms] = told.did("sms")
    assert (sms["to"], "Duty 1 har meldt seg av SMS" in str(sms["body"])) == (LEADER, True)
    assert {to for to, _, _ in told.mails} == {LEADERS_MAIL, IT_MAIL}
    assert audit(database, NO_FILES, later(30)).raised == ()

    writes(database, "START", DUTY_1, "SM2", later(40))
    assert [a.kind for a in audit(database, NO_FILES, later(50)).ended] == [AlarmKind.SMS_OPTED_OUT]
    [over] = work(database, later(51)).did("sms")
    assert "igjen" in str(over["body"])


def test_a_refusal_of_the_network_shows_that_a_duty_number_has_opted_out(
    database: Database,
) -> None:
    stopped = PermanentFailure("refused with status 400, error 21610", 21610)
    critical_at_night(database, caller="anonymous").hangs_up()
    work(database, later(60), FakeGateway(refuses=[stopped]))
    found = audit(database, NO_FILES, later(70))
    assert AlarmKind.SMS_OPTED_OUT in [alarm.kind for alarm in found.raised]


@pytest.mark.parametrize(("sender", "who"), [(LEADER, "Teamleiar"), (DUTY_2, "Duty 2")])
def test_a_contact_or_one_of_the_duty_closes_to_withheld_numbers_by_sms(
    database: Database, sender: str, who: str
) -> None:
    taken = writes(database, "Steng skjult", sender, "SM1")
    again = writes(database, "Steng skjult", sender, "SM1")
    assert taken.is_answered
    assert taken.replies
    assert again.replies
    assert taken.replies[0].key == "sms_withheld_closed"
    assert dict(taken.replies[0].values)["who"] == who
    assert step_of_withheld(database, "CA1", later(60)) is Step.CLOSED_TO_CALLER
    assert step_of_withheld(database, "CA2", later(3601)) is Step.DUTY_MENU, "for an hour"

    told = work(database, later(2))
    assert Counter(each["to"] for each in told.did("sms")) == {LEADER: 1}, "once, every contact"
    assert {to for to, _, _ in told.mails} == {LEADERS_MAIL, IT_MAIL}

    opened = writes(database, "ÅPNE SKJULT", sender, "SM2", later(120))
    assert opened.replies
    assert opened.replies[0].key == "sms_withheld_open"
    assert step_of_withheld(database, "CA3", later(180)) is Step.DUTY_MENU
    assert len(work(database, later(122)).did("sms")) == 1


@ONE_DATABASE
@pytest.mark.parametrize("sender", [STRANGER, CALLER, LAST_RESORT, ""])
def test_nobody_else_closes_anything_by_sms(database: Database, sender: str) -> None:
    taken = writes(database, "STENG SKJULT", sender, "SM1")
    assert taken.replies == ()
    with database.read() as connection:
        assert list_blocks(connection) == ()


@ONE_DATABASE
def test_a_forged_sender_cannot_flood_the_contacts(database: Database) -> None:
    for count in range(100):
        body = "STENG SKJULT" if count % 2 else "ÅPNE SKJULT"
        writes(database, body, LEADER, f"SM{count}", later(count), SUPPORT)
    sent = work(database, later(101)).did("sms")
    assert len(sent) <= REQUESTS_ALLOWED


@ONE_DATABASE
def test_what_is_told_late_closes_nothing(database: Database) -> None:
    taken = take_sms(
        database, ReceivedSms("SM1", DUTY, LEADER, "STENG SKJULT"), NIGHT, is_late=True
    )
    assert taken.replies == ()
    with database.read() as connection:
        assert [block for block in list_blocks(connection) if block.digits == WITHHELD] == []


@ONE_DATABASE
def test_an_sms_does_not_shorten_what_is_closed_for_longer(database: Database) -> None:
    close_desk(database, DESK, WithheldRequest("Teamleiar", NIGHT, "a command"), 8 * HOUR)
    writes(database, "CLOSE HIDDEN", LEADER, "SM1", later(60))
    assert step_of_withheld(database, "CA1", NIGHT + 7 * HOUR) is Step.CLOSED_TO_CALLER
    writes(database, "CLOSE HIDDEN", LEADER, "SM2", NIGHT + 7.5 * HOUR)
    assert step_of_withheld(database, "CA2", NIGHT + 8.25 * HOUR) is Step.CLOSED_TO_CALLER
