"""A call to a ticket's customer: what whoever is rung first hears, and how it went."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calls.flows.customer import (
    CUSTOMER_RINGS_SECONDS,
    LONGEST,
    OVER,
    CustomerCall,
    CustomerCallResult,
    CustomerCallStep,
    instruction_of,
    pressed,
)
from app.domain.hunts.call_back import TicketsNumber, why_not_called
from app.domain.hunts.instructions import Ask, End
from app.domain.numbers import NOBODY, parse_number
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import desk_of, shipped

BEGAN = oslo("2026-11-23 08:00")
CALL = CustomerCall("Kundeservice", 1042, "nb", BEGAN)
CONNECTS = replace(CALL, step=CustomerCallStep.CONNECTS, status="in-progress")
TALKS = replace(CONNECTS, customer_status="in-progress", connected_at=BEGAN)
Result = CustomerCallResult
DESK, ROSTER = desk_of(shipped("brukarstotte")), shipped("brukarstotte").roster


def test_only_one_connects_and_a_voicemail_connects_nobody() -> None:
    asked = instruction_of(CALL)
    assert isinstance(asked, Ask)
    assert [each.key for each in asked.says] == ["whisper_customer_call"]
    silent = CALL
    for prompt in (1, 2, 3):
        silent = pressed(silent, "", prompt)
    assert silent.step is CustomerCallStep.NO_KEY
    assert instruction_of(silent) == End()
    assert pressed(CALL, "1", 1).step is CustomerCallStep.CONNECTS
    assert pressed(pressed(CALL, "5", 1), "1", 1).step is CustomerCallStep.QUESTION, "a late key"


@pytest.mark.parametrize(
    ("call", "result"),
    [
        (CALL, Result.PLACING),
        (replace(CALL, status="ringing"), Result.RINGS_YOU),
        (replace(CALL, status="in-progress"), Result.ASKS_YOU),
        (replace(CALL, status="completed"), Result.NOT_TAKEN),
        (replace(CALL, status="no-answer"), Result.NOT_TAKEN),
        (replace(CALL, status="failed"), Result.NOT_PLACED),
        (CONNECTS, Result.RINGS_CUSTOMER),
        (replace(CONNECTS, status="completed"), Result.NO_ANSWER),
        (replace(CONNECTS, customer_status="busy"), Result.BUSY),
        (replace(CONNECTS, customer_status="failed"), Result.NOT_REACHED),
        (replace(CONNECTS, customer_status="completed"), Result.NO_ANSWER),
        (TALKS, Result.TALKS),
        (replace(TALKS, customer_status="completed"), Result.TALKED),
        (replace(TALKS, status="completed"), Result.TALKED),
    ],
)
def test_how_it_goes_is_told_by_both_telephones(call: CustomerCall, result: Result) -> None:
    assert call.result(BEGAN + timedelta(seconds=30)) is result


def test_a_customer_who_is_rung_late_is_not_rung_by_a_colleague_beside_it() -> None:
    late = timedelta(minutes=2, seconds=50 + CUSTOMER_RINGS_SECONDS)
    assert CONNECTS.result(BEGAN + late) is Result.RINGS_CUSTOMER
    assert CONNECTS.result(BEGAN + timedelta(minutes=4)) is Result.UNKNOWN


WORDS = st.sampled_from(("", "queued", "ringing", "in-progress", "completed", "busy", "failed"))


@given(WORDS, WORDS, st.sampled_from(CustomerCallStep), st.booleans())
def test_a_call_whose_end_is_never_told_keeps_nobody_from_calling_for_ever(
    status: str, customer: str, step: CustomerCallStep, has_talked: bool
) -> None:
    since = BEGAN if has_talked else None
    call = replace(CALL, status=status, customer_status=customer, step=step, connected_at=since)
    assert call.result(BEGAN + LONGEST) in OVER


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+4749002001", None),
        ("anonymous", "callback.no_number"),
        ("+4720000210", "callback.shared"),  # the desk's own duty line
        ("+4749002701", "callback.shared"),  # of somebody on duty
        ("+4782012345", "callback.costly"),
        ("112", "callback.emergency"),
        ("+46701740605", "callback.prefix"),
    ],
)
def test_only_a_customers_own_number_is_rung(number: str, why: str | None) -> None:
    found = why_not_called(TicketsNumber(parse_number(number)), DESK, ROSTER)
    assert (found.key if found else None) == why


def test_no_number_a_line_and_a_blocked_one_are_not_rung() -> None:
    number = parse_number("+4749002001")
    for asked, why in (
        (TicketsNumber(NOBODY), "callback.no_number"),
        (TicketsNumber(NOBODY, is_from_caller=True), "callback.withheld"),
        (TicketsNumber(number, is_line=True), "callback.shared"),
        (TicketsNumber(number, is_blocked=True), "callback.blocked"),
    ):
        found = why_not_called(asked, DESK, ROSTER)
        assert found
        assert found.key == why
