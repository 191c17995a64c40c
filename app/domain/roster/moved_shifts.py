"""What becomes of agreed requests when the rotation is changed: each follows its shifts.

A request whose shift is gone ends, and so does one that would leave a place empty, or somebody in
two places, which without it would not be so. What is over stays as it was. Pure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.domain.roster.duty_requests import DutyRequest, RequestState
from app.domain.roster.duty_slots import slot_now
from app.domain.roster.entries import Dated, RosterEntry, with_dated
from app.domain.roster.plan import Override, Roster
from app.domain.roster.timeline import timeline
from app.domain.time.intervals import Interval, Intervals, subtract, total, union

NOTHING: Final = timedelta(0)
Ordered = dict[int, Dated]  # entries by their ids, in their order


@dataclass(frozen=True, slots=True)
class MovedShifts:
    """What a change of the rotation does: entries in another time, and requests that end."""

    moved: tuple[tuple[int, Override], ...] = ()
    ended: tuple[DutyRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class _Change:
    """A rotation before and after it was changed, and the entries in force."""

    before: Roster
    document: Roster
    entries: Ordered
    now: datetime

    def ahead(self, request: DutyRequest) -> list[int]:
        """The entries of a request that are in force and not over."""
        its = (each for each in request.entries if each in self.entries)
        return [each for each in its if self.entries[each].to > self.now]

    def place(self, request: DutyRequest) -> int:
        """Where a request stands among the entries."""
        order = list(self.entries)
        return min(order.index(each) for each in self.ahead(request))


def follow(
    before: Roster,
    document: Roster,
    entries: Sequence[RosterEntry],
    requests: Iterable[DutyRequest],
    now: datetime,
) -> MovedShifts:
    """Let agreed requests follow their shifts into a document; `before` is the plan until then.

    `entries` are those in force, in their order.
    """
    change = _Change(before, document, {each.id: each.dated for each in entries}, now)
    agreed = [each for each in requests if each.state is RequestState.AGREED]
    live = sorted((each for each in agreed if change.ahead(each)), key=change.place)
    ended: list[DutyRequest] = []
    while True:
        after, lost = _resolve(change, live, ended)
        going = [each for each in live if each not in lost]
        worse = next((each for each in going if _is_worse(change, after, each)), None)
        if worse is None:
            break
        ended.append(worse)
    moved = (
        (each, one)
        for each, one in after.items()
        if isinstance(one, Override) and one != change.entries[each]
    )
    return MovedShifts(tuple(moved), tuple(each for each in live if each in lost))


def _resolve(
    change: _Change, requests: Iterable[DutyRequest], ended: Collection[DutyRequest]
) -> tuple[Ordered, list[DutyRequest]]:
    """The entries as they are then, and the requests that end, those that were ended among them."""
    after, lost = dict(change.entries), []
    for request in requests:
        ids = change.ahead(request)
        found = None if request in ended else _moved(change, after, request, ids)
        if found is None:
            lost.append(request)
            after = _without(after, ids)
        else:
            after = {each: found.get(each, one) for each, one in after.items()}
    return after, lost


def _moved(
    change: _Change, after: Ordered, request: DutyRequest, ids: list[int]
) -> dict[int, Override] | None:
    """The request's overrides where its shifts are now; None where one is gone.

    They are looked for as if nothing had been changed after it was agreed.
    """
    order = list(after)
    first = min(order.index(each) for each in ids)
    then = with_dated(change.document, (after[each] for each in order[:first]))
    found: dict[int, Override] = {}
    for entry, slot in zip(request.entries, request.slots, strict=True):
        if entry not in ids:
            continue
        there, was = slot_now(then, slot), after[entry]
        if there is None or not isinstance(was, Override) or there.when.to <= change.now:
            return None
        found[entry] = replace(was, from_=there.when.from_, to=there.when.to)
    return found


def _is_worse(change: _Change, after: Ordered, request: DutyRequest) -> bool:
    """Whether places are empty with the request that are filled without it, more than before."""
    ids = change.ahead(request)
    times = [each[one] for each in (change.entries, after) for one in ids]
    spans = union(Interval(max(each.from_, change.now), each.to) for each in times)
    lost_before = _lost(change.before, change.entries, ids, spans)
    return _lost(change.document, after, ids, spans) > lost_before


def _lost(roster: Roster, entries: Ordered, ids: Collection[int], spans: Intervals) -> timedelta:
    """How much of the time is filled without some entries and not with them, place by place."""
    with_them = with_dated(roster, entries.values())
    without = with_dated(roster, _without(entries, ids).values())
    lost = NOTHING
    for span in spans:
        filled, still = _filled(without, span), _filled(with_them, span)
        lost += sum((total(subtract(filled[p], still.get(p, ()))) for p in filled), NOTHING)
    return lost


def _without(entries: Ordered, ids: Collection[int]) -> Ordered:
    return {each: one for each, one in entries.items() if each not in ids}


def _filled(roster: Roster, span: Interval) -> Mapping[object, Intervals]:
    """When somebody is rung, place by place."""
    return {
        (line.role, line.slot): union(piece.when for piece in line.pieces if piece.person)
        for line in timeline(roster, (), span).results
    }
