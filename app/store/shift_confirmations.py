"""Shifts that people were asked to confirm, as rows."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from app.domain.access.audit import Author
from app.domain.overview.duty_now import Confirmed
from app.domain.roster.shift_confirmations import AskedShift
from app.domain.time.intervals import Interval
from app.store.tables import DeskRow, ShiftConfirmationRow

PURGED_AT_ONCE: Final = 200


def add_asked_shift(connection: Connection, one: AskedShift) -> int:
    """Note that somebody is asked; return the id, which is not the one that is handed in."""
    row = {
        "roster": one.roster,
        "desk": one.desk,
        "person": one.person,
        "role": one.role,
        "since": one.when.from_,
        "until": one.when.to,
        "asked_at": one.asked_at,
        "alarm_at": one.alarm_at,
    }
    added = insert(ShiftConfirmationRow).values(row).returning(ShiftConfirmationRow.id)
    return connection.execute(added).scalar_one()


def asked_shifts(
    connection: Connection, now: datetime, roster: str | None = None
) -> tuple[AskedShift, ...]:
    """Return what was asked about shifts that are not over: of one roster, or of all."""
    wanted = select(ShiftConfirmationRow).where(ShiftConfirmationRow.until > now)
    if roster is not None:
        wanted = wanted.where(ShiftConfirmationRow.roster == roster)
    return _read(connection, wanted)


def find_asked_shift(connection: Connection, one: int) -> AskedShift | None:
    """Return one of them, or None."""
    this = select(ShiftConfirmationRow).where(ShiftConfirmationRow.id == one)
    return next(iter(_read(connection, this)), None)


def confirmed_now(connection: Connection, now: datetime) -> dict[str, tuple[Confirmed, ...]]:
    """Return by roster who was asked about the shift that they have now, and what they said."""
    found: dict[str, list[Confirmed]] = {}
    for one in asked_shifts(connection, now):
        if one.when.from_ <= now and one.ended_at is None:
            said = Confirmed(one.person, one.confirmed_at is not None)
            found.setdefault(one.roster, []).append(said)
    return {roster: tuple(each) for roster, each in found.items()}


def late_shifts(connection: Connection, now: datetime) -> tuple[AskedShift, ...]:
    """Return those of which others are to know that nobody has confirmed them."""
    return tuple(one for one in asked_shifts(connection, now) if one.is_late(now))


def confirmed_of(connection: Connection, ids: Collection[int]) -> tuple[AskedShift, ...]:
    """Return which of these were confirmed."""
    these = ShiftConfirmationRow.id.in_(ids), ShiftConfirmationRow.confirmed_at.is_not(None)
    return _read(connection, select(ShiftConfirmationRow).where(*these))


def save_confirmed(connection: Connection, one: AskedShift, by: Author) -> None:
    """Note who has confirmed a shift; the first one counts."""
    this = _this([one.id]).where(ShiftConfirmationRow.confirmed_at.is_(None))
    connection.execute(this.values(confirmed_at=by.at, confirmed_by=by.actor))


def forget_confirmed(connection: Connection, one: AskedShift) -> None:
    """Note that a shift waits for its confirmation again."""
    connection.execute(_this([one.id]).values(confirmed_at=None, confirmed_by=None))


def note_told(connection: Connection, ones: Iterable[AskedShift], now: datetime) -> None:
    """Note that others were told that these are not confirmed."""
    connection.execute(_this([one.id for one in ones]).values(told_at=now))


def note_ended(connection: Connection, ones: Iterable[AskedShift], now: datetime) -> None:
    """Note that these shifts were moved, or are another's."""
    connection.execute(_this([one.id for one in ones]).values(ended_at=now))


def purge_asked_shifts(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete what was asked about shifts of the desk's roster that were over before an instant."""
    roster = select(DeskRow.roster).where(DeskRow.id == desk).scalar_subquery()
    old = select(ShiftConfirmationRow.id).where(
        ShiftConfirmationRow.roster == roster, ShiftConfirmationRow.until < before
    )
    ids = connection.execute(old.limit(PURGED_AT_ONCE)).scalars().all()
    connection.execute(delete(ShiftConfirmationRow).where(ShiftConfirmationRow.id.in_(ids)))
    return len(ids)


def _this(ids: Collection[int]) -> Any:
    return update(ShiftConfirmationRow).where(ShiftConfirmationRow.id.in_(ids))


def _read(connection: Connection, wanted: Select[Any]) -> tuple[AskedShift, ...]:
    rows = connection.execute(wanted.order_by(ShiftConfirmationRow.since, ShiftConfirmationRow.id))
    return tuple(_asked_shift(row) for row in rows)


def _asked_shift(row: Row[Any]) -> AskedShift:
    return AskedShift(
        row.id,
        row.roster,
        row.desk,
        row.person,
        row.role,
        Interval(row.since, row.until),
        row.asked_at,
        row.alarm_at,
        row.confirmed_at,
        row.told_at,
        row.ended_at,
    )
