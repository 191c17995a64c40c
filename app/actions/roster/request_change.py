"""A roster that is locked while one of its requests is changed, and what each change leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from app.actions.roster.request_audit import note_request
from app.actions.roster.request_notices import tell
from app.actions.roster.request_times import as_moved
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.access.audit import AuditKind, Author
from app.domain.message_refs import MessageError, ref
from app.domain.roster.duty_requests import WAITING, DutyRequest, RequestState
from app.domain.roster.duty_slots import slot_now
from app.domain.roster.entries import RosterEntry, is_over
from app.domain.roster.plan import Roster
from app.domain.roster.request_notices import Notice
from app.store.duty_requests import list_requests, requests_of_entries, save_state
from app.store.roster_entries import find_entry, lock_roster

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changing:
    """A roster that is locked while one of its requests is changed."""

    connection: Connection
    roster: RosterInUse
    by: Author

    @property
    def plan(self) -> Roster:
        """The plan that is live."""
        return self.roster.plan

    def done(
        self, request: DutyRequest, kind: AuditKind, notice: Notice | None, person: str = ""
    ) -> DutyRequest:
        """Note in the trail what was done, and tell those whom it concerns."""
        note_request(self.connection, self.plan, kind, self.by, request, person or None)
        if notice:
            tell(self.connection, self.roster, request, notice, self.by)
        return request

    def close(self, request: DutyRequest, state: RequestState) -> DutyRequest:
        """Store how far a request has come."""
        return save_state(self.connection, request, state, self.by.actor, self.by.at)


def locked(connection: Connection, roster: str, by: Author, work: Callable[[Changing], T]) -> T:
    """Do something with a roster that nobody else changes meanwhile."""
    lock_roster(connection, roster)
    found = roster_in_use(connection, roster)
    if found is None:
        raise MessageError(ref("duty_request_refused.no_roster", roster=roster))
    return work(Changing(connection, found, by))


def undone(changing: Changing, request: DutyRequest) -> DutyRequest:
    """Note that an agreed request holds no more: its entries have been withdrawn."""
    closed = changing.close(_as_moved(changing, request), RequestState.UNDONE)
    return changing.done(closed, AuditKind.REQUEST_UNDONE, Notice.UNDONE)


def with_its_request(
    connection: Connection, roster: str, entry: RosterEntry, at: datetime
) -> tuple[RosterEntry, ...]:
    """An entry, and of a swap the other one too: nobody is left with half of what was agreed."""
    found = requests_of_entries(connection, roster, (entry.id,))
    others = (each for request in found for each in request.entries if each != entry.id)
    theirs = (find_entry(connection, roster, each) for each in others)
    open_ones = (each for each in theirs if each and each.withdrawal is None)
    return (entry, *(each for each in open_ones if not is_over(each.dated, at)))


def note_undone(connection: Connection, roster: str, entry: int, by: Author) -> None:
    """Note that the agreed request of an entry that was withdrawn holds no more."""
    requests = requests_of_entries(connection, roster, (entry,))
    found = roster_in_use(connection, roster) if requests else None
    if found:
        for request in requests:
            undone(Changing(connection, found, by), request)


def end_lost_requests(changing: Changing) -> None:
    """End the requests that wait for an answer about a shift that is no more there, or theirs."""
    for request in list_requests(changing.connection, changing.roster.id, WAITING):
        if any(slot_now(changing.plan, each) is None for each in request.slots):
            end_request(changing, request)


def expire_request(changing: Changing, request: DutyRequest) -> DutyRequest:
    """End a request that it is too late to answer, or to approve, and tell of it."""
    unapproved = request.state is RequestState.AWAITS_APPROVAL
    closed = changing.close(request, RequestState.EXPIRED)
    notice = Notice.UNAPPROVED if unapproved else Notice.EXPIRED
    return changing.done(closed, AuditKind.REQUEST_EXPIRED, notice)


def end_request(changing: Changing, request: DutyRequest) -> DutyRequest:
    """End a request whose shift is gone, and tell both and the coordinators."""
    closed = changing.close(_as_moved(changing, request), RequestState.ENDED)
    return changing.done(closed, AuditKind.REQUEST_ENDED, Notice.ENDED)


def _as_moved(changing: Changing, request: DutyRequest) -> DutyRequest:
    """The request in the time that it has had last: so it is told, and kept."""
    [moved] = as_moved(changing.connection, changing.roster.id, (request,))
    return moved
