"""The customers' portal: who has asked for an account, who opened which case, who follows one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.access.permissions import AccessRole
from app.domain.desks.case_types import CaseKind
from app.domain.portal.accounts import AccountState
from app.store.tables.base import ActorJson, Base, EnumString, Id, Str64, Str250


class AccountRequestRow(Base):
    """A request for an account, or an invitation. Of the secret in its link only a hash is here.

    `customer` has no foreign key, as that of a grant has none.
    """

    __tablename__ = "account_requests"
    __table_args__ = (
        Index("ix_account_requests_desk_state", "desk", "state"),
        Index("ix_account_requests_email", "email"),
    )

    id: Mapped[Id]
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"))
    email: Mapped[Str250]
    name: Mapped[Str250]
    language: Mapped[Str64]
    typed: Mapped[Str250]
    customer: Mapped[Str64 | None]
    role: Mapped[AccessRole] = mapped_column(EnumString(AccessRole))
    is_leader: Mapped[bool]
    message: Mapped[str] = mapped_column(Text)
    state: Mapped[AccountState] = mapped_column(EnumString(AccountState))
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    invited_by: Mapped[Actor | None] = mapped_column(ActorJson)
    confirmed_at: Mapped[datetime | None]
    closed_by: Mapped[Actor | None] = mapped_column(ActorJson)
    closed_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text)


class PortalCaseRow(Base):
    """A ticket that somebody opened in the portal: who, and as which type of case."""

    __tablename__ = "portal_cases"

    ticket: Mapped[int] = mapped_column(
        ForeignKey("tickets.number"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    project: Mapped[Str64]  # an id of the desk's document, then; "" for none
    case_type: Mapped[Str64]
    kind: Mapped[CaseKind] = mapped_column(EnumString(CaseKind))


class CaseWatcherRow(Base):
    """A user who follows a ticket in the portal."""

    __tablename__ = "case_watchers"

    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class OutageSubscriberRow(Base):
    """A user who gets a mail when an outage is over: they have said that it affects them too."""

    __tablename__ = "outage_subscribers"

    outage: Mapped[int] = mapped_column(ForeignKey("outages.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class IdeaRow(Base):
    """An idea that was sent on: that there was one, without its words. `key` makes a form one."""

    __tablename__ = "ideas"

    id: Mapped[Id]
    desk: Mapped[Str64] = mapped_column(ForeignKey("desks.id"), index=True)
    customer: Mapped[Str64]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    case_type: Mapped[Str64]
    at: Mapped[datetime]
    key: Mapped[Str250] = mapped_column(unique=True)


class AttachmentRow(Base):
    """A file on a ticket, as it is given out: pictures are drawn anew before they are stored."""

    __tablename__ = "attachments"

    id: Mapped[Id]
    ticket: Mapped[int] = mapped_column(ForeignKey("tickets.number"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime]
    name: Mapped[Str250]
    media_type: Mapped[Str250]
    size: Mapped[int]  # bytes
    sha: Mapped[Str64]
    media: Mapped[bytes] = mapped_column(LargeBinary)
