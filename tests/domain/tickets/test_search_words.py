"""By which words a ticket is found, and what somebody looks for."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tickets.search_words import LONGEST_WORD, SearchTerm, search_terms, words_of

NUMBER = "+4749009001"


def found_by(typed: str, *texts: str) -> bool:
    words = words_of(texts)
    terms = search_terms(typed)
    return all(any(t.text <= word < t.until for word in words) for t in terms) and bool(terms)


def test_case_and_punctuation_do_not_matter() -> None:
    assert words_of(["Skriveren på «Øst» svarer ikke!"]) == {
        "skriveren", "på", "øst", "svarer", "ikke",
    }  # fmt: skip


def test_each_word_is_found_by_its_beginning() -> None:
    subject = "Skriveren på Øst svarer ikke"
    assert found_by("skriv øst", subject)
    assert found_by("ØST", subject)
    assert not found_by("skriv vest", subject)
    assert not found_by("river", subject)


def test_two_letters_find_a_whole_word_alone() -> None:
    assert found_by("pc", "Min PC er treg")
    assert not found_by("tr", "Min PC er treg")


def test_a_telephone_number_is_one_thing_however_it_is_written() -> None:
    written = ("+47 49 00 90 01", "49009001", "0047 4900 9001", "490 09 001")
    assert {term.phone for text in written for term in search_terms(text)} == {NUMBER}
    assert [len(search_terms(text)) for text in written] == [1, 1, 1, 1]


def test_a_short_number_may_be_a_ticket_or_a_customer() -> None:
    assert search_terms("1042") == (SearchTerm("1042"),)
    assert search_terms("#1042 ")[0].ticket == 1042
    assert search_terms("9" * 30)[0].ticket is None


def test_nothing_but_signs_is_nothing() -> None:
    assert search_terms(" -- % _ ") == ()


@given(st.text(max_size=300))
def test_whatever_is_written_is_found_by_the_words_it_has(text: str) -> None:
    for word in words_of([text]):
        assert 2 <= len(word) <= LONGEST_WORD
        assert found_by(word, text) or search_terms(word) == ()


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(typed: str) -> None:
    assert len(search_terms(typed)) <= 6
