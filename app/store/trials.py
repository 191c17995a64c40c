"""Trials: a call and an SMS to one number that ask for a key, before a night needs it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.store.tables import DeliveryRow, TrialRow

# A trial's status never goes back: callbacks come in any order.
STEPS: Final = ("", "queued", "initiated", "ringing", "in-progress")
REPLY_COUNTS_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewTrial:
    """Whose number is tried, with which line of ours, in which language."""

    number: str
    desk: str
    line: str
    language: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as it stands. `status` is the call's, `delivery` the SMS', in the network's words."""

    id: int
    number: str
    desk: str
    line: str
    language: str
    status: str
    delivery: str
    key_at: datetime | None
    reply_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Tell whether the call has ended."""
        return self.status not in STEPS


def add_trial(connection: Connection, trial: NewTrial, now: datetime) -> int:
    """Note that a trial begins; return its id."""
    row = {
        "number": trial.number,
        "desk": trial.desk,
        "line": trial.line,
        "language": trial.language,
        "started_at": now,
        "status": "",
    }
    return connection.execute(insert(TrialRow).values(row).returning(TrialRow.id)).scalar_one()


def load_trial(connection: Connection, trial: int) -> Trial | None:
    """Return a trial, or None."""
    wanted = (
        select(*TrialRow.__table__.columns, DeliveryRow.status.label("delivery"))
        .outerjoin(DeliveryRow, DeliveryRow.sid == TrialRow.sms_sid)
        .where(TrialRow.id == trial)
    )
    found = connection.execute(wanted).first()
    return _trial(found) if found else None


def note_sms(connection: Connection, trial: int, sid: str) -> None:
    """Note the network's sid of the SMS, by which it tells how that fares."""
    _change(connection, trial, sms_sid=sid)


def note_status(connection: Connection, trial: int, status: str) -> None:
    """Note how the call fares; what is told late takes nothing back."""
    later = STEPS[STEPS.index(status) :] if status in STEPS else ()
    told = update(TrialRow).where(TrialRow.id == trial, TrialRow.status.in_(STEPS))
    if later:
        told = told.where(TrialRow.status.not_in(later))
    connection.execute(told.values(status=status))


def note_key(connection: Connection, trial: int, now: datetime) -> None:
    """Note that the key was pressed; the first time counts."""
    pressed = update(TrialRow).where(TrialRow.id == trial, TrialRow.key_at.is_(None))
    connection.execute(pressed.values(key_at=now))


def note_reply(connection: Connection, sender: str, now: datetime) -> Trial | None:
    """Note that a number has replied to the SMS of its newest trial, and return that; else None."""
    asked = (
        select(TrialRow.id)
        .where(
            TrialRow.number == sender,
            TrialRow.sms_sid.is_not(None),
            TrialRow.started_at >= now - REPLY_COUNTS_FOR,
        )
        .order_by(TrialRow.id.desc())
        .limit(1)
    )
    trial = connection.execute(asked).scalar()
    if trial is None:
        return None
    first = update(TrialRow).where(TrialRow.id == trial, TrialRow.reply_at.is_(None))
    connection.execute(first.values(reply_at=now))
    return load_trial(connection, trial)


def drop_trials(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete trials from before an instant, and how their SMS fared."""
    is_desks = TrialRow.desk.is_(None) if desk is None else TrialRow.desk == desk
    old = select(TrialRow.id, TrialRow.sms_sid).where(is_desks, TrialRow.started_at < before)
    rows = connection.execute(old).all()
    sids = [row.sms_sid for row in rows if row.sms_sid]
    connection.execute(delete(DeliveryRow).where(DeliveryRow.sid.in_(sids)))
    connection.execute(delete(TrialRow).where(TrialRow.id.in_([row.id for row in rows])))
    return len(rows)


def _change(connection: Connection, trial: int, **columns: Any) -> None:
    connection.execute(update(TrialRow).where(TrialRow.id == trial).values(columns))


def _trial(row: Row[*tuple[Any, ...]]) -> Trial:
    return Trial(
        id=row.id,
        number=row.number,
        desk=row.desk,
        line=row.line,
        language=row.language,
        status=row.status,
        delivery=row.delivery or "",
        key_at=row.key_at,
        reply_at=row.reply_at,
    )
