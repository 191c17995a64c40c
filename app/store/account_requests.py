"""Requests for accounts of the portal, and invitations, as rows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select, update

from app.domain.access.actor import Actor
from app.domain.portal.accounts import (
    AccountRequest,
    AccountState,
    CustomerRoles,
    NewAccountRequest,
)
from app.store.tables import AccountRequestRow
from app.store.tokens import hash_of

PURGED_AT_ONCE: Final = 200
MOST_LISTED: Final = 200
OPEN: Final = (AccountState.UNCONFIRMED, AccountState.WAITING)


def add_account_request(connection: Connection, new: NewAccountRequest, now: datetime) -> int:
    """Store a request; return its number.

    One that the same person has made at this desk before and not confirmed is withdrawn.
    """
    same = and_(
        AccountRequestRow.desk == new.desk,
        AccountRequestRow.email == new.email,
        AccountRequestRow.state == AccountState.UNCONFIRMED,
        AccountRequestRow.customer == new.customer
        if new.invited_by
        else AccountRequestRow.invited_by.is_(None),
    )
    gone = {"state": AccountState.WITHDRAWN, "closed_at": now, "secret_hash": None}
    connection.execute(update(AccountRequestRow).where(same).values(gone))
    row = {
        "desk": new.desk,
        "email": new.email,
        "name": new.name,
        "language": new.language,
        "typed": new.typed,
        "customer": new.customer,
        "role": new.roles.role,
        "is_leader": new.roles.is_leader,
        "message": new.message,
        "state": AccountState.UNCONFIRMED,
        "asked_at": now,
        "expires_at": now + new.holds,
        "invited_by": new.invited_by,
        "reason": "",
    }
    added = insert(AccountRequestRow).values(row).returning(AccountRequestRow.id)
    return connection.execute(added).scalar_one()


def find_account_request(connection: Connection, number: int) -> AccountRequest | None:
    """Return a request by its number; None where there is none."""
    this = select(AccountRequestRow).where(AccountRequestRow.id == number)
    row = connection.execute(this).first()
    return _request(row) if row else None


def lock_account_request(connection: Connection, number: int) -> AccountRequest | None:
    """Return a request that nobody else decides meanwhile."""
    this = select(AccountRequestRow.id).where(AccountRequestRow.id == number).with_for_update()
    is_there = connection.execute(this).first()
    return find_account_request(connection, number) if is_there else None


def find_by_secret(connection: Connection, secret: str) -> AccountRequest | None:
    """Return the request whose mail has this secret; None for another."""
    this = select(AccountRequestRow).where(AccountRequestRow.secret_hash == hash_of(secret))
    row = connection.execute(this).first()
    return _request(row) if row else None


def keep_secret(connection: Connection, number: int, secret: str) -> None:
    """Let the link with this secret confirm a request, and none from before."""
    this = update(AccountRequestRow).where(AccountRequestRow.id == number)
    connection.execute(this.values(secret_hash=hash_of(secret)))


def forget_secrets(connection: Connection) -> None:
    """Let no link that was mailed confirm anything any more."""
    this = update(AccountRequestRow).where(AccountRequestRow.secret_hash.is_not(None))
    connection.execute(this.values(secret_hash=None))


def waiting_requests(connection: Connection, desk: str) -> tuple[AccountRequest, ...]:
    """List the requests that wait for a desk, the oldest first."""
    waiting = select(AccountRequestRow).where(
        AccountRequestRow.desk == desk, AccountRequestRow.state == AccountState.WAITING
    )
    rows = connection.execute(waiting.order_by(AccountRequestRow.id).limit(MOST_LISTED))
    return tuple(_request(row) for row in rows)


def decided_requests(connection: Connection, desk: str, most: int) -> tuple[AccountRequest, ...]:
    """List what was decided last at a desk."""
    closed = select(AccountRequestRow).where(
        AccountRequestRow.desk == desk,
        AccountRequestRow.state.in_((AccountState.ACCEPTED, AccountState.REFUSED)),
    )
    rows = connection.execute(closed.order_by(AccountRequestRow.closed_at.desc()).limit(most))
    return tuple(_request(row) for row in rows)


def open_invitations(
    connection: Connection, desk: str, customer: str, now: datetime
) -> tuple[AccountRequest, ...]:
    """List the invitations of a customer that nobody has accepted yet."""
    theirs = select(AccountRequestRow).where(
        AccountRequestRow.desk == desk,
        AccountRequestRow.customer == customer,
        AccountRequestRow.state == AccountState.UNCONFIRMED,
        AccountRequestRow.invited_by.is_not(None),
        AccountRequestRow.expires_at > now,
    )
    rows = connection.execute(theirs.order_by(AccountRequestRow.id).limit(MOST_LISTED))
    return tuple(_request(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a request, who decided it, and why."""

    state: AccountState
    customer: str | None
    roles: CustomerRoles
    by: Actor | None
    reason: str = ""


def close_account_request(
    connection: Connection, request: AccountRequest, decision: Decision, now: datetime
) -> None:
    """Note what became of a request; its link works no more."""
    is_over = decision.state not in OPEN
    is_confirmed = decision.state is not AccountState.WITHDRAWN
    values: dict[str, Any] = {
        "state": decision.state,
        "customer": decision.customer,
        "role": decision.roles.role,
        "is_leader": decision.roles.is_leader,
        "reason": decision.reason,
        "confirmed_at": request.confirmed_at or (now if is_confirmed else None),
        "closed_by": decision.by if is_over else None,
        "closed_at": now if is_over else None,
        "secret_hash": None,
    }
    this = update(AccountRequestRow).where(AccountRequestRow.id == request.id)
    connection.execute(this.values(values))


def replace_older(connection: Connection, request: AccountRequest, now: datetime) -> None:
    """Withdraw what the same person has asked of the same desk before, and waits."""
    older = and_(
        AccountRequestRow.desk == request.desk,
        AccountRequestRow.email == request.email,
        AccountRequestRow.state == AccountState.WAITING,
        AccountRequestRow.id != request.id,
    )
    gone = {"state": AccountState.WITHDRAWN, "closed_at": now}
    connection.execute(update(AccountRequestRow).where(older).values(gone))


def purge_account_requests(connection: Connection, desk: str, before: datetime) -> int:
    """Delete a desk's requests that were asked before an instant and wait for nobody."""
    old = select(AccountRequestRow.id).where(
        AccountRequestRow.desk == desk,
        AccountRequestRow.asked_at < before,
        AccountRequestRow.state != AccountState.WAITING,
        or_(AccountRequestRow.closed_at.is_(None), AccountRequestRow.closed_at < before),
        AccountRequestRow.expires_at < before,
    )
    ids = connection.execute(old.limit(PURGED_AT_ONCE)).scalars().all()
    connection.execute(delete(AccountRequestRow).where(AccountRequestRow.id.in_(ids)))
    return len(ids)


def delete_account_requests(connection: Connection, email: str) -> int:
    """Delete what somebody with this address has asked for, or was offered."""
    theirs = delete(AccountRequestRow).where(AccountRequestRow.email == email)
    return connection.execute(theirs).rowcount


def _request(row: Row[*tuple[Any, ...]]) -> AccountRequest:
    return AccountRequest(
        id=row.id,
        desk=row.desk,
        email=row.email,
        name=row.name,
        language=row.language,
        typed=row.typed,
        customer=row.customer,
        roles=CustomerRoles(row.role, row.is_leader),
        message=row.message,
        state=row.state,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        invited_by=row.invited_by,
        confirmed_at=row.confirmed_at,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        reason=row.reason,
    )
