"""What a caller's SMS does, by what they were asked last."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.desk import Priority
from app.domain.messages.cases import (
    ANSWERS_COUNT_FOR,
    READ_IN,
    Ask,
    Case,
    CaseDecision,
    CaseStep,
    Kept,
    NewWords,
    SetLevel,
    Thanks,
    decide_case,
    read_level,
)

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
ORDER = list(Priority)


def case(step: CaseStep, priority: Priority = Priority.MEDIUM, **changed: object) -> Case:
    facts: dict[str, object] = {"is_open": True, "asked_at": NOW - READ_IN, **changed}
    return Case(1001, priority, step=step, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "body", "does"),
    [
        (CaseStep.PRIORITY, "1", Ask(CaseStep.CONFIRM)),
        (CaseStep.PRIORITY, " 2. ", SetLevel(Priority.HIGH)),
        (CaseStep.PRIORITY, "4", SetLevel(Priority.LOW)),
        (CaseStep.PRIORITY, "5", NewWords()),
        (CaseStep.PRIORITY, "1 time siden", NewWords()),
        (CaseStep.PRIORITY, "Takk!", Thanks()),
        (CaseStep.CONFIRM, "1", SetLevel(Priority.CRITICAL)),
        (CaseStep.CONFIRM, "2", Ask(CaseStep.PRIORITY)),
        (CaseStep.CONFIRM, "3", Ask(CaseStep.CONFIRM)),
        (CaseStep.CONFIRM, "ja", NewWords()),
        (CaseStep.CONFIRM, "Ok.", Ask(CaseStep.CONFIRM)),
        (CaseStep.ANSWERED, "1", Ask(CaseStep.CONFIRM)),
        (CaseStep.ANSWERED, "2", SetLevel(Priority.HIGH)),
        (CaseStep.ANSWERED, "3", Kept.SAME),
        (CaseStep.ANSWERED, "4", Kept.LOWER),
    ],
)
def test_each_answer_at_each_question(step: CaseStep, body: str, does: CaseDecision) -> None:
    assert decide_case(body, case(step), NOW) == does


def test_an_answer_to_nothing_says_why_it_changes_nothing() -> None:
    late = NOW - ANSWERS_COUNT_FOR - timedelta(seconds=1)
    assert decide_case("1", None, NOW) is Kept.NO_CASE
    assert decide_case("1", case(CaseStep.CONFIRM, asked_at=late), NOW) is Kept.NO_CASE
    assert decide_case("1", case(CaseStep.CONFIRM, is_open=False), NOW) is Kept.CLOSED


def test_a_1_that_was_sent_twice_confirms_nothing() -> None:
    asked = case(CaseStep.CONFIRM, asked_at=NOW)
    assert decide_case("1", asked, NOW) == Ask(CaseStep.CONFIRM)


@given(st.sampled_from(Priority), st.lists(st.sampled_from("1234"), max_size=12))
def test_whatever_is_answered_critical_is_confirmed_and_nothing_gets_less_urgent(
    has: Priority, answers: list[str]
) -> None:
    now = case(CaseStep.ANSWERED, has)
    for answer in answers:
        decision = decide_case(answer, now, NOW)
        if isinstance(decision, Ask):
            now = case(decision.step, now.priority)
        elif isinstance(decision, SetLevel):
            if decision.priority is Priority.CRITICAL:
                assert (now.step, answer) == (CaseStep.CONFIRM, "1")
            is_lower = ORDER.index(decision.priority) > ORDER.index(now.priority)
            assert not is_lower or now.priority is Priority.MEDIUM, "which nobody may have chosen"
            now = case(CaseStep.ANSWERED, decision.priority)


@given(st.text(max_size=20), st.sampled_from(CaseStep))
def test_whatever_is_no_number_from_1_to_4_is_kept_as_words(body: str, step: CaseStep) -> None:
    decision = decide_case(body, case(step), NOW)
    if step is not CaseStep.CONFIRM or read_level(body):
        assert isinstance(decision, NewWords | Thanks) is (read_level(body) is None)
    else:
        assert decision in (NewWords(), Ask(CaseStep.CONFIRM)), "who says OK has not confirmed it"
