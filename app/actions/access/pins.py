"""The PINs of people on rosters: set, removed, unlocked, and checked in a call.

A try is counted before it is looked at, so that many at once are not more than one after another.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.actions.access.password_hashes import PASSWORDS, HashingBusy, PasswordHashes
from app.actions.roster.roster_of_desk import roster_of_desk
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.actor import system
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.access.limits import LIMITS, Limited
from app.domain.access.pins import LOCKED_FOR, WRONG_ALLOWED, check_new_pin
from app.domain.access.token_bucket import Empty
from app.domain.access.users import PersonLink
from app.domain.health.opt_outs import first_that_takes_sms
from app.domain.message_refs import MessageError, ref
from app.domain.roster.plan import Person, has_left
from app.domain.texts.message import Message, Value
from app.store import Database
from app.store.audit import add_audit_event
from app.store.outbox import NewJob, put_jobs
from app.store.rate_limits import give_back_try, key_of, take_try
from app.store.roster_entries import lock_roster
from app.store.sms_senders import load_opt_outs
from app.store.staff_pins import (
    StaffPin,
    delete_pin,
    load_pin,
    load_pins,
    note_tries,
    save_pin,
)
from app.store.tables import JobKind

TELEPHONE = "telephone"


@dataclass(frozen=True, slots=True)
class PinTry:
    """A PIN that was keyed on a number, and whose that may be: everybody who has the number."""

    pin: str = field(repr=False)
    number: str
    roster: str
    people: tuple[str, ...]
    at: datetime


def pin_of(database: Database, whose: PersonLink) -> StaffPin | None:
    """Return somebody's PIN: when it was set, and whether it is locked."""
    with database.read() as connection:
        found = load_pins(connection, whose.roster)
    return next((each for each in found if each.whose == whose), None)


def pins_of_desk(database: Database, desk: str) -> tuple[StaffPin, ...]:
    """List the PINs of a desk's roster. MessageError for an unknown desk."""
    with database.read() as connection:
        return load_pins(connection, roster_of_desk(connection, desk).id)


def set_pin(database: Database, whose: PersonLink, pin: str, by: Author) -> None:
    """Give somebody a PIN; one that was locked is not. MessageError for one that is too plain.

    HashingBusy where so many are hashed that this one would wait too long.
    """
    with database.read() as connection:
        _, person = _on_roster(connection, whose, by.at)
    hashed = PASSWORDS.make(check_new_pin(pin, person.numbers))

    def save(connection: Connection) -> None:
        lock_roster(connection, whose.roster)  # somebody may be taken off it just now
        _on_roster(connection, whose, by.at)
        save_pin(connection, whose, hashed, by.at)
        _note(connection, AuditKind.PIN_SET, whose, by)

    database.write(save)


def remove_pin(database: Database, whose: PersonLink, by: Author) -> None:
    """Take somebody's PIN away. MessageError where there is none."""

    def remove(connection: Connection) -> None:
        if not delete_pin(connection, whose):
            raise MessageError(ref("pin.none", person=whose.person))
        _note(connection, AuditKind.PIN_REMOVED, whose, by)

    database.write(remove)


def unlock_pin(database: Database, whose: PersonLink, by: Author) -> None:
    """Let a PIN count again. MessageError where there is none, or it is not locked."""

    def unlock(connection: Connection) -> None:
        found = load_pin(connection, whose)
        if found is None:
            raise MessageError(ref("pin.none", person=whose.person))
        if not found.is_locked(by.at):
            raise MessageError(ref("pin.not_locked", person=whose.person))
        note_tries(connection, whose, 0, None)
        _note(connection, AuditKind.PIN_UNLOCKED, whose, by)

    database.write(unlock)


def person_at_desk(database: Database, desk: str, person: str) -> PersonLink:
    """Say who this is on a desk's roster. MessageError for an unknown desk."""
    with database.read() as connection:
        return PersonLink(roster_of_desk(connection, desk).id, person)


def whose_pin(database: Database, tried: PinTry, hashes: PasswordHashes = PASSWORDS) -> str:
    """Return whose PIN it is; empty where it is nobody's, is locked, or was tried too often.

    It takes as long whatever the answer is: one hash for each person who has the number, and one
    where nobody of them has a PIN. The owner learns of a lock by SMS. HashingBusy where so many are
    hashed that this one would wait too long: that was no try.
    """
    pins = database.write(partial(_count, tried=tried))
    try:
        right = [each for each in pins if hashes.fits(each.pin_hash, tried.pin)]
        if not pins:
            hashes.fits(None, tried.pin)
    except HashingBusy:
        database.write(partial(_give_back, tried=tried, pins=pins))
        raise
    database.write(partial(_settle, tried=tried, pins=pins, right=right))
    return right[0].whose.person if len(right) == 1 else ""


def _count(connection: Connection, tried: PinTry) -> tuple[StaffPin, ...]:
    """Count the try at each whose PIN it may be; those that are locked are not looked at."""
    limit = LIMITS[Limited.PIN_FROM_NUMBER]
    key = key_of(Limited.PIN_FROM_NUMBER, tried.number)
    if isinstance(take_try(connection, key, limit, tried.at), Empty):
        return ()
    found = (load_pin(connection, PersonLink(tried.roster, each)) for each in tried.people)
    counted = [each for each in found if each and not each.is_locked(tried.at)]
    for each in counted:
        wrong = 0 if each.locked_until else each.wrong  # a lock that is over begins anew
        is_last = wrong + 1 >= WRONG_ALLOWED
        note_tries(connection, each.whose, wrong + 1, tried.at + LOCKED_FOR if is_last else None)
    return tuple(counted)


def _give_back(connection: Connection, tried: PinTry, pins: Sequence[StaffPin]) -> None:
    """Forget a try that nobody has looked at; others may have tried meanwhile."""
    limit = LIMITS[Limited.PIN_FROM_NUMBER]
    if pins:
        give_back_try(connection, key_of(Limited.PIN_FROM_NUMBER, tried.number), limit, tried.at)
    for each in pins:
        now = load_pin(connection, each.whose)
        if now and now.wrong:
            is_locked = now.wrong - 1 >= WRONG_ALLOWED
            note_tries(
                connection, each.whose, now.wrong - 1, now.locked_until if is_locked else None
            )


def _settle(
    connection: Connection,
    tried: PinTry,
    pins: Sequence[StaffPin],
    right: Sequence[StaffPin],
) -> None:
    """Forget the tries of whoever was right, and tell those whose PIN is locked by this one."""
    if len(right) == 1:  # the others who have the number did not try
        for each in pins:
            before = each.wrong if each not in right and not each.locked_until else 0
            note_tries(connection, each.whose, before, None)
        return
    for each in pins:
        now = load_pin(connection, each.whose)
        if now and now.is_locked(tried.at) and now.wrong >= WRONG_ALLOWED:
            _tell_of_lock(connection, now, tried)


def _tell_of_lock(connection: Connection, pin: StaffPin, tried: PinTry) -> None:
    by = Author(system(TELEPHONE), tried.at)
    _note(connection, AuditKind.PIN_LOCKED, pin.whose, by)
    in_use = roster_in_use(connection, pin.whose.roster)
    person = in_use.plan.person(pin.whose.person) if in_use else None
    if in_use is None or person is None or pin.locked_until is None:
        return
    desk, until = in_use.desks[0], pin.locked_until
    values: tuple[tuple[str, Value], ...] = (("desk", desk.name), ("until", until))
    message = Message("pin_sms.locked", person.language or desk.language, values)
    to = first_that_takes_sms(person.numbers, desk, load_opt_outs(connection))
    if to is None:
        return
    payload: dict[str, object] = {
        "to": to,
        "from": desk.lines[0].number,
        "message": asdict(message),
        "at": tried.at,
        "time_zone": desk.time_zone,
    }
    dedup = f"pin:{pin.whose.roster}:{pin.whose.person}:{until:%Y%m%dT%H%M%S}"
    put_jobs(
        connection,
        [NewJob(JobKind.SMS, dedup, payload, desk=desk.id, person=person.id)],
        tried.at,
    )


def _on_roster(
    connection: Connection, whose: PersonLink, now: datetime
) -> tuple[RosterInUse, Person]:
    in_use = roster_in_use(connection, whose.roster)
    person = in_use.plan.person(whose.person) if in_use else None
    if in_use is None or person is None or has_left(in_use.plan, person.id, now):
        raise MessageError(ref("pin.nobody"))
    return in_use, person


def _note(connection: Connection, kind: AuditKind, whose: PersonLink, by: Author) -> None:
    subject = Subject(SubjectKind.ROSTER, whose.roster)
    add_audit_event(connection, audit_event(kind, by, subject, {}, {"person": whose.person}))
