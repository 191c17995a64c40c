"""Passwords that somebody types into a case: masked in every usual shape, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.portal.secrets import MASK, NO_SECRETS, mask_passwords

SHAPES = (
    "Passord: {}",
    "passord = {}",
    "passord - {}",
    "Brukar: kari, passord: {}",
    "mitt passord er {}",
    "passordet mitt er {}",
    "Passordet til kari er {}",
    "passordet for e-posten var {}",
    "wifi-passord: {}",
    "PIN-koden er {}",
    "pinkode: {}",
    "my password is {}",
    "The password for kari is: {}",
    "Password -> {}",
    "pwd={}",
    "kodeordet er «{}»",
)
PASSWORDS = st.text(
    st.characters(min_codepoint=33, max_codepoint=0xFF, exclude_characters="\"'«»“”‘’`\x7f\xa0"),
    min_size=4,
    max_size=20,
).filter(
    lambda it: (
        any(sign.isalnum() for sign in it)
        and it.strip(".,;:!?()").casefold() not in NO_SECRETS
        and it[0].isalnum()
        and it[-1] not in ":=>-–—"  # which may ask for what stands on the next line
        and it.isprintable()
        and not any(sign.isspace() for sign in it)
    )
)


@given(st.sampled_from(SHAPES), PASSWORDS)
def test_a_password_beside_its_word_is_masked(shape: str, password: str) -> None:
    masked = mask_passwords(f"Hei.\n{shape.format(password)}\nHelsing Kari")
    assert masked.has_found
    assert password not in masked.text.split("\n")[1].removeprefix(shape.split("{}", maxsplit=1)[0])
    assert MASK in masked.text
    assert masked.text.startswith("Hei.\n")
    assert masked.text.endswith("\nHelsing Kari")
    assert mask_passwords(masked.text).text == masked.text, "once is enough"
    assert not mask_passwords(masked.text).has_found


@pytest.mark.parametrize(
    "text",
    [
        "Jeg har glemt passordet mitt.",
        "Passordet er utløpt, og eg kjem ikkje inn.",
        "passordet mitt er feil, seier det",
        "Passord: glemt",
        "Password: forgotten it again",
        "The password is not accepted.",
        "Jeg trenger nytt passord til Agresso.",
        "Passord virker ikke",
        "Referanse: X7f-99A2, feilkode 0x80070005",
        "Brukernavn: kari.vik",
        "The page says “password reset failed”.",
        "Vi pinner saken.",
        "",
    ],
)
def test_what_is_said_of_a_password_stays(text: str) -> None:
    assert mask_passwords(text).text == text
    assert not mask_passwords(text).has_found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("passord: blå hest utan stig", "passord: " + MASK),
        ("Passord: hemmelig12, brukar kari", f"Passord: {MASK}, brukar kari"),
        ("passord Sommer2024 virker ikke", f"passord {MASK} virker ikke"),
        ("Passord:\nhemmelig", f"Passord:\n{MASK}"),
        ("password 'correct horse' fails", f"password {MASK} fails"),
        ("pin 4711", f"pin {MASK}"),
    ],
)
def test_what_is_left_of_the_text(text: str, left: str) -> None:
    assert mask_passwords(text).text == left


@given(st.text(st.characters(exclude_characters="pPkKaA"), max_size=200))
def test_without_the_word_nothing_changes(text: str) -> None:
    assert mask_passwords(text).text == text
