"""What a browser is asked for a passkey, and its answer: each to the login of this very browser."""

import json
from urllib.parse import urlsplit

from app.actions.access.passkeys import PasskeyAnswer, challenge_for
from app.domain.access.passkeys import RelyingParty, creation_options, request_options
from app.domain.access.users import User
from app.domain.message_refs import ref
from app.store.passkeys import list_passkeys
from app.voice_prompts import texts
from app.web.pages.language import USUAL
from app.web.services import current_services


def question_for_new_passkey(user: User, secret: str) -> str:
    """Return what a browser is asked for a new key, as JSON."""
    with current_services().database.read() as connection:
        known = list_passkeys(connection, user.id)
    return json.dumps(creation_options(_relying_party(), user, _challenge(secret), known))


def question_for_login(user: User, secret: str) -> str:
    """Return what a browser is asked for a login, as JSON; "" where the user has no key."""
    with current_services().database.read() as connection:
        known = list_passkeys(connection, user.id)
    return json.dumps(request_options(_relying_party(), _challenge(secret), known)) if known else ""


def answer_of(credential: str, secret: str) -> PasskeyAnswer:
    """Return what a browser has answered."""
    return PasskeyAnswer(credential, _challenge(secret), _relying_party())


def _challenge(secret: str) -> bytes:
    return challenge_for(current_services().settings.secret_key, secret)


def _relying_party() -> RelyingParty:
    address = urlsplit(current_services().settings.public_url)
    product = texts().write(ref("page.product"), USUAL)
    return RelyingParty(address.hostname or "", f"{address.scheme}://{address.netloc}", product)
