"""Rings somebody's own numbers at their wish: to confirm a new one, or as a test.

It is rung as a call-out rings: from the duty's line, as long, one number after another. No ticket
is made. A call or a call-out of the roster's desks comes first: then it is not rung, or hung up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.limits import LIMITS, Limited
from app.domain.access.token_bucket import Empty
from app.domain.access.users import PersonLink
from app.domain.calls.flows.verify import GAVE_WAY, RingResult, VerificationPurpose, ring_result
from app.domain.desks.desk import Desk, Line, LineKind
from app.domain.message_refs import MessageError, ref
from app.store import Database
from app.store.desks import LiveDesk, list_desks
from app.store.number_verifications import (
    NewNumberVerification,
    NumberVerification,
    add_number_verification,
    is_call_going_on,
    latest_verifications,
    load_number_verification,
    note_call,
    note_status,
    take_next,
    verifications_at,
)
from app.store.outbox import NewJob, put_jobs
from app.store.rate_limits import key_of, take_try
from app.store.roster_entries import lock_roster
from app.store.tables import JobKind

LOOKS_EVERY: Final = timedelta(seconds=2)  # whether a call has come meanwhile
LONGEST: Final = timedelta(minutes=2)  # of a verification: later its status is not waited for
SHOWN_FOR: Final = timedelta(days=180)  # at most: retention may be shorter


@dataclass(frozen=True, slots=True)
class WantedRing:
    """Whose numbers are rung, in order until one gives a key, and what for."""

    whose: PersonLink
    numbers: tuple[str, ...]
    purpose: VerificationPurpose


def ring_own_numbers(database: Database, wanted: WantedRing, now: datetime) -> None:
    """Ring; MessageError where that may not be now, and why."""
    database.write(partial(_ring, wanted=wanted, now=now))


def own_verifications(
    database: Database, whose: PersonLink, now: datetime
) -> tuple[NumberVerification, ...]:
    """Return how the rings of the last days went, the newest first."""
    with database.read() as connection:
        return latest_verifications(connection, whose, now - SHOWN_FOR)


def result_of(found: NumberVerification, now: datetime) -> RingResult:
    """Tell how a ring went, or goes."""
    is_old = now - found.started_at >= LONGEST
    is_pressed = found.key_pressed_at is not None
    return ring_result(found.status, is_pressed=is_pressed, is_old=is_old)


def is_going_on(found: NumberVerification, now: datetime) -> bool:
    """Whether it may still ring, or somebody talks."""
    return not found.is_over and now - found.started_at < LONGEST


def ring_next(connection: Connection, verification: int, now: datetime) -> None:
    """Ring the number after one whose call is over without a key, once."""
    found = load_number_verification(connection, verification)
    if found is None or found.whose is None or not found.is_over or not found.then:
        return
    if found.key_pressed_at or found.status == GAVE_WAY or not take_next(connection, found):
        return
    in_use = roster_in_use(connection, found.whose.roster)
    if in_use:
        wanted = WantedRing(found.whose, found.then, found.purpose)
        _begin(connection, in_use, wanted, now)


def not_placed(connection: Connection, verification: int, now: datetime) -> None:
    """Note that it does not ring, and go on to the next number."""
    note_status(connection, verification, "failed")
    ring_next(connection, verification, now)


def may_ring(connection: Connection, found: NumberVerification, now: datetime) -> bool:
    """Whether no call needs the telephones; else note that it has given way."""
    if found.whose is None:
        return True
    desks = _desks_that_ring(connection, found.whose.roster, (found.number,))
    if not is_call_going_on(connection, desks, now):
        return True
    note_status(connection, found.id, GAVE_WAY)
    return False


def give_way(connection: Connection, number: str, now: datetime) -> tuple[str, ...]:
    """Let what rings a number, or talks there, give way to a call; return what to hang up."""
    found = verifications_at(connection, number, now - LONGEST)
    for each in found:
        note_status(connection, each.id, GAVE_WAY)
    return tuple(each.call_sid for each in found)


def note_placed(connection: Connection, verification: int, sid: str, now: datetime) -> None:
    """Note that it rings, and look again soon whether a call has come."""
    note_call(connection, verification, sid)
    note_status(connection, verification, "queued")
    look_again(connection, verification, 1, now)


def look_again(connection: Connection, verification: int, look: int, now: datetime) -> None:
    """Look in a moment whether a call has come that needs the telephone."""
    put_jobs(connection, [_job(verification, look)], now)


def _ring(connection: Connection, wanted: WantedRing, now: datetime) -> None:
    lock_roster(connection, wanted.whose.roster)  # a button that is pressed twice at once
    in_use = roster_in_use(connection, wanted.whose.roster)
    if in_use is None or not wanted.numbers:
        raise MessageError(ref("own_numbers.nothing_to_ring"))
    before = latest_verifications(connection, wanted.whose, now - LONGEST)
    if any(is_going_on(each, now) for each in before):
        raise MessageError(ref("own_numbers.rings_already"))
    desks = _desks_that_ring(connection, in_use.id, wanted.numbers)
    if is_call_going_on(connection, desks, now):
        raise MessageError(ref("own_numbers.call_going_on"))
    key = key_of(Limited.OWN_NUMBERS_RUNG, f"{wanted.whose.roster} {wanted.whose.person}")
    taken = take_try(connection, key, LIMITS[Limited.OWN_NUMBERS_RUNG], now)
    if isinstance(taken, Empty):
        raise MessageError(ref("own_numbers.rung_too_often", at=taken.again_at))
    _begin(connection, in_use, wanted, now)


def _begin(connection: Connection, in_use: RosterInUse, wanted: WantedRing, now: datetime) -> None:
    desk, line = _rung_by(in_use)
    person = in_use.plan.person(wanted.whose.person)
    new = NewNumberVerification(
        wanted.numbers[0],
        desk.id,
        line.number,
        (person.language if person else "") or line.languages[0],
        wanted.purpose,
        wanted.whose,
        wanted.numbers[1:],
    )
    verification = add_number_verification(connection, new, now)
    seconds = desk.duty.ring_seconds if desk.duty else desk.first_line.ring_seconds
    put_jobs(connection, [_job(verification, 0, seconds)], now)


def _desks_that_ring(
    connection: Connection, roster: str, numbers: Collection[str]
) -> frozenset[str]:
    """The roster's desks, and every other one whose calls could ring one of these numbers."""
    live = list_desks(connection)
    theirs = (each for each in live if each.roster and each.roster.id == roster)
    others = (each for each in live if not _numbers_of(each).isdisjoint(numbers))
    return frozenset(each.desk.id for each in (*theirs, *others))


def _numbers_of(live: LiveDesk) -> frozenset[str]:
    first_line = (each.number for each in live.desk.first_line.phones)
    people = live.roster.people if live.roster else ()
    duty = (number for person in people for number in person.numbers)
    last_resort = live.roster.last_resort if live.roster else ()
    return frozenset((*first_line, *duty, *last_resort))


def _rung_by(in_use: RosterInUse) -> tuple[Desk, Line]:
    """The desk and the line that ring the duty: a duty line, where there is one."""
    lines = [(desk, line) for desk in in_use.desks for line in desk.lines]
    of_duty = (each for each in lines if each[1].kind is LineKind.DUTY)
    return next(of_duty, lines[0])


def _job(verification: int, look: int, seconds: int = 0) -> NewJob:
    after = LOOKS_EVERY if look else timedelta(0)
    facts: dict[str, object] = {"verification": verification, "look": look, "seconds": seconds}
    return NewJob(JobKind.VERIFICATION, f"verification {verification} {look}", facts, after=after)
