"""Spoken messages as rows: stored once, and attached to the call's ticket."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, select, update

from app.domain.privacy.anonymise import RetentionLevel
from app.domain.tickets.events import TicketEventKind
from app.store.outbox import NewJob
from app.store.pagination import of_desks
from app.store.tables import CallRow, JobKind, JobRow, RecordingRow
from app.store.tickets import add_event
from app.store.upsert import insert_once

OF_CALL: Final = (
    select(CallRow.desk, CallRow.ticket).where(CallRow.sid == bindparam("sid")).with_for_update()
)


@dataclass(frozen=True, slots=True)
class RecordingSummary:
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
    """Store a recording, once; False when it was stored before.

    The call is locked: a turn that opens its ticket in the same moment finds the recording.
    """
    call = connection.execute(OF_CALL, {"sid": call_sid}).first()
    ticket = call.ticket if call else None
    row = {
        "sid": sid,
        "desk": call.desk if call else None,
        "call_sid": call_sid,
        "ticket": ticket,
        "media": media,
        "fetched_at": now,
    }
    is_new = insert_once(connection, RecordingRow, row)
    if is_new and ticket is not None:
        add_event(connection, ticket, TicketEventKind.RECORDING_STORED, now, recording=sid)
    return is_new


def mark_deleted_at_provider(connection: Connection, sid: str, now: datetime) -> None:
    """Note that the provider keeps the recording no longer."""
    gone = update(RecordingRow).where(RecordingRow.sid == sid)
    connection.execute(gone.values(deleted_at_provider_at=now))


def is_stored(connection: Connection, sid: str) -> bool:
    """Tell whether a recording has been fetched, and is still kept."""
    here = select(RecordingRow.sid).where(RecordingRow.sid == sid)
    return connection.execute(here).first() is not None


def load_recording(
    connection: Connection, sid: str, desks: Collection[str] | None = None
) -> Recording | None:
    """Return a recording; None where there is none that the reader may hear."""
    wanted = of_desks(select(RecordingRow), RecordingRow.desk, desks)
    row = connection.execute(wanted.where(RecordingRow.sid == sid)).first()
    if row is None:
        return None
    return Recording(row.sid, row.desk, row.call_sid, row.ticket, row.media, row.fetched_at)


def fetch_key(sid: str) -> str:
    """Return what makes the job that fetches a recording the only one."""
    return f"recording:{sid}"


def delete_job(sid: str, desk: str | None, call_sid: str | None = None) -> NewJob:
    """Have a recording deleted at the provider, once."""
    facts: dict[str, object] = {"recording": sid}
    return NewJob(JobKind.RECORDING_DELETE, _delete_key(sid), facts, desk=desk, call_sid=call_sid)


def _delete_key(sid: str) -> str:
    return f"{fetch_key(sid)}:delete"


def is_to_be_deleted(connection: Connection, sid: str) -> bool:
    """Tell whether the provider was told, or is to be told, to delete it: stored, or forgotten."""
    key = select(JobRow.id).where(JobRow.dedup == _delete_key(sid))
    return connection.execute(key).first() is not None


def is_recording_known(connection: Connection, sid: str, call_sid: str) -> bool:
    """Tell whether a recording is or was ours: stored, on its way, judged, or forgotten."""
    if connection.execute(select(RecordingRow.sid).where(RecordingRow.sid == sid)).first():
        return True
    ours = (fetch_key(sid), _delete_key(sid))
    jobs = select(JobRow.id).where(JobRow.dedup.in_(ours))
    if connection.execute(jobs.limit(1)).first():
        return True
    call = connection.execute(
        select(CallRow.state, CallRow.retained).where(CallRow.sid == call_sid)
    )
    row = call.first()
    return row is not None and (row.retained is not RetentionLevel.EVERYTHING or sid in row.state)


def list_recordings(connection: Connection, ticket: int) -> tuple[RecordingSummary, ...]:
    """List a ticket's recordings, the oldest first."""
    of_ticket = select(RecordingRow.sid, RecordingRow.fetched_at)
    rows = connection.execute(
        of_ticket.where(RecordingRow.ticket == ticket).order_by(RecordingRow.fetched_at)
    )
    return tuple(RecordingSummary(row.sid, row.fetched_at) for row in rows)


def recordings_of_ticket(connection: Connection, ticket: int) -> tuple[str, ...]:
    """Return the sids of a ticket's recordings, the oldest first."""
    return tuple(line.sid for line in list_recordings(connection, ticket))
