"""Staff, customers, and the telephone numbers that customers are known by."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.calls.flows.verify import VerificationPurpose
from app.store.tables.base import ActorJson, Base, EnumString, Id, Json, Str64, Str250


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
    mail_domains: Mapped[Json] = mapped_column(server_default="[]")
    in_file: Mapped[Json | None]  # what the last file said, where a page has said else since


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


class OwnNumbersRow(Base):
    """What somebody has said of their own numbers; it stands against what files say.

    `ringing` is missing while they have changed nothing of it. The document that is live has it
    too: by that they are rung.
    """

    __tablename__ = "own_numbers"

    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    person: Mapped[Str64] = mapped_column(primary_key=True)
    ringing: Mapped[Json | None]
    waiting: Mapped[Json]
    author: Mapped[Actor] = mapped_column(ActorJson)
    changed_at: Mapped[datetime]


class StaffPinRow(Base):
    """The PIN of somebody on a roster, by a hash; how often it was keyed wrong in a row since."""

    __tablename__ = "staff_pins"

    roster: Mapped[Str64] = mapped_column(ForeignKey("rosters.id"), primary_key=True)
    person: Mapped[Str64] = mapped_column(primary_key=True)
    pin_hash: Mapped[Str250]
    set_at: Mapped[datetime]
    wrong: Mapped[int]
    locked_until: Mapped[datetime | None]


class NumberVerificationRow(Base):
    """One verification of a number: a call and an SMS ask for a key. `status` is the call's,
    `step` and `misses` the conversation's; `purpose` says what comes of the key.

    A key that was pressed says that the number reaches somebody; a reply, that SMS does.
    `roster` and `person` are of whoever asked to be rung; `then` are the numbers after this one.
    """

    __tablename__ = "number_verifications"
    __table_args__ = (Index("ix_number_verifications_roster_person", "roster", "person"),)

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
    purpose: Mapped[VerificationPurpose] = mapped_column(EnumString(VerificationPurpose))
    roster: Mapped[Str64 | None] = mapped_column(ForeignKey("rosters.id"))
    person: Mapped[Str64 | None]
    then: Mapped[Json]
    call_sid: Mapped[Str64 | None]


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
