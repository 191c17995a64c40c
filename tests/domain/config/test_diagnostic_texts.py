"""A diagnostic is a code with values; what somebody reads is its text, in their language."""

import pytest

from app.domain.config.diagnostics import did_you_mean
from app.domain.message_refs import ref
from tests.domain.config.desk_texts import CUSTOMERS, DESK, ROSTER, changed, folder
from tests.support.written import in_language

MISSPELT = {
    "nb": "havna/desk.toml:4:1: feil: «portl» er ukjent; mente du «portal»?",
    "nn": "havna/desk.toml:4:1: feil: «portl» er ukjend; meinte du «portal»?",
    "en": "havna/desk.toml:4:1: error: “portl” is not known; did you mean “portal”?",
}


@pytest.mark.parametrize("language", MISSPELT)
def test_a_misspelt_key_is_told_in_each_language(language: str) -> None:
    found = folder(desk=changed(DESK, "portal =", "portl =")).diagnostics
    [misspelt] = [each for each in found if each.code == "unknown_key"]
    assert misspelt.message == ref(
        "diagnostic.unknown_key",
        key="portl",
        where="",
        hint=ref("diagnostic_part.did_you_mean", word="portal"),
    )
    assert in_language(misspelt.line, language) == MISSPELT[language]


AFTERWARDS = {
    "nb": "den slutter 2025-01-01, før den begynner 2026-01-05",
    "nn": "han sluttar 2025-01-01, før han byrjar 2026-01-05",
    "en": "it ends on 2025-01-01, before it starts on 2026-01-05",
}


@pytest.mark.parametrize("language", AFTERWARDS)
def test_dates_stand_as_they_are_written_in_each_language(language: str) -> None:
    roster = changed(ROSTER, "start = 2026-01-05", "start = 2026-01-05\nuntil = 2025-01-01")
    [ends] = folder(roster=roster).diagnostics
    assert ends.code == "ends_before_start"
    assert in_language(ends.message, language) == AFTERWARDS[language]


NARROW = {
    "nb": "denne raden har 1 verdi; den første linjen har {} kolonner",
    "nn": "denne rada har 1 verdi; den første linja har {} kolonnar",
    "en": "this row has 1 value; the first line names {} columns",
}


@pytest.mark.parametrize("language", NARROW)
def test_one_and_several_are_told_apart(language: str) -> None:
    columns = CUSTOMERS.partition("\n")[0].count(",") + 1
    found = folder(customers=f"{CUSTOMERS}1234\n").diagnostics
    told = [in_language(each.message, language) for each in found if each.code == "wrong_width"]
    assert told == [NARROW[language].format(columns)]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_sign_that_a_terminal_obeys_is_shown_by_its_code(language: str) -> None:
    found = folder(desk=changed(DESK, "portal =", '"por\\u001b[2Jtal" =')).diagnostics
    told = [in_language(each.line, language) for each in found]
    assert any("por[U+001B][2Jtal" in each for each in told)
    assert all(each.isprintable() for each in told)


def test_at_most_twelve_known_words_are_listed() -> None:
    words = [f"w{number:02d}" for number in range(13)]
    assert did_you_mean("nothing", words) == ref(
        "diagnostic_part.known_here", words=(*words[:12], "…")
    )
    assert did_you_mean("nothing", []) == ""
