from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.texts.catalogue import MissingText, Texts
from app.domain.texts.gsm7 import fits_one_sms
from app.domain.texts.message import (
    TICKET_NUMBER,
    Message,
    MessageRef,
    Value,
)

NIGHT = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)

CALL = """
[hello]
nb = "Hei"
en = "Hello"

[only_english]
en = "Please wait"

[ticket]
nb = "Sak {ticket:digits}."

[caller]
nb = "Ringer fra {number:pairs}."

[menu]
nb = "For {critical:inside}, trykk 1."

[closed]
nb = "stengt{why:after}"

[portal]
nb = "Se {portal:address}."

[target]
nb = "svar {respond:agreed}"

[circle]
nb = "{why}"
"""
NAMES = """
[priority.critical]
nb = "Kritisk"
nn = "Kritisk"

[hours.holiday]
nb = "{holiday}{note:aside}"

[holiday.easter_monday]
nb = "andre påskedag"

[not_agreed]
nb = "ikke avtalt"

[when.written.today]
nb = "i dag kl. {hour2}.{minute2}"

[address.dot]
nb = "punktum"

[address.slash]
nb = "skråstrek"

[address.dash]
nb = "bindestrek"
"""
SMS = """
[sms_duty]
nb = "{desk}: {priority}, sak {ticket}. Kunde: {customer:short}. Ringer fra {caller}."
"""
TEXTS = Texts.read({"call.toml": CALL, "names.toml": NAMES, "sms.toml": SMS})


def told(key: str, language: str = "nb", *, spoken: bool = True, **values: Value) -> str:
    message = Message(key, language, tuple(values.items()))
    return TEXTS.render(message, now=NIGHT, time_zone="Europe/Oslo", spoken=spoken)


# --- languages ---


def test_a_sentence_that_has_no_nynorsk_comes_in_bokmaal() -> None:
    assert told("hello", "nn") == "Hei"
    assert TEXTS.language_of("hello", "nn") == "nb"


def test_a_sentence_that_is_only_english_is_heard_in_english_by_all() -> None:
    assert [told("only_english", each) for each in ("nb", "nn", "en")] == ["Please wait"] * 3


def test_a_caller_of_another_language_hears_english_where_there_is_any() -> None:
    assert told("hello", "sv") == "Hello"
    assert told("ticket", "sv", ticket=7) == "Sak 7."


# --- what fills a sentence ---


def test_a_missing_value_is_told_with_its_sentence_and_its_name() -> None:
    with pytest.raises(MissingText, match=r"“ticket” \(nb\) needs a value for “ticket”"):
        told("ticket")


def test_a_sentence_that_nobody_wrote_is_told_by_its_key() -> None:
    with pytest.raises(MissingText, match="no text “farewell”"):
        told("farewell")


def test_a_ticket_number_is_read_digit_by_digit_and_written_as_it_is() -> None:
    assert told("ticket", ticket=1042) == "Sak 1, 0, 4, 2."
    assert told("ticket", ticket=1042, spoken=False) == "Sak 1042."


def test_a_ticket_number_that_is_not_given_yet_is_left_open() -> None:
    assert told("ticket", ticket=TICKET_NUMBER) == "Sak …."


def test_a_number_is_told_in_pairs_and_words_in_its_place_as_they_are() -> None:
    assert told("caller", number="+4749000011") == "Ringer fra 49 00 00 11."
    assert told("caller", number="skjult nummer") == "Ringer fra skjult nummer."


@pytest.mark.parametrize(
    ("name", "heard"), [("Kritisk", "kritisk"), ("Nivå A", "nivå A"), ("IKT-krise", "IKT-krise")]
)
def test_a_desks_own_name_of_a_level_fits_into_the_sentence(name: str, heard: str) -> None:
    assert told("menu", critical=name) == f"For {heard}, trykk 1."


def test_a_named_text_comes_in_the_sentences_language_with_the_sentences_values() -> None:
    assert told("menu", critical=MessageRef("priority.critical")) == "For kritisk, trykk 1."
    holiday = MessageRef("holiday.easter_monday")
    closed = told("closed", why=MessageRef("hours.holiday"), holiday=holiday, note="bare post")
    assert closed == "stengt: andre påskedag (bare post)"


def test_a_holiday_whose_name_nobody_has_written_is_told_by_its_key() -> None:
    why = MessageRef("hours.holiday")
    assert told("closed", why=why, holiday=MessageRef("holiday.st_lucia")) == "stengt: st lucia"


def test_what_need_not_be_said_is_left_out_where_nobody_knows_it() -> None:
    assert told("closed") == "stengt"
    assert told("target") == "svar ikke avtalt"
    assert told("target", respond=NIGHT, spoken=False) == "svar i dag kl. 23.10"


def test_a_web_address_is_read_out_and_written_as_it_is() -> None:
    address = "https://min-side.desk.example/sak/"
    heard = "Se min bindestrek side punktum desk punktum example skråstrek sak."
    assert told("portal", portal=address) == heard
    assert told("portal", portal=address, spoken=False) == f"Se {address}."


def test_braces_in_a_value_are_only_braces() -> None:
    assert told("closed", why="{note} {ticket:digits}") == "stengt: {note} {ticket:digits}"


def test_a_text_that_holds_itself_is_refused_instead_of_going_round() -> None:
    with pytest.raises(MissingText, match="holds itself"):
        told("circle", why=MessageRef("circle"))


# --- SMS ---


def sms(customer: str) -> str:
    return told(
        "sms_duty",
        desk="ROR-IKT Kundeservice",
        priority="Kritisk",
        ticket=1234567,
        customer=customer,
        caller="+4749000011",
        spoken=False,
    )


def test_an_sms_is_written_in_the_alphabet_of_sms() -> None:
    assert 'Kunde: Nord - "Ærlig". Ringer' in sms("Nord – «Ærlig»  🚑")


def test_a_long_customer_name_is_shortened_after_a_word() -> None:
    words = sms("Nordfjord interkommunale driftsselskap for vatn, avlaup, renovasjon og brannvern")
    assert "Kunde: Nordfjord interkommunale driftsselskap for vatn, avlaup, renovasjon" in words
    assert fits_one_sms(words)


@given(st.text(min_size=1, max_size=300))
@settings(max_examples=300)
def test_whatever_the_customer_is_called_the_duty_gets_one_sms_with_all_the_rest(
    customer: str,
) -> None:
    words = sms(customer)
    assert fits_one_sms(words)
    assert words.startswith("ROR-IKT Kundeservice: Kritisk, sak 1234567. Kunde:")
    assert words.endswith("Ringer fra +4749000011.")
