"""The people of a customer: invited, given other roles, removed. By the customer's administrator
or by the desk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from app.actions.access.tries import tries
from app.actions.access.users import give_in, take_in
from app.actions.portal.accounts import put_request
from app.domain.access.audit import AuditKind, Author, Subject, SubjectKind, audit_event
from app.domain.access.limits import Limited
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.access.web_session import Client
from app.domain.message_refs import MessageError, RefValue, ref
from app.domain.portal.accounts import (
    AccountState,
    CustomerRoles,
    NewAccountRequest,
    roles_for,
)
from app.store import Database
from app.store.account_requests import Decision, close_account_request, lock_account_request
from app.store.audit import add_audit_event
from app.store.login_tokens import revoke_login_tokens
from app.store.users import find_user_by_email, lock_customer_grants, lock_user, users_of_customer
from app.store.web_sessions import end_sessions


class PeopleRefusal(StrEnum):
    """Why nothing was done. The texts are people_refused.* in portal.toml."""

    IS_ONE_ALREADY = "is_one_already"
    LAST_ADMINISTRATOR = "last_administrator"
    NO_SUCH = "no_such"
    TOO_MANY = "too_many"


class PeopleRefused(MessageError):
    """Nothing was done; `refusal` is why."""

    def __init__(self, refusal: PeopleRefusal, **values: RefValue) -> None:
        super().__init__(ref(f"people_refused.{refusal}", **values))
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class CustomerPerson:
    """One of a customer's people, and what they may do for it."""

    user: User
    roles: CustomerRoles


@dataclass(frozen=True, slots=True)
class Manager:
    """Who manages a customer's people. The desk may also leave a customer without administrator:
    it can make the next one.
    """

    author: Author
    is_staff: bool


def people_of(connection: Connection, scope: Scope) -> tuple[CustomerPerson, ...]:
    """List a customer's people by name."""
    users = users_of_customer(connection, scope)
    found = ((user, roles_for(user.grants, scope)) for user in users)
    return tuple(CustomerPerson(user, roles) for user, roles in found if roles)


def invite(database: Database, new: NewAccountRequest, client: Client, by: Author) -> None:
    """Invite somebody by mail; they are one of the customer's people when they say yes.

    PeopleRefused for who is one already, and after too many.
    """
    scope = Scope(new.desk, customer=new.customer)
    with database.read() as connection:
        user = find_user_by_email(connection, new.email)
    if user and roles_for(user.grants, scope):
        raise PeopleRefused(PeopleRefusal.IS_ONE_ALREADY)
    about = (Limited.INVITATIONS_OF_CUSTOMER, f"{new.desk} {new.customer}")
    again_at = tries(about, (Limited.ACCOUNT_FROM_ADDRESS, client.address)).take(database, by.at)
    if again_at:
        raise PeopleRefused(PeopleRefusal.TOO_MANY, again=again_at)

    def put(connection: Connection) -> None:
        number = put_request(connection, new, by.at)
        told = {"request": number, "customer": new.customer, "role": str(new.roles.role)}
        subject = Subject(SubjectKind.DESK, new.desk)
        event = audit_event(AuditKind.ACCOUNT_INVITED, by, subject, {}, told)
        add_audit_event(connection, event)

    database.write(put)


def withdraw_invitation(database: Database, scope: Scope, number: int, by: Author) -> None:
    """Take an invitation back; PeopleRefused for one that is none of this customer's."""

    def withdraw(connection: Connection) -> None:
        asked = lock_account_request(connection, number)
        is_theirs = asked and asked.is_invitation and asked.state is AccountState.UNCONFIRMED
        if asked is None or not is_theirs or (asked.desk, asked.customer) != _place(scope):
            raise PeopleRefused(PeopleRefusal.NO_SUCH)
        decision = Decision(AccountState.WITHDRAWN, asked.customer, asked.roles, by.actor)
        close_account_request(connection, asked, decision, by.at)
        subject = Subject(SubjectKind.DESK, asked.desk)
        told = {"request": number, "customer": asked.customer}
        event = audit_event(AuditKind.INVITATION_WITHDRAWN, by, subject, told, {})
        add_audit_event(connection, event)

    database.write(withdraw)


def change_roles(
    database: Database, user_id: int, scope: Scope, roles: CustomerRoles, by: Manager
) -> None:
    """Let one of a customer's people do something else for it; it holds at their next page."""

    def change(connection: Connection) -> None:
        user = _one_of(connection, user_id, scope, by, keeps=roles)
        wanted = roles.grants(scope)
        gone = (each for each in user.grants if each.scope == scope and each not in wanted)
        give_in(connection, take_in(connection, user, tuple(gone), by.author), wanted, by.author)

    database.write(change)


def remove_person(database: Database, user_id: int, scope: Scope, by: Manager) -> None:
    """Let somebody be none of a customer's people any more, at once.

    Whoever has no other role is logged out everywhere, and no link of theirs works any more.
    """

    def remove(connection: Connection) -> None:
        user = _one_of(connection, user_id, scope, by, keeps=None)
        gone = tuple(each for each in user.grants if each.scope == scope)
        left = take_in(connection, user, gone, by.author)
        if not left.grants:
            end_sessions(connection, user.id, by.author.at)
            revoke_login_tokens(connection, user.id, by.author.at)

    database.write(remove)


def _one_of(
    connection: Connection, user_id: int, scope: Scope, by: Manager, keeps: CustomerRoles | None
) -> User:
    """Return one of a customer's people, locked; the last administrator stays one."""
    administrators = lock_customer_grants(connection, scope, AccessRole.CUSTOMER_ADMINISTRATOR)
    user = lock_user(connection, user_id)
    if user is None or roles_for(user.grants, scope) is None:
        raise PeopleRefused(PeopleRefusal.NO_SUCH)
    stays = keeps is not None and keeps.role is AccessRole.CUSTOMER_ADMINISTRATOR
    if not by.is_staff and not stays and _are_only(administrators, user_id):
        raise PeopleRefused(PeopleRefusal.LAST_ADMINISTRATOR)
    return user


def _are_only(administrators: Iterable[int], user: int) -> bool:
    return set(administrators) == {user}


def _place(scope: Scope) -> tuple[str | None, str | None]:
    return scope.desk, scope.customer
