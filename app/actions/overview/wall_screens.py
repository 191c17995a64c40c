"""Addresses of wall screens: made, found by their secret, and taken away."""

import secrets
from datetime import datetime
from functools import partial
from typing import Final

from app.store import Database
from app.store.wall_screens import (
    NewWallScreen,
    WallScreen,
    add_wall_screen,
    find_wall_screen,
    note_wall_screen_use,
)

BYTES: Final = 32
LONGEST_SECRET: Final = 100


def create_wall_screen(database: Database, screen: NewWallScreen, now: datetime) -> str:
    """Make a screen and return the secret of its address: the only time that anybody sees it."""
    secret = secrets.token_urlsafe(BYTES)
    database.write(partial(add_wall_screen, screen=screen, secret=secret, now=now))
    return secret


def open_wall_screen(database: Database, secret: str, now: datetime) -> WallScreen | None:
    """Return the screen whose address this is; None where there is none, or no more."""
    if not secret.isascii() or len(secret) > LONGEST_SECRET:
        return None
    with database.read() as connection:
        screen = find_wall_screen(connection, secret)
    if screen and screen.is_use_to_note(now):
        database.write(partial(note_wall_screen_use, screen=screen, now=now))
    return screen
