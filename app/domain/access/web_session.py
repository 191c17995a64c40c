"""A login in a browser: how it began, how long it holds, and when who it is was last confirmed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

IDLE: Final = timedelta(hours=12)  # without a page opened: a working day and its evening
LONGEST: Final = timedelta(days=14)  # whatever is opened
# Whoever sits down at another's open browser must not be able to take the account over.
CONFIRMED_FOR: Final = timedelta(minutes=15)
SEEN_NOTED_EVERY: Final = timedelta(minutes=1)
LONGEST_USER_AGENT: Final = 250
LONGEST_ADDRESS: Final = 64


class LoginKind(StrEnum):
    """By what means somebody logged in."""

    PASSWORD = "password"
    LINK = "link"  # sent by mail, or printed by a command
    OPENID = "openid"  # by an organisation's own login


@dataclass(frozen=True, slots=True)
class Client:
    """The browser at the other end: its address, and what it calls itself."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class WebSession:
    """One login of a user in a browser. `confirmed_at` is when they last proved who they are."""

    id: int
    user: int
    kind: LoginKind
    created_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime
    client: Client
    ended_at: datetime | None = None

    @property
    def ends_at(self) -> datetime:
        """Return when it is over, if no further page is opened."""
        return min(self.last_seen_at + IDLE, self.created_at + LONGEST)

    def holds(self, now: datetime) -> bool:
        """Tell whether the user is still logged in by it."""
        return self.ended_at is None and now < self.ends_at

    def is_confirmed(self, now: datetime) -> bool:
        """Tell whether it is fresh enough for what could take the account over."""
        return now < self.confirmed_at + CONFIRMED_FOR

    def is_use_to_note(self, now: datetime) -> bool:
        """Tell whether this page is to be noted: at most once a minute."""
        return now - self.last_seen_at >= SEEN_NOTED_EVERY
