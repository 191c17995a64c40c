"""The second factors of users as rows: an app's secret, recovery codes by their hashes."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from app.domain.access.authenticator import Authenticator
from app.domain.access.second_factors import SecondFactors
from app.store.tables import AuthenticatorRow, PasskeyRow, RecoveryCodeRow
from app.store.tokens import hash_of


def second_factors_of(connection: Connection, user: int) -> SecondFactors:
    """Return which second factors a user has."""
    app = find_authenticator(connection, user)
    codes = select(func.count()).where(RecoveryCodeRow.user_id == user)
    passkeys = select(func.count()).where(PasskeyRow.user_id == user)
    counts = select(codes.scalar_subquery(), passkeys.scalar_subquery())
    row = connection.execute(counts).one()
    return SecondFactors(
        has_authenticator=app is not None and app.is_confirmed,
        passkeys=int(row[1]),
        recovery_codes=int(row[0]),
    )


def find_authenticator(connection: Connection, user: int) -> Authenticator | None:
    """Return the app of a user, confirmed or not; None for none."""
    row = connection.execute(
        select(AuthenticatorRow).where(AuthenticatorRow.user_id == user)
    ).first()
    return Authenticator(row.user_id, row.secret, row.confirmed_at, row.last_step) if row else None


def add_authenticator(connection: Connection, app: Authenticator, now: datetime) -> None:
    """Store an app that is to be confirmed, instead of one that was not."""
    delete_authenticator(connection, app.user)
    row = {
        "user_id": app.user,
        "secret": app.secret,
        "created_at": now,
        "confirmed_at": app.confirmed_at,
        "last_step": app.last_step,
    }
    connection.execute(insert(AuthenticatorRow), row)


def confirm_authenticator(connection: Connection, user: int, now: datetime) -> None:
    """Let an app count from now on."""
    this = update(AuthenticatorRow).where(AuthenticatorRow.user_id == user)
    connection.execute(this.values(confirmed_at=now))


def use_step(connection: Connection, user: int, step: int) -> bool:
    """Use the code of a step up, and all before it; False where somebody has just done so."""
    used = update(AuthenticatorRow).where(
        AuthenticatorRow.user_id == user, AuthenticatorRow.last_step < step
    )
    return connection.execute(used.values(last_step=step)).rowcount == 1


def delete_authenticator(connection: Connection, user: int) -> int:
    """Delete the app of a user."""
    gone = delete(AuthenticatorRow).where(AuthenticatorRow.user_id == user)
    return connection.execute(gone).rowcount


def save_recovery_codes(
    connection: Connection, user: int, codes: Iterable[str], now: datetime
) -> None:
    """Store codes by their hashes, instead of those from before."""
    delete_recovery_codes(connection, user)
    rows = [{"user_id": user, "code_hash": hash_of(each), "created_at": now} for each in codes]
    connection.execute(insert(RecoveryCodeRow), rows)


def use_recovery_code(connection: Connection, user: int, code: str) -> bool:
    """Use a code of a user up; False for none of theirs, and for one that was used."""
    this = and_(RecoveryCodeRow.user_id == user, RecoveryCodeRow.code_hash == hash_of(code))
    return connection.execute(delete(RecoveryCodeRow).where(this)).rowcount == 1


def delete_recovery_codes(connection: Connection, user: int) -> int:
    """Delete every code of a user."""
    gone = delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user)
    return connection.execute(gone).rowcount
