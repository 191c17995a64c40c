"""Number verifications: a call and an SMS to one number, which ask for a key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, insert, select, update

from app.store.tables import DeliveryRow, NumberVerificationRow

# A trial's status never goes back: callbacks come in any order.
STEPS: Final = ("", "queued", "initiated", "ringing", "in-progress")
REPLY_COUNTS_FOR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewNumberVerification:
    """Whose number is tried, with which line of ours, in which language."""

    number: str
    desk: str
    line: str
    language: str


@dataclass(frozen=True, slots=True)
class NumberVerification:
    """A trial as it stands. `status` is the call's, `delivery` the SMS', in the network's words."""

    id: int
    number: str
    desk: str
    line: str
    language: str
    status: str
    delivery: str
    key_pressed_at: datetime | None
    replied_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Tell whether the call has ended."""
        return self.status not in STEPS


def add_number_verification(
    connection: Connection, verification: NewNumberVerification, now: datetime
) -> int:
    """Note that a trial begins; return its id."""
    row = {
        "number": verification.number,
        "desk": verification.desk,
        "line": verification.line,
        "language": verification.language,
        "started_at": now,
        "status": "",
    }
    return connection.execute(
        insert(NumberVerificationRow).values(row).returning(NumberVerificationRow.id)
    ).scalar_one()


def load_number_verification(
    connection: Connection, verification: int
) -> NumberVerification | None:
    """Return a trial, or None."""
    wanted = (
        select(*NumberVerificationRow.__table__.columns, DeliveryRow.status.label("delivery"))
        .outerjoin(DeliveryRow, DeliveryRow.sid == NumberVerificationRow.sms_sid)
        .where(NumberVerificationRow.id == verification)
    )
    found = connection.execute(wanted).first()
    return _number_verification(found) if found else None


def note_sms(connection: Connection, verification: int, sid: str) -> None:
    """Note the network's sid of the SMS, by which it tells how that fares."""
    _change(connection, verification, sms_sid=sid)


def note_status(connection: Connection, verification: int, status: str) -> None:
    """Note how the call fares; what is told late takes nothing back."""
    later = STEPS[STEPS.index(status) :] if status in STEPS else ()
    told = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification, NumberVerificationRow.status.in_(STEPS)
    )
    if later:
        told = told.where(NumberVerificationRow.status.not_in(later))
    connection.execute(told.values(status=status))


def note_key(connection: Connection, verification: int, now: datetime) -> None:
    """Note that the key was pressed; the first time counts."""
    pressed = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification, NumberVerificationRow.key_pressed_at.is_(None)
    )
    connection.execute(pressed.values(key_pressed_at=now))


def note_reply(connection: Connection, sender: str, now: datetime) -> NumberVerification | None:
    """Note that a number has replied to the SMS of its newest trial, and return that; else None."""
    asked = (
        select(NumberVerificationRow.id)
        .where(
            NumberVerificationRow.number == sender,
            NumberVerificationRow.sms_sid.is_not(None),
            NumberVerificationRow.started_at >= now - REPLY_COUNTS_FOR,
        )
        .order_by(NumberVerificationRow.id.desc())
        .limit(1)
    )
    verification = connection.execute(asked).scalar()
    if verification is None:
        return None
    first = update(NumberVerificationRow).where(
        NumberVerificationRow.id == verification, NumberVerificationRow.replied_at.is_(None)
    )
    connection.execute(first.values(replied_at=now))
    return load_number_verification(connection, verification)


def purge_number_verifications(connection: Connection, desk: str | None, before: datetime) -> int:
    """Delete trials from before an instant, and how their SMS fared."""
    is_desks = (
        NumberVerificationRow.desk.is_(None) if desk is None else NumberVerificationRow.desk == desk
    )
    old = select(NumberVerificationRow.id, NumberVerificationRow.sms_sid).where(
        is_desks, NumberVerificationRow.started_at < before
    )
    rows = connection.execute(old).all()
    sids = [row.sms_sid for row in rows if row.sms_sid]
    connection.execute(delete(DeliveryRow).where(DeliveryRow.sid.in_(sids)))
    connection.execute(
        delete(NumberVerificationRow).where(NumberVerificationRow.id.in_([row.id for row in rows]))
    )
    return len(rows)


def _change(connection: Connection, verification: int, **columns: Any) -> None:
    connection.execute(
        update(NumberVerificationRow)
        .where(NumberVerificationRow.id == verification)
        .values(columns)
    )


def _number_verification(row: Row[*tuple[Any, ...]]) -> NumberVerification:
    return NumberVerification(
        id=row.id,
        number=row.number,
        desk=row.desk,
        line=row.line,
        language=row.language,
        status=row.status,
        delivery=row.delivery or "",
        key_pressed_at=row.key_pressed_at,
        replied_at=row.replied_at,
    )
