"""What may be done with a request, and why not: a yes too late, a shift that is gone.

Pure: who may answer for whom is the page's; two answers at once are the rows'.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import Reason, RosterCode, because
from app.domain.roster.duty_requests import (
    MOVES,
    DutyRequest,
    RequestKind,
    RequestMove,
    RequestState,
)
from app.domain.roster.duty_slots import DutySlot, slot_now
from app.domain.roster.entries import Dated
from app.domain.roster.plan import Override, Roster, absences_of, days_of
from app.domain.time.intervals import Interval, intersect, subtract


@dataclass(frozen=True, slots=True)
class MoveRefused:
    """Nothing was done; `why` is a sentence for whoever wanted it."""

    why: MessageRef


def refusal(
    request: DutyRequest, move: RequestMove, person: str, roster: Roster
) -> MessageRef | None:
    """Why a request cannot be moved so any more; None where it can."""
    if move is RequestMove.WITHDRAW and request.is_waiting:
        return None
    if MOVES.get(move) is request.state:
        is_answer = move in (RequestMove.YES, RequestMove.NO)
        unasked = is_answer and request.answer_of(person) is None
        return ref("duty_request_refused.not_asked") if unasked else None
    taker = request.taker
    if request.state is RequestState.AGREED and taker and move is not RequestMove.WITHDRAW:
        if taker == person:
            return ref("duty_request_refused.yours")
        return ref("duty_request_refused.taken", name=roster.name_of(taker))
    return ref(f"duty_request_refused.{request.state}")


def as_now(request: DutyRequest, roster: Roster, now: datetime) -> DutyRequest | None:
    """The request about its shifts where they are now, from now on; None where one is gone."""
    slot = _ahead(slot_now(roster, request.slot), now)
    wanted = _ahead(slot_now(roster, request.wanted), now) if request.wanted else None
    if slot is None or (request.wanted and wanted is None):
        return None
    return replace(request, slot=slot, wanted=wanted)


def expires_at(slots: tuple[DutySlot, ...], now: datetime) -> datetime:
    """When it is too late to answer: when the first shift begins; one that goes on, ends."""
    return min(each.when.to if each.when.from_ <= now else each.when.from_ for each in slots)


def is_too_late(request: DutyRequest, now: datetime) -> bool:
    """Whether a swap can be agreed about no more: half of one that has begun is no swap."""
    return request.kind is RequestKind.SWAP and request.expires_at <= now


def hindrance(roster: Roster, person: str, slot: DutySlot) -> Reason | None:
    """Why somebody cannot have a slot at all: a call would not reach them in it."""
    known = roster.person(person)
    if known is None or not known.numbers:
        return because(RosterCode.NO_NUMBER)
    if intersect(absences_of(roster, person), (slot.when,)):
        return because(RosterCode.ABSENT)
    if subtract((slot.when,), (days_of(roster, person),)):
        return because(
            RosterCode.NOT_THERE_YET if _is_before(roster, person, slot) else RosterCode.HAS_LEFT
        )
    return None


def gives_on(later: Dated, entry: Dated) -> bool:
    """Whether an override takes from somebody what they have by another one."""
    if not (isinstance(later, Override) and isinstance(entry, Override)):
        return False
    is_theirs = (later.instead_of, later.role) == (entry.person, entry.role)
    return is_theirs and later.from_ < entry.to and entry.from_ < later.to


def takers(request: DutyRequest, person: str) -> tuple[tuple[str, DutySlot], ...]:
    """Who has which slot when somebody says yes."""
    if request.kind is RequestKind.COVER or request.wanted is None:
        return ((person, request.slot),)
    return (person, request.slot), (request.slot.person, request.wanted)


def _ahead(slot: DutySlot | None, now: datetime) -> DutySlot | None:
    """What is left of a slot: what begins now begins with this minute."""
    if slot is None or slot.when.to <= now:
        return None
    this_minute = now.replace(second=0, microsecond=0)
    return replace(slot, when=Interval(max(slot.when.from_, this_minute), slot.when.to))


def _is_before(roster: Roster, person: str, slot: DutySlot) -> bool:
    return slot.when.from_ < days_of(roster, person).from_
