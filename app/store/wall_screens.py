"""Addresses of wall screens as rows: whoever has one sees the overview, without numbers.

Only the secret's hash is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from app.store.codec import read_texts, write_texts
from app.store.prepared import Prepared
from app.store.tables import WallScreenRow
from app.store.tokens import hash_of

USE_NOTED_EVERY: Final = timedelta(hours=1)

KNOWN: Final = Prepared(
    select(WallScreenRow.__table__).where(WallScreenRow.secret_hash == bindparam("hash"))
)
USED: Final = (
    update(WallScreenRow)
    .where(
        WallScreenRow.id == bindparam("this"),
        or_(
            WallScreenRow.last_used_at.is_(None), WallScreenRow.last_used_at <= bindparam("before")
        ),
    )
    .values(last_used_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class WallScreen:
    """A screen on a wall: in which language it is, and what it shows. No desks means every desk."""

    id: int
    name: str
    desks: tuple[str, ...]
    language: str
    created_at: datetime
    last_used_at: datetime | None

    def is_use_to_note(self, now: datetime) -> bool:
        """Tell whether this use is to be noted: at most once an hour."""
        return self.last_used_at is None or now - self.last_used_at >= USE_NOTED_EVERY


@dataclass(frozen=True, slots=True)
class NewWallScreen:
    """A screen for which an address is made."""

    name: str
    desks: tuple[str, ...] = ()
    language: str = "nb"


def add_wall_screen(
    connection: Connection, screen: NewWallScreen, secret: str, now: datetime
) -> int:
    """Store a screen by the hash of its address's secret; return its id."""
    row = {
        "name": screen.name,
        "secret_hash": hash_of(secret),
        "desks": write_texts(screen.desks),
        "language": screen.language,
        "created_at": now,
    }
    added = insert(WallScreenRow).values(row).returning(WallScreenRow.id)
    return connection.execute(added).scalar_one()


def find_wall_screen(connection: Connection, secret: str) -> WallScreen | None:
    """Return the screen with this secret, or None."""
    row = KNOWN.first(connection, {"hash": hash_of(secret)})
    return _screen(row) if row else None


def list_wall_screens(connection: Connection) -> tuple[WallScreen, ...]:
    """List every screen, the oldest first."""
    rows = connection.execute(select(WallScreenRow).order_by(WallScreenRow.id))
    return tuple(_screen(row) for row in rows)


def remove_wall_screens(connection: Connection, name: str) -> tuple[int, ...]:
    """Take away every screen with this name; return their ids."""
    gone = delete(WallScreenRow).where(WallScreenRow.name == name).returning(WallScreenRow.id)
    return tuple(connection.execute(gone).scalars())


def note_wall_screen_use(connection: Connection, screen: WallScreen, now: datetime) -> None:
    """Note that a screen was looked at, unless somebody has within the last hour."""
    asked = {"this": screen.id, "now": now, "before": now - USE_NOTED_EVERY}
    connection.execute(USED, asked)


def _screen(row: Row[*tuple[Any, ...]]) -> WallScreen:
    return WallScreen(
        row.id, row.name, read_texts(row.desks), row.language, row.created_at, row.last_used_at
    )
