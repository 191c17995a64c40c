"""Users added and changed: their roles, whether they may log in. Each change is in the audit trail.

The same actions behind the commands and the pages. A change holds at once: whoever is logged in is
looked up at each page.
"""

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Connection

from app.domain.access.audit import (
    AuditKind,
    Author,
    Subject,
    SubjectKind,
    Values,
    audit_event,
    changes,
)
from app.domain.access.permissions import ONLY_EVERYWHERE, AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, PersonLink, User
from app.domain.access.web_session import LoginKind
from app.domain.message_refs import MessageError, RefValue, ref
from app.store import Database
from app.store.audit import add_audit_event
from app.store.login_tokens import revoke_login_tokens
from app.store.users import (
    NewUser,
    add_grant,
    change_user,
    find_user_by_email,
    is_person,
    is_there,
    lock_administrators,
    lock_user,
    remove_grant,
)
from app.store.users import add_user as insert_user
from app.store.web_sessions import end_sessions, end_sessions_by


class UserRefusal(StrEnum):
    """Why nothing was done. The texts are user_refused.* in access.toml."""

    UNKNOWN_USER = "unknown_user"
    EMAIL_TAKEN = "email_taken"
    UNKNOWN_PERSON = "unknown_person"
    UNKNOWN_DESK = "unknown_desk"
    UNKNOWN_ROSTER = "unknown_roster"
    UNKNOWN_CUSTOMER = "unknown_customer"
    ONLY_EVERYWHERE = "only_everywhere"
    ONLY_FOR_CUSTOMER = "only_for_customer"
    LAST_ADMINISTRATOR = "last_administrator"
    IDENTITY_TAKEN = "identity_taken"
    UNKNOWN_IDENTITY = "unknown_identity"
    UNKNOWN_PROVIDER = "unknown_provider"
    NO_SECOND_FACTOR = "no_second_factor"


class UserRefused(MessageError):
    """Nothing was done; `refusal` is why."""

    def __init__(self, refusal: UserRefusal, **values: RefValue) -> None:
        super().__init__(ref(f"user_refused.{refusal}", **values))
        self.refusal = refusal


def add_user(database: Database, new: NewUser, grants: tuple[Grant, ...], by: Author) -> User:
    """Add a user with their first roles; UserRefused for one that cannot be."""

    def add(connection: Connection) -> User:
        _check_person(connection, new.person)
        return give_in(connection, add_in(connection, new, by), grants, by)

    return database.write(add)


def change_user_details(database: Database, user_id: int, wanted: User, by: Author) -> User:
    """Give a user the name, language, address and person of `wanted`; nothing else of it counts."""

    def change(connection: Connection) -> User:
        user = _locked(connection, user_id)
        holder = find_user_by_email(connection, wanted.email)
        if holder and holder.id != user.id:
            raise UserRefused(UserRefusal.EMAIL_TAKEN, email=wanted.email)
        if wanted.person != user.person:
            _check_person(connection, wanted.person)
        changed = replace(
            user,
            name=wanted.name,
            language=wanted.language,
            email=wanted.email,
            person=wanted.person,
        )
        before, after = changes(values_of(user), values_of(changed))
        if after:
            change_user(connection, changed)
            _audit(connection, AuditKind.USER_CHANGED, by, user, before, after)
        return changed

    return database.write(change)


def give_role(database: Database, user_id: int, grant: Grant, by: Author) -> User:
    """Give a user a role, once."""

    def give(connection: Connection) -> User:
        user = _locked(connection, user_id)
        return give_in(connection, user, (grant,), by)

    return database.write(give)


def give_in(connection: Connection, user: User, grants: Iterable[Grant], by: Author) -> User:
    """Give a user, locked or new, the roles that they do not have, within a change."""
    new = tuple(each for each in grants if each not in user.grants)
    for grant in new:
        _give(connection, user, grant, by)
    if new and any(each.scope.customer for each in user.grants):
        # Their organisation's login opens nothing beyond its customers (identities.py).
        end_sessions_by(connection, user.id, LoginKind.OPENID, by.at)
    return replace(user, grants=(*user.grants, *new))


def take_in(connection: Connection, user: User, grants: Iterable[Grant], by: Author) -> User:
    """Take roles from a user, locked, within a change."""
    gone = tuple(each for each in grants if each in user.grants)
    for grant in gone:
        remove_grant(connection, user.id, grant)
        _audit(connection, AuditKind.ROLE_TAKEN, by, user, grant_values(grant), {})
    return replace(user, grants=tuple(each for each in user.grants if each not in gone))


def add_in(connection: Connection, new: NewUser, by: Author) -> User:
    """Add a user without a role, within a change; UserRefused where the address is taken."""
    user = insert_user(connection, new, by.at)
    if user is None:
        raise UserRefused(UserRefusal.EMAIL_TAKEN, email=new.email)
    _audit(connection, AuditKind.USER_ADDED, by, user, {}, values_of(user))
    return user


def take_role(database: Database, user_id: int, grant: Grant, by: Author) -> User:
    """Take a role from a user; they lose it at the next page that they open."""

    def take(connection: Connection) -> User:
        user = _locked(connection, user_id)
        if grant not in user.grants:
            return user
        changed = take_in(connection, user, (grant,), by)
        _keep_an_administrator(connection, user)
        return changed

    return database.write(take)


def disable_user(database: Database, user_id: int, by: Author) -> User:
    """Let a user log in no more: every session of theirs ends, every link stops working."""

    def disable(connection: Connection) -> User:
        user = _locked(connection, user_id)
        if user.is_disabled:
            return user
        disabled = replace(user, disabled_at=by.at)
        change_user(connection, disabled)
        _audit(connection, AuditKind.USER_DISABLED, by, user, {}, {})
        _keep_an_administrator(connection, user)
        end_sessions(connection, user.id, by.at)
        revoke_login_tokens(connection, user.id, by.at)
        return disabled

    return database.write(disable)


def enable_user(database: Database, user_id: int, by: Author) -> User:
    """Let a user log in again, with the roles that they had."""

    def enable(connection: Connection) -> User:
        user = _locked(connection, user_id)
        if not user.is_disabled:
            return user
        enabled = replace(user, disabled_at=None)
        change_user(connection, enabled)
        _audit(connection, AuditKind.USER_ENABLED, by, user, {}, {})
        return enabled

    return database.write(enable)


def user_with_email(database: Database, email: str) -> User:
    """Return the user with an address; UserRefused where there is none."""
    with database.read() as connection:
        user = find_user_by_email(connection, email)
    if user is None:
        raise UserRefused(UserRefusal.UNKNOWN_USER, email=email)
    return user


def subject_of(user: User) -> Subject:
    """Return what the audit trail calls a user."""
    return Subject(SubjectKind.USER, str(user.id))


def values_of(user: User) -> Values:
    """Return what the audit trail tells of a user."""
    person = f"{user.person.roster}/{user.person.person}" if user.person else None
    return {
        "name": user.name,
        "email": user.email,
        "language": user.language,
        "person": person,
    }


def grant_values(grant: Grant) -> Values:
    """Return what the audit trail tells of a role."""
    where = grant.scope
    values = {
        "role": grant.role,
        "desk": where.desk,
        "roster": where.roster,
        "customer": where.customer,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def _locked(connection: Connection, user_id: int) -> User:
    user = lock_user(connection, user_id)
    if user is None:
        raise UserRefused(UserRefusal.UNKNOWN_USER, email=str(user_id))
    return user


def _give(connection: Connection, user: User, grant: Grant, by: Author) -> None:
    if not grant.is_possible:
        is_everywhere = grant.role in ONLY_EVERYWHERE
        why = UserRefusal.ONLY_EVERYWHERE if is_everywhere else UserRefusal.ONLY_FOR_CUSTOMER
        raise UserRefused(why, role=ref(f"access_role.{grant.role}"))
    if not is_there(connection, grant.scope):
        raise _unknown(grant.scope)
    add_grant(connection, user.id, grant)
    _audit(connection, AuditKind.ROLE_GIVEN, by, user, {}, grant_values(grant))


def _unknown(scope: Scope) -> UserRefused:
    if scope.customer is not None:
        return UserRefused(UserRefusal.UNKNOWN_CUSTOMER, id=scope.customer, desk=scope.desk or "")
    is_desk = scope.desk is not None
    unknown = UserRefusal.UNKNOWN_DESK if is_desk else UserRefusal.UNKNOWN_ROSTER
    return UserRefused(unknown, id=scope.desk or scope.roster or "")


def _check_person(connection: Connection, person: PersonLink | None) -> None:
    if person is not None and not is_person(connection, person):
        who = f"{person.roster}/{person.person}"
        raise UserRefused(UserRefusal.UNKNOWN_PERSON, person=who)


def _keep_an_administrator(connection: Connection, user: User) -> None:
    """Refuse what would leave nobody who can add users on the pages."""
    was_one = any(grant.role is AccessRole.ADMINISTRATOR for grant in user.grants)
    if was_one and not user.is_disabled and not lock_administrators(connection):
        raise UserRefused(UserRefusal.LAST_ADMINISTRATOR, email=user.email)


def _audit(
    connection: Connection,
    kind: AuditKind,
    by: Author,
    user: User,
    before: Values,
    after: Values,
) -> None:
    add_audit_event(connection, audit_event(kind, by, subject_of(user), before, after))
