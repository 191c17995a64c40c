"""Makes tokens for the API, and checks those that are shown."""

import secrets
from datetime import datetime
from functools import partial
from typing import Final

from app.store import Database
from app.store.tokens import NewToken, Token, add_token, find_token, note_use

PREFIX: Final = "vakt_"  # so that a leaked one is recognised as ours
BYTES: Final = 32


def create_token(database: Database, token: NewToken, now: datetime) -> str:
    """Make a token and return its secret: the only time that anybody sees it."""
    secret = PREFIX + secrets.token_urlsafe(BYTES)
    database.write(partial(add_token, token=token, secret=secret, now=now))
    return secret


def check_token(database: Database, secret: str, now: datetime) -> Token | None:
    """Return what the shown token may do; None for an unknown or expired one."""
    with database.read() as connection:
        token = find_token(connection, secret)
    if token is None or not token.is_valid(now):
        return None
    if token.is_use_to_note(now):
        database.write(partial(note_use, token=token, now=now))
    return token
