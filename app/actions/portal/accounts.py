"""Accounts of the portal: asked for, confirmed by a link in a mail, decided by the desk.

Who asks is told the same whether or not anybody has the address, and whether or not the desk has
the customer: what is known is told to whoever gets the mail.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from sqlalchemy import Connection

from app.actions.access.login_outcomes import HalfLogin, NewLogin
from app.actions.access.second_factor import begin_login
from app.actions.access.tries import tries
from app.actions.access.users import add_in, give_in
from app.actions.portal.account_mail import AccountMail, account_mail
from app.domain.access.actor import system
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, Values, audit_event
from app.domain.access.limits import Limited
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageError, ref
from app.domain.portal.accounts import (
    AccountRequest,
    AccountState,
    CustomerRoles,
    NewAccountRequest,
    when_confirmed,
)
from app.domain.texts.message import Message
from app.store import Database
from app.store.account_requests import (
    Decision,
    add_account_request,
    close_account_request,
    find_by_secret,
    lock_account_request,
    replace_older,
)
from app.store.audit import add_audit_event
from app.store.desks import find_desk
from app.store.inbox_notifications import notify_program_of_account
from app.store.outbox import NewJob, put_jobs
from app.store.people import find_customer, load_customers
from app.store.tables import JobKind
from app.store.users import NewUser, find_user, find_user_by_email, lock_user

PORTAL: Final = "portal"
ACCOUNTS_PATH: Final = "/desks/{desk}/accounts"


class AccountRefusal(StrEnum):
    """Why nothing was done. The texts are account_refused.* in portal.toml."""

    DECIDED_ALREADY = "decided_already"
    UNKNOWN_CUSTOMER = "unknown_customer"
    USER_DISABLED = "user_disabled"


class AccountRefused(MessageError):
    """Nothing was done; `refusal` is why."""

    def __init__(self, refusal: AccountRefusal) -> None:
        super().__init__(ref(f"account_refused.{refusal}"))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Joined:
    """Whoever confirmed is one of the customer's people.

    Who was no user before is logged in. Others log in as they do: this link works for longer than
    one that logs in.
    """

    desk: str
    login: NewLogin | HalfLogin | None = None


@dataclass(frozen=True, slots=True)
class Waits:
    """Whoever confirmed waits for the desk."""

    request: AccountRequest


def ask_for_account(
    database: Database, new: NewAccountRequest, client: Client, now: datetime
) -> datetime | None:
    """Have a link sent by which somebody confirms their address; from when, after too many."""
    about = (Limited.ACCOUNT_OF_ADDRESS, f"{new.desk} {new.email}")
    asked = tries(about, (Limited.ACCOUNT_FROM_ADDRESS, client.address))
    if again_at := asked.take(database, now):
        return again_at
    database.write(partial(put_request, new=new, now=now))
    return None


def put_request(connection: Connection, new: NewAccountRequest, now: datetime) -> int:
    """Store a request, or an invitation, and have its mail sent."""
    number = add_account_request(connection, new, now)
    put_jobs(connection, [account_mail(number, new.desk, AccountMail.CONFIRM, now)], now)
    return number


def request_of_link(database: Database, secret: str, now: datetime) -> AccountRequest | None:
    """Return what a link would confirm, using nothing up; None for one that works no longer."""
    with database.read() as connection:
        found = find_by_secret(connection, secret)
    return found if found and found.may_be_confirmed(now) else None


def confirm_account(
    database: Database, secret: str, client: Client, now: datetime
) -> Joined | Waits | None:
    """Confirm an address, once; None for a link that works no longer."""
    return database.write(partial(_confirm, secret=secret, client=client, now=now))


def accept_account(
    database: Database, number: int, customer: str, roles: CustomerRoles, by: Author
) -> AccountRequest:
    """Let somebody in who waits, as one of this customer's people; AccountRefused where not."""

    def accept(connection: Connection) -> AccountRequest:
        request = _waiting(connection, number)
        if find_customer(connection, request.desk, customer) is None:
            raise AccountRefused(AccountRefusal.UNKNOWN_CUSTOMER)
        _let_in(connection, request, customer, roles, by)
        decision = Decision(AccountState.ACCEPTED, customer, roles, by.actor)
        close_account_request(connection, request, decision, by.at)
        told: Values = {"request": number, "customer": customer, "role": str(roles.role)}
        _audit(connection, AuditKind.ACCOUNT_ACCEPTED, request, told, by)
        put_jobs(connection, [account_mail(number, request.desk, AccountMail.TELL, by.at)], by.at)
        return request

    return database.write(accept)


def refuse_account(database: Database, number: int, reason: str, by: Author) -> AccountRequest:
    """Refuse somebody who waits, with a reason that they are told."""

    def refuse(connection: Connection) -> AccountRequest:
        request = _waiting(connection, number)
        state, roles = AccountState.REFUSED, request.roles
        decision = Decision(state, request.customer, roles, by.actor, reason)
        close_account_request(connection, request, decision, by.at)
        _audit(connection, AuditKind.ACCOUNT_REFUSED, request, {"request": number}, by)
        put_jobs(connection, [account_mail(number, request.desk, AccountMail.TELL, by.at)], by.at)
        return request

    return database.write(refuse)


def _confirm(
    connection: Connection, secret: str, client: Client, now: datetime
) -> Joined | Waits | None:
    found = find_by_secret(connection, secret)
    request = lock_account_request(connection, found.id) if found else None
    if request is None or not request.may_be_confirmed(now):
        return None
    then = when_confirmed(request, load_customers(connection, request.desk).values())
    user = find_user_by_email(connection, request.email)
    is_there = then.customer is not None and (
        find_customer(connection, request.desk, then.customer) is not None
    )
    is_for_desk = then.state is AccountState.WAITING or not _may_still_invite(connection, request)
    if is_for_desk or (user and user.is_disabled) or not is_there:
        waits = Decision(AccountState.WAITING, then.customer, request.roles, None)
        close_account_request(connection, request, waits, now)
        replace_older(connection, request, now)
        _tell_inbox(connection, request, now)
        return Waits(request)
    return _join(connection, request, then.customer or "", client, now)


def _may_still_invite(connection: Connection, request: AccountRequest) -> bool:
    """Tell whether whoever has invited somebody may still do that: who is out lets in nobody."""
    inviter = request.invited_by
    if inviter is None:
        return True
    user = find_user(connection, int(inviter.id)) if inviter.id.isdecimal() else None
    if user is None:
        return False
    scope = Scope(request.desk, customer=request.customer)
    of_customer = may(user, Permission.MANAGE_CUSTOMER_USERS, scope)
    of_desk = may(user, Permission.MANAGE_ACCOUNTS, Scope(request.desk))
    return of_customer.is_allowed or of_desk.is_allowed


def _join(
    connection: Connection, request: AccountRequest, customer: str, client: Client, now: datetime
) -> Joined:
    by = Author(request.invited_by or system(PORTAL), now, client.address)
    is_new = find_user_by_email(connection, request.email) is None
    user = _let_in(connection, request, customer, request.roles, by)
    decision = Decision(AccountState.ACCEPTED, customer, request.roles, by.actor)
    close_account_request(connection, request, decision, now)
    replace_older(connection, request, now)
    if not is_new:
        return Joined(request.desk)
    return Joined(request.desk, begin_login(connection, user, LoginKind.LINK, client, now))


def _let_in(
    connection: Connection,
    request: AccountRequest,
    customer: str,
    roles: CustomerRoles,
    by: Author,
) -> User:
    """Give somebody their roles, adding the user where there is none with the address."""
    found = find_user_by_email(connection, request.email)
    user = lock_user(connection, found.id) if found else None
    if user is not None and user.is_disabled:
        raise AccountRefused(AccountRefusal.USER_DISABLED)
    if user is None:
        new = NewUser(request.email, request.name, request.language)
        user = add_in(connection, new, by)
    return give_in(connection, user, roles.grants(Scope(request.desk, customer=customer)), by)


def _waiting(connection: Connection, number: int) -> AccountRequest:
    request = lock_account_request(connection, number)
    if request is None or request.state is not AccountState.WAITING:
        raise AccountRefused(AccountRefusal.DECIDED_ALREADY)
    return request


def _tell_inbox(connection: Connection, request: AccountRequest, now: datetime) -> None:
    live = find_desk(connection, request.desk)
    if live:
        jobs = [
            *_notices(live.desk, request, now),
            *notify_program_of_account(live.desk, request.id, now),
        ]
        if jobs:
            put_jobs(connection, jobs, now)


def _notices(desk: Desk, request: AccountRequest, now: datetime) -> Iterator[NewJob]:
    """A mail to each address of the desk's inbox: somebody waits for an answer."""
    for address in desk.inbox.mail:
        values = (("desk", desk.name),)
        payload: dict[str, object] = {
            "to": address,
            "subject": asdict(Message("account_waits_mail.subject", desk.language, values)),
            "message": asdict(Message("account_waits_mail.body", desk.language, values)),
            "at": now,
            "time_zone": desk.time_zone,
            "path": ACCOUNTS_PATH.format(desk=desk.id),
        }
        dedup = f"account:{request.id}:waits:{address}"
        yield NewJob(JobKind.MAIL, dedup, payload, desk=desk.id, person=address)


def _audit(
    connection: Connection, kind: AuditKind, request: AccountRequest, after: Values, by: Author
) -> None:
    subject = Subject(SubjectKind.DESK, request.desk)
    add_audit_event(connection, audit_event(kind, by, subject, {}, after))
