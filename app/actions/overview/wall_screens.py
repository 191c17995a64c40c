"""Addresses of wall screens: made, found by their secret, and taken away."""

import secrets
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, Values, audit_event
from app.store import Database
from app.store.audit import add_audit_event
from app.store.wall_screens import (
    NewWallScreen,
    WallScreen,
    add_wall_screen,
    find_wall_screen,
    note_wall_screen_use,
    remove_wall_screens,
)

BYTES: Final = 32
LONGEST_SECRET: Final = 100


def create_wall_screen(database: Database, screen: NewWallScreen, by: Author) -> str:
    """Make a screen and return the secret of its address: the only time that anybody sees it."""
    secret = secrets.token_urlsafe(BYTES)

    def create(connection: Connection) -> None:
        add_wall_screen(connection, screen, secret, by.at)
        told: Values = {"desk": list(screen.desks), "language": screen.language}
        _audit(connection, AuditKind.WALL_SCREEN_ADDED, screen.name, {}, told, by)

    database.write(create)
    return secret


def revoke_wall_screens(database: Database, name: str, by: Author) -> int:
    """Take away the addresses of all screens with a name; return how many there were."""

    def revoke(connection: Connection) -> int:
        gone = len(remove_wall_screens(connection, name))
        if gone:
            _audit(connection, AuditKind.WALL_SCREENS_REVOKED, name, {"screens": gone}, {}, by)
        return gone

    return database.write(revoke)


def open_wall_screen(database: Database, secret: str, now: datetime) -> WallScreen | None:
    """Return the screen whose address this is; None where there is none, or no more."""
    if not secret.isascii() or len(secret) > LONGEST_SECRET:
        return None
    with database.read() as connection:
        screen = find_wall_screen(connection, secret)
    if screen and screen.is_use_to_note(now):
        database.write(partial(note_wall_screen_use, screen=screen, now=now))
    return screen


def _audit(
    connection: Connection, kind: AuditKind, name: str, before: Values, after: Values, by: Author
) -> None:
    subject = Subject(SubjectKind.WALL_SCREEN, name)
    add_audit_event(connection, audit_event(kind, by, subject, before, after))
