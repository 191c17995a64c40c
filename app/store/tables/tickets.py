"""Tickets as events with their state beside them; recordings and incoming SMS."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.desks.desk import Priority
from app.domain.messages.cases import CaseStep
from app.domain.messages.changes import ChangeKind
from app.domain.numbers import NumberKind
from app.domain.tickets.comments import Side, Visibility
from app.domain.tickets.links import LinkKind
from app.domain.tickets.targets import TargetKind
from app.domain.tickets.ticket import Source, WakesDuty
from app.domain.tickets.writing import Writing
from app.domain.workflow.status import Status
from app.store.tables.base import ActorJson, Base, EnumString, Id, Json, Str64, Str250, index_where


class TicketRow(Base):
    """A ticket as it stands now. The unique call makes one call one ticket.

    `opening_key` makes one request to open a ticket one ticket: who asks, and their key;
    `opening_hash` tells whether a second request with the key asks for the same.
    `calls` is how many calls have been about it; the later ones name it in their row.
    `next_call_out_at` is when the duty is rung about it again: real time, nothing once
    somebody has taken it; `call_outs_made` is how often it has been.
    `number` is drawn from a counter and never reused.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_desk_number", "desk", "number"),
        Index("ix_tickets_desk_customer_number", "desk", "customer", "number"),
        # A caller may have hundreds of old ones: what is asked of them at every call stands in it.
        Index("ix_tickets_desk_caller", "desk", "caller", "is_urgent", "created_at"),
        index_where(
            "ix_tickets_portal_desk_created_at",
            "desk",
            "created_at",
            condition="source='portal'",
        ),
        index_where(
            "ix_tickets_unacknowledged",
            "is_urgent",
            "created_at",
            condition="acknowledged_at IS NULL",
        ),
        index_where(
            "ix_tickets_next_call_out_at",
            "next_call_out_at",
            condition="next_call_out_at IS NOT NULL",
        ),
        index_where(
            "ix_tickets_target_review_at",
            "target_review_at",
            condition="target_review_at IS NOT NULL",
        ),
        index_where(
            "ix_tickets_desk_target_version",
            "desk",
            "target_version",
            condition="closed_at IS NULL",
        ),
        # All that the queue asks of tickets stands in these two, so that no row is read in vain;
        # `closed_at` too, without which SQLite would look it up.
        index_where(
            "ix_tickets_open",
            "desk",
            "next_due_at",
            "number",
            "status",
            "priority",
            "group_id",
            "assignee_id",
            "assignee_name",
            "customer",
            "closed_at",
            condition="closed_at IS NULL",
        ),
        index_where(
            "ix_tickets_closed",
            "desk",
            "number",
            "priority",
            "group_id",
            "customer",
            "closed_at",
            condition="closed_at IS NOT NULL",
        ),
    )

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    source: Mapped[Source] = mapped_column(EnumString(Source))
    call_sid: Mapped[Str64 | None] = mapped_column(ForeignKey("calls.sid"), unique=True)
    opening_key: Mapped[Str250 | None] = mapped_column(unique=True)
    opening_hash: Mapped[Str64 | None]
    subject: Mapped[Str250]
    customer: Mapped[Str64 | None]
    agreement: Mapped[Str64 | None]
    caller: Mapped[Str64]
    caller_kind: Mapped[NumberKind] = mapped_column(EnumString(NumberKind))
    contact_name: Mapped[Str250]
    contact_email: Mapped[Str250]
    line: Mapped[Str64]
    language: Mapped[Str64]
    priority: Mapped[Priority] = mapped_column(EnumString(Priority))
    priority_set_at: Mapped[datetime | None]
    status: Mapped[Status] = mapped_column(EnumString(Status))
    wakes_duty: Mapped[WakesDuty] = mapped_column(EnumString(WakesDuty))
    no_keys: Mapped[bool]
    # Critical, or of a level that may wake the duty: somebody must take it soon.
    is_urgent: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    solve_by: Mapped[datetime | None]
    pauses: Mapped[Json | None]  # in which its clocks stood
    paused_since: Mapped[datetime | None]
    responded_at: Mapped[datetime | None]
    workaround_at: Mapped[datetime | None]
    workaround_stops: Mapped[bool] = mapped_column(server_default=false())  # the solution's clock
    agreed_solve_by: Mapped[datetime | None]
    escalation_held_at: Mapped[datetime | None]
    escalation_held_until: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]  # domain/tickets/next_deadline.py; None: by no time
    acknowledged_by: Mapped[Str250 | None]  # the name
    acknowledged_person: Mapped[Str250 | None]  # the id
    acknowledged_at: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    passed_on_by: Mapped[Json | None]  # a list of ids
    rings_again: Mapped[Json | None]  # who asked to be rung again, and when
    closed_by: Mapped[Str250 | None]
    closed_at: Mapped[datetime | None]
    state: Mapped[Str64]  # of the desk's workflow; empty: its first
    state_since: Mapped[datetime | None]
    moved_by: Mapped[Str250]  # who moved it there: the id, or the name
    assignee_name: Mapped[Str250 | None]
    assignee_id: Mapped[Str64 | None]
    group_id: Mapped[Str64]
    version: Mapped[int] = mapped_column(server_default="1")  # grows with every change
    changed_by: Mapped[Str250]
    changed_at: Mapped[datetime | None]
    undoable: Mapped[Json | None]  # the ticket before the last change, who made that, until when
    desk_version: Mapped[int | None]
    offset_seconds: Mapped[float]
    calls: Mapped[int] = mapped_column(server_default="1")
    # When its targets are looked at next, in real time: what changes a ticket lets it be at once.
    target_review_at: Mapped[datetime | None]
    target_version: Mapped[int] = mapped_column(server_default="0")  # that deadlines follow
    next_call_out_at: Mapped[datetime | None]
    call_outs_made: Mapped[int] = mapped_column(server_default="0")


class TicketEventRow(Base):
    """Something that happened to a ticket. Rows are added, never changed."""

    __tablename__ = "ticket_events"

    id: Mapped[Id]
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    at: Mapped[datetime]
    kind: Mapped[Str64]
    who: Mapped[Str250]
    facts: Mapped[Json]


class CommentRow(Base):
    """What somebody wrote on a ticket. `key` makes one form, or request, one comment."""

    __tablename__ = "comments"

    id: Mapped[Id]
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    at: Mapped[datetime]
    side: Mapped[Side] = mapped_column(EnumString(Side))
    visibility: Mapped[Visibility] = mapped_column(EnumString(Visibility))
    body: Mapped[str] = mapped_column(Text)
    author: Mapped[Str250]  # the name
    author_id: Mapped[Str64]
    via: Mapped[Str250]
    key: Mapped[Str250 | None] = mapped_column(unique=True)
    withdrawn_at: Mapped[datetime | None]  # undone before anybody was told of it


class TargetNoticeRow(Base):
    """Somebody was told of a target of a ticket, at a priority: each level once; 0 is a warning."""

    __tablename__ = "target_notices"

    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    target: Mapped[TargetKind] = mapped_column(EnumString(TargetKind), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    priority: Mapped[Priority] = mapped_column(EnumString(Priority), primary_key=True)
    at: Mapped[datetime]


class TicketWordRow(Base):
    """A word that stands in a ticket's subject or in a comment on it: by its beginning it is found.

    In the order of its signs on every server, so that words with one beginning stand together.
    """

    __tablename__ = "ticket_words"
    __table_args__ = (Index("ix_ticket_words_word_ticket", "word", "ticket"),)

    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )


class SavedFilterRow(Base):
    """What a user looks for in the queue again and again, under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[Str64]
    query: Mapped[str] = mapped_column(Text)


class CustomerCallRow(Base):
    """One call from a ticket's page: to whoever works on it, and then to its customer.

    `status` is the first one's, `customer_status` the second one's, in the network's words; `step`
    and `misses` say how far the question for the key has come. `recorded_at`: when how it went
    became an event of the ticket. `key` makes a form one call.
    """

    __tablename__ = "customer_calls"
    __table_args__ = (
        Index("ix_customer_calls_ticket_started_at", "ticket", "started_at"),
        Index("ix_customer_calls_number_started_at", "number", "started_at"),
    )

    id: Mapped[Id]
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"))
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    line: Mapped[Str64]
    number: Mapped[Str64]
    language: Mapped[Str64]
    customer_number: Mapped[Str64]
    author: Mapped[Actor] = mapped_column(ActorJson)
    key: Mapped[Str250] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    status: Mapped[Str64]
    step: Mapped[Str64]
    misses: Mapped[int]
    call_sid: Mapped[Str64 | None]
    customer_status: Mapped[Str64]
    connected_at: Mapped[datetime | None]
    talk_seconds: Mapped[int | None]
    recorded_at: Mapped[datetime | None]


class TicketWriterRow(Base):
    """That a user writes on a ticket just now: for less than a minute after the last report."""

    __tablename__ = "ticket_writers"

    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    what: Mapped[Writing] = mapped_column(EnumString(Writing))
    since: Mapped[datetime]
    reported_at: Mapped[datetime]


class TicketLinkRow(Base):
    """That a ticket is something of another one: its child, its duplicate …"""

    __tablename__ = "ticket_links"

    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(EnumString(LinkKind), primary_key=True)
    other: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True, index=True)


class MissedCallOutRow(Base):
    """Somebody was rung in a call-out about a ticket and did not answer, nor has since."""

    __tablename__ = "missed_call_outs"

    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    person: Mapped[Str250] = mapped_column(primary_key=True)  # the id
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    since: Mapped[datetime]


class RecordingRow(Base):
    """A spoken message, fetched from the provider and kept here."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_desk_fetched_at", "desk", "fetched_at"),)

    sid: Mapped[Str64] = mapped_column(primary_key=True)
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    call_sid: Mapped[Str64] = mapped_column(ForeignKey("calls.sid"), index=True)
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"))
    media: Mapped[bytes] = mapped_column(LargeBinary)
    fetched_at: Mapped[datetime]
    deleted_at_provider_at: Mapped[datetime | None]


class IncomingSmsRow(Base):
    """An SMS that somebody sent to one of our lines: stored once per MessageSid."""

    __tablename__ = "incoming_sms"
    __table_args__ = (Index("ix_incoming_sms_desk_at", "desk", "at"),)

    sid: Mapped[Str64] = mapped_column(primary_key=True)
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    line: Mapped[Str64]
    sender: Mapped[Str64]
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    reply: Mapped[Json | None]  # what was answered, where it asked for something: once only
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"), index=True)


class SmsCaseRow(Base):
    """The ticket of which a number wrote last to a desk, and what it was asked then."""

    __tablename__ = "sms_cases"

    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    sender: Mapped[Str64] = mapped_column(primary_key=True)
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    step: Mapped[CaseStep] = mapped_column(EnumString(CaseStep))
    asked_at: Mapped[datetime]


class SmsChangeRow(Base):
    """What somebody of the staff changed by SMS, whom it was told to, and whether it was undone.

    `acknowledged_at` is since when they had had a ticket that they gave back.
    """

    __tablename__ = "sms_changes"
    __table_args__ = (Index("ix_sms_changes_desk_at", "desk", "at"),)

    id: Mapped[Id]
    sid: Mapped[Str64] = mapped_column(unique=True)
    kind: Mapped[ChangeKind] = mapped_column(EnumString(ChangeKind))
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"))
    person: Mapped[Str64]
    name: Mapped[Str250]
    entry: Mapped[int | None]
    shift: Mapped[int | None]
    ticket: Mapped[int | None] = mapped_column(ForeignKey("tickets.number"), index=True)
    acknowledged_at: Mapped[datetime | None]
    told: Mapped[Json]  # a list of numbers
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Str250 | None]


class RecordingAccessRow(Base):
    """An access to a recording: heard, or copied. The recording may be gone."""

    __tablename__ = "recording_accesses"
    __table_args__ = (Index("ix_recording_accesses_desk_at", "desk", "at"),)

    id: Mapped[Id]
    recording: Mapped[Str64]
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    ticket: Mapped[int | None]
    who: Mapped[Str250]
    channel: Mapped[Str64]  # AccessChannel: the command line, the API, a link …
    at: Mapped[datetime]
