"""Lets what people have agreed follow its shifts when a roster's document is changed.

In the import's own transaction: at no moment does the telephone know a rotation with swaps in the
place of the one before.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from app.actions.roster.entry_audit import note_added, note_withdrawn
from app.actions.roster.request_change import Changing, end_request
from app.actions.roster.request_times import as_moved
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import file_import, system
from app.domain.access.audit import AuditKind, Author
from app.domain.roster.duty_request_moves import expires_at
from app.domain.roster.duty_requests import WAITING, DutyRequest, RequestState
from app.domain.roster.duty_slots import slot_now
from app.domain.roster.moved_shifts import MovedShifts, follow
from app.domain.roster.plan import Override, Roster
from app.domain.roster.request_notices import Notice
from app.store.desks import Edit
from app.store.duty_requests import list_requests, save_entries, save_expiry
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    entries_in_force,
    find_entry,
)
from app.store.roster_plans import load_document

# The rows keep the time that was agreed about; the shift may have moved since.
MOVED_AT_MOST: Final = timedelta(days=366)
AGREED: Final = frozenset({RequestState.AGREED})


def follow_shifts(connection: Connection, roster: str, before: Roster | None, edit: Edit) -> None:
    """Move the entries of agreed requests, and end the requests whose shift is gone."""
    document, found = load_document(connection, roster), roster_in_use(connection, roster)
    requests = list_requests(connection, roster, AGREED | WAITING, edit.at - MOVED_AT_MOST)
    if before is None or document is None or found is None or not requests:
        return
    author = Author(file_import(edit.author.name), edit.at)
    told = follow(before, document, entries_in_force(connection, roster), requests, edit.at)
    agreed = {each.id: each for each in requests if each.state is RequestState.AGREED}
    ended = [each.id for each in told.ended]
    _change(Changing(connection, found, author), told, tuple(agreed.values()))
    again = Changing(connection, roster_in_use(connection, roster) or found, author)
    for number in ended:
        end_request(again, agreed[number])
    for request in list_requests(connection, roster, WAITING):
        _look_at(again, request)


def live_plan(connection: Connection, roster: str) -> Roster | None:
    """The plan of a roster as it is live; None where no desk uses it."""
    found = roster_in_use(connection, roster)
    return found.plan if found else None


def _change(changing: Changing, told: MovedShifts, agreed: tuple[DutyRequest, ...]) -> None:
    """Put moved overrides where the old ones stood, and withdraw those that hold no more."""
    connection, roster, by = changing.connection, changing.roster.id, changing.by
    gone = [each for request in told.ended for each in request.entries]
    stored = {each: find_entry(connection, roster, each) for each, _ in told.moved}
    over = (find_entry(connection, roster, each) for each in gone)
    off = [each for each in over if each and not each.withdrawal and each.dated.to > by.at]
    off += [each for each in stored.values() if each]
    if not off:
        return
    new = tuple(
        NewEntry(override, was.author, was.place or was.id)
        for entry, override in told.moved
        if (was := stored[entry])
    )
    known = {each.id for each in entries_in_force(connection, roster)}
    ids = tuple(each.id for each in off)
    # Not the file withdraws them: what it still has of them is not to come back with it.
    change = EntryChange(system("duty_requests", by.actor.name), by.at, new, ids)
    change_entries(connection, roster, change)
    for entry in off:
        note_withdrawn(connection, changing.plan, entry, by)
    added = [each for each in entries_in_force(connection, roster) if each.id not in known]
    for entry in added:
        note_added(connection, changing.plan, entry, by)
    places = {override: entry for entry, override in told.moved}
    ids_now = {places[each.dated]: each.id for each in added if isinstance(each.dated, Override)}
    for request in agreed:
        if any(each in ids_now for each in request.entries):
            entries = tuple(ids_now.get(each, each) for each in request.entries)
            save_entries(connection, request.id, entries)
            [there] = as_moved(connection, roster, (replace(request, entries=entries),))
            changing.done(there, AuditKind.REQUEST_MOVED, Notice.MOVED)


def _look_at(changing: Changing, request: DutyRequest) -> None:
    """End a request that waits for an answer about a shift that is gone; or note its new time."""
    slots = [slot_now(changing.plan, each) for each in request.slots]
    there = tuple(each for each in slots if each)
    if len(there) < len(slots):
        end_request(changing, request)
        return
    late = expires_at(there, request.asked_at)
    if late != request.expires_at:
        save_expiry(changing.connection, request.id, late)
