"""Secrets that are used once and soon: what each is for, and how long it holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.access.web_session import LoginKind


class TokenPurpose(StrEnum):
    """What a token is for; for anything else it is none."""

    LOGIN_LINK = "login_link"  # logs in
    PASSWORD_LINK = "password_link"  # sets a password, and logs in
    SECOND_FACTOR = "second_factor"  # with a second factor, logs in who has proved the first half


HOLDS: Final = {
    TokenPurpose.LOGIN_LINK: timedelta(minutes=15),
    TokenPurpose.PASSWORD_LINK: timedelta(hours=24),
    TokenPurpose.SECOND_FACTOR: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class LoginToken:
    """A token that was made, as it is now."""

    id: int
    purpose: TokenPurpose
    user: int
    expires_at: datetime
    used_at: datetime | None = None
    login_kind: LoginKind | None = None  # of a half login: what the first half was

    def holds(self, now: datetime) -> bool:
        """Tell whether it may be used."""
        return self.used_at is None and now < self.expires_at
