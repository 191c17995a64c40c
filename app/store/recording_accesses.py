"""Who has listened to which recording, and when. Rows are added, never changed."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from app.store.recordings import Recording
from app.store.tables import RecordingAccessRow


class AccessChannel(StrEnum):
    """How somebody came to hear it."""

    COMMAND = "command"
    API = "api"
    TELEPHONE = "telephone"  # played to whoever was rung about the ticket
    LINK = "link"  # by a link in a mail to the desk's inbox, or at its webhook
    MAIL = "mail"  # sent with a mail to the desk's inbox
    PAGE = "page"  # by somebody at the desk, on the ticket's page
    PORTAL = "portal"  # by the customer, on the case's page, where the desk lets them
    EXPORT = "export"  # handed out to the person it is about


@dataclass(frozen=True, slots=True)
class RecordingAccess:
    """Somebody listened."""

    recording: str
    ticket: int | None
    who: str
    channel: AccessChannel
    at: datetime


def note_recording_access(
    connection: Connection, recording: Recording, who: str, channel: AccessChannel, now: datetime
) -> None:
    """Note that somebody listens to a recording."""
    connection.execute(
        insert(RecordingAccessRow),
        {
            "recording": recording.sid,
            "desk": recording.desk,
            "ticket": recording.ticket,
            "who": who,
            "channel": channel,
            "at": now,
        },
    )


def recording_accesses_of(connection: Connection, recording: str) -> tuple[RecordingAccess, ...]:
    """List who has listened to a recording, in order; also to one that is gone."""
    of_recording = select(RecordingAccessRow).where(RecordingAccessRow.recording == recording)
    rows = connection.execute(of_recording.order_by(RecordingAccessRow.id))
    return tuple(
        RecordingAccess(row.recording, row.ticket, row.who, AccessChannel(row.channel), row.at)
        for row in rows
    )
