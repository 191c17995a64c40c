"""What each move does with a request. A yes becomes ordinary roster entries, in one revision."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.actions.roster.entry_audit import note_added, note_withdrawn
from app.actions.roster.request_change import (
    Changing,
    end_lost_requests,
    end_request,
    expire_request,
    undone,
)
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.audit import AuditKind
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.duty_request_moves import as_now, gives_on, hindrance, is_too_late, takers
from app.domain.roster.duty_requests import (
    Answer,
    DutyRequest,
    RequestKind,
    RequestMove,
    RequestState,
)
from app.domain.roster.entries import RosterEntry
from app.domain.roster.request_notices import Notice
from app.store.duty_requests import find_request, requests_of_entries, save_answer
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    entries_in_force,
    find_entry,
)


@dataclass(frozen=True, slots=True)
class MovedRequest:
    """How a request is after a move; with `refused` nothing was done, and the sentence says why."""

    request: DutyRequest
    refused: MessageRef | None = None


def _say_yes(changing: Changing, request: DutyRequest, person: str) -> MovedRequest:
    by = changing.by
    if is_too_late(request, by.at):
        return _expire(changing, request)
    now_there = as_now(request, changing.plan, by.at)
    if now_there is None:
        return _end(changing, request)
    if why := _hindrance(changing, now_there, person):
        return MovedRequest(request, why)
    answer = Answer(person, True, by.actor, by.at)
    save_answer(changing.connection, request.id, answer)
    if request.kind is RequestKind.SWAP and changing.plan.swaps_need_approval:
        waits = changing.close(request, RequestState.AWAITS_APPROVAL)
        waits = changing.done(waits, AuditKind.REQUEST_YES, Notice.AWAITS_APPROVAL, person)
        return MovedRequest(waits)
    return _agree(changing, now_there, person, AuditKind.REQUEST_YES)


def _agree(changing: Changing, request: DutyRequest, person: str, kind: AuditKind) -> MovedRequest:
    """Put what was agreed on the roster, and end what cannot be any more."""
    connection, by = changing.connection, changing.by
    new = tuple(NewEntry(each, by.actor) for each in request.overrides(person, by.actor))
    known = {each.id for each in entries_in_force(connection, changing.roster.id)}
    change_entries(connection, changing.roster.id, EntryChange(by.actor, by.at, add=new))
    in_force = entries_in_force(connection, changing.roster.id)
    added = [each for each in in_force if each.id not in known]
    for entry in added:
        note_added(connection, changing.plan, entry, by)
    agreed = replace(request, entries=tuple(each.id for each in added))
    done = changing.done(changing.close(agreed, RequestState.AGREED), kind, Notice.TAKEN, person)
    end_lost_requests(Changing(connection, _again(changing), by))
    return MovedRequest(done)


def _say_no(changing: Changing, request: DutyRequest, person: str) -> MovedRequest:
    by = changing.by
    save_answer(changing.connection, request.id, Answer(person, False, by.actor, by.at))
    said = find_request(changing.connection, changing.roster.id, request.id) or request
    if request.kind is RequestKind.SWAP:
        declined = changing.close(said, RequestState.DECLINED)
        return MovedRequest(changing.done(declined, AuditKind.REQUEST_NO, Notice.DECLINED, person))
    nobody = all(each.is_yes is False for each in said.answers)
    notice = Notice.NOBODY if nobody else None
    return MovedRequest(changing.done(said, AuditKind.REQUEST_NO, notice, person))


def _approve(changing: Changing, request: DutyRequest, _: str) -> MovedRequest:
    if is_too_late(request, changing.by.at):
        return _expire(changing, request)
    now_there = as_now(request, changing.plan, changing.by.at)
    if now_there is None:
        return _end(changing, request)
    taker = request.taker or ""
    if why := _hindrance(changing, now_there, taker):
        return MovedRequest(request, why)
    return _agree(changing, now_there, taker, AuditKind.REQUEST_APPROVED)


def _refuse(changing: Changing, request: DutyRequest, _: str) -> MovedRequest:
    declined = changing.close(request, RequestState.DECLINED)
    return MovedRequest(changing.done(declined, AuditKind.REQUEST_REFUSED, Notice.REFUSED))


def _withdraw(changing: Changing, request: DutyRequest, _: str) -> MovedRequest:
    gone = changing.close(request, RequestState.WITHDRAWN)
    return MovedRequest(changing.done(gone, AuditKind.REQUEST_WITHDRAWN, Notice.WITHDRAWN))


def _undo(changing: Changing, request: DutyRequest, _: str) -> MovedRequest:
    ahead = [each for each in _entries(changing, request) if each.dated.to > changing.by.at]
    if not ahead:
        return MovedRequest(request, ref("duty_request_refused.over"))
    if _is_given_on(changing, ahead):
        return MovedRequest(request, ref("duty_request_refused.given_on"))
    ids = tuple(each.id for each in ahead)
    change = EntryChange(changing.by.actor, changing.by.at, withdraw=ids)
    change_entries(changing.connection, changing.roster.id, change)
    for entry in ahead:
        note_withdrawn(changing.connection, changing.plan, entry, changing.by)
    return MovedRequest(undone(changing, request))


def _end(changing: Changing, request: DutyRequest) -> MovedRequest:
    return MovedRequest(end_request(changing, request), ref("duty_request_refused.ended"))


def _expire(changing: Changing, request: DutyRequest) -> MovedRequest:
    expired = expire_request(changing, request)
    return MovedRequest(expired, ref("duty_request_refused.expired"))


def _hindrance(changing: Changing, request: DutyRequest, person: str) -> MessageRef | None:
    """Why one of the two cannot have the shift that would be theirs."""
    for taker, slot in takers(request, person):
        if why := hindrance(changing.plan, taker, slot):
            name = changing.plan.name_of(taker)
            return ref("duty_request_refused.hindered", name=name, why=why.ref)
    return None


def _is_given_on(changing: Changing, entries: Collection[RosterEntry]) -> bool:
    """Whether a later agreement gives on what these gave: without them half of it would be left."""
    connection, roster = changing.connection, changing.roster.id
    in_force, ids = entries_in_force(connection, roster), {each.id for each in entries}
    order = [each.id for each in in_force]
    later = [
        other.id
        for each in entries
        for other in in_force[order.index(each.id) + 1 :]
        if other.id not in ids and other.dated.to > changing.by.at
        if gives_on(other.dated, each.dated)
    ]
    return bool(later and requests_of_entries(connection, roster, later))


def _entries(changing: Changing, request: DutyRequest) -> tuple[RosterEntry, ...]:
    found = (find_entry(changing.connection, changing.roster.id, each) for each in request.entries)
    return tuple(each for each in found if each and each.withdrawal is None)


def _again(changing: Changing) -> RosterInUse:
    return roster_in_use(changing.connection, changing.roster.id) or changing.roster


DOES: Final[Mapping[RequestMove, Callable[[Changing, DutyRequest, str], MovedRequest]]] = {
    RequestMove.YES: _say_yes,
    RequestMove.NO: _say_no,
    RequestMove.APPROVE: _approve,
    RequestMove.REFUSE: _refuse,
    RequestMove.WITHDRAW: _withdraw,
    RequestMove.UNDO: _undo,
}
