import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.texts.gsm7 import fits_one_sms, gsm7_length, name_in_sms, shortened, to_gsm7

SENDABLE = st.text(alphabet="aBå æØé.,-&()€[]", min_size=1, max_size=80)


def test_norwegian_letters_take_one_place_and_brackets_two() -> None:
    assert gsm7_length("Blåbærsyltetøy ÆØÅ") == 18
    assert gsm7_length("[€]") == 6


def test_what_is_not_in_the_alphabet_has_no_length_in_it() -> None:
    with pytest.raises(ValueError, match="– “"):
        gsm7_length("Drift – “nede”")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Drift – «nede» …", 'Drift - "nede" ...'),
        ("Kafé Ærlig & Søn", "Kafé Ærlig & Søn"),
        ("Kommune\u00a0Nord 🚑🔥", "Kommune Nord"),
        ("Kárášjoga gielda, Guovdageaidnu, Porsáŋgu", "Karasjoga gielda, Guovdageaidnu, Porsangu"),
        ("Crêpe’s", "Crepe's"),
        ("Łódź", "Lodz"),
        ("Київська школа", "Kiivska shkola"),
        ("Жанна Щука", "Zhanna Shchuka"),
        ("Ελένη Παππά", "Eleni Pappa"),
    ],
)
def test_other_letters_are_written_so_that_people_still_read_them(written: str, sent: str) -> None:
    assert to_gsm7(written) == sent


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_everything_can_be_sent_and_writing_it_again_changes_nothing(text: str) -> None:
    sent = to_gsm7(text)
    assert gsm7_length(sent) >= len(sent)
    assert to_gsm7(sent) == sent


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Fyret", "Fyret"),
        ("Київська школа", "Київська школа"),  # written in our letters when it is sent
        ("北京饭店", "9003"),
        ("مطعم", "9003"),
        ("🚑 🔥", "9003"),
        ("北京饭店 AS", "9003"),
    ],
)
def test_a_name_that_sms_cannot_write_gives_way_to_the_customers_number(
    name: str, said: str
) -> None:
    assert name_in_sms(name, "9003") == said


def test_one_sms_holds_160_places_or_70_where_a_letter_is_foreign() -> None:
    assert fits_one_sms("å" * 160)
    assert not fits_one_sms("å" * 161)
    assert not fits_one_sms("€" * 81)
    assert fits_one_sms("š" * 70)
    assert not fits_one_sms("š" * 71)
    assert not fits_one_sms("😀" * 36)  # each takes two units


@pytest.mark.parametrize(
    ("name", "places", "short"),
    [
        ("Nordfjord kommune", 17, "Nordfjord kommune"),
        ("Nordfjord kommune", 16, "Nordfjord."),
        ("Nordfjord kommune, teknisk etat", 20, "Nordfjord kommune."),
        ("Fylkeskommuneadministrasjonen", 12, "Fylkeskommu."),
        ("Ås interkommunale driftsselskap", 16, "Ås interkommuna."),
    ],
)
def test_a_long_name_ends_after_a_word_unless_too_little_would_stay(
    name: str, places: int, short: str
) -> None:
    assert shortened(name, places) == short


@given(SENDABLE, st.integers(3, 60))
def test_a_shortened_name_fits_and_begins_as_the_name(name: str, places: int) -> None:
    short = shortened(name, places)
    if gsm7_length(name) <= places:
        assert short == name
    else:
        assert gsm7_length(short) <= places
        assert short.endswith(".")
        assert name.startswith(short[:-1])
