"""Users, their roles and logins, the tries that are limited, and the audit trail.

Of every secret only a hash is stored, but that of an app whose codes are computed from it.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access.actor import Actor
from app.domain.access.audit import AuditKind, SubjectKind
from app.domain.access.login_token import TokenPurpose
from app.domain.access.permissions import AccessRole
from app.domain.access.web_session import LoginKind
from app.store.tables.base import ActorJson, Base, EnumString, Id, Json, Str64, Str250


class UserRow(Base):
    """Somebody who may log in, and who they are on a roster, if they are."""

    __tablename__ = "users"
    __table_args__ = (ForeignKeyConstraint(["roster", "person"], ["people.roster", "people.id"]),)

    id: Mapped[Id]
    email: Mapped[Str250] = mapped_column(unique=True)
    name: Mapped[Str250]
    language: Mapped[Str64]
    roster: Mapped[Str64 | None]
    person: Mapped[Str64 | None]
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class GrantRow(Base):
    """A role of a user: at a desk, for a roster, for a customer of a desk, or everywhere.

    `customer` has no foreign key: who is missing from one file of customers and is back in the
    next has lost nobody. A customer that is not there opens nothing.
    """

    __tablename__ = "grants"
    __table_args__ = (Index("ix_grants_desk_customer", "desk", "customer"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[AccessRole] = mapped_column(EnumString(AccessRole))
    desk: Mapped[Str64 | None] = mapped_column(ForeignKey("desks.id"))
    roster: Mapped[Str64 | None] = mapped_column(ForeignKey("rosters.id"))
    customer: Mapped[Str64 | None]


class WebSessionRow(Base):
    """A login in a browser. The browser keeps the secret; here is its hash."""

    __tablename__ = "web_sessions"
    __table_args__ = (Index("ix_web_sessions_last_seen_at", "last_seen_at"),)

    id: Mapped[Id]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[LoginKind] = mapped_column(EnumString(LoginKind))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime]
    address: Mapped[Str64]
    user_agent: Mapped[Str250]
    ended_at: Mapped[datetime | None]


class LoginTokenRow(Base):
    """A secret that is used once and soon, such as a link in a mail; only its hash is stored."""

    __tablename__ = "login_tokens"
    __table_args__ = (Index("ix_login_tokens_expires_at", "expires_at"),)

    id: Mapped[Id]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    purpose: Mapped[TokenPurpose] = mapped_column(EnumString(TokenPurpose))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    login_kind: Mapped[LoginKind | None] = mapped_column(EnumString(LoginKind))  # of a half login


class AuthenticatorRow(Base):
    """An app that shows a user codes. It counts as a second factor once a code was right."""

    __tablename__ = "authenticators"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id"), primary_key=True, autoincrement=False
    )
    secret: Mapped[Str64]  # codes are computed from it: no hash would do
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int]  # of the code that was used last; no earlier one counts


class RecoveryCodeRow(Base):
    """A code that stands in for a second factor once: then its row is deleted."""

    __tablename__ = "recovery_codes"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]


class PasskeyRow(Base):
    """A key that a device of a user keeps; here is its public half."""

    __tablename__ = "passkeys"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    name: Mapped[Str250]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class IdentityRow(Base):
    """Who a user is to an organisation's own login (OpenID Connect)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    provider: Mapped[Str64]
    issuer: Mapped[Str250]
    subject: Mapped[Str250]
    created_at: Mapped[datetime]


class RateLimitRow(Base):
    """How often something was tried of late. `key` is a hash of what, and by whom."""

    __tablename__ = "rate_limits"
    __table_args__ = (Index("ix_rate_limits_full_at", "full_at"),)

    key: Mapped[Str64] = mapped_column(primary_key=True)
    full_at: Mapped[datetime]


class AuditEventRow(Base):
    """One change: who did what to which thing, how it was and how it is. Never changed."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_at", "at"),
        Index("ix_audit_events_subject_kind_subject", "subject_kind", "subject"),
    )

    id: Mapped[Id]
    at: Mapped[datetime]
    kind: Mapped[AuditKind] = mapped_column(EnumString(AuditKind))
    actor: Mapped[Actor] = mapped_column(ActorJson)
    subject_kind: Mapped[SubjectKind] = mapped_column(EnumString(SubjectKind))
    subject: Mapped[Str250]
    before: Mapped[Json]
    after: Mapped[Json]
    address: Mapped[Str64]
