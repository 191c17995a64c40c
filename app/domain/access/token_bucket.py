"""How often something may be tried: a bucket of tokens that fills again as time goes by. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RateLimit:
    """So many tries at once, and the whole bucket again after so long."""

    tries: int
    fills_in: timedelta

    @property
    def between(self) -> timedelta:
        """Return how long one try takes to come back."""
        return self.fills_in / self.tries


@dataclass(frozen=True, slots=True)
class Bucket:
    """When a bucket is full again: all that has to be stored of it.

    Each try moves that instant on by the time that one token takes to come back.
    """

    full_at: datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A try was taken; this is the bucket that is left."""

    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Empty:
    """Too many tries; from `again_at` there is one more."""

    again_at: datetime


def take(bucket: Bucket | None, limit: RateLimit, now: datetime) -> Taken | Empty:
    """Take one try out of a bucket; None is one that is full."""
    full_at = max(bucket.full_at, now) if bucket else now
    after = full_at + limit.between
    if after - now > limit.fills_in:
        return Empty(after - limit.fills_in)
    return Taken(Bucket(after))


def give_back(bucket: Bucket, limit: RateLimit, now: datetime) -> Bucket:
    """Put one try back: it was none of those that are limited."""
    return Bucket(max(bucket.full_at - limit.between, now))
