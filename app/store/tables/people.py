"""Staff, customers, and the telephone numbers that customers are known by."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.store.tables.base import ActorJson, Base, Id, Json, Str64, Str250


class PersonRow(Base):
    """Somebody on the staff of a roster. Who has left keeps the row, for old calls."""

    __tablename__ = "people"

    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    id: Mapped[Str64] = mapped_column(primary_key=True)
    name: Mapped[Str250]
    language: Mapped[Str64]
    numbers: Mapped[Json]
    author: Mapped[Actor] = mapped_column(ActorJson)
    changed_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class CustomerRow(Base):
    """A customer of a desk. The numbers stand here to be read and below to be found."""

    __tablename__ = "customers"

    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    number: Mapped[Str64] = mapped_column(primary_key=True)
    name: Mapped[Str250]
    agreement: Mapped[Str64]
    phones: Mapped[Json]
    shared_phones: Mapped[Json]
    caller_class: Mapped[Str250]
    owner: Mapped[Str250] = mapped_column(server_default="")  # the group of customers it belongs to


class CustomerPhoneRow(Base):
    """One telephone number of a customer; a shared one is a switchboard's."""

    __tablename__ = "customer_phones"
    __table_args__ = (
        ForeignKeyConstraint(
            ["desk", "customer"], ["customers.desk", "customers.number"], ondelete="CASCADE"
        ),
    )

    desk: Mapped[Str64] = mapped_column(primary_key=True)
    digits: Mapped[Str64] = mapped_column(primary_key=True)
    customer: Mapped[Str64] = mapped_column(primary_key=True)
    is_shared: Mapped[bool]


class NumberVerificationRow(Base):
    """One verification of a number: a call and an SMS ask for a key. `status` is the call's,
    `step` and `misses` the conversation's.

    A key that was pressed says that the number reaches somebody; a reply, that SMS does.
    """

    __tablename__ = "number_verifications"

    id: Mapped[Id]
    number: Mapped[Str64]
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    line: Mapped[Str64]
    language: Mapped[Str64]
    started_at: Mapped[datetime]
    status: Mapped[Str64]
    step: Mapped[Str64]
    misses: Mapped[int]
    key_pressed_at: Mapped[datetime | None]
    sms_sid: Mapped[Str64 | None]
    replied_at: Mapped[datetime | None]


class BlockedNumberRow(Base):
    """A number whose calls a desk does not take, why, and until when; None is until further."""

    __tablename__ = "blocked_numbers"

    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), primary_key=True)
    digits: Mapped[Str64] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime | None]
    author: Mapped[Str250]
    at: Mapped[datetime]


class SmsReplyRow(Base):
    """When somebody who writes to us was last answered, and which SMS of theirs it was."""

    __tablename__ = "sms_replies"

    sender: Mapped[Str64] = mapped_column(primary_key=True)
    sid: Mapped[Str64]
    at: Mapped[datetime]


class OptOutRow(Base):
    """A number that takes no SMS from one of our lines, and who said so: an SMS, or the network."""

    __tablename__ = "opt_outs"

    number: Mapped[Str64] = mapped_column(primary_key=True)
    line: Mapped[Str64] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    by: Mapped[Str64]
