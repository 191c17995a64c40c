"""Tries of logins, counted: taken before, given back where it was the right user after all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.access.client_address import subscriber_of
from app.domain.access.limits import LIMITS, Limited
from app.domain.access.token_bucket import Empty, RateLimit
from app.store import Database
from app.store.rate_limits import give_back_try, key_of, peek, take_try


@dataclass(frozen=True, slots=True)
class Tries:
    """What is tried, by keys that say what and by whom: each has its own limit."""

    limits: tuple[tuple[str, RateLimit], ...]

    def take(self, database: Database, now: datetime) -> datetime | None:
        """Take one of each; where there is none left return from when there is.

        Who has none left costs no write: the telephone shares the database.
        """
        with database.read() as connection:
            again_at = _latest(peek(connection, *each, now) for each in self.limits)
        return again_at or database.write(lambda connection: self._take(connection, now))

    def give_back(self, connection: Connection, now: datetime) -> None:
        """Put one of each back."""
        for key, limit in self.limits:
            give_back_try(connection, key, limit, now)

    def _take(self, connection: Connection, now: datetime) -> datetime | None:
        found = [take_try(connection, key, limit, now) for key, limit in self.limits]
        return _latest(each if isinstance(each, Empty) else None for each in found)


def tries(account: tuple[Limited, str], address: tuple[Limited, str]) -> Tries:
    """Return what limits a try by an account, known or not, and from an address."""
    limited, at = address
    by = (account, (limited, subscriber_of(at)))
    return Tries(tuple((key_of(what, who), LIMITS[what]) for what, who in by))


def _latest(found: Iterable[Empty | None]) -> datetime | None:
    return max((each.again_at for each in found if each), default=None)
