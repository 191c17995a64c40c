"""What is read as a command, however it is spaced and capitalised, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.messages.commands import ALONE, WITH_NUMBER, Command, Undoes, Verb, read_command
from app.domain.messages.intent import WORDS
from app.domain.tickets.ticket import LARGEST_NUMBER

SPACES = st.text(" \t\n.,:#-", max_size=3)


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("VAKT", Command(Verb.WHO_IS_ON_DUTY)),
        ("Vakta?", Command(Verb.WHO_IS_ON_DUTY)),
        (" ta   vakt ", Command(Verb.TAKE_DUTY)),
        ("Take duty!", Command(Verb.TAKE_DUTY)),
        ("OK 1042", Command(Verb.ACKNOWLEDGE, 1042)),
        ("ok1042.", Command(Verb.ACKNOWLEDGE, 1042)),
        ("Ok, sak 1 042", Command(Verb.ACKNOWLEDGE, 1042)),
        ("wrong #1042", Command(Verb.RELEASE, 1042)),
        ("FEIL", Command(Verb.RELEASE)),
        ("over 1042", Command(Verb.PASS_ON, 1042)),
        ("Nei!", Command(Verb.UNDO)),
        ("nei vakta", Command(Verb.UNDO, undoes=Undoes.DUTY)),
        ("NEI TA VAKT", Command(Verb.UNDO, undoes=Undoes.TAKEN)),
        ("Nei ja.", Command(Verb.UNDO, undoes=Undoes.SHIFT)),
        ("no outage", Command(Verb.UNDO, undoes=Undoes.OUTAGE)),
        ("NO 1042", Command(Verb.UNDO, 1042)),
        ("hjelp", Command(Verb.HELP)),
    ],
)
def test_a_command_is_read_as_people_write_it(body: str, command: Command) -> None:
    assert read_command(body) == command


@pytest.mark.parametrize(
    "body",
    [
        "", "1", "OK", "1042", "OK 1042 og 1043", "Ok, jeg ringer 1042 senere",
        "Nei, det gjør jeg ikke",
        "Jeg kjører nå og svarer når jeg er framme", "OK ١٠٤٢", "vakt 1042", "ta vakt i morgen",
    ],
)  # fmt: skip
def test_what_is_more_or_less_than_a_command_is_none(body: str) -> None:
    assert read_command(body) is None


@given(st.sampled_from(sorted(WITH_NUMBER)), st.integers(0, 10**25), SPACES, SPACES, st.booleans())
def test_spaces_signs_and_case_never_matter(
    word: str, number: int, before: str, between: str, is_loud: bool
) -> None:
    body = f"{before}{word}{between}{number}{between}"
    found = read_command(body.upper() if is_loud else body)
    assert found == Command(WITH_NUMBER[word], min(number, LARGEST_NUMBER))


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_without_an_error(body: str) -> None:
    found = read_command(body)
    assert found is None or found.ticket is None or 0 <= found.ticket <= LARGEST_NUMBER


def test_no_command_is_a_word_of_the_networks_or_another_request() -> None:
    others = {word for words in WORDS.values() for word in words}
    assert not others & {*ALONE, *(f"{word} 1" for word in WITH_NUMBER)}
