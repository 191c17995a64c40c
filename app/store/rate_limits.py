"""How often something was tried, as rows that every process and host sees.

A key is a hash: the table tells nobody who tried. A row that is full again is as good as none.
"""

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, select

from app.domain.access.token_bucket import Bucket, Empty, RateLimit, Taken, give_back, take
from app.store.tables import RateLimitRow
from app.store.upsert import insert_once, upsert

PURGED_AT_ONCE: Final = 500


def key_of(what: str, by: str) -> str:
    """Return the key of what is tried and by whom: an account, an address."""
    return sha256(f"{what} {by}".encode()).hexdigest()


def peek(connection: Connection, key: str, limit: RateLimit, now: datetime) -> Empty | None:
    """Tell whether there is no try left, without taking one: None where there is."""
    found = take(_bucket(connection, key), limit, now)
    return found if isinstance(found, Empty) else None


def take_try(connection: Connection, key: str, limit: RateLimit, now: datetime) -> Taken | Empty:
    """Take one try, unless none is left."""
    insert_once(connection, RateLimitRow, {"key": key, "full_at": now})
    found = take(_bucket(connection, key, is_locked=True), limit, now)
    if isinstance(found, Taken):
        upsert(connection, RateLimitRow, {"key": key}, {"full_at": found.bucket.full_at})
    return found


def give_back_try(connection: Connection, key: str, limit: RateLimit, now: datetime) -> None:
    """Put a try back that was none of those that are limited."""
    bucket = _bucket(connection, key, is_locked=True)
    if bucket is not None:
        left = give_back(bucket, limit, now)
        upsert(connection, RateLimitRow, {"key": key}, {"full_at": left.full_at})


def purge_rate_limits(connection: Connection, now: datetime) -> int:
    """Delete buckets that are full again."""
    full = select(RateLimitRow.key).where(RateLimitRow.full_at <= now).limit(PURGED_AT_ONCE)
    keys = connection.execute(full).scalars().all()
    connection.execute(delete(RateLimitRow).where(RateLimitRow.key.in_(keys)))
    return len(keys)


def _bucket(connection: Connection, key: str, is_locked: bool = False) -> Bucket | None:
    this = select(RateLimitRow.full_at).where(RateLimitRow.key == key)
    found = connection.execute(this.with_for_update() if is_locked else this).scalar()
    return Bucket(found) if found else None
