"""Secrets that are used once and soon: what each is for, and how long it holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class TokenPurpose(StrEnum):
    """What a token is for; for anything else it is none."""

    LOGIN_LINK = "login_link"  # logs in
    PASSWORD_LINK = "password_link"  # sets a password, and logs in


HOLDS: Final = {
    TokenPurpose.LOGIN_LINK: timedelta(minutes=15),
    TokenPurpose.PASSWORD_LINK: timedelta(hours=24),
}


@dataclass(frozen=True, slots=True)
class LoginToken:
    """A token that was made, as it is now."""

    id: int
    purpose: TokenPurpose
    user: int
    expires_at: datetime
    used_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Tell whether it may be used."""
        return self.used_at is None and now < self.expires_at
