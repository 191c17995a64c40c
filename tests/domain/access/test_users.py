"""What is read of a user: addresses, names, passwords, and how long a login holds."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.access.passwords import LONGEST, check_new_password
from app.domain.access.users import read_email, read_name
from app.domain.access.web_session import Client, LoginKind, WebSession
from app.domain.message_refs import MessageError

NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)
EMAIL, NAME = "kari.vik@kommune.example", "Kari Vik"


def test_an_address_is_the_same_however_it_is_written() -> None:
    assert read_email(" Kari.Vik@Kommune.Example ") == "kari.vik@kommune.example"


@pytest.mark.parametrize(
    "text",
    [
        *("", "kari", "kari@", "@kommune.example", "kari@kommune", "kåri@kommune.example"),
        *(
            "a@b.example, c@d.example",
            "kari@kommune.example\nBcc: x@y.example",
            "a" * 250 + "@b.no",
        ),
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        read_email(text)


def test_a_name_is_one_line_and_not_empty() -> None:
    assert read_name("  Kari \n Vik ") == "Kari Vik"
    for text in ("", "  ", "Kari\u202eVik", "K" * 201):
        with pytest.raises(MessageError):
            read_name(text)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kort", "password.too_short"),
        ("x" * (LONGEST + 1), "password.too_long"),
        ("aaaaaaaaaaaa", "password.too_plain"),
        ("abcabcabcabcabc", "password.too_plain"),
        ("1234567890123", "password.too_plain"),
        ("Kari.Vik@kommune.example", "password.own_name"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused_with_why(password: str, why: str) -> None:
    with pytest.raises(MessageError) as refused:
        check_new_password(password, EMAIL, NAME)
    assert refused.value.message.key == why


def test_words_with_spaces_make_a_good_password_in_whatever_spelling() -> None:
    assert check_new_password("blå hest utan stig", EMAIL, NAME) == check_new_password(
        "bla\u030a hest utan stig", EMAIL, NAME
    )


def session(last_seen: timedelta, begun: timedelta, confirmed: timedelta) -> WebSession:
    return WebSession(
        1, 7, LoginKind.PASSWORD, NOW - begun, NOW - last_seen, NOW - confirmed, Client()
    )


@pytest.mark.parametrize(
    ("hours_idle", "days_old", "holds"),
    [(0, 0, True), (11.9, 1, True), (12, 1, False), (1, 13.9, True), (1, 14, False)],
)
def test_a_login_ends_when_nobody_uses_it_and_after_a_fortnight(
    hours_idle: float, days_old: float, holds: bool
) -> None:
    idle, old = timedelta(hours=hours_idle), timedelta(days=days_old)
    assert session(idle, old, old).holds(NOW) is holds


def test_what_could_take_an_account_over_asks_for_a_fresh_proof() -> None:
    fresh, stale = timedelta(minutes=14), timedelta(minutes=15)
    assert session(timedelta(0), stale, fresh).is_confirmed(NOW)
    assert not session(timedelta(0), stale, stale).is_confirmed(NOW)
