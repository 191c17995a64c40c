"""The customers' portal: who has asked for an account there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.access.permissions import AccessRole
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
