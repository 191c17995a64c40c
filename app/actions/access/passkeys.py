"""Passkeys added, removed, and used as the second half of a login.

A challenge is made of the login's own secret: an answer fits that login alone, and that is used
once. What verifies an answer takes a second to load, so it is loaded where one comes.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.actions.access.login_outcomes import (
    HALF_LOGIN_IS_OVER,
    WRONG_PASSKEY,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.second_factor import code_tries, second_half, user_of_half_login
from app.actions.access.second_factors import audit_factor, new_codes
from app.actions.access.sessions import begin_session
from app.domain.access.audit import AuditKind, Author
from app.domain.access.passkeys import Passkey, RelyingParty
from app.domain.access.second_factors import SecondFactor
from app.domain.access.users import User
from app.domain.access.web_session import Client, LoginKind
from app.store import Database
from app.store.login_tokens import use_login_token
from app.store.passkeys import add_passkey, delete_passkey, list_passkeys, note_passkey_used
from app.store.second_factors import delete_recovery_codes, second_factors_of
from app.store.users import lock_user

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
    from webauthn.registration.verify_registration_response import VerifiedRegistration


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What a browser answers (JSON), to which challenge of whom."""

    credential: str
    challenge: bytes
    by: RelyingParty


def challenge_for(key: str, secret: str) -> bytes:
    """Return the challenge of a login, known to nobody who has not our key and its secret."""
    return hmac.new(key.encode(), f"passkey {secret}".encode(), hashlib.sha256).digest()


def enrol_passkey(
    database: Database, user: User, name: str, answer: PasskeyAnswer, by: Author
) -> tuple[str, ...] | LoginRefused:
    """Add a key; return recovery codes, shown this once, where the user has none yet."""
    made = _registration(answer)
    if made is None:
        return WRONG_PASSKEY
    new = Passkey(
        0,
        user.id,
        made.credential_id,
        made.credential_public_key,
        made.sign_count,
        name,
        by.at,
    )

    def add(connection: "Connection") -> tuple[str, ...] | LoginRefused:
        lock_user(connection, user.id)
        if not add_passkey(connection, new):
            return WRONG_PASSKEY
        values = {"second": str(SecondFactor.PASSKEY), "name": name}
        audit_factor(connection, AuditKind.SECOND_FACTOR_ADDED, user, by, after=values)
        has_codes = second_factors_of(connection, user.id).recovery_codes > 0
        return () if has_codes else new_codes(connection, user, by)

    return database.write(add)


def remove_passkey(database: Database, user: User, passkey: int, by: Author) -> None:
    """Remove one key of a user; recovery codes go with the last factor."""

    def remove(connection: "Connection") -> None:
        lock_user(connection, user.id)
        names = {each.id: each.name for each in list_passkeys(connection, user.id)}
        if not delete_passkey(connection, user.id, passkey):
            return
        values = {"second": str(SecondFactor.PASSKEY), "name": names[passkey]}
        audit_factor(connection, AuditKind.SECOND_FACTOR_REMOVED, user, by, before=values)
        if not second_factors_of(connection, user.id).are_asked_for:
            delete_recovery_codes(connection, user.id)

    database.write(remove)


def log_in_by_passkey(
    database: Database, secret: str, answer: PasskeyAnswer, client: Client, now: datetime
) -> NewLogin | LoginRefused:
    """Log in whoever has proved the first half and has a key of the user's."""
    user = user_of_half_login(database, secret, now)
    if user is None:
        return HALF_LOGIN_IS_OVER
    taken = code_tries(user, client)
    if again_at := taken.take(database, now):
        return LoginRefused(LoginRefusal.TOO_MANY, again_at)
    with database.read() as connection:
        passkeys = list_passkeys(connection, user.id)
    used = next(
        ((each, found) for each in passkeys if (found := _authentication(answer, each))), None
    )
    if used is None:
        return WRONG_PASSKEY

    def finish(connection: "Connection") -> NewLogin | LoginRefused:
        half = second_half(connection, user, secret, now)
        if half is None:
            return HALF_LOGIN_IS_OVER
        locked, token = half
        passkey, verified = used
        if passkey not in list_passkeys(connection, user.id):
            return WRONG_PASSKEY  # removed, or used once more, meanwhile
        note_passkey_used(connection, passkey, verified.new_sign_count, now)
        use_login_token(connection, token, now)
        taken.give_back(connection, now)
        kind = token.login_kind or LoginKind.PASSWORD
        begun = begin_session(connection, locked, kind, client, now, SecondFactor.PASSKEY)
        return NewLogin(locked, begun)

    return database.write(finish)


def _registration(answer: PasskeyAnswer) -> "VerifiedRegistration | None":
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify_registration_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.by.host,
            expected_origin=answer.by.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None


def _authentication(answer: PasskeyAnswer, passkey: Passkey) -> "VerifiedAuthentication | None":
    """Return what a key has signed; None where it is not the one that did, or the answer is none.

    A key that was used less often than it says it was, is a copy: that is refused too.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        found = verify_authentication_response(
            credential=answer.credential,
            expected_challenge=answer.challenge,
            expected_rp_id=answer.by.host,
            expected_origin=answer.by.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return found if found.credential_id == passkey.credential_id else None
