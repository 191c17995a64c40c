"""Requests for cover and swaps, by a desk's name and moments as they are written: API, commands."""

from dataclasses import dataclass
from datetime import datetime

from app.actions.roster.duty_requests import (
    WantedCover,
    WantedMove,
    WantedSwap,
    ask_for_cover,
    find_duty_request,
    list_duty_requests,
    move_request,
    offer_swap,
)
from app.actions.roster.request_moves import MovedRequest
from app.actions.roster.roster_of_desk import check_person, roster_of_desk
from app.domain.access.audit import Author
from app.domain.message_refs import MessageError, ref
from app.domain.roster.duty_requests import WAITING, DutyRequest, RequestMove, RequestState
from app.domain.roster.duty_slots import LONGEST_ASKED, DutySlot, slots_between
from app.domain.roster.plan import Roster
from app.domain.texts.operator_input import read_when
from app.domain.time.intervals import Interval
from app.store import Database


@dataclass(frozen=True, slots=True)
class ShiftOf:
    """Somebody's shifts of a time, as they are written; without a role those of every role."""

    person: str
    from_: str
    to: str
    role: str | None = None


@dataclass(frozen=True, slots=True)
class RequestsOfDesk:
    """A desk's roster, and requests of it."""

    roster: Roster
    requests: tuple[DutyRequest, ...]


def ask_at_desk(
    database: Database,
    desk: str,
    shift: ShiftOf,
    people: tuple[str, ...],
    reason: str,
    by: Author,
) -> RequestsOfDesk:
    """Ask people for cover of every shift of a time; MessageError says what is wrong."""
    roster = _roster(database, desk)
    for person in people:
        check_person(roster, person)
    slots = _slots(roster, shift, by.at)
    found = ask_for_cover(database, WantedCover(roster.id, slots, people, reason), by)
    return RequestsOfDesk(roster, found)


def offer_at_desk(
    database: Database, desk: str, shift: ShiftOf, wanted: ShiftOf, reason: str, by: Author
) -> RequestsOfDesk:
    """Offer one shift for another; MessageError says what is wrong."""
    roster = _roster(database, desk)
    slot, theirs = (_one(_slots(roster, each, by.at)) for each in (shift, wanted))
    found = offer_swap(database, WantedSwap(roster.id, slot, theirs, reason), by)
    return RequestsOfDesk(roster, (found,))


def requests_of_desk(database: Database, desk: str, *, every: bool) -> RequestsOfDesk:
    """List what waits, or every request; MessageError for an unknown desk."""
    roster = _roster(database, desk)
    states = frozenset(RequestState) if every else WAITING
    return RequestsOfDesk(roster, list_duty_requests(database, roster.id, states))


def find_at_desk(database: Database, desk: str, number: int) -> DutyRequest | None:
    """Read one request of a desk's roster; None where there is none."""
    return find_duty_request(database, _roster(database, desk).id, number)


def move_at_desk(
    database: Database, desk: str, number: int, move: RequestMove, person: str, by: Author
) -> tuple[Roster, MovedRequest]:
    """Do something with a request, as a coordinator; MessageError where there is no such one."""
    roster = _roster(database, desk)
    if person:
        check_person(roster, person)
    done = move_request(database, WantedMove(roster.id, number, move, person), by)
    if done is None:
        raise MessageError(ref("duty_request_refused.unknown", number=number, desk=desk))
    return roster, done


def _slots(roster: Roster, shift: ShiftOf, now: datetime) -> tuple[DutySlot, ...]:
    check_person(roster, shift.person)
    from_, to = (read_when(each, roster.time_zone) for each in (shift.from_, shift.to))
    from_ = max(from_, now.replace(second=0, microsecond=0))
    if to - from_ > LONGEST_ASKED:
        raise MessageError(ref("duty_request_refused.too_long", days=LONGEST_ASKED.days))
    found = slots_between(roster, shift.person, Interval(from_, to)) if from_ < to else ()
    slots = tuple(each for each in found if shift.role in (None, each.role))
    if not slots:
        raise MessageError(ref("duty_request_refused.no_shift"))
    return slots


def _one(slots: tuple[DutySlot, ...]) -> DutySlot:
    if len(slots) > 1:
        raise MessageError(ref("duty_request_refused.several_shifts"))
    return slots[0]


def _roster(database: Database, desk: str) -> Roster:
    with database.read() as connection:
        return roster_of_desk(connection, desk)
