"""Requests between colleagues: asked, answered, approved, withdrawn and undone, each once.

A roster is locked while one of its requests is changed: of two who say yes at the same moment
one has it, and the other hears who.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.roster.request_change import Changing, expire_request, locked
from app.actions.roster.request_moves import DOES, MovedRequest
from app.actions.roster.request_times import as_moved
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import system
from app.domain.access.audit import AuditKind, Author
from app.domain.message_refs import MessageError, ref
from app.domain.roster.duty_request_moves import expires_at, refusal
from app.domain.roster.duty_requests import (
    WAITING,
    DutyRequest,
    RequestKind,
    RequestMove,
    RequestState,
)
from app.domain.roster.duty_slots import DutySlot, slot_now
from app.domain.roster.request_notices import Notice
from app.store import Database
from app.store.duty_requests import (
    LISTED_AT_ONCE,
    NewRequest,
    add_request,
    find_request,
    list_requests,
    next_expired_request,
    save_state,
)
from app.store.roster_entries import lock_roster

LONGEST_REASON: Final = 200
MOST_ASKED: Final = 20  # shifts at once: each of those asked gets an SMS and a mail for each
SHOWN: Final = WAITING | {RequestState.AGREED}
OVER: Final = system("duty_requests")


@dataclass(frozen=True, slots=True)
class WantedCover:
    """Shifts of one person that somebody else is to take, and whom to ask."""

    roster: str
    slots: tuple[DutySlot, ...]
    people: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WantedSwap:
    """A shift that is offered, and the one that is wanted for it."""

    roster: str
    slot: DutySlot
    wanted: DutySlot
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WantedMove:
    """What somebody does with a request; `person` is whoever it is done for, "" for nobody."""

    roster: str
    request: int
    move: RequestMove
    person: str = ""


def ask_for_cover(database: Database, wanted: WantedCover, by: Author) -> tuple[DutyRequest, ...]:
    """Ask several people at once, for each of the shifts; MessageError says what is wrong."""
    if len(wanted.slots) > MOST_ASKED:
        count = len(wanted.slots)
        raise MessageError(ref("duty_request_refused.too_many", count=count, most=MOST_ASKED))

    def ask(changing: Changing) -> tuple[DutyRequest, ...]:
        people = dict.fromkeys(each for each in wanted.people if changing.plan.person(each))
        return tuple(
            _add(changing, RequestKind.COVER, slot, None, _others(people, slot), wanted.reason)
            for slot in wanted.slots
        )

    return database.write(partial(locked, roster=wanted.roster, by=by, work=ask))


def offer_swap(database: Database, wanted: WantedSwap, by: Author) -> DutyRequest:
    """Offer a shift for another one's; MessageError says what is wrong."""

    def offer(changing: Changing) -> DutyRequest:
        people = (wanted.wanted.person,)
        if wanted.slot.person in people:
            raise MessageError(ref("duty_request_refused.own_shift"))
        return _add(changing, RequestKind.SWAP, wanted.slot, wanted.wanted, people, wanted.reason)

    return database.write(partial(locked, roster=wanted.roster, by=by, work=offer))


def move_request(database: Database, wanted: WantedMove, by: Author) -> MovedRequest | None:
    """Answer, approve, withdraw or undo a request; None where there is no such request."""

    def move(changing: Changing) -> MovedRequest | None:
        request = find_request(changing.connection, wanted.roster, wanted.request)
        if request is None:
            return None
        if why := refusal(request, wanted.move, wanted.person, changing.plan):
            return MovedRequest(request, why)
        return DOES[wanted.move](changing, request, wanted.person)

    return database.write(partial(locked, roster=wanted.roster, by=by, work=move))


def find_duty_request(database: Database, roster: str, request: int) -> DutyRequest | None:
    """Read one request of a roster; None where there is none."""
    with database.read() as connection:
        found = find_request(connection, roster, request)
        return as_moved(connection, roster, (found,))[0] if found else None


def list_duty_requests(
    database: Database,
    roster: str,
    states: Collection[RequestState] = WAITING,
    ahead_of: datetime | None = None,
    latest: int | None = LISTED_AT_ONCE,
) -> tuple[DutyRequest, ...]:
    """List the requests of a roster that have come so far, the oldest first.

    With `ahead_of` only those with a shift that ends after an instant; of too many the `latest`.
    """
    with database.read() as connection:
        rows = list_requests(connection, roster, states, ahead_of, latest)
        found = as_moved(connection, roster, rows)
    return tuple(each for each in found if ahead_of is None or each.is_ahead_of(ahead_of))


def own_requests(
    database: Database, roster: str, person: str, now: datetime
) -> tuple[DutyRequest, ...]:
    """List those in which somebody stands: what waits, and what is agreed and not over."""
    found = list_duty_requests(database, roster, SHOWN, now)
    return tuple(each for each in found if person in each.people and each.is_shown(person))


def open_requests(database: Database, roster: str, now: datetime) -> tuple[DutyRequest, ...]:
    """List what waits, and what is agreed and not over, of everybody on a roster."""
    return list_duty_requests(database, roster, SHOWN, now)


def expire_next_request(database: Database, now: datetime) -> bool:
    """End the next request that it is too late to answer, and tell of it; False where none is."""
    with database.read() as connection:
        late = next_expired_request(connection, now)
    if late is None:
        return False
    roster, number = late
    database.write(partial(_expire, roster=roster, number=number, by=Author(OVER, now)))
    return True


def _others(people: Iterable[str], slot: DutySlot) -> tuple[str, ...]:
    """Those who are asked for a slot: nobody is asked for their own."""
    others = tuple(each for each in people if each != slot.person)
    if not others:
        raise MessageError(ref("duty_request_refused.nobody_asked"))
    return others


def _expire(connection: Connection, roster: str, number: int, by: Author) -> None:
    lock_roster(connection, roster)
    request, found = find_request(connection, roster, number), roster_in_use(connection, roster)
    if request is None or not request.is_waiting or request.expires_at > by.at:
        return
    if found:
        expire_request(Changing(connection, found, by), request)
    else:  # no desk has the roster any more
        save_state(connection, request, RequestState.EXPIRED, by.actor, by.at)


def _add(
    changing: Changing,
    kind: RequestKind,
    slot: DutySlot,
    wanted: DutySlot | None,
    people: tuple[str, ...],
    reason: str,
) -> DutyRequest:
    slots = (slot, wanted) if wanted else (slot,)
    for each in slots:
        if slot_now(changing.plan, each) != each or each.when.to <= changing.by.at:
            raise MessageError(ref("duty_request_refused.ended"))
    there = _same(changing, kind, slot, wanted)
    if there:
        raise MessageError(ref("duty_request_refused.asked_before"))
    late = expires_at(slots, changing.by.at)
    new = NewRequest(kind, slot, wanted, people, reason[:LONGEST_REASON], late)
    request = add_request(changing.connection, changing.roster.id, new, changing.by)
    return changing.done(request, AuditKind.REQUEST_ASKED, Notice.ASKED)


def _same(
    changing: Changing, kind: RequestKind, slot: DutySlot, wanted: DutySlot | None
) -> DutyRequest | None:
    """The same request where it is waiting already."""
    waiting = list_requests(changing.connection, changing.roster.id, WAITING)
    same = (each for each in waiting if (each.kind, each.slot, each.wanted) == (kind, slot, wanted))
    return next(same, None)
