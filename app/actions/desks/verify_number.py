"""Verifies one number: begun, updated with its call's and SMS's state, confirmed with a key."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.store import Database
from app.store.desks import LiveDesk, find_desk
from app.store.number_verifications import (
    NewNumberVerification,
    NumberVerification,
    add_number_verification,
    load_number_verification,
    note_key,
    note_reply,
    note_sms,
    note_status,
)

KEY = "1"

VerificationAtDesk = tuple[NumberVerification, LiveDesk | None]


def begin_verification(
    database: Database, verification: NewNumberVerification, now: datetime
) -> int:
    """Note that a number is going to be tried; return the trial's id."""
    return database.write(partial(add_number_verification, verification=verification, now=now))


def find_verification(database: Database, verification: int) -> NumberVerification | None:
    """Return a trial as it stands, or None."""
    with database.read() as connection:
        return load_number_verification(connection, verification)


def verification_answered(database: Database, verification: int) -> VerificationAtDesk | None:
    """Return the trial and its desk for whoever has lifted the receiver; None without one."""
    with database.read() as connection:
        return _with_desk(connection, load_number_verification(connection, verification))


def press_on_verification(
    database: Database, verification: int, key: str, now: datetime
) -> VerificationAtDesk | None:
    """Note the key, if it is the one that was asked for; return the trial as it stands then."""

    def press(connection: Connection) -> VerificationAtDesk | None:
        if key == KEY:
            note_key(connection, verification, now)
        return _with_desk(connection, load_number_verification(connection, verification))

    return database.write(press)


def update_verification(database: Database, verification: int, status: str) -> None:
    """Note how the trial's call fares; any order, any number of times."""
    database.write(partial(note_status, verification=verification, status=status))


def sent_on_verification(database: Database, verification: int, sid: str) -> None:
    """Note by which sid the network knows the trial's SMS."""
    database.write(partial(note_sms, verification=verification, sid=sid))


def reply_to_verification(
    database: Database, sender: str, body: str, now: datetime
) -> VerificationAtDesk | None:
    """Note that an SMS answers a trial; None for one that does not."""
    if body.strip() != KEY or not sender:
        return None
    return database.write(
        lambda connection: _with_desk(connection, note_reply(connection, sender, now))
    )


def _with_desk(
    connection: Connection, verification: NumberVerification | None
) -> VerificationAtDesk | None:
    return (verification, find_desk(connection, verification.desk)) if verification else None
