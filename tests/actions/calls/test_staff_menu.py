"""Somebody of the duty calls from their own number, shows their PIN, and changes something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.actions.access.pins import set_pin
from app.actions.calls.answer import Answer
from app.actions.desks.outages import (
    OutageRequest,
    end_known_outage,
    mark_outage,
    outage_now,
)
from app.actions.messages.take_sms import take_sms
from app.actions.roster.confirm_shifts import confirm_shift, shifts_to_confirm
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import command_line
from app.domain.access.audit import Author
from app.domain.access.users import PersonLink
from app.domain.calls.call import Call, PinEntered
from app.domain.hunts.instructions import Ask
from app.domain.message_refs import MessageError
from app.domain.roster.on_duty import on_duty
from app.domain.texts.message import Message
from app.store import Database
from app.store.sms import ReceivedSms
from app.store.tables import JobKind, JobRow
from app.store.ticket_lists import find_ticket
from tests.support.asked_shifts import put_shift_to_confirm
from tests.support.backends import ONE_DATABASE
from tests.support.sample_desk import (
    DESK,
    DUTY,
    DUTY_1,
    DUTY_2,
    NIGHT,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    later,
    press,
    sample_database,
)
from tests.support.stored_call import DrivenCall, critical_at_night

COLLEAGUE = Author(command_line("colleague"), NIGHT)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    with sample_database(migrated_url) as database:
        yield database


def in_the_menu(
    database: Database, number: str = DUTY_2, person: str = "duty-2", start: datetime = NIGHT
) -> DrivenCall:
    """Of whom the PIN is has been looked up: the event says it."""
    call = DrivenCall(database, f"CA-{person}", DUTY, number, start=start)
    call.arrives()
    call.presses("7")
    call.does(PinEntered(person))
    return call


def heard(answer: Answer) -> list[str]:
    return [message.key for message in asked(answer)]


def asked(answer: Answer) -> tuple[Message, ...]:
    assert isinstance(answer.instruction, Ask), answer.instruction
    return answer.instruction.says


def sms(database: Database) -> set[tuple[str, str]]:
    with database.read() as connection:
        rows = connection.execute(select(JobRow.payload).where(JobRow.kind == JobKind.SMS)).all()
    payloads = [json.loads(row.payload) for row in rows]
    return {(each["to"], each["message"]["key"]) for each in payloads}


def primary(database: Database) -> str:
    with database.read() as connection:
        found = roster_in_use(connection, DESK)
    assert found
    [first, *_] = on_duty(found.plan, NIGHT).ringing
    return first.person.id if first.person else ""


@ONE_DATABASE
def test_the_duty_is_taken_told_and_given_back(database: Database) -> None:
    call = in_the_menu(database)
    assert heard(call.presses("2")) == ["staff_take_question"]
    assert primary(database) == "duty-1", "asked first"
    done = heard(call.presses("1"))
    assert done[0] == "staff_took_duty"
    assert {"staff_you_on_duty", "staff_give_back"} <= set(done)
    assert primary(database) == "duty-2"
    told = {(DUTY_1, "sms_phone_told.took_duty"), (DUTY_2, "sms_staff.took_duty")}
    assert told <= sms(database)
    assert heard(call.presses("2")) == ["staff_give_back_question"]
    assert heard(call.presses("1"))[0] == "staff_gave_back"
    assert primary(database) == "duty-1"
    assert (DUTY_1, "sms_phone_told.gave_duty_back") in sms(database)


def test_a_key_that_comes_twice_takes_the_duty_once(database: Database) -> None:
    call = in_the_menu(database)
    call.presses("2")
    turn = call.turn + 1
    first = call.presses("1")
    again = call.does(press("1"), turn)
    assert again.is_repeated
    assert heard(again) == heard(first)


@ONE_DATABASE
def test_what_waits_is_read_and_taken(database: Database) -> None:
    critical_at_night(database, "CA1").nobody_answers()
    call = in_the_menu(database)
    read = call.presses("1")
    assert heard(read) == ["staff_ticket_of", "staff_ticket_keys"]
    done = heard(call.presses("1"))
    assert done[0] == "staff_has_ticket"
    assert "staff_no_tickets" in done
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
    assert ticket
    assert ticket.acknowledged
    assert ticket.acknowledged.person == "duty-2"
    assert (DUTY_1, "sms_phone_told.acknowledged") in sms(database)


def test_who_was_quicker_is_named(database: Database) -> None:
    critical_at_night(database, "CA1").nobody_answers()
    call, other = in_the_menu(database), in_the_menu(database, DUTY_1, "duty-1")
    for each in (call, other):
        each.presses("1")
    other.presses("1")
    assert heard(call.presses("1"))[0] == "staff_ticket_taken"


@ONE_DATABASE
def test_a_shift_is_confirmed(database: Database) -> None:
    put_shift_to_confirm(database, PersonLink(DESK, "duty-1"))
    call = in_the_menu(database, DUTY_1, "duty-1", clock.now())
    assert heard(call.presses("3")) == ["staff_confirm_question"]
    assert heard(call.presses("1"))[0] == "staff_confirmed"
    assert heard(call.presses("3"))[0] == "staff_nothing"


@ONE_DATABASE
def test_an_outage_is_marked_and_over(database: Database) -> None:
    call = in_the_menu(database)
    assert heard(call.presses("4")) == ["staff_mark_question"]
    assert heard(call.presses("1"))[0] == "staff_marked_outage"
    known = outage_now(database, DESK)
    assert known
    assert known.author.name == "Duty 2"
    assert (DUTY_2, "sms_phone_told.marked_outage") in sms(database)
    assert heard(call.presses("4")) == ["staff_end_question"]
    assert heard(call.presses("2"))[-1] == "staff_end_outage", "2 goes back"
    call.presses("4")
    assert heard(call.presses("1"))[0] == "staff_ended_outage"
    assert outage_now(database, DESK) is None


@ONE_DATABASE
def test_an_outage_that_was_marked_is_undone_by_whoever_was_told(database: Database) -> None:
    call = in_the_menu(database)
    call.presses("4")
    call.presses("1")
    nei = ReceivedSms("SM1", DUTY, DUTY_2, "Nei")
    told = take_sms(database, nei, later(60))
    assert [reply.key for reply in told.replies] == ["sms_staff_told.undone_outage"]
    assert outage_now(database, DESK) is None
    again = take_sms(database, replace(nei, sid="SM2"), later(70))
    assert [reply.key for reply in again.replies] == ["sms_staff.undone_before"]


@ONE_DATABASE
def test_an_outage_that_a_colleague_marks_before_the_answer_is_not_ended_by_it(
    database: Database,
) -> None:
    call = in_the_menu(database)
    assert heard(call.presses("4")) == ["staff_mark_question"]
    mark_outage(database, DESK, OutageRequest(None, {"nb": "E-posten er nede."}), COLLEAGUE)
    assert heard(call.presses("*")) == ["staff_mark_question"], "what was asked, as it was asked"
    said = heard(call.presses("1"))
    assert (said[0], said[-1]) == ("staff_overtaken", "staff_end_outage"), "and how it is now"
    assert outage_now(database, DESK)
    assert "sms_outage_over" not in {key for _, key in sms(database)}


@ONE_DATABASE
def test_one_that_a_colleague_ends_before_the_answer_is_not_marked_anew(database: Database) -> None:
    number = mark_outage(database, DESK, OutageRequest(None, {}), COLLEAGUE)
    call = in_the_menu(database)
    assert heard(call.presses("4")) == ["staff_end_question"]
    end_known_outage(database, DESK, number, COLLEAGUE)
    assert heard(call.presses("1"))[0] == "staff_overtaken"
    assert outage_now(database, DESK) is None
    assert heard(call.presses("4")) == ["staff_mark_question"], "asked anew, it is done"
    assert heard(call.presses("1"))[0] == "staff_marked_outage"


@ONE_DATABASE
def test_the_next_outage_is_not_ended_by_the_answer_about_the_one_before(
    database: Database,
) -> None:
    number = mark_outage(database, DESK, OutageRequest(None, {}), COLLEAGUE)
    call = in_the_menu(database)
    call.presses("4")
    end_known_outage(database, DESK, number, COLLEAGUE)
    mark_outage(database, DESK, OutageRequest(None, {}), COLLEAGUE)
    assert heard(call.presses("1"))[0] == "staff_overtaken"
    assert outage_now(database, DESK)


@ONE_DATABASE
def test_the_duty_that_another_takes_before_the_answer_is_neither_taken_nor_given_back(
    database: Database,
) -> None:
    one, other = in_the_menu(database), in_the_menu(database, DUTY_1, "duty-1")
    one.presses("2", "1")
    assert heard(one.presses("2")) == ["staff_give_back_question"]
    assert heard(other.presses("2")) == ["staff_take_question"]
    assert heard(one.presses("1"))[0] == "staff_gave_back"
    assert heard(other.presses("1"))[0] == "staff_overtaken", "it is theirs again"
    assert primary(database) == "duty-1"


@ONE_DATABASE
def test_who_has_given_the_duty_back_by_sms_does_not_take_it_by_the_same_key(
    database: Database,
) -> None:
    """Two telephones with one number and PIN stand for the SMS: both are the same person."""
    one = in_the_menu(database)
    one.presses("2", "1", "2")
    twin = DrivenCall(database, "CA-twin", DUTY, DUTY_2)
    twin.arrives()
    twin.presses("7")
    twin.does(PinEntered("duty-2"))
    assert heard(twin.presses("2", "1"))[0] == "staff_gave_back"
    assert heard(one.presses("1"))[0] == "staff_overtaken"
    assert primary(database) == "duty-1"


@ONE_DATABASE
def test_the_duty_that_somebody_else_has_taken_since_is_not_offered_to_be_given_back(
    database: Database,
) -> None:
    in_the_menu(database).presses("2", "1")
    other = DrivenCall(database, "CA2", DUTY, DUTY_1, start=NIGHT + timedelta(minutes=5))
    other.arrives()
    other.presses("7")
    other.does(PinEntered("duty-1"))
    assert heard(other.presses("2", "1"))[0] == "staff_took_duty"
    first = DrivenCall(database, "CA3", DUTY, DUTY_2, start=NIGHT + timedelta(minutes=15))
    first.arrives()
    first.presses("7")
    menu = heard(first.does(PinEntered("duty-2")))
    assert {"staff_on_duty", "staff_take"} <= set(menu)
    assert heard(first.presses("2")) == ["staff_take_question"]
    assert heard(first.presses("1"))[0] == "staff_took_duty"


def test_of_two_shifts_the_one_that_was_asked_about_is_confirmed(database: Database) -> None:
    """Though the SMS about the later one was the last."""
    now, whose = clock.now(), PersonLink(DESK, "duty-1")
    first = put_shift_to_confirm(database, whose, asked_at=now - timedelta(hours=5))
    second = put_shift_to_confirm(database, whose, asked_at=now - timedelta(hours=1), which=1)
    call = in_the_menu(database, DUTY_1, "duty-1", now)
    [question] = asked(call.presses("3"))
    assert dict(question.values)["since"] == first
    told, *_ = asked(call.presses("1"))
    assert (told.key, dict(told.values)["since"]) == ("staff_confirmed", first)
    assert "staff_not_done" not in heard(call.presses("*"))
    found = shifts_to_confirm(database, whose, now)
    assert {one.when.from_: one.confirmed_at is not None for one in found} == {
        first: True,
        second: False,
    }


@ONE_DATABASE
def test_a_shift_that_is_confirmed_on_the_page_before_the_answer_stays_so(
    database: Database,
) -> None:
    whose = PersonLink(DESK, "duty-1")
    put_shift_to_confirm(database, whose)
    call = in_the_menu(database, DUTY_1, "duty-1", clock.now())
    call.presses("3")
    confirm_shift(database, whose, Author(command_line("page"), clock.now()))
    assert heard(call.presses("1"))[0] == "staff_confirmed"


@ONE_DATABASE
def test_nobody_gets_in_by_another_number_or_another_desk(database: Database) -> None:
    """The event says whose PIN it was: the number has to be theirs as well."""
    call = DrivenCall(database, "CA1", DUTY, DUTY_1)
    call.arrives()
    call.presses("7")
    assert heard(call.does(PinEntered("duty-2")))[0] == "staff_away"
    held = call.presses("*").held
    assert isinstance(held, Call)
    assert held.staff == ""


@ONE_DATABASE
def test_a_pin_that_comes_where_none_is_asked_for_changes_nothing(database: Database) -> None:
    call = DrivenCall(database, "CA1", DUTY, DUTY_2)
    call.arrives()
    late = call.does(PinEntered("duty-2"))
    assert heard(late)[0] == "duty_menu"
    assert isinstance(late.held, Call)
    assert late.held.staff == ""


@ONE_DATABASE
def test_whoever_has_left_reaches_no_menu_and_no_case(database: Database) -> None:
    left = ROSTER_TOML.replace('name = "Duty 2"', 'name = "Duty 2"\nlast_day = 2026-10-31')
    left = left.replace('members = ["duty-2"]', 'members = ["duty-1"]')
    import_sample_desks(database, folder(roster=left))
    with pytest.raises(MessageError):
        set_pin(database, PersonLink(DESK, "duty-2"), "7294", COLLEAGUE)
    critical_at_night(database, "CA1").nobody_answers()
    call = DrivenCall(database, "CA-left", DUTY, DUTY_2, start=NIGHT)
    assert "staff_offer" not in heard(call.arrives())
    assert "staff_pin" not in heard(call.presses("7"))
    sms = ReceivedSms("SM1", DUTY_2, DUTY, "OK 1001")
    replies = take_sms(database, sms, NIGHT).replies
    assert not any("acknowledged" in each.key for each in replies)
    with database.read() as connection:
        ticket = find_ticket(connection, 1001)
    assert ticket
    assert ticket.acknowledged is None
