"""Roster entries: overrides and absences, who made them, and who withdrew them; requests."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.roles import Role
from app.domain.roster.absence_feed import FeedTrouble
from app.domain.roster.duty_requests import RequestKind, RequestState
from app.domain.roster.entries import EntryKind
from app.domain.roster.period_copy import DraftState
from app.store.tables.base import ActorJson, Base, EnumString, Id, Json, Str64


class RosterEntryRow(Base):
    """One entry of a roster; never changed but to be withdrawn. Of two overrides the later wins.

    In force at a revision: `added_in` is not above it, and `withdrawn_in` is above it or missing.
    `place` is the id of the entry in whose place this one stands, where it is one that has moved.
    """

    __tablename__ = "roster_entries"
    __table_args__ = (Index("ix_roster_entries_roster_withdrawn_in", "roster", "withdrawn_in"),)

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"))
    kind: Mapped[EntryKind] = mapped_column(EnumString(EntryKind))
    role: Mapped[Role | None] = mapped_column(EnumString(Role))
    person: Mapped[Str64]
    instead_of: Mapped[Str64 | None]
    fills: Mapped[bool]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[Actor] = mapped_column(ActorJson)
    made_at: Mapped[datetime]
    added_in: Mapped[int]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[Actor | None] = mapped_column(ActorJson)
    withdrawn_in: Mapped[int | None]
    place: Mapped[int | None]
    consents: Mapped[Json]  # whose duty it changed at short notice, and who had agreed


class RosterPublicationRow(Base):
    """A roster was published up to an instant; `before` is up to when it was before that."""

    __tablename__ = "roster_publications"

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), index=True)
    until: Mapped[datetime]
    before: Mapped[datetime | None]
    author: Mapped[Actor] = mapped_column(ActorJson)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Actor | None] = mapped_column(ActorJson)


class RosterDraftRow(Base):
    """A period copied to another one as a draft; neither plan nor telephone reads it."""

    __tablename__ = "roster_drafts"

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    source_since: Mapped[datetime]
    source_until: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime]
    author: Mapped[Actor] = mapped_column(ActorJson)
    made_at: Mapped[datetime]
    state: Mapped[DraftState] = mapped_column(EnumString(DraftState))
    closed_by: Mapped[Actor | None] = mapped_column(ActorJson)
    closed_at: Mapped[datetime | None]


class RosterDraftEntryRow(Base):
    """What a draft proposes: somebody in a role. `entry` is the roster entry that it has become."""

    __tablename__ = "roster_draft_entries"

    id: Mapped[Id]
    draft: Mapped[int] = mapped_column(ForeignKey("roster_drafts.id"), index=True)
    person: Mapped[Str64]
    role: Mapped[Role] = mapped_column(EnumString(Role))
    since: Mapped[datetime]
    until: Mapped[datetime]
    entry: Mapped[int | None]


class RosterCalendarRow(Base):
    """An address at which programs fetch a roster's calendar, or one person's in it.

    Only the hash of its secret is kept.
    """

    __tablename__ = "roster_calendars"

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), index=True)
    person: Mapped[Str64 | None]
    language: Mapped[Str64]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class AbsenceFeedRow(Base):
    """A calendar of somebody's absences, which the worker reads. The address is a secret."""

    __tablename__ = "absence_feeds"

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), index=True)
    person: Mapped[Str64]
    url: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime | None]  # last, however it went
    read_at: Mapped[datetime | None]  # last, and well
    failing_since: Mapped[datetime | None]
    trouble: Mapped[FeedTrouble | None] = mapped_column(EnumString(FeedTrouble))


class DutyRequestRow(Base):
    """A request for cover, or a swap that is offered: whose shift, and whose is wanted for it.

    `since` and `until` are the part of the shift that is meant. The entries are those that it
    has become on the roster; they may have been purged since.
    """

    __tablename__ = "duty_requests"
    __table_args__ = (Index("ix_duty_requests_roster_state", "roster", "state"),)

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"))
    kind: Mapped[RequestKind] = mapped_column(EnumString(RequestKind))
    state: Mapped[RequestState] = mapped_column(EnumString(RequestState))
    person: Mapped[Str64]
    role: Mapped[Role] = mapped_column(EnumString(Role))
    shift_since: Mapped[datetime]
    shift_until: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime]
    entry: Mapped[int | None] = mapped_column(index=True)
    wanted_person: Mapped[Str64 | None]
    wanted_role: Mapped[Role | None] = mapped_column(EnumString(Role))
    wanted_shift_since: Mapped[datetime | None]
    wanted_shift_until: Mapped[datetime | None]
    wanted_since: Mapped[datetime | None]
    wanted_until: Mapped[datetime | None]
    wanted_entry: Mapped[int | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[Actor] = mapped_column(ActorJson)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_by: Mapped[Actor | None] = mapped_column(ActorJson)
    closed_at: Mapped[datetime | None]


class DutyRequestAnswerRow(Base):
    """Whom a request was asked of, and what they have said; `by` is whoever said it for them."""

    __tablename__ = "duty_request_answers"

    request: Mapped[int] = mapped_column(ForeignKey("duty_requests.id"), primary_key=True)
    person: Mapped[Str64] = mapped_column(primary_key=True)
    is_yes: Mapped[bool | None]
    answered_by: Mapped[Actor | None] = mapped_column(ActorJson)
    answered_at: Mapped[datetime | None]


class ShiftConfirmationRow(Base):
    """A shift that somebody was asked to confirm. `told_at`: others were told that it is not;
    `ended_at`: the shift was moved, or is theirs no more.
    """

    __tablename__ = "shift_confirmations"
    __table_args__ = (Index("ix_shift_confirmations_until", "until"),)

    id: Mapped[Id]
    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"))
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    person: Mapped[Str64]
    role: Mapped[Role] = mapped_column(EnumString(Role))
    since: Mapped[datetime]
    until: Mapped[datetime]
    asked_at: Mapped[datetime]
    alarm_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[Actor | None] = mapped_column(ActorJson)
    told_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ConfirmedCallOutRow(Base):
    """When somebody says that they were called out about a call, beside what was measured."""

    __tablename__ = "confirmed_call_outs"
    __table_args__ = (Index("ix_confirmed_call_outs_desk_since", "desk", "since"),)

    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    person: Mapped[Str64] = mapped_column(primary_key=True)
    about: Mapped[Str64] = mapped_column(primary_key=True)  # the sid
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    measured_since: Mapped[datetime]
    measured_until: Mapped[datetime]
    since: Mapped[datetime]
    until: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime]
    confirmed_by: Mapped[Actor] = mapped_column(ActorJson)


class NoticeChoiceRow(Base):
    """Of what of their own duty a user has chosen to be told by SMS and by mail: lists of kinds.

    The next shift is the one that they were told of, or would have been: another one is news. So
    are gaps that are not among `told_gaps`.
    """

    __tablename__ = "notice_choices"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    sms: Mapped[Json]
    mail: Mapped[Json]
    next_role: Mapped[Role | None] = mapped_column(EnumString(Role))
    next_since: Mapped[datetime | None]
    next_until: Mapped[datetime | None]
    told_gaps: Mapped[Json]
