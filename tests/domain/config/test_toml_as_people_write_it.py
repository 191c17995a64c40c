"""Documents as word processors, contacts and people leave them: read, or told by the sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.config.toml_reader import read_toml
from app.domain.toml_positions import parse_toml
from tests.domain.config.desk_texts import (
    CUSTOMERS,
    DESK,
    ROSTER,
    changed,
    codes,
    folder,
    line_of,
)
from tests.support.written import english


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('name = "Havna"', "name = “Havna”"),
        ('name = "Havna"', 'name = "Havna”'),
        ('name = "Havna"', "name = ”Havna”"),
        ('name = "Havna"', "name = ‘Havna’"),
        ('name = "Havna"', "name = «Havna»"),
        ('name = "Havna"', 'name\u00a0=\u00a0"Havna"'),
        ('name = "Havna"', '\ufeffname = "Havna"'),
        ('name = "Havna"', 'name = "\u200eHavna\u200e"'),
        ('name = "Havna"', '\tname\t=\t"Havna\u00a0"'),
        ('number = "+4720000900"', 'number = "\u202a+4720000900\u202c"'),
        ('number = "+4720000900"', 'number = "+47\u00a020\u00a000\u00a009\u00a000"'),
        ('languages = ["nb", "en"]', "languages = [“nb”, “en”]"),
        ('name = { nb = "Kritisk", en', "name = { nb = “Kritisk”, en"),
    ],
)
def test_what_can_only_mean_one_thing_is_read(old: str, new: str) -> None:
    read = folder(desk=changed(DESK, old, new))

    assert read.diagnostics == ()
    assert read.desk == folder().desk


@pytest.mark.parametrize(
    "handover", ["08:00", "08.00", "0800", "8:00", "08:00:00", '"8.00"', "“08:00”"]
)
def test_a_clock_time_may_stand_without_quotation_marks(handover: str) -> None:
    read = folder(roster=changed(ROSTER, 'handover = "08:00"', f"handover = {handover}"))

    assert read.diagnostics == ()
    assert read.roster == folder().roster


@pytest.mark.parametrize("handover", ["15.30", "1530", "15:30"])
def test_a_number_that_is_a_clock_time_loses_no_digit(handover: str) -> None:
    read = folder(roster=changed(ROSTER, 'handover = "08:00"', f"handover = {handover}"))

    assert read.roster
    assert read.roster.layers[0].handover_minute == 15 * 60 + 30


@pytest.mark.parametrize("written", ["2026-12-24T15:30", "2026-12-24 15.30", "2026-12-24 1530"])
def test_a_moment_may_stand_without_seconds_and_quotation_marks(written: str) -> None:
    def override(moment: str) -> str:
        start = f'\n[[overrides]]\nperson = "vakt-2"\nrole = "primary"\nfrom = {moment}\n'
        return ROSTER + start + "to = 2026-12-25T08:00:00\n"

    read = folder(roster=override(written))

    assert read.diagnostics == ()
    assert read.roster == folder(roster=override("2026-12-24T15:30:00")).roster


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("telephone = true", "telephone = True", "“True” is written in lower case: true"),
        ('name = "Havna"', "name = Havna", 'write it in quotation marks, "Havna"'),
        ('name = "Havna"', 'name = "Havna', 'the quotation mark " is not closed on this line'),
        ('name = "Havna"', 'name = "Havn\x07a"', "U+0007"),
        ('name = "Havna"', 'name = "Hav\\na"', "U+000A"),
        ('["nb", "en"]', '["nb”, "en"]', "a curly quotation mark, U+201D"),
        ("ring_seconds = 20", 'ring_seconds = "20"', "a whole number, without quotation marks"),
        ('["08:00-16:00"]', '["08:00-16:00"', "] is missing"),
    ],
)
def test_what_is_not_certain_is_one_message_that_says_what_to_type(
    old: str, new: str, said: str
) -> None:
    text = changed(DESK, old, new)

    read = folder(desk=text)

    [diagnostic] = read.diagnostics
    assert diagnostic.is_error
    assert said in english(diagnostic.message)
    assert diagnostic.position.line == line_of(text, new.split("\n", maxsplit=1)[0])


def test_every_fault_of_three_documents_comes_at_once_though_one_is_no_toml() -> None:
    desk = changed(DESK, "when_not_staffed = true", "when_not_staffed = True")
    desk = changed(desk, "ring_seconds = 20", "ring_seconds = = 20")
    desk = changed(desk, '"Europe/Oslo"', '"Oslo"')
    roster = changed(changed(ROSTER, '"weekly"', '"monthly"'), "+4749009702", "+4720000900")
    customers = changed(changed(CUSTOMERS, "web", "wbe"), "+4749009001", "nobody")

    read = folder(desk=desk, roster=roster, customers=customers)

    told = {
        (diagnostic.file.rpartition("/")[2], diagnostic.code) for diagnostic in read.diagnostics
    }
    assert told == {
        ("desk.toml", "not_toml"),
        ("desk.toml", "unknown_time_zone"),
        ("roster.toml", "unknown_word"),
        ("roster.toml", "rings_itself"),
        ("customers.csv", "unknown_agreement"),
        ("customers.csv", "unreadable_number"),
    }


def test_a_line_that_is_left_out_makes_no_faults_elsewhere() -> None:
    for line in DESK.split("\n"):
        if "=" not in line:
            continue
        read = folder(desk=changed(DESK, line, line.replace("=", "= =", 1)))
        assert {diagnostic.code for diagnostic in read.diagnostics} == {"not_toml"}, line


def test_a_broken_list_takes_no_other_line_with_it() -> None:
    toml = read_toml('a = ["x",\nb = 1\n[c]\nd = [\n  "y",\n[[e]]\nf = 2\n').toml

    assert toml.values == {"a": ["x"], "b": 1, "c": {"d": ["y"]}, "e": [{"f": 2}]}
    assert [mistake.position.line for mistake in toml.mistakes] == [1, 4]


SIGNS = st.sampled_from([*"ab=[]{}\"'#,.\n\n 0189:-T", "“", "”", "\u00a0", "\u200e", "true"])


@given(st.lists(SIGNS, max_size=40).map("".join))
def test_any_text_is_read_or_told_and_places_lie_within_it(text: str) -> None:
    read = read_toml(text)

    strict = parse_toml(text)
    if not strict.mistakes:
        assert (read.toml.values, read.toml.mistakes) == (strict.values, ())
    lines = text.count("\n") + 1
    for position in (
        *read.toml.positions.values(),
        *(each.position for each in read.toml.mistakes),
    ):
        assert 1 <= position.line <= lines
        assert position.column >= 1


def test_no_word_of_the_library_reaches_anybody() -> None:
    for text in ('a = "\\q"', "a = [1", "a = {b=1,}", "= 1", "[a", "a = 1 2", 'a = "\\u00"'):
        for mistake in (*parse_toml(text).mistakes, *read_toml(text).toml.mistakes):
            assert "(at " not in english(mistake.message)
            assert "Unescaped" not in english(mistake.message)
            assert "Expected" not in english(mistake.message)


def test_codes_of_the_small_desk_are_none() -> None:
    assert codes(folder().diagnostics) == []
