"""Users' passkeys as rows: their public halves, and how often each was used."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, select, update

from app.domain.access.passkeys import Passkey
from app.store.tables import PasskeyRow
from app.store.upsert import insert_once


def add_passkey(connection: Connection, new: Passkey) -> bool:
    """Store a key; False for one that somebody has already. Its id is not looked at."""
    row = {
        "user_id": new.user,
        "credential_id": new.credential_id,
        "public_key": new.public_key,
        "sign_count": new.sign_count,
        "name": new.name,
        "created_at": new.created_at,
        "last_used_at": None,
    }
    return insert_once(connection, PasskeyRow, row)


def list_passkeys(connection: Connection, user: int) -> tuple[Passkey, ...]:
    """List the keys of a user, the oldest first."""
    theirs = select(PasskeyRow).where(PasskeyRow.user_id == user).order_by(PasskeyRow.id)
    return tuple(_passkey(row) for row in connection.execute(theirs))


def note_passkey_used(
    connection: Connection, passkey: Passkey, sign_count: int, now: datetime
) -> None:
    """Note that a key was used, and how often it says it was."""
    this = update(PasskeyRow).where(PasskeyRow.id == passkey.id)
    connection.execute(this.values(sign_count=sign_count, last_used_at=now))


def delete_passkey(connection: Connection, user: int, passkey: int) -> bool:
    """Delete a key of a user; False where it is none of theirs."""
    this = and_(PasskeyRow.id == passkey, PasskeyRow.user_id == user)
    return connection.execute(delete(PasskeyRow).where(this)).rowcount == 1


def delete_passkeys(connection: Connection, user: int) -> int:
    """Delete every key of a user."""
    return connection.execute(delete(PasskeyRow).where(PasskeyRow.user_id == user)).rowcount


def _passkey(row: Row[*tuple[Any, ...]]) -> Passkey:
    return Passkey(
        id=row.id,
        user=row.user_id,
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
