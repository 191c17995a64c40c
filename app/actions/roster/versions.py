"""The versions of a roster: listed, and any two compared, with what that means on duty."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.actions.roster.roster_of_desk import roster_of_desk
from app.actions.roster.shown_rosters import RosterInUse, roster_in_use
from app.domain.config.line_diff import DiffHunk, line_diff
from app.domain.message_refs import MessageError, ref
from app.domain.roster.entries import RosterEntry, with_dated
from app.domain.roster.plan import Roster
from app.domain.roster.plan_difference import (
    PlanDifference,
    plan_difference,
    span_looked_at,
    with_people_of,
)
from app.domain.roster.versions import RosterChange
from app.domain.texts.operator_input import read_when
from app.store import Database
from app.store.roster_versions import (
    RosterState,
    VersionFilter,
    first_moment,
    list_roster_changes,
    roster_state,
)


@dataclass(frozen=True, slots=True)
class ListedVersions:
    """A roster, and what was changed in it, the newest first."""

    roster: RosterInUse
    changes: tuple[RosterChange, ...]


@dataclass(frozen=True, slots=True)
class ComparedVersions:
    """Two versions of a roster beside one another, and what the difference means from now on.

    `names` knows the people of both.
    """

    roster: RosterInUse
    before: RosterState
    after: RosterState
    lines: tuple[DiffHunk, ...]
    added: tuple[RosterEntry, ...]
    withdrawn: tuple[RosterEntry, ...]
    plan: PlanDifference
    names: Roster


def list_versions(database: Database, roster: str, asked: VersionFilter) -> ListedVersions | None:
    """List what was changed in a roster; None where no desk uses one of this id."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return (
            ListedVersions(found, list_roster_changes(connection, roster, asked)) if found else None
        )


def compare_versions(
    database: Database, roster: str, between: tuple[datetime, datetime], now: datetime
) -> ComparedVersions | None:
    """Compare a roster as it stood at two moments, the earlier one first; None where it was not."""
    with database.read() as connection:
        found = roster_in_use(connection, roster)
        return _compare(connection, found, between, now) if found else None


def list_versions_of_desk(
    database: Database, desk: str, before: str | None, limit: int
) -> tuple[Roster, tuple[RosterChange, ...]]:
    """List what was changed in a desk's roster before a written moment; MessageError: why not."""
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        below = read_when(before, roster.time_zone) if before else None
        return roster, list_roster_changes(connection, roster.id, VersionFilter(below, limit))


def compare_versions_of_desk(
    database: Database, desk: str, from_: str | None, to: str | None, now: datetime
) -> ComparedVersions:
    """Compare a desk's roster as it stood at two written moments; MessageError says why not.

    Without them, its first version and how it is now.
    """
    with database.read() as connection:
        roster = roster_of_desk(connection, desk)
        found = roster_in_use(connection, roster.id)
        zone = roster.time_zone
        before = read_when(from_, zone) if from_ else first_moment(connection, roster.id)
        after = read_when(to, zone) if to else now
        compared = _compare(connection, found, (before, after), now) if found else None
    if compared is None:
        raise MessageError(ref("roster_versions.not_yet"))
    return compared


def _compare(
    connection: Connection, of: RosterInUse, between: tuple[datetime, datetime], now: datetime
) -> ComparedVersions | None:
    before, after = (roster_state(connection, of.id, at) for at in sorted(between))
    if before is None or after is None:
        return None
    was, is_now = ({each.id for each in state.entries} for state in (before, after))
    added = tuple(each for each in after.entries if each.id not in was)
    withdrawn = tuple(each for each in before.entries if each.id not in is_now)
    plans = [plan_of_state(state) for state in (before, after)]
    span = span_looked_at((each.dated for each in (*added, *withdrawn)), now)
    return ComparedVersions(
        of,
        before,
        after,
        line_diff(before.text, after.text),
        added,
        withdrawn,
        plan_difference(plans[0], plans[1], of.desks, span, now),
        with_people_of(of.plan, with_people_of(plans[0], plans[1])),
    )


def plan_of_state(state: RosterState) -> Roster:
    """Return the plan by which calls were routed then."""
    return with_dated(state.roster, (each.dated for each in state.entries))
