"""What the staff changed by SMS, as rows: stored with the change, found by whom it was told."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from app.domain.messages.changes import ChangeKind, SmsChange
from app.store.codec import read_texts, write_texts
from app.store.tables import RosterEntryRow, SmsChangeRow

LOOK_BACK: Final = timedelta(days=1)  # so long a NEI is told that it comes too late
RECENT: Final = (
    select(SmsChangeRow)
    .where(SmsChangeRow.at > bindparam("since"))
    .order_by(SmsChangeRow.at.desc(), SmsChangeRow.id.desc())
)


def add_change(connection: Connection, change: SmsChange) -> None:
    """Store a change; its id is the row's."""
    row = {
        "sid": change.sid,
        "kind": change.kind,
        "desk": change.desk,
        "roster": change.roster,
        "person": change.person,
        "name": change.name,
        "entry": change.entry,
        "shift": change.shift,
        "ticket": change.ticket,
        "acknowledged_at": change.acknowledged_at,
        "told": write_texts(change.told),
        "at": change.at,
    }
    connection.execute(insert(SmsChangeRow), row)


def changes_told_to(connection: Connection, number: str, now: datetime) -> tuple[SmsChange, ...]:
    """List the changes of the last day that a number was told of, the newest first."""
    rows = connection.execute(RECENT, {"since": now - LOOK_BACK})
    found = (_read(row) for row in rows)
    return tuple(each for each in found if number in each.told)


def running_takeover(
    connection: Connection, roster: str, person: str, now: datetime
) -> tuple[SmsChange, datetime] | None:
    """Return how somebody took the duty last, as long as that goes on, and until when."""
    taken = (
        select(SmsChangeRow, RosterEntryRow.until.label("until"))
        .join(RosterEntryRow, RosterEntryRow.id == SmsChangeRow.entry)
        .where(
            SmsChangeRow.roster == roster,
            SmsChangeRow.person == person,
            SmsChangeRow.kind == ChangeKind.TOOK_DUTY,
            SmsChangeRow.undone_at.is_(None),
            RosterEntryRow.withdrawn_in.is_(None),
            RosterEntryRow.until > now,
        )
        .order_by(SmsChangeRow.id.desc())
        .limit(1)
    )
    row = connection.execute(taken).first()
    return (_read(row), row.until) if row else None


def note_undone(connection: Connection, change: int, by: str, now: datetime) -> bool:
    """Note who has undone a change; False where somebody had before."""
    this = update(SmsChangeRow).where(SmsChangeRow.id == change, SmsChangeRow.undone_at.is_(None))
    return connection.execute(this.values(undone_at=now, undone_by=by)).rowcount > 0


def purge_changes(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete what was changed by SMS before an instant."""
    old = delete(SmsChangeRow).where(SmsChangeRow.desk == desk, SmsChangeRow.at < before)
    return connection.execute(old).rowcount


def _read(stored: Row[*tuple[Any, ...]]) -> SmsChange:
    return SmsChange(
        id=stored.id,
        sid=stored.sid,
        kind=stored.kind,
        desk=stored.desk,
        roster=stored.roster,
        person=stored.person,
        name=stored.name,
        at=stored.at,
        entry=stored.entry,
        shift=stored.shift,
        ticket=stored.ticket,
        acknowledged_at=stored.acknowledged_at,
        told=read_texts(stored.told),
        undone_by=stored.undone_by or "",
    )
