"""Calls and call-outs, the turns that each of them has taken, and the legs by which somebody was
rung.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calls.call import CallOutcome, Step
from app.domain.desks.desk import Priority
from app.domain.hunts.hunt import LegOutcome, RateLimit
from app.domain.privacy.anonymise import RetentionLevel
from app.domain.roles import Role
from app.store.tables.base import Base, EnumString, Id, Json, Str64, Str250, index_where


class HuntColumns:
    """What a call and a call-out have in common: when, how far, and how much of it is left.

    `talking` is the number that is connected now: in a call the caller's partner, in a call-out
    whoever took the ticket and talks with the caller. `offset_seconds` is its moment less real
    time (the local exchange only). `retained` becomes less as the desk's [retention] says.
    `created_at` is real time; every other instant is the call's own.
    """

    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    talking: Mapped[Str64 | None]
    state: Mapped[Json]
    offset_seconds: Mapped[float]
    created_at: Mapped[datetime]
    retained: Mapped[RetentionLevel] = mapped_column(
        EnumString(RetentionLevel), server_default=RetentionLevel.EVERYTHING
    )


class CallRow(HuntColumns, Base):
    """One telephone call: its whole state, and what lists and counts need beside it.

    `rate_limited` is whose limit kept it from ringing somebody.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("ix_calls_desk_started_at_sid", "desk", "started_at", "sid"),
        Index("ix_calls_desk_caller_started_at", "desk", "caller", "started_at"),
        Index("ix_calls_retained", "retained", "desk", "created_at"),
        index_where("ix_calls_talking", "talking", condition="talking IS NOT NULL"),
        index_where("ix_calls_ticket", "ticket", condition="ticket IS NOT NULL"),
        index_where("ix_calls_open", "created_at", condition="ended_at IS NULL"),
        index_where(
            "ix_calls_outcome_created_at", "outcome", "created_at", condition="outcome IS NOT NULL"
        ),
        index_where("ix_calls_rate_limited", "created_at", condition="rate_limited IS NOT NULL"),
    )

    sid: Mapped[Str64] = mapped_column(primary_key=True)
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    line: Mapped[Str64]
    caller: Mapped[Str64]
    outcome: Mapped[CallOutcome | None] = mapped_column(EnumString(CallOutcome))
    step: Mapped[Step] = mapped_column(EnumString(Step))
    turn: Mapped[int]
    priority: Mapped[Priority | None] = mapped_column(EnumString(Priority))
    customer: Mapped[Str64 | None]
    ticket: Mapped[int | None]
    rate_limited: Mapped[RateLimit | None] = mapped_column(EnumString(RateLimit))


class CallOutRow(HuntColumns, Base):
    """One round of calls to staff about a ticket that nobody has acknowledged."""

    __tablename__ = "call_outs"
    __table_args__ = (
        Index("ix_call_outs_ticket_number", "ticket", "number"),
        Index("ix_call_outs_retained", "retained", "desk", "created_at"),
        index_where("ix_call_outs_talking", "talking", condition="talking IS NOT NULL"),
        index_where("ix_call_outs_open", "created_at", condition="ended_at IS NULL"),
    )

    sid: Mapped[Str64] = mapped_column(primary_key=True)
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    ticket: Mapped[int]
    number: Mapped[int]


class TurnRow(Base):
    """One event of a call or a call-out and its answer, with all that is needed to replay it.

    `call_sid` is the sid of either. `leg` 0 is the caller's own; `key` is the turn's number there,
    or what happened.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("call_sid", "leg", "key"),)

    id: Mapped[Id]
    call_sid: Mapped[Str64]
    leg: Mapped[int]
    key: Mapped[Str64]
    event: Mapped[Json]
    instruction: Mapped[Json]
    trace: Mapped[Json]
    facts: Mapped[Json]
    desk_version: Mapped[int | None]
    roster_version: Mapped[int | None]
    roster_revision: Mapped[int | None]  # of the roster's entries
    at: Mapped[datetime]


class LegRow(Base):
    """One attempt to reach somebody, as the call or the call-out knows it; for lists and limits.

    `for_stranger` tells that the caller is no known customer, `counts_hourly` that it counts
    towards the desk's limits per hour, `ended_at` when the talk of whoever took it was over.
    """

    __tablename__ = "legs"
    __table_args__ = (Index("ix_legs_desk_placed_at", "desk", "placed_at"),)

    call_sid: Mapped[Str64] = mapped_column(primary_key=True)
    leg: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    desk: Mapped[Str64 | None]
    person: Mapped[Str250]
    name: Mapped[Str250]
    number: Mapped[Str64]
    role: Mapped[Role] = mapped_column(EnumString(Role))
    outcome: Mapped[LegOutcome] = mapped_column(EnumString(LegOutcome))
    sid: Mapped[Str64]
    placed_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    for_stranger: Mapped[bool] = mapped_column(server_default=false())
    counts_hourly: Mapped[bool] = mapped_column(server_default=true())
    ended_at: Mapped[datetime | None]
