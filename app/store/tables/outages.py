"""The disturbances that a desk knows of, and the callers who are to be told their end."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.store.tables.base import ActorJson, Base, Id, Json, Str64


class OutageRow(Base):
    """A disturbance that a desk knows of: it has one open at a time. `words` are what it says."""

    __tablename__ = "outages"
    __table_args__ = (
        Index(
            "uq_outages_open",
            "desk",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    since: Mapped[datetime]
    words: Mapped[Json]
    revision: Mapped[int]  # grows with every change of it
    author: Mapped[Actor] = mapped_column(ActorJson)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Actor | None] = mapped_column(ActorJson)


class OutageWatcherRow(Base):
    """A number that gets an SMS when the outage is over: its caller has pressed 8."""

    __tablename__ = "outage_watchers"

    outage: Mapped[int] = mapped_column(ForeignKey("outages.id"), primary_key=True)
    digits: Mapped[Str64] = mapped_column(primary_key=True)
    line: Mapped[Str64]
    language: Mapped[Str64]
    at: Mapped[datetime]
