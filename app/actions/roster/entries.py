"""Roster entries added, listed and withdrawn: once each, with what they change on duty.

The same action behind the command, the API and whatever comes. Callers hear it at their next turn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Connection

from app.actions.roster.entry_audit import note_added, note_withdrawn
from app.actions.roster.request_change import note_undone, with_its_request
from app.domain.access.actor import Actor
from app.domain.access.audit import Author
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.entry_part import read_entry
from app.domain.desks.desk import Desk
from app.domain.roster.entries import Consent, Dated, EntryKind, RosterEntry, identity_of
from app.domain.roster.entry_difference import consents_to, difference, is_within_notice
from app.domain.roster.entry_effect import EntryEffect, effect_of_adding, effect_of_withdrawing
from app.domain.roster.plan import Roster
from app.domain.toml_positions import TomlValue
from app.store import Database
from app.store.desks import LiveDesk, find_desk, list_desks
from app.store.roster_entries import (
    EntryChange,
    NewEntry,
    change_entries,
    entries_at,
    entries_in_force,
    every_entry,
    find_entry,
    lock_roster,
    roster_revision,
)


class EntryRefusal(StrEnum):
    """Why nothing was done."""

    UNKNOWN_DESK = "unknown_desk"
    NO_ROSTER = "no_roster"
    UNKNOWN_ENTRY = "unknown_entry"
    INVALID = "invalid"  # `diagnostics` say what of it
    CHANGED_MEANWHILE = "changed_meanwhile"  # since the revision that was looked at


@dataclass(frozen=True, slots=True)
class EntryRefused:
    """Nothing was done, and why."""

    refusal: EntryRefusal
    diagnostics: Diagnostics = ()


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """An entry that somebody wants, with the keys that it has in roster.toml.

    With `revision` only while the entries are those that the author has seen. `address` is where
    they sit, for the audit trail. `agreed` are those who were asked and have said yes to it.
    """

    desk: str
    kind: EntryKind
    values: dict[str, TomlValue]
    author: Actor
    is_trial: bool = False  # only tell what it would change
    revision: int | None = None
    address: str = ""
    agreed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EntryResult:
    """What was done. `entry` is None in a trial; `is_done` False where it had been done before."""

    desk: Desk
    plan: Roster  # as it was before
    entry: RosterEntry | None
    is_done: bool
    effect: EntryEffect
    revision: int


@dataclass(frozen=True, slots=True)
class EntryList:
    """Entries of a desk's roster, in the order in which they were added, and its revision."""

    desk: Desk
    plan: Roster
    entries: tuple[RosterEntry, ...]
    revision: int


class EntryScope(StrEnum):
    """Which entries are listed."""

    COMING = "coming"  # in force, and not over
    IN_FORCE = "in_force"
    ALL = "all"  # withdrawn ones too


def add_entry(
    database: Database, request: EntryRequest, now: datetime
) -> EntryResult | EntryRefused:
    """Add an entry, once: the same one again is the one that is there."""
    return database.write(partial(add_entry_in, request=request, now=now))


def withdraw_entry(
    database: Database, desk: str, entry: int, by: Actor, now: datetime, address: str = ""
) -> EntryResult | EntryRefused:
    """Take an entry back, once: it stays as it was withdrawn first."""
    author = Author(by, now, address)
    return database.write(partial(withdraw_entry_in, desk=desk, entry=entry, by=author))


def list_entries(
    database: Database, desk: str, scope: EntryScope, now: datetime, revision: int | None = None
) -> EntryList | EntryRefused:
    """List entries; of a revision, those that were in force then, as its stored turns knew them."""
    with database.read() as connection:
        found = _roster(connection, desk)
        if isinstance(found, EntryRefused):
            return found
        live, plan = found
        known = roster_revision(connection, plan.id) or 0
        if revision is not None:
            return EntryList(live.desk, plan, entries_at(connection, plan.id, revision), revision)
        is_all = scope is EntryScope.ALL
        read = every_entry if is_all else entries_in_force
        entries = read(connection, plan.id)
        if scope is EntryScope.COMING:
            entries = tuple(each for each in entries if each.dated.to > now)
        return EntryList(live.desk, plan, entries, known)


def add_entry_in(
    connection: Connection, request: EntryRequest, now: datetime
) -> EntryResult | EntryRefused:
    """Add it in a transaction in which more is done."""
    found = _locked(connection, request.desk)
    if isinstance(found, EntryRefused):
        return found
    live, plan, revision = found
    read = read_entry(request.kind, request.values, plan)
    if read.value is None:
        return EntryRefused(EntryRefusal.INVALID, read.diagnostics)
    desks = _desks_of(connection, plan.id)
    effect = effect_of_adding(plan, read.value, desks, now)
    there = _same(entries_in_force(connection, plan.id), identity_of(read.value))
    if there or request.is_trial:
        return EntryResult(live.desk, plan, there, False, effect, revision)
    if request.revision not in (None, revision):
        return EntryRefused(EntryRefusal.CHANGED_MEANWHILE)
    consents = _consents(live, plan, read.value, request.agreed, desks, now)
    new = NewEntry(read.value, request.author, consents=consents)
    change = EntryChange(request.author, now, add=(new,))
    revision = change_entries(connection, plan.id, change)
    added = entries_in_force(connection, plan.id)[-1]
    note_added(connection, plan, added, Author(request.author, now, request.address))
    return EntryResult(live.desk, plan, added, True, effect, revision)


def _consents(
    found: LiveDesk,
    plan: Roster,
    dated: Dated,
    agreed: frozenset[str],
    of: Sequence[Desk],
    now: datetime,
) -> tuple[Consent, ...]:
    """Who was asked, where it is short notice; what that costs is paid only then."""
    until = found.published_until
    if not is_within_notice(plan, dated, now, until):
        return ()
    return consents_to(difference(plan, dated, of, now, until), dated, agreed)


def withdraw_entry_in(
    connection: Connection, desk: str, entry: int, by: Author
) -> EntryResult | EntryRefused:
    """Take it back in a transaction in which more is done."""
    found = _locked(connection, desk)
    if isinstance(found, EntryRefused):
        return found
    live, plan, revision = found
    known = find_entry(connection, plan.id, entry)
    if known is None:
        return EntryRefused(EntryRefusal.UNKNOWN_ENTRY)
    if known.withdrawal:
        return EntryResult(live.desk, plan, known, False, EntryEffect(()), revision)
    together = with_its_request(connection, plan.id, known, by.at)
    effect = effect_of_withdrawing(plan, known.dated, _desks_of(connection, plan.id), by.at)
    change = EntryChange(by.actor, by.at, withdraw=tuple(each.id for each in together))
    revision = change_entries(connection, plan.id, change)
    withdrawn = find_entry(connection, plan.id, entry)
    for each in together:
        note_withdrawn(connection, plan, each, by)
    note_undone(connection, plan.id, entry, by)
    return EntryResult(live.desk, plan, withdrawn, True, effect, revision)


def _locked(connection: Connection, desk: str) -> tuple[LiveDesk, Roster, int] | EntryRefused:
    """The desk's roster as it is while nobody else changes it."""
    found = _roster(connection, desk)
    if isinstance(found, EntryRefused):
        return found
    revision = lock_roster(connection, found[1].id) or 0
    again = _roster(connection, desk)  # somebody may have changed it meanwhile
    return again if isinstance(again, EntryRefused) else (*again, revision)


def _roster(connection: Connection, desk: str) -> tuple[LiveDesk, Roster] | EntryRefused:
    live = find_desk(connection, desk)
    if live is None:
        return EntryRefused(EntryRefusal.UNKNOWN_DESK)
    if live.roster is None:
        return EntryRefused(EntryRefusal.NO_ROSTER)
    return live, live.roster


def _desks_of(connection: Connection, roster: str) -> list[Desk]:
    """Every desk whose duty the roster has."""
    return [live.desk for live in list_desks(connection) if live.desk.roster == roster]


def _same(entries: tuple[RosterEntry, ...], identity: object) -> RosterEntry | None:
    return next((each for each in entries if identity_of(each.dated) == identity), None)
