"""How much one account may send in the portal within an hour."""

from datetime import datetime

from sqlalchemy import Connection

from app.domain.access.limits import LIMITS, Limited
from app.domain.access.token_bucket import Empty
from app.domain.access.users import User
from app.domain.message_refs import MessageError, ref
from app.store.rate_limits import key_of, take_try


class SentTooMuch(MessageError):
    """Nothing was stored; `message` says from when more can be sent."""


def count_sending(connection: Connection, what: Limited, user: User, now: datetime) -> None:
    """Count what an account has sent, in the transaction that stores it.

    SentTooMuch rolls that back. What is sent twice is stored once and counts once.
    """
    found = take_try(connection, key_of(what, str(user.id)), LIMITS[what], now)
    if isinstance(found, Empty):
        raise SentTooMuch(ref(f"portal_limit.{what}", again=found.again_at))
