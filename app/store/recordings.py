"""Spoken messages as rows: stored once, and attached to the call's ticket."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from app.store.tables import CallRow, RecordingRow
from app.store.tickets import Happened, add_event, ticket_of_call
from app.store.upsert import insert_once


@dataclass(frozen=True, slots=True)
class RecordingLine:
    """A spoken message in a list: not what was said."""

    sid: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class Recording:
    """A spoken message."""

    sid: str
    desk: str | None
    call_sid: str
    ticket: int | None
    media: bytes  # WAV
    fetched_at: datetime


def save_recording(
    connection: Connection, sid: str, call_sid: str, media: bytes, now: datetime
) -> bool:
    """Store a recording, once; False when it was stored before."""
    ticket = ticket_of_call(connection, call_sid)
    desk = connection.execute(select(CallRow.desk).where(CallRow.sid == call_sid)).scalar()
    row = {
        "sid": sid,
        "desk": desk,
        "call_sid": call_sid,
        "ticket": ticket,
        "media": media,
        "fetched_at": now,
    }
    is_new = insert_once(connection, RecordingRow, row)
    if is_new and ticket is not None:
        add_event(connection, ticket, Happened.RECORDING_STORED, now, recording=sid)
    return is_new


def mark_deleted_there(connection: Connection, sid: str, now: datetime) -> None:
    """Note that the provider keeps the recording no longer."""
    gone = update(RecordingRow).where(RecordingRow.sid == sid)
    connection.execute(gone.values(deleted_there_at=now))


def load_recording(connection: Connection, sid: str) -> Recording | None:
    """Return a recording, or None."""
    row = connection.execute(select(RecordingRow).where(RecordingRow.sid == sid)).first()
    if row is None:
        return None
    return Recording(row.sid, row.desk, row.call_sid, row.ticket, row.media, row.fetched_at)


def list_recordings(connection: Connection, ticket: int) -> tuple[RecordingLine, ...]:
    """List a ticket's recordings, the oldest first."""
    of_ticket = select(RecordingRow.sid, RecordingRow.fetched_at)
    rows = connection.execute(
        of_ticket.where(RecordingRow.ticket == ticket).order_by(RecordingRow.fetched_at)
    )
    return tuple(RecordingLine(row.sid, row.fetched_at) for row in rows)


def recordings_of_ticket(connection: Connection, ticket: int) -> tuple[str, ...]:
    """Return the sids of a ticket's recordings, the oldest first."""
    return tuple(line.sid for line in list_recordings(connection, ticket))
