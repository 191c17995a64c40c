"""The plan that the telephone uses: a roster's document with the entries that are in force.

Made once per process for each document and each set of entries. The overrides and absences in
the stored text are those of the file as it was imported; what is in force stands in the rows.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, select

from app.domain.roster.entries import RosterEntry, with_dated
from app.domain.roster.on_duty import Roster
from app.store.documents import ROSTERS
from app.store.roster_entries import entries_at, entries_in_force, entries_sha
from app.store.tables import RosterRow, RosterVersionRow

PLANS_CACHED: Final = 256
ROSTER_TEXT: Final = select(RosterVersionRow.text).where(
    RosterVersionRow.id == bindparam("version")
)


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """Which plan: a version of a roster's document, and a revision of its entries."""

    roster: str
    version: int
    sha: str
    revision: int
    entries_sha: str


class PlanCache:
    """The plans used last, by the hashes of their document and of their entries."""

    def __init__(self) -> None:
        self._cached: OrderedDict[tuple[str, str, str], Roster] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, version: PlanVersion, make: Callable[[], tuple[Roster, str]]) -> Roster:
        """Return the plan; it is made, with the hash of its entries, where it has not been before.

        One whose entries were changed since the version was read holds for now only.
        """
        key = (version.roster, version.sha, version.entries_sha)
        with self._lock:
            if (found := self._cached.get(key)) is not None:
                self._cached.move_to_end(key)
                return found
        made, sha = make()
        if sha != version.entries_sha:
            return made
        with self._lock:
            self._cached[key] = made
            while len(self._cached) > PLANS_CACHED:
                self._cached.popitem(last=False)
        return made


PLANS: Final = PlanCache()


def plan_version(row: Row[*tuple[Any, ...]]) -> PlanVersion:
    """Read which plan is live from a row that names a roster."""
    return PlanVersion(
        row.roster, row.roster_version, row.roster_sha, row.roster_revision, row.entries_sha
    )


def plan_of(
    version: PlanVersion,
    text: Callable[[], str],
    entries: Callable[[], Iterable[RosterEntry]],
) -> Roster:
    """Return a plan; text and entries are asked for only where it has not been made before."""

    def make() -> tuple[Roster, str]:
        document, found = ROSTERS.get(version.roster, version.sha, text), tuple(entries())
        return with_dated(document, (each.dated for each in found)), entries_sha(found)

    return PLANS.get(version, make)


def load_plan(connection: Connection, version: PlanVersion) -> Roster:
    """Return the plan that is live."""
    return plan_of(
        version,
        partial(_text, connection, version.version),
        partial(entries_in_force, connection, version.roster),
    )


def load_document(connection: Connection, roster: str) -> Roster | None:
    """Return a roster's live document with the entries of its file, as it was imported."""
    live = connection.execute(
        select(RosterVersionRow.id, RosterVersionRow.sha)
        .join(RosterRow, RosterRow.version == RosterVersionRow.id)
        .where(RosterRow.id == roster)
    ).first()
    return load_document_version(connection, roster, live.id, live.sha) if live else None


def load_roster_text(connection: Connection, roster: str) -> str:
    """Return the exact text of a roster's live document."""
    live = (
        select(RosterVersionRow.text)
        .join(RosterRow, RosterRow.version == RosterVersionRow.id)
        .where(RosterRow.id == roster)
    )
    return connection.execute(live).scalar_one()


def load_plan_at(connection: Connection, version: int, revision: int) -> Roster | None:
    """Return the plan as a stored turn knew it, by the two that it names; None for an unknown."""
    found = connection.execute(
        select(RosterVersionRow.roster, RosterVersionRow.sha).where(RosterVersionRow.id == version)
    ).first()
    if found is None:
        return None
    document = load_document_version(connection, found.roster, version, found.sha)
    entries = entries_at(connection, found.roster, revision)
    return with_dated(document, (each.dated for each in entries))


def load_document_version(connection: Connection, roster: str, version: int, sha: str) -> Roster:
    """Return one version of a roster's document with the entries of its file."""
    return ROSTERS.get(roster, sha, partial(_text, connection, version))


def _text(connection: Connection, version: int) -> str:
    return str(connection.execute(ROSTER_TEXT, {"version": version}).scalar_one())
