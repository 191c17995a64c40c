"""Tickets as events with their state beside them; recordings and incoming SMS."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.desk import Priority
from app.store.tables.base import Base, Id, Json, Line, Word, WordOf


class TicketRow(Base):
    """A ticket as it stands now. The unique call makes one call one ticket.

    `calls` is how many calls have been about it; the later ones name it in their row.
    `next_round_at` is when the duty is rung about it again: real time, nothing once
    somebody has taken it; `rounds_made` is how often it has been.
    `number` is drawn from a counter and never reused (contract.md, Ticket numbers).
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_desk_number", "desk", "number"),
        Index("ix_tickets_desk_caller_number", "desk", "caller", "number"),
        Index(
            "ix_tickets_waiting",
            "is_urgent",
            "created_at",
            postgresql_where=text("acknowledged_at IS NULL"),
            sqlite_where=text("acknowledged_at IS NULL"),
        ),
        Index(
            "ix_tickets_next_round_at",
            "next_round_at",
            postgresql_where=text("next_round_at IS NOT NULL"),
            sqlite_where=text("next_round_at IS NOT NULL"),
        ),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    desk: Mapped[Word] = mapped_column(ForeignKey("desks.id"))
    call_sid: Mapped[Word | None] = mapped_column(ForeignKey("calls.sid"), unique=True)
    customer: Mapped[Word | None]
    agreement: Mapped[Word | None]
    caller: Mapped[Word]
    priority: Mapped[Priority] = mapped_column(WordOf(Priority))
    status: Mapped[Word]
    no_keys: Mapped[bool]
    # Critical, or of a level that may wake the duty: somebody must take it soon.
    is_urgent: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    solve_by: Mapped[datetime | None]
    acknowledged_by: Mapped[Line | None]  # the name
    acknowledged_person: Mapped[Line | None]  # the id
    acknowledged_at: Mapped[datetime | None]
    closed_by: Mapped[Line | None]
    closed_at: Mapped[datetime | None]
    desk_version: Mapped[int | None]
    offset_seconds: Mapped[float]
    calls: Mapped[int] = mapped_column(server_default="1")
    next_round_at: Mapped[datetime | None]
    rounds_made: Mapped[int] = mapped_column(server_default="0")


class TicketEventRow(Base):
    """Something that happened to a ticket. Rows are added, never changed."""

    __tablename__ = "ticket_events"

    id: Mapped[Id]
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    at: Mapped[datetime]
    kind: Mapped[Word]
    who: Mapped[Line]
    facts: Mapped[Json]


class MissedRow(Base):
    """Somebody was rung in a round about a ticket and did not answer, nor has since."""

    __tablename__ = "missed"

    roster: Mapped[Word] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    person: Mapped[Line] = mapped_column(primary_key=True)  # the id
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    since: Mapped[datetime]


class RecordingRow(Base):
    """A spoken message, fetched from the provider and kept here."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_desk_fetched_at", "desk", "fetched_at"),)

    sid: Mapped[Word] = mapped_column(primary_key=True)
    desk: Mapped[Word | None] = mapped_column(ForeignKey("desks.id"))
    call_sid: Mapped[Word] = mapped_column(ForeignKey("calls.sid"), index=True)
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    media: Mapped[bytes] = mapped_column(LargeBinary)
    fetched_at: Mapped[datetime]
    deleted_there_at: Mapped[datetime | None]


class IncomingSmsRow(Base):
    """An SMS that somebody sent to one of our lines: stored once per MessageSid."""

    __tablename__ = "incoming_sms"
    __table_args__ = (Index("ix_incoming_sms_desk_at", "desk", "at"),)

    sid: Mapped[Word] = mapped_column(primary_key=True)
    desk: Mapped[Word | None] = mapped_column(ForeignKey("desks.id"))
    line: Mapped[Word]
    sender: Mapped[Word]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class ListeningRow(Base):
    """Somebody has listened to a recording, or taken a copy of it. The recording may be gone."""

    __tablename__ = "listenings"
    __table_args__ = (Index("ix_listenings_desk_at", "desk", "at"),)

    id: Mapped[Id]
    recording: Mapped[Word]
    desk: Mapped[Word | None] = mapped_column(ForeignKey("desks.id"))
    ticket: Mapped[int | None]
    who: Mapped[Line]
    way: Mapped[Word]  # which one: the command line, or the API
    at: Mapped[datetime]
