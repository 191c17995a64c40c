"""Which of several changes a NEI undoes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.messages.changes import (
    UNDO_WITHIN,
    ChangeKind,
    NothingToUndo,
    NotUndone,
    SmsChange,
    undo_words,
    which_change,
)
from app.domain.messages.commands import Command, Undoes, Verb, read_command

NOW = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)
NO = Command(Verb.UNDO)
NO_TICKET = (ChangeKind.TOOK_DUTY, ChangeKind.CONFIRMED_SHIFT, ChangeKind.MARKED_OUTAGE)


def change(number: int, ticket: int | None, minutes: float = 5, undone_by: str = "") -> SmsChange:
    kind = ChangeKind.ACKNOWLEDGED if ticket else ChangeKind.TOOK_DUTY
    at = NOW - timedelta(minutes=minutes)
    return SmsChange(
        number, f"SM{number}", kind, "desk", "roster", "vakt-1", "Vakt 1", at, ticket=ticket,
        undone_by=undone_by,
    )  # fmt: skip


def test_of_two_changes_of_one_ticket_it_is_the_last() -> None:
    assert which_change([change(2, 1001), change(1, 1001, 9)], NO, NOW) == change(2, 1001)


def test_what_was_undone_is_passed_over_where_something_is_left() -> None:
    told = [change(2, 1002, undone_by="Vakt 2"), change(1, 1001)]
    assert which_change(told, NO, NOW) == change(1, 1001)
    assert which_change(told[:1], NO, NOW) == told[0], "it is told who has undone it"


def test_a_second_no_takes_a_ticket_from_somebody_and_never_gives_it_to_anybody() -> None:
    no = Command(Verb.UNDO, 1001)
    undone = change(3, 1001, undone_by="Vakt 2")
    released = replace(change(2, 1001, 9), kind=ChangeKind.RELEASED)
    assert which_change([undone, released], no, NOW) == undone, "both meant the last one"
    assert which_change([undone, change(1, 1001, 9)], no, NOW) == change(1, 1001, 9)
    assert which_change([released, change(1, 1001, 19)], no, NOW) == released


def test_a_no_without_a_number_gives_back_no_other_ticket_than_the_one_told_of_last() -> None:
    undone = change(3, 1002, undone_by="Vakt 2")
    released = replace(change(2, 1001, 9), kind=ChangeKind.RELEASED)
    several = NotUndone(NothingToUndo.SEVERAL, (released,))
    assert which_change([undone, released], NO, NOW) == several
    assert which_change([undone, released], Command(Verb.UNDO, 1001), NOW) == released
    assert which_change([released], NO, NOW) == released


def test_with_several_it_has_to_say_which() -> None:
    told = [change(2, 1001), change(1, None)]
    assert which_change(told, NO, NOW) == NotUndone(NothingToUndo.SEVERAL, tuple(told))
    assert which_change(told, Command(Verb.UNDO, 1001), NOW) == told[0]
    assert which_change(told, Command(Verb.UNDO, undoes=Undoes.DUTY), NOW) == told[1]


@given(
    st.lists(st.none() | st.integers(1001, 9999), min_size=1), st.sampled_from(["nb", "nn", "en"])
)
def test_what_is_told_to_write_undoes_what_it_says(tickets: list[int | None], lang: str) -> None:
    told = [change(number, ticket) for number, ticket in enumerate(tickets)]
    for words in undo_words(told, lang):
        command = read_command(words)
        assert command
        found = which_change(told, command, NOW)
        assert isinstance(found, SmsChange)
        assert str(found.ticket or "VAKT") in words.replace("DUTY", "VAKT")


@given(st.lists(st.sampled_from(NO_TICKET), min_size=1), st.sampled_from(["nb", "nn", "en"]))
def test_of_duty_shift_and_outage_each_word_undoes_its_own(
    kinds: list[ChangeKind], lang: str
) -> None:
    told = [replace(change(number, None), kind=kind) for number, kind in enumerate(kinds)]
    found = [
        which_change(told, command, NOW)
        for command in map(read_command, undo_words(told, lang))
        if command
    ]
    assert [each.kind for each in found if isinstance(each, SmsChange)] == list(
        dict.fromkeys(kinds)
    )
    bare = which_change(told, NO, NOW)
    assert isinstance(bare, SmsChange) is (len(set(kinds)) == 1), "else it is asked which"


@given(st.integers(0, 300))
def test_nothing_is_undone_after_the_time_for_it(minutes: int) -> None:
    told = change(1, 1001, minutes)
    found = which_change([told], NO, NOW)
    assert isinstance(found, SmsChange) is (timedelta(minutes=minutes) <= UNDO_WITHIN)
