"""The outbox: what shall leave the house, written in the turn and sent by the worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.tables.base import Base, Id, Json, Line, Word, WordOf


class JobKind(StrEnum):
    """What the worker has to do."""

    SMS = "sms"
    MAIL = "mail"
    TICKET_MAIL = "ticket_mail"  # to a desk's inbox, about one ticket
    DIGEST_MAIL = "digest_mail"  # to a desk's inbox, about all that is open
    WEBHOOK = "webhook"
    CALL = "call"
    CANCEL = "cancel"
    RECORDING_FETCH = "recording_fetch"
    RECORDING_DELETE = "recording_delete"


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
        Index("ix_outbox_desk_created_at", "desk", "created_at"),
        Index("ix_outbox_state_finished_at", "state", "finished_at"),
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
    error_code: Mapped[Word | None]
    error: Mapped[str | None] = mapped_column(Text)
    desk: Mapped[Word | None]
    call_sid: Mapped[Word | None] = mapped_column(index=True)
    leg: Mapped[int | None]
    ticket: Mapped[int | None] = mapped_column(index=True)
    person: Mapped[Line | None]  # on the staff; None when it goes to the caller
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """How a sent SMS fares, in the network's words; may be told before the job is finished.

    Both who sends and who is told begin by inserting the row, so neither misses the other.
    """

    __tablename__ = "deliveries"

    sid: Mapped[Word] = mapped_column(primary_key=True)
    status: Mapped[Word]  # empty: sent, nothing told yet
    error_code: Mapped[Word | None]
    told_at: Mapped[datetime]
