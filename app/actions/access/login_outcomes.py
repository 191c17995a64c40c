"""What becomes of a login: somebody is in, is asked for a second factor, or is refused and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.access.users import User


class LoginRefusal(StrEnum):
    """Why nobody was logged in. The texts are login_refused.* in access.toml."""

    WRONG = "wrong"
    TOO_MANY = "too_many"
    BUSY = "busy"
    LINK_IS_OVER = "link_is_over"
    UNCONFIRMED = "unconfirmed"  # who it is has to be proved again first
    WRONG_PASSKEY = "wrong_passkey"
    NOT_YET = "not_yet"  # in another window
    WRONG_CODE = "wrong_code"
    HALF_LOGIN_IS_OVER = "half_login_is_over"  # the second factor came too late


@dataclass(frozen=True, slots=True)
class LoginRefused:
    """Nobody was logged in, why, and from when it may be tried again where that is known."""

    refusal: LoginRefusal
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewLogin:
    """Somebody was logged in: `secret` is for their browser."""

    user: User
    secret: str


@dataclass(frozen=True, slots=True)
class HalfLogin:
    """Nobody is logged in yet: a second factor is asked for. `secret` is for their browser."""

    user: User
    secret: str


WRONG: Final = LoginRefused(LoginRefusal.WRONG)
UNCONFIRMED: Final = LoginRefused(LoginRefusal.UNCONFIRMED)
LINK_IS_OVER: Final = LoginRefused(LoginRefusal.LINK_IS_OVER)
WRONG_CODE: Final = LoginRefused(LoginRefusal.WRONG_CODE)
WRONG_PASSKEY: Final = LoginRefused(LoginRefusal.WRONG_PASSKEY)
HALF_LOGIN_IS_OVER: Final = LoginRefused(LoginRefusal.HALF_LOGIN_IS_OVER)
