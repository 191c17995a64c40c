"""A trial of one number: begun, told how its call and SMS fare, answered with a key."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.store import Database
from app.store.desks import LiveDesk, find_desk
from app.store.trials import (
    NewTrial,
    Trial,
    add_trial,
    load_trial,
    note_key,
    note_reply,
    note_sms,
    note_status,
)

KEY = "1"

Tried = tuple[Trial, LiveDesk | None]


def begin_trial(database: Database, trial: NewTrial, now: datetime) -> int:
    """Note that a number is going to be tried; return the trial's id."""
    return database.write(partial(add_trial, trial=trial, now=now))


def find_trial(database: Database, trial: int) -> Trial | None:
    """Return a trial as it stands, or None."""
    with database.read() as connection:
        return load_trial(connection, trial)


def trial_answered(database: Database, trial: int) -> Tried | None:
    """Return the trial and its desk for whoever has lifted the receiver; None without one."""
    with database.read() as connection:
        return _with_desk(connection, load_trial(connection, trial))


def press_on_trial(database: Database, trial: int, key: str, now: datetime) -> Tried | None:
    """Note the key, if it is the one that was asked for; return the trial as it stands then."""

    def press(connection: Connection) -> Tried | None:
        if key == KEY:
            note_key(connection, trial, now)
        return _with_desk(connection, load_trial(connection, trial))

    return database.write(press)


def change_trial(database: Database, trial: int, status: str) -> None:
    """Note how the trial's call fares; any order, any number of times."""
    database.write(partial(note_status, trial=trial, status=status))


def sent_on_trial(database: Database, trial: int, sid: str) -> None:
    """Note by which sid the network knows the trial's SMS."""
    database.write(partial(note_sms, trial=trial, sid=sid))


def reply_to_trial(database: Database, sender: str, body: str, now: datetime) -> Tried | None:
    """Note that an SMS answers a trial; None for one that does not."""
    if body.strip() != KEY or not sender:
        return None
    return database.write(
        lambda connection: _with_desk(connection, note_reply(connection, sender, now))
    )


def _with_desk(connection: Connection, trial: Trial | None) -> Tried | None:
    return (trial, find_desk(connection, trial.desk)) if trial else None
