"""Listening to a recording: it is given out and noted in one transaction, or not given out."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from app.store import Database
from app.store.recording_accesses import AccessChannel, note_recording_access
from app.store.recordings import Recording, load_recording


def listen(
    database: Database,
    sid: str,
    who: str,
    channel: AccessChannel,
    now: datetime,
    desks: Collection[str] | None = None,
) -> Recording | None:
    """Return a recording, having noted who listens; None where the reader may hear none such.

    `desks` is whose recordings the reader may hear; None means all.
    """
    return database.write(partial(_listen, sid=sid, who=who, channel=channel, now=now, desks=desks))


def _listen(
    connection: Connection,
    sid: str,
    who: str,
    channel: AccessChannel,
    now: datetime,
    desks: Collection[str] | None,
) -> Recording | None:
    recording = load_recording(connection, sid, desks)
    if recording is None:
        return None
    note_recording_access(connection, recording, who, channel, now)
    return recording
