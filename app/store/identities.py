"""Who users are to organisations' own logins, as rows: found by issuer and subject."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from app.domain.access.identities import Identity
from app.store.tables import IdentityRow
from app.store.upsert import insert_once


def add_identity(connection: Connection, user: int, identity: Identity, now: datetime) -> bool:
    """Let an identity be a user's; False where it is somebody's already."""
    row = {
        "user_id": user,
        "provider": identity.provider,
        "issuer": identity.issuer,
        "subject": identity.subject,
        "created_at": now,
    }
    return insert_once(connection, IdentityRow, row)


def user_of_identity(connection: Connection, identity: Identity) -> int | None:
    """Return whose an identity is; None for nobody's."""
    this = select(IdentityRow.user_id).where(_is(identity))
    found: int | None = connection.execute(this).scalar_one_or_none()
    return found


def list_identities(connection: Connection, user: int) -> tuple[Identity, ...]:
    """List the identities of a user, the oldest first."""
    theirs = select(IdentityRow).where(IdentityRow.user_id == user).order_by(IdentityRow.id)
    rows = connection.execute(theirs)
    return tuple(Identity(row.provider, row.issuer, row.subject) for row in rows)


def remove_identity(connection: Connection, user: int, identity: Identity) -> bool:
    """Take an identity from a user; False where it is none of theirs."""
    this = and_(_is(identity), IdentityRow.user_id == user)
    return connection.execute(delete(IdentityRow).where(this)).rowcount == 1


def delete_identities(connection: Connection, user: int) -> int:
    """Delete every identity of a user."""
    return connection.execute(delete(IdentityRow).where(IdentityRow.user_id == user)).rowcount


def _is(identity: Identity) -> ColumnElement[bool]:
    return and_(IdentityRow.issuer == identity.issuer, IdentityRow.subject == identity.subject)
