"""SMS that come in: one answer an hour, STOP and START, and the desk closed to withheld numbers."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import cast

import pytest
from sqlalchemy import select

from app.actions.audit import audit
from app.actions.take_sms import REQUESTS_ALLOWED, SmsTaken, take_sms
from app.actions.tick import do_next_job
from app.actions.withheld import Request, close_desk
from app.domain.alarms import AlarmKind
from app.domain.call import Place
from app.phone.sender import PermanentFailure, Sender
from app.standby.standby import open_standby
from app.store import Database
from app.store.blocked import WITHHELD, list_blocks
from app.store.missed import list_missed, note_missed
from app.store.sms import ReceivedSms
from app.store.tables import JobRow, JobState
from app.voice_prompts import texts
from tests.a_house import (
    CALLER,
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    LAST_RESORT,
    NIGHT,
    STRANGER,
    SUPPORT,
    a_house,
    later,
)
from tests.actions.a_call import ACall, critical_at_night
from tests.actions.a_network import ANetwork
from tests.actions.contacts import IT_MAIL, LEADER, LEADERS_MAIL, WITH_CONTACTS

NO_FILES = open_standby(())
HOUR = timedelta(hours=1)


@pytest.fixture
def house(migrated_url: str) -> Iterator[Database]:
    with a_house(migrated_url, WITH_CONTACTS) as database:
        yield database


def writes(
    house: Database, body: str, sender: str, sid: str, at: datetime = NIGHT, line: str = DUTY
) -> SmsTaken:
    return take_sms(house, ReceivedSms(sid, line, sender, body), at)


def work(house: Database, now: datetime, network: ANetwork | None = None) -> ANetwork:
    network = network or ANetwork()
    while do_next_job(house, cast(Sender, network), texts(), now):
        pass
    return network


def place_of_withheld(house: Database, sid: str, at: datetime) -> Place:
    return ACall(house, sid, caller="anonymous", start=at).arrives().call.place


def test_two_hundred_sms_from_one_number_get_one_answer_an_hour(house: Database) -> None:
    answers = [writes(house, f"Hei {n}", STRANGER, f"SM{n}", later(n)) for n in range(200)]
    assert [answer.is_answered for answer in answers].count(True) == 1
    assert writes(house, "Hei 0", STRANGER, "SM0", later(201)).is_answered, "its answer was lost"
    assert not writes(house, "Hei", STRANGER, "SMx", later(3600)).is_answered
    assert writes(house, "Hei", STRANGER, "SMy", later(3802)).is_answered
    assert writes(house, "Hei", CALLER, "SMz", later(202)).is_answered, "another's own"


def test_an_automatic_reply_answers_for_nobody_and_a_1_does(house: Database) -> None:
    call = critical_at_night(house)
    number = call.stored.ticket
    assert number
    assert number.number
    note = partial(note_missed, roster=DESK, person="duty-1", ticket=number.number, now=NIGHT)
    house.write(note)

    def missed() -> list[str]:
        with house.read() as connection:
            return [each.person for each in list_missed(connection, DESK)]

    writes(house, "Eg køyrer og svarar når eg er framme", DUTY_1, "SM1")
    writes(house, "STOP", DUTY_1, "SM2")
    assert missed() == ["duty-1"]
    writes(house, " 1 ", DUTY_1, "SM3")
    assert missed() == []


def test_stop_is_not_answered_and_holds_until_start(house: Database) -> None:
    assert not writes(house, "STOP", CALLER, "SM1").is_answered
    critical_at_night(house, caller=CALLER).hangs_up()
    sent = work(house, later(60))
    assert CALLER not in {each["to"] for each in sent.did("sms")}
    with house.read() as connection:
        refused = connection.execute(select(JobRow.error_code, JobRow.state)).all()
    assert ("21610", JobState.FAILED) in [tuple(row) for row in refused], "the ticket shows it"

    assert not writes(house, "START", CALLER, "SM2").is_answered
    ACall(house, "CA2", caller=CALLER, start=later(4000)).arrives()
    critical_at_night(house, "CA3", caller=CALLER, start=later(8000)).hangs_up()
    again = work(house, later(8060))
    assert CALLER in {each["to"] for each in again.did("sms")}


def test_the_contacts_are_told_when_a_duty_number_has_opted_out_and_when_it_is_back(
    house: Database,
) -> None:
    writes(house, "STOP", DUTY_1, "SM1")
    found = audit(house, NO_FILES, later(10))
    assert [alarm.kind for alarm in found.raised] == [AlarmKind.SMS_OPTED_OUT]
    told = work(house, later(11))
    [sms] = told.did("sms")
    assert (sms["to"], "Duty 1 har meldt seg av SMS" in str(sms["body"])) == (LEADER, True)
    assert {to for to, _, _ in told.mails} == {LEADERS_MAIL, IT_MAIL}
    assert audit(house, NO_FILES, later(30)).raised == ()

    writes(house, "START", DUTY_1, "SM2", later(40))
    assert [a.kind for a in audit(house, NO_FILES, later(50)).ended] == [AlarmKind.SMS_OPTED_OUT]
    [over] = work(house, later(51)).did("sms")
    assert "igjen" in str(over["body"])


def test_a_refusal_of_the_network_shows_that_a_duty_number_has_opted_out(house: Database) -> None:
    stopped = PermanentFailure("refused with status 400, error 21610", 21610)
    critical_at_night(house, caller="anonymous").hangs_up()
    work(house, later(60), ANetwork(refuses=[stopped]))
    found = audit(house, NO_FILES, later(70))
    assert AlarmKind.SMS_OPTED_OUT in [alarm.kind for alarm in found.raised]


@pytest.mark.parametrize(("sender", "who"), [(LEADER, "Teamleiar"), (DUTY_2, "Duty 2")])
def test_a_contact_or_one_of_the_duty_closes_to_withheld_numbers_by_sms(
    house: Database, sender: str, who: str
) -> None:
    taken = writes(house, "Steng skjult", sender, "SM1")
    again = writes(house, "Steng skjult", sender, "SM1")
    assert taken.is_answered
    assert taken.reply
    assert again.reply
    assert taken.reply.key == "sms_withheld_closed"
    assert dict(taken.reply.values)["who"] == who
    assert place_of_withheld(house, "CA1", later(60)) is Place.CLOSED_TO_CALLER
    assert place_of_withheld(house, "CA2", later(3601)) is Place.DUTY_MENU, "for an hour"

    told = work(house, later(2))
    assert Counter(each["to"] for each in told.did("sms")) == {LEADER: 1}, "once, every contact"
    assert {to for to, _, _ in told.mails} == {LEADERS_MAIL, IT_MAIL}

    opened = writes(house, "ÅPNE SKJULT", sender, "SM2", later(120))
    assert opened.reply
    assert opened.reply.key == "sms_withheld_open"
    assert place_of_withheld(house, "CA3", later(180)) is Place.DUTY_MENU
    assert len(work(house, later(122)).did("sms")) == 1


@pytest.mark.parametrize("sender", [STRANGER, CALLER, LAST_RESORT, ""])
def test_nobody_else_closes_anything_by_sms(house: Database, sender: str) -> None:
    taken = writes(house, "STENG SKJULT", sender, "SM1")
    assert taken.reply is None
    with house.read() as connection:
        assert list_blocks(connection) == ()


def test_a_forged_sender_cannot_flood_the_contacts(house: Database) -> None:
    for count in range(100):
        body = "STENG SKJULT" if count % 2 else "ÅPNE SKJULT"
        writes(house, body, LEADER, f"SM{count}", later(count), SUPPORT)
    sent = work(house, later(101)).did("sms")
    assert len(sent) <= REQUESTS_ALLOWED


def test_what_is_told_late_closes_nothing(house: Database) -> None:
    taken = take_sms(house, ReceivedSms("SM1", DUTY, LEADER, "STENG SKJULT"), NIGHT, is_late=True)
    assert taken.reply is None
    with house.read() as connection:
        assert [block for block in list_blocks(connection) if block.digits == WITHHELD] == []


def test_an_sms_does_not_shorten_what_is_closed_for_longer(house: Database) -> None:
    close_desk(house, DESK, Request("Teamleiar", NIGHT, "a command"), 8 * HOUR)
    writes(house, "CLOSE HIDDEN", LEADER, "SM1", later(60))
    assert place_of_withheld(house, "CA1", NIGHT + 7 * HOUR) is Place.CLOSED_TO_CALLER
    writes(house, "CLOSE HIDDEN", LEADER, "SM2", NIGHT + 7.5 * HOUR)
    assert place_of_withheld(house, "CA2", NIGHT + 8.25 * HOUR) is Place.CLOSED_TO_CALLER
