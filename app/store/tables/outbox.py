"""The outbox: what shall leave the house, written in the turn and sent by the worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.tables.base import Base, Id, Json, Line, Word, WordOf


class JobKind(StrEnum):
    """What the worker has to do."""

    SMS = "sms"
    CALL = "call"
    CANCEL = "cancel"
    RECORDING_FETCH = "recording_fetch"
    RECORDING_DELETE = "recording_delete"
    MAIL = "mail"


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


class JobRow(Base):
    """One thing to send or fetch.

    `due_at` is when somebody may take it: its time while it waits, the end of the
    lease while it is being sent, nothing once it is over. `attempts` fences the
    finish: only the latest taker may tell how it went. All instants are real time.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL"),
            sqlite_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    kind: Mapped[JobKind] = mapped_column(WordOf(JobKind))
    dedup: Mapped[Line] = mapped_column(unique=True)
    payload: Mapped[Json]
    state: Mapped[JobState] = mapped_column(WordOf(JobState))
    urgency: Mapped[int]  # 0 first
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    provider_sid: Mapped[Word | None] = mapped_column(index=True)
    delivery: Mapped[Word | None]  # the network's word for an SMS: delivered, undelivered …
    error_code: Mapped[Word | None]
    error: Mapped[str | None] = mapped_column(Text)
    desk: Mapped[Word | None]
    call_sid: Mapped[Word | None] = mapped_column(index=True)
    leg: Mapped[int | None]
    ticket: Mapped[int | None] = mapped_column(index=True)
    person: Mapped[Line | None]  # on the staff; None when it goes to the caller
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
