"""A new case as it was filled in: read, or everything that is wrong with it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.desks.case_types import (
    CaseField,
    CaseKind,
    CaseType,
    Choice,
    FieldKind,
    Question,
)
from app.domain.desks.desk import Priority
from app.domain.message_refs import MessageRef
from app.domain.portal.case_form import CaseRead, may_open, name_of, read_case, read_day
from app.domain.portal.suggestions import found_questions, suggested_questions
from app.domain.texts.localized_text import LocalizedText

TODAY = date(2027, 1, 4)


def words(text: str) -> LocalizedText:
    return LocalizedText((("nb", text), ("nn", text), ("en", text)))


WHO = CaseField(
    "who",
    FieldKind.CHOICE,
    words("Hvem?"),
    is_required=True,
    choices=(Choice("me", words("Meg")), Choice("all", words("Alle"), "high")),
)
HOW_BAD = CaseField(
    "bad",
    FieldKind.CHOICE,
    words("Hvor ille"),
    choices=(Choice("very", words("Svært"), "critical"),),
)
FAULT = CaseType(
    "fault",
    CaseKind.FAULT,
    fields=(
        WHO,
        HOW_BAD,
        CaseField("day", FieldKind.DATE, words("Dag")),
        CaseField("link", FieldKind.PAGE_LINK, words("Side")),
        CaseField("more", FieldKind.LONG_TEXT, words("Mer")),
    ),
)
FILLED = {"subject": ["Skriver"], "description": ["Den skriver ikke."], "f-who": ["me"]}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27.11", date(2026, 11, 27)),  # of the year that is nearest
        ("4.1", date(2027, 1, 4)),
        ("27.11.2025", date(2025, 11, 27)),
        ("27/11 2025", date(2025, 11, 27)),
        ("2026-11-27", date(2026, 11, 27)),
        ("29.2", date(2028, 2, 29)),
        ("31.2", None),
        ("i går", None),
        ("27.11.25", None),
        ("2026-02-30", None),
        ("0.0", None),
    ],
)
def test_a_day_as_people_write_it(text: str, day: date | None) -> None:
    today = date(2027, 6, 1) if text == "29.2" else TODAY
    assert read_day(text, today) == day


@pytest.mark.parametrize(
    ("chosen", "priority"),
    [
        ({}, Priority.MEDIUM),
        ({"f-who": ["all"]}, Priority.HIGH),
        ({"f-who": ["all"], "f-bad": ["very"]}, Priority.CRITICAL),
    ],
)
def test_the_most_urgent_answer_counts(chosen: dict[str, list[str]], priority: Priority) -> None:
    read = read_case(FAULT, FILLED | chosen, "nb", TODAY)
    assert isinstance(read, CaseRead)
    assert read.priority is priority


def test_each_field_stands_below_what_was_written_by_its_label() -> None:
    more = {"f-day": ["4.1"], "f-link": ["kommune.example/a"], "f-more": ["En\nTo"]}
    read = read_case(FAULT, FILLED | more, "nb", TODAY)
    assert isinstance(read, CaseRead)
    assert read.body == (
        "Den skriver ikke.\n\nHvem? Meg\nDag: 04.01.2027\nSide: kommune.example/a\nMer:\nEn\nTo"
    )


def test_all_that_is_wrong_is_said_at_once() -> None:
    typed = {"f-day": ["snart"], "f-link": ["her"], "f-bad": ["litt"], "subject": ["!?"]}
    wrong = read_case(FAULT, typed, "nb", TODAY)
    assert isinstance(wrong, dict)
    assert set(wrong) == {"subject", "description", "f-who", "f-day", "f-link", "f-bad"}


@given(
    st.dictionaries(
        st.sampled_from(["subject", "description", *(name_of(each) for each in FAULT.fields)]),
        st.lists(st.text(max_size=40), max_size=2),
    )
)
def test_no_form_breaks_it(typed: dict[str, list[str]]) -> None:
    read = read_case(FAULT, typed, "nn", TODAY)
    if isinstance(read, CaseRead):
        assert read.subject.isprintable()
        assert read.body
    else:
        assert read
        assert all(isinstance(each, MessageRef) for each in read.values())


@given(st.sampled_from(["subject", "description", "f-more"]))
def test_a_password_is_found_in_every_text(name: str) -> None:
    read = read_case(FAULT, FILLED | {name: ["x, passord: Hemmelig12"]}, "nb", TODAY)
    assert isinstance(read, CaseRead)
    assert read.has_masked
    assert "Hemmelig12" not in f"{read.subject}{read.body}"


@pytest.mark.parametrize("kind", CaseKind)
def test_users_are_a_leaders_to_report(kind: CaseKind) -> None:
    assert may_open(kind, is_leader=True)
    assert may_open(kind, is_leader=False) is (kind is not CaseKind.USER_ADMINISTRATION)


def test_questions_are_found_by_all_words_and_suggested_by_some() -> None:
    password = Question(words("Glemt passordet?"), words("Trykk «Glemt passord»."))
    printer = Question(words("Får du ikke skrevet ut?"), words("Slå skriveren av og på."))
    both = (password, printer)
    assert found_questions(both, "", "nb") == both
    assert found_questions(both, "skriver AV", "nb") == (printer,)
    assert found_questions(both, "skriver passord", "nb") == ()
    assert suggested_questions(both, "Skriveren i andre virker ikke", "nb") == (printer,)
    assert suggested_questions(both, "Passord", "nb") == (password,)
    assert suggested_questions(both, "Nei", "nb") == ()
