"""Drafts of a period as rows: what they propose, and what has become of them.

Neither the telephone nor the plan reads them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.domain.access.actor import Actor
from app.domain.access.audit import Author
from app.domain.roles import rotation_role
from app.domain.roster.period_copy import DraftState, Proposal
from app.domain.time.intervals import Interval
from app.store.tables import DeskRow, RosterDraftEntryRow, RosterDraftRow

PURGED_AT_ONCE: Final = 200
LISTED: Final = 50


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to be stored: what it is called, from when it was copied and to when."""

    roster: str
    name: str
    source: Interval
    target: Interval


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One proposal of a draft; `entry` is the roster entry that it has become."""

    id: int
    proposal: Proposal
    entry: int | None


@dataclass(frozen=True, slots=True)
class RosterDraft:
    """A draft of a roster."""

    id: int
    roster: str
    name: str
    source: Interval
    target: Interval
    author: Actor
    made_at: datetime
    state: DraftState
    closed_by: Actor | None
    closed_at: datetime | None
    entries: tuple[DraftEntry, ...] = ()


def add_draft(
    connection: Connection, draft: NewDraft, proposed: Sequence[Proposal], by: Author
) -> int:
    """Store a draft; return its number."""
    row = {
        "roster": draft.roster,
        "name": draft.name,
        "source_since": draft.source.from_,
        "source_until": draft.source.to,
        "since": draft.target.from_,
        "until": draft.target.to,
        "author": by.actor,
        "made_at": by.at,
        "state": DraftState.OPEN,
    }
    added = insert(RosterDraftRow).values(row).returning(RosterDraftRow.id)
    number: int = connection.execute(added).scalar_one()
    rows = [
        {
            "draft": number,
            "person": each.person,
            "role": each.role,
            "since": each.when.from_,
            "until": each.when.to,
        }
        for each in proposed
    ]
    if rows:
        connection.execute(insert(RosterDraftEntryRow), rows)
    return number


def list_drafts(connection: Connection, roster: str) -> tuple[RosterDraft, ...]:
    """List a roster's newest drafts, without what they propose."""
    theirs = select(RosterDraftRow).where(RosterDraftRow.roster == roster)
    rows = connection.execute(theirs.order_by(RosterDraftRow.id.desc()).limit(LISTED))
    return tuple(_draft(row, ()) for row in rows)


def find_draft(connection: Connection, roster: str, number: int) -> RosterDraft | None:
    """Return a draft of a roster with what it proposes."""
    this = select(RosterDraftRow).where(
        RosterDraftRow.id == number, RosterDraftRow.roster == roster
    )
    row = connection.execute(this).first()
    if row is None:
        return None
    of_draft = select(RosterDraftEntryRow).where(RosterDraftEntryRow.draft == number)
    order = (RosterDraftEntryRow.since, RosterDraftEntryRow.role, RosterDraftEntryRow.id)
    return _draft(row, connection.execute(of_draft.order_by(*order)).all())


def remove_draft_entry(connection: Connection, draft: int, entry: int) -> None:
    """Propose one thing less."""
    connection.execute(
        delete(RosterDraftEntryRow).where(
            RosterDraftEntryRow.id == entry, RosterDraftEntryRow.draft == draft
        )
    )


def close_draft(connection: Connection, draft: int, state: DraftState, by: Author) -> None:
    """Note what has become of a draft."""
    this = update(RosterDraftRow).where(RosterDraftRow.id == draft)
    connection.execute(this.values(state=state, closed_by=by.actor, closed_at=by.at))


def note_draft_entry(connection: Connection, entry: int, became: int) -> None:
    """Note which roster entry a proposal has become."""
    this = update(RosterDraftEntryRow).where(RosterDraftEntryRow.id == entry)
    connection.execute(this.values(entry=became))


def purge_drafts(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete drafts of the desk's roster whose time was over before an instant."""
    roster = select(DeskRow.roster).where(DeskRow.id == desk).scalar_subquery()
    old = select(RosterDraftRow.id).where(
        RosterDraftRow.roster == roster, RosterDraftRow.until < before
    )
    ids = connection.execute(old.limit(PURGED_AT_ONCE)).scalars().all()
    if ids:
        of_these = RosterDraftEntryRow.draft.in_(ids)
        connection.execute(delete(RosterDraftEntryRow).where(of_these))
        connection.execute(delete(RosterDraftRow).where(RosterDraftRow.id.in_(ids)))
    return len(ids)


def _draft(row: Row[*tuple[Any, ...]], entries: Sequence[Row[*tuple[Any, ...]]]) -> RosterDraft:
    return RosterDraft(
        row.id,
        row.roster,
        row.name,
        Interval(row.source_since, row.source_until),
        Interval(row.since, row.until),
        row.author,
        row.made_at,
        row.state,
        row.closed_by,
        row.closed_at,
        tuple(
            DraftEntry(
                each.id,
                Proposal(each.person, rotation_role(each.role), Interval(each.since, each.until)),
                each.entry,
            )
            for each in entries
        ),
    )
