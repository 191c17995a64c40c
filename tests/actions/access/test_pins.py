"""A PIN in a call: right for its owner on their own number, and locked after five wrong ones."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.actions.access.password_hashes import HashingBusy, PasswordHashes
from app.actions.access.pins import (
    PinTry,
    pin_of,
    pins_of_desk,
    remove_pin,
    set_pin,
    unlock_pin,
    whose_pin,
)
from app.domain.access.actor import command_line
from app.domain.access.audit import AuditKind, Author
from app.domain.access.pins import LOCKED_FOR, WRONG_ALLOWED
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageError
from app.store import Database
from app.store.audit import AuditFilter, list_audit_events
from app.store.tables import JobRow
from tests.support.sample_desk import (
    DESK,
    DUTY_1,
    DUTY_2,
    NIGHT,
    ROSTER_TOML,
    folder,
    import_sample_desks,
    sample_database,
)

PIN, OTHER, WRONG = "7294", "8305", "6172"
ME = Author(command_line("me"), NIGHT)
DUTY1, DUTY2 = PersonLink(DESK, "duty-1"), PersonLink(DESK, "duty-2")


@pytest.fixture
def database(migrated_sqlite_url: str) -> Iterator[Database]:
    with sample_database(migrated_sqlite_url) as database:
        set_pin(database, DUTY1, PIN, ME)
        yield database


def tried(
    database: Database,
    pin: str,
    minutes: float = 0,
    people: tuple[str, ...] = ("duty-1",),
    number: str = DUTY_1,
) -> str:
    at = NIGHT + timedelta(minutes=minutes)
    return whose_pin(database, PinTry(pin, number, DESK, people, at))


def told(database: Database) -> list[str]:
    with database.read() as connection:
        rows = connection.execute(select(JobRow.payload)).scalars().all()
    return [json.loads(each)["message"]["key"] for each in rows]


def test_it_is_its_owners_and_of_nobody_else_and_stored_by_a_hash_alone(database: Database) -> None:
    assert tried(database, PIN) == "duty-1"
    assert tried(database, WRONG) == ""
    assert tried(database, PIN, people=("duty-2",), number=DUTY_2) == "", "another's number"
    found = pin_of(database, DUTY1)
    assert found
    assert found.pin_hash.startswith("$argon2id$")
    assert PIN not in repr(found)


def test_five_wrong_ones_lock_it_for_a_day_and_its_owner_hears_of_it_once(
    database: Database,
) -> None:
    for minute in range(WRONG_ALLOWED):
        assert tried(database, WRONG, minute) == ""
    assert tried(database, PIN, 6) == "", "right, and too late"
    assert told(database) == ["pin_sms.locked"]
    with database.read() as connection:
        assert len(list_audit_events(connection, AuditFilter(kind=AuditKind.PIN_LOCKED))) == 1
    after = LOCKED_FOR / timedelta(minutes=1) + WRONG_ALLOWED
    assert tried(database, PIN, after) == "duty-1"


def test_it_is_the_same_on_postgresql(migrated_postgresql_url: str) -> None:
    with sample_database(migrated_postgresql_url) as database:
        set_pin(database, DUTY1, PIN, ME)
        assert tried(database, PIN) == "duty-1"
        for _ in range(WRONG_ALLOWED):
            tried(database, WRONG)
        assert tried(database, PIN) == ""
        assert told(database) == ["pin_sms.locked"]


def test_a_right_one_forgets_the_wrong_ones_before(database: Database) -> None:
    for minute in (0, 20, 40, 60):
        for _ in range(WRONG_ALLOWED - 2):
            tried(database, WRONG, minute)
        assert tried(database, PIN, minute) == "duty-1"
    assert told(database) == []


def test_an_operator_unlocks_it_and_a_new_one_is_not_locked(database: Database) -> None:
    with pytest.raises(MessageError):
        unlock_pin(database, DUTY1, ME)
    for _ in range(WRONG_ALLOWED):
        tried(database, WRONG)
    unlock_pin(database, DUTY1, ME)
    assert tried(database, PIN) == "duty-1"
    for _ in range(WRONG_ALLOWED):
        tried(database, WRONG, 90)
    set_pin(database, DUTY1, OTHER, ME)
    assert tried(database, OTHER, 200) == "duty-1"


def test_a_number_that_tries_all_night_is_looked_at_no_more(database: Database) -> None:
    for _ in range(20):
        tried(database, WRONG, people=("duty-2",))
    assert tried(database, PIN) == "", "ten an hour"
    assert tried(database, PIN, 120) == "duty-1"


class Counted(PasswordHashes):
    """Hashes nothing; remembers whether there was a hash to compare with."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[bool] = []

    def fits(self, hashed: str | None, password: str) -> bool:
        self.made.append(hashed is not None)
        return False


def test_whatever_is_wrong_one_hash_is_made(database: Database) -> None:
    """Wrong, locked, without a PIN: who listens to the time that it takes learns nothing."""
    hashes = Counted()
    for _ in range(WRONG_ALLOWED + 1):
        whose_pin(database, PinTry(WRONG, DUTY_1, DESK, ("duty-1",), NIGHT), hashes)
    whose_pin(database, PinTry(WRONG, DUTY_2, DESK, ("duty-2",), NIGHT), hashes)
    assert hashes.made == [True] * WRONG_ALLOWED + [False] * 2


class Busy(PasswordHashes):
    """Others log in at this moment."""

    def fits(self, hashed: str | None, password: str) -> bool:
        raise HashingBusy


def test_a_try_that_nobody_had_time_to_look_at_is_none(database: Database) -> None:
    for _ in range(3 * WRONG_ALLOWED):
        with pytest.raises(HashingBusy):
            whose_pin(database, PinTry(PIN, DUTY_1, DESK, ("duty-1",), NIGHT), Busy())
    assert tried(database, PIN) == "duty-1"
    for _ in range(WRONG_ALLOWED - 1):
        tried(database, WRONG)
    with pytest.raises(HashingBusy):
        whose_pin(database, PinTry(WRONG, DUTY_1, DESK, ("duty-1",), NIGHT), Busy())
    assert told(database) == [], "the fifth wrong one was none"
    assert tried(database, PIN) == "duty-1"


def test_of_two_who_share_a_number_the_pin_says_who_it_is(database: Database) -> None:
    set_pin(database, DUTY2, OTHER, ME)
    both = ("duty-1", "duty-2")
    for _ in range(WRONG_ALLOWED + 2):
        assert tried(database, OTHER, people=both) == "duty-2"
    set_pin(database, DUTY2, PIN, ME)
    assert tried(database, PIN, 200, people=both) == "", "nobody can say which of them"


def test_who_is_taken_off_the_roster_has_none(database: Database) -> None:
    import_sample_desks(database, folder(roster=ROSTER_TOML.replace("duty-1", "duty-3")))
    assert pins_of_desk(database, DESK) == ()
    with pytest.raises(MessageError):
        set_pin(database, DUTY1, OTHER, ME)


def test_what_is_not_there_cannot_be_removed(database: Database) -> None:
    remove_pin(database, DUTY1, ME)
    with pytest.raises(MessageError):
        remove_pin(database, DUTY1, ME)
    assert tried(database, PIN) == ""
