"""Codes of an app and from paper: which count, when, and how often."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP

from app.domain.access.authenticator import (
    Authenticator,
    app_code,
    enrolment_address,
    in_groups,
)
from app.domain.access.recovery_codes import ALPHABET, LETTERS, recovery_code, written_code

# The secret and a value of RFC 6238, appendix B, of which apps show the last six digits.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
AT = datetime.fromtimestamp(59, UTC)
LATER = datetime(2026, 11, 29, 2, 30, 5, tzinfo=UTC)
APP = Authenticator(7, SECRET)


def shown(at: datetime) -> str:
    return TOTP(SECRET).at(at)


def test_the_code_is_that_of_the_standard() -> None:
    assert APP.step_of("287082", AT) == 1
    assert APP.step_of("287083", AT) is None


@given(seconds=st.integers(-200, 200))
def test_a_code_counts_a_step_before_and_after_its_own(seconds: int) -> None:
    typed_at = LATER + timedelta(seconds=seconds)
    steps = abs(int(typed_at.timestamp()) // 30 - int(LATER.timestamp()) // 30)
    assert (APP.step_of(shown(LATER), typed_at) is not None) == (steps <= 1)


def test_a_code_counts_once_and_no_earlier_one_after_it() -> None:
    step = APP.step_of(shown(LATER), LATER)
    assert step
    used = Authenticator(7, SECRET, last_step=step)
    assert used.step_of(shown(LATER), LATER) is None
    assert used.step_of(shown(LATER - timedelta(seconds=30)), LATER) is None
    after = LATER + timedelta(seconds=30)
    assert used.step_of(shown(after), after) == step + 1


def test_codes_are_read_as_people_type_them() -> None:
    assert app_code(" 123 456 ") == "123456"
    assert [app_code(each) for each in ("12345", "1234567", "12345a", "١٢٣٤٥٦", "")] == [""] * 5
    assert recovery_code(" ABCD-efgh jkmn-pqrs") == "abcdefghjkmnpqrs"
    assert [recovery_code(each) for each in ("abcd", "l" * LETTERS, "å" * LETTERS)] == [""] * 3


@given(st.text(ALPHABET, min_size=LETTERS, max_size=LETTERS))
def test_a_recovery_code_is_read_from_its_paper(letters: str) -> None:
    assert recovery_code(written_code(letters)) == letters


def test_an_app_takes_the_secret_from_an_address_or_by_hand() -> None:
    address = enrolment_address(SECRET, "kari@kommune.example", "Vaktlinje")
    assert address.startswith("otpauth://totp/Vaktlinje:kari%40kommune.example?secret=GEZ")
    assert "issuer=Vaktlinje" in address
    assert in_groups(SECRET).split() == [SECRET[at : at + 4] for at in range(0, 32, 4)]
