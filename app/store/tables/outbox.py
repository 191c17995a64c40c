"""The outbox: messages, calls and fetches, written in the turn and sent by the worker."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.tables.base import Base, EnumString, Id, Json, Str64, Str250, index_where


class JobKind(StrEnum):
    """What the worker has to do."""

    SMS = "sms"
    MAIL = "mail"
    TICKET_MAIL = "ticket_mail"  # to a desk's inbox, about one ticket
    DIGEST_MAIL = "digest_mail"  # to a desk's inbox, about all that is open
    HANDOVER_MAIL = "handover_mail"  # to those concerned, about all that is open and urgent
    LOGIN_MAIL = "login_mail"  # to a user, with a link that logs in
    ACCOUNT_MAIL = "account_mail"  # to whoever has asked for an account of the portal
    CUSTOMER_MAIL = "customer_mail"  # to whom a ticket is answered, about what the desk has done
    WEBHOOK = "webhook"
    CALL = "call"
    CANCEL = "cancel"
    VERIFICATION = "verification"  # rings a number that its owner wants to try
    CUSTOMER_CALL = "customer_call"  # rings whoever wants to be connected with a customer
    CUSTOMER_CALL_STATUS = "customer_call_status"  # asks how one went, where we were not told
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
        index_where("ix_outbox_due", "due_at", condition="due_at IS NOT NULL"),
        index_where("ix_outbox_provider_sid", "provider_sid", condition="provider_sid IS NOT NULL"),
        Index("ix_outbox_desk_created_at", "desk", "created_at"),
        Index("ix_outbox_state_finished_at", "state", "finished_at"),
    )

    id: Mapped[Id]
    kind: Mapped[JobKind] = mapped_column(EnumString(JobKind))
    dedup: Mapped[Str250] = mapped_column(unique=True)
    payload: Mapped[Json]
    state: Mapped[JobState] = mapped_column(EnumString(JobState))
    urgency: Mapped[int]  # 0 first
    due_at: Mapped[datetime | None]
    attempts: Mapped[int]
    provider_sid: Mapped[Str64 | None]
    error_code: Mapped[Str64 | None]
    error: Mapped[str | None] = mapped_column(Text)
    desk: Mapped[Str64 | None]
    call_sid: Mapped[Str64 | None] = mapped_column(index=True)
    leg: Mapped[int | None]
    ticket: Mapped[int | None] = mapped_column(index=True)
    person: Mapped[Str250 | None]  # on the staff; None when it goes to the caller
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DeliveryRow(Base):
    """The delivery status of a sent SMS, in the network's words; may be reported before the job
    is finished.

    Sender and status callback both begin by inserting the row, so neither misses the other.
    """

    __tablename__ = "deliveries"

    sid: Mapped[Str64] = mapped_column(primary_key=True)
    status: Mapped[Str64]  # empty: sent, nothing reported yet
    error_code: Mapped[Str64 | None]
    reported_at: Mapped[datetime]
