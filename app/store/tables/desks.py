"""Desks and rosters: immutable versions of their documents, and which one is live."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.desks.desk import LineKind
from app.store.tables.base import ActorJson, Base, EnumString, Id, Str64, Str250


class DeskRow(Base):
    """A desk, and the version of its document that is live.

    `version` has no foreign key: the two tables would need each other to be filled.
    """

    __tablename__ = "desks"

    id: Mapped[Str64] = mapped_column(primary_key=True)
    name: Mapped[Str250]
    version: Mapped[int]
    roster: Mapped[Str64 | None] = mapped_column(ForeignKey("rosters.id"), index=True)


class VersionColumns:
    """One version of a document: its exact text, never changed."""

    number: Mapped[int]  # the document's own count: 1, 2, 3 …
    text: Mapped[str] = mapped_column(Text)
    sha: Mapped[Str64]
    author: Mapped[Actor] = mapped_column(ActorJson)
    at: Mapped[datetime]
    remark: Mapped[str] = mapped_column(Text)


class DeskVersionRow(VersionColumns, Base):
    """One version of a desk's document."""

    __tablename__ = "desk_versions"
    __table_args__ = (UniqueConstraint("desk", "number"),)

    id: Mapped[Id]
    desk: Mapped[Str64]


class RosterRow(Base):
    """A roster, and the version of its document that is live. One or more desks name it.

    `revision` counts the changes of its entries; `entries_sha` is the hash of those in force, so
    that what is cached by it holds for any database. `published_until` is None while nobody has
    published it: then all of it counts as published.
    """

    __tablename__ = "rosters"

    id: Mapped[Str64] = mapped_column(primary_key=True)
    version: Mapped[int]
    revision: Mapped[int]
    entries_sha: Mapped[Str64]
    published_until: Mapped[datetime | None]


class RosterVersionRow(VersionColumns, Base):
    """One version of a roster's document."""

    __tablename__ = "roster_versions"
    __table_args__ = (UniqueConstraint("roster", "number"),)

    id: Mapped[Id]
    roster: Mapped[Str64]


class LineRow(Base):
    """A number that the network posts, and the one desk that answers it."""

    __tablename__ = "lines"

    number: Mapped[Str64] = mapped_column(primary_key=True)
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(EnumString(LineKind))
    public_number: Mapped[Str64]
