"""What the import of a file does to agreed requests: none is left with half of its entries."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app.actions.roster.entry_audit import note_withdrawn
from app.actions.roster.request_change import note_undone, with_its_request
from app.actions.roster.shown_rosters import roster_in_use
from app.domain.access.actor import system
from app.domain.access.audit import Author
from app.domain.roster.entries import RosterEntry, identity_of, is_over
from app.store.duty_requests import requests_of_entries, save_entries
from app.store.roster_entries import EntryChange, change_entries, entries_in_force


def keep_requests_whole(
    connection: Connection, roster: str, withdrawn: Iterable[RosterEntry], by: Author
) -> None:
    """Undo what was agreed about entries that a file has withdrawn, unless it made them anew.

    What is over stays: an old entry that is tidied out of a file undoes nothing.
    """
    now = {identity_of(each.dated): each.id for each in entries_in_force(connection, roster)}
    for entry in withdrawn:
        again = now.get(identity_of(entry.dated))
        if again is not None:
            _go_on(connection, roster, entry.id, again)
        elif not is_over(entry.dated, by.at):
            _undo(connection, roster, entry, by)


def _go_on(connection: Connection, roster: str, entry: int, again: int) -> None:
    for request in requests_of_entries(connection, roster, (entry,)):
        ids = tuple(again if each == entry else each for each in request.entries)
        save_entries(connection, request.id, ids)


def _undo(connection: Connection, roster: str, entry: RosterEntry, by: Author) -> None:
    _, *others = with_its_request(connection, roster, entry, by.at)
    found = roster_in_use(connection, roster)
    if others and found:
        # Not the file withdraws these: what it still has of them is not to come back with it.
        product = system("duty_requests", by.actor.name)
        change = EntryChange(product, by.at, withdraw=tuple(each.id for each in others))
        change_entries(connection, roster, change)
        for each in others:
            note_withdrawn(connection, found.plan, each, by)
    note_undone(connection, roster, entry.id, by)
