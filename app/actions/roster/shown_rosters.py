"""Rosters as their pages show them: the plan, the desks that use it, and its entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.desks.desk import Desk
from app.domain.roster.entries import RosterEntry
from app.domain.roster.plan import Roster
from app.domain.roster.timeline_history import PlanPart, past_plans
from app.domain.time.intervals import Interval
from app.store import Database
from app.store.desks import LiveDesk, desks_of_roster, list_desks
from app.store.plan_history import roster_history
from app.store.roster_entries import (
    entries_at,
    entries_in_force,
    find_entry,
    roster_revision,
)


@dataclass(frozen=True, slots=True)
class RosterInUse:
    """A roster's live plan, and every desk whose duty it has, in order of their names.

    `published_until`: what begins later may still change; None where all of it is published.
    """

    plan: Roster
    desks: tuple[Desk, ...]
    published_until: datetime | None = None

    @property
    def id(self) -> str:
        """The roster's own id."""
        return self.plan.id


@dataclass(frozen=True, slots=True)
class ShownRoster:
    """A roster with its entries in force, as of one revision.

    `asked` is an entry that was asked for beside them, withdrawn or not.
    """

    roster: RosterInUse
    entries: tuple[RosterEntry, ...]
    revision: int
    asked: RosterEntry | None = None


@dataclass(frozen=True, slots=True)
class EntryChanges:
    """What was changed since somebody looked: by whom stands in each entry."""

    added: tuple[RosterEntry, ...]
    withdrawn: tuple[RosterEntry, ...]


def list_rosters(database: Database) -> tuple[RosterInUse, ...]:
    """List every roster that some desk uses, by the names of their desks."""
    with database.read() as connection:
        found = rosters_of(list_desks(connection))
    return tuple(sorted(found.values(), key=lambda each: each.desks[0].name.casefold()))


def show_roster(database: Database, roster: str, entry: int | None = None) -> ShownRoster | None:
    """Read a roster with its entries; None where no desk uses one of this id."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        if found is None:
            return None
        return ShownRoster(
            found,
            entries_in_force(connection, roster),
            roster_revision(connection, roster) or 0,
            find_entry(connection, roster, entry) if entry is not None else None,
        )


def load_past_plans(
    database: Database, roster: str, span: Interval, now: datetime
) -> tuple[PlanPart, ...]:
    """Load by which plans calls were routed in the past of a span."""
    if span.from_ >= now:
        return ()
    with database.read() as connection:
        history = roster_history(connection, roster, Interval(span.from_, now))
    return past_plans(history, span, now) if history else ()


def changes_since(database: Database, roster: str, revision: int) -> EntryChanges:
    """Tell what others have added and withdrawn since a revision."""
    with database.read() as connection:
        then = {each.id: each for each in entries_at(connection, roster, revision)}
        now = {each.id: each for each in entries_in_force(connection, roster)}
        gone = [find_entry(connection, roster, each) for each in then if each not in now]
    return EntryChanges(
        tuple(entry for number, entry in now.items() if number not in then),
        tuple(entry for entry in gone if entry),
    )


def roster_in_use(connection: Connection, roster: str) -> RosterInUse | None:
    """Read a roster and its desks; None where no desk uses one of this id."""
    return rosters_of(list_desks(connection, desks_of_roster(connection, roster))).get(roster)


def rosters_of(desks: Iterable[LiveDesk]) -> dict[str, RosterInUse]:
    """Return the rosters that these desks use, by their ids."""
    plans: dict[str, Roster] = {}
    theirs: dict[str, list[Desk]] = {}
    published: dict[str, datetime | None] = {}
    for live in desks:
        if live.roster:
            plans[live.roster.id] = live.roster
            theirs.setdefault(live.roster.id, []).append(live.desk)
            published[live.roster.id] = live.published_until
    return {
        each: RosterInUse(plan, _by_name(theirs[each]), published[each])
        for each, plan in plans.items()
    }


def _by_name(desks: Iterable[Desk]) -> tuple[Desk, ...]:
    return tuple(sorted(desks, key=lambda desk: desk.name.casefold()))
