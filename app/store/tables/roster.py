"""Roster entries: overrides and absences, who made them, and who withdrew them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.roles import Role
from app.domain.roster.absence_feed import FeedTrouble
from app.domain.roster.entries import EntryKind
from app.store.tables.base import ActorJson, Base, EnumString, Id, Str64


class RosterEntryRow(Base):
    """One entry of a roster; never changed but to be withdrawn. Of two overrides the later wins.

    In force at a revision: `added_in` is not above it, and `withdrawn_in` is above it or missing.
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
