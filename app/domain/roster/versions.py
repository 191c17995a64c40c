"""The versions of a roster: each moment at which its document or its entries were changed.

A moment names a version: the document that was live then, with the entries in force then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from app.domain.access.actor import Actor
from app.domain.roster.entries import RosterEntry


@dataclass(frozen=True, slots=True)
class DocumentVersion:
    """One version of a roster's document: its count, who made it, when and why."""

    number: int
    author: Actor
    at: datetime
    remark: str


@dataclass(frozen=True, slots=True)
class RosterChange:
    """All that was changed at one moment. An import may change document and entries at once."""

    at: datetime
    document: DocumentVersion | None
    added: tuple[RosterEntry, ...] = ()
    withdrawn: tuple[RosterEntry, ...] = ()

    @property
    def author(self) -> Actor:
        """Who made it: of an import whoever imported, not whom its lines name."""
        if self.document:
            return self.document.author
        taken_back = (each.withdrawal.by for each in self.withdrawn if each.withdrawal)
        return next(chain((each.author for each in self.added), taken_back))


def roster_changes(
    documents: Iterable[DocumentVersion], entries: Iterable[RosterEntry]
) -> tuple[RosterChange, ...]:
    """Return what was changed at each moment, the newest first."""
    known = {each.at: each for each in documents}
    added: dict[datetime, list[RosterEntry]] = {}
    withdrawn: dict[datetime, list[RosterEntry]] = {}
    for entry in entries:
        added.setdefault(entry.made_at, []).append(entry)
        if entry.withdrawal:
            withdrawn.setdefault(entry.withdrawal.at, []).append(entry)
    moments = sorted({*known, *added, *withdrawn}, reverse=True)
    return tuple(
        RosterChange(at, known.get(at), tuple(added.get(at, ())), tuple(withdrawn.get(at, ())))
        for at in moments
    )
