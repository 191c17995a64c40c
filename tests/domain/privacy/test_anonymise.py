"""A number is found however it is written, and nothing else is taken for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.callouts.call_out import CallOut
from app.domain.calls.call import Call
from app.domain.desks.desk import Priority
from app.domain.hunts.hunt import Callee, Hunt, Leg, LegOutcome
from app.domain.hunts.staff_view import StaffQuestion
from app.domain.numbers import parse_number
from app.domain.privacy.anonymise import (
    call_out_figures_only,
    figures_only,
    mentions,
    without_number,
    without_numbers,
    without_numbers_in,
)
from app.domain.roles import Role
from app.domain.tickets.ticket import RingAgain, Source, Ticket
from tests.support.sample_desk import NIGHT

CALLER = "+4749009001"


@pytest.mark.parametrize(
    "written",
    [
        "+4749009001",
        "49009001",
        "004749009001",
        "4749009001",
        "+47 49 00 90 01",
        "49 00 90 01",
        "490 09 001",
        "49-00-90-01",
    ],
)
def test_it_is_found_however_people_write_it(written: str) -> None:
    assert without_number(written, CALLER) == ""
    assert without_number(f"Ring {written}, takk.", CALLER) == "Ring erased, takk."


@pytest.mark.parametrize(
    "other",
    ["+4749009002", "149009001", "490090012", "CA49009001", "49009001a", "+99949009001", ""],
)
def test_what_is_longer_or_another_word_is_left_alone(other: str) -> None:
    assert without_number(other, CALLER) == other
    assert not mentions({"to": other}, CALLER)


def test_a_short_number_and_one_from_abroad_are_found_too() -> None:
    assert without_number("frå 02800 i dag", "02800") == "frå erased i dag"
    assert without_number("0046701740605", "+46701740605") == ""


json_texts = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just(CALLER),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_texts)
def test_after_it_is_taken_out_it_is_mentioned_nowhere(value: object) -> None:
    left = without_number(value, CALLER)
    assert not mentions(left, CALLER)
    assert CALLER not in json.dumps(left)


@given(json_texts)
def test_json_within_json_stays_json(value: object) -> None:
    inner = json.dumps({"phones": [CALLER], "value": value})
    left = without_number({"customers": inner}, CALLER)
    assert isinstance(left, dict)
    assert json.loads(left["customers"])["phones"] == ["erased"]


def test_every_number_goes_but_dates_and_sids_stay() -> None:
    told = {"error": "The number +4749009001 is not valid", "at": "2026-11-21", "sid": "CA12345678"}
    assert without_numbers_in(told) == told | {"error": "The number erased is not valid"}


def test_a_call_loses_its_numbers_and_then_its_people_but_not_how_it_went() -> None:
    callee = Callee("duty-1", "Duty 1", "+4749009101", Role.PRIMARY, "nb")
    leg = Leg(1, callee, LegOutcome.ACCEPTED, sid="CB1")
    caller = parse_number(CALLER)
    call = Call(
        "CA1", "+4720000902", caller, NIGHT, hunt=Hunt((leg,)), customer="9001", talked=True
    )

    numberless = without_numbers(call)
    bare = figures_only(numberless)

    assert (numberless.caller.digits, numberless.legs[0].callee.number) == ("", "")
    assert numberless.legs[0].callee.name == "Duty 1"
    assert (bare.legs[0].callee.name, bare.customer) == ("", None)
    assert bare.legs[0].outcome is LegOutcome.ACCEPTED
    assert bare.talked


def test_who_was_in_the_staffs_menu_goes_with_the_others() -> None:
    asked = StaffQuestion(when=NIGHT, person="duty-1")
    call = Call(
        "CA1",
        "+4720000902",
        parse_number(CALLER),
        NIGHT,
        staff="duty-2",
        staff_question=asked,
    )
    assert "duty-" not in str(figures_only(call))


def test_who_was_never_connected_is_named_by_no_number_afterwards() -> None:
    nobodys = Callee("+4749009109", "49 00 91 09", "+4749009109", Role.LAST_RESORT, "nb")
    leg = Leg(1, nobodys, LegOutcome.FAILED)
    hunt = Hunt((leg,), unbridged="+4749009109")
    call = Call("CA1", "+4720000902", parse_number(CALLER), NIGHT, hunt=hunt)

    numberless = without_numbers(call)

    assert "49009109" not in str(numberless).replace(" ", "")
    assert numberless.hunt.unbridged == numberless.legs[0].callee.person
    assert figures_only(numberless).hunt.unbridged is None


def test_who_passed_a_ticket_on_or_was_rung_again_goes_with_the_others() -> None:
    ticket = Ticket(
        "fjordhjelp",
        Source.CALL,
        Priority.CRITICAL,
        NIGHT,
        passed_on_by=("duty-1",),
        rings_again=(RingAgain("duty-1", NIGHT, NIGHT),),
    )
    bare = call_out_figures_only(CallOut(ticket, 1, NIGHT)).ticket
    assert "duty-1" not in str(bare)
