"""Who was rung in a call or a call-out, as lists of either tell it: read, never written here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from app.domain.hunts.hunt import LegOutcome
from app.domain.roles import Role
from app.store.tables import LegRow

LEG_COLUMNS: Final = (
    LegRow.call_sid,
    LegRow.leg,
    LegRow.person,
    LegRow.name,
    LegRow.number,
    LegRow.role,
    LegRow.outcome,
    LegRow.placed_at,
)


@dataclass(frozen=True, slots=True)
class StoredLeg:
    """One attempt to reach somebody."""

    leg: int
    placed_at: datetime
    person: str
    name: str
    number: str
    role: Role
    outcome: LegOutcome


def read_leg(row: Row[*tuple[Any, ...]]) -> StoredLeg:
    """Make a leg of a row of LEG_COLUMNS."""
    return StoredLeg(
        row.leg, row.placed_at, row.person, row.name, row.number, row.role, row.outcome
    )
