"""Keys that a user's devices keep (WebAuthn), and what a browser is asked for them. Pure."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.access.users import User
from app.domain.message_refs import MessageError, ref

LONGEST_NAME: Final = 60
MILLISECONDS: Final = 120_000
ALGORITHMS: Final = (-8, -7, -257)  # EdDSA, ECDSA and RSA, by their numbers in COSE
PUBLIC_KEY: Final = "public-key"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A key of a user, as we know it: its public half. `name` is theirs: “Telefonen”."""

    id: int
    user: int
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who asks, by the address of the pages: a key answers to nobody else."""

    host: str
    origin: str
    name: str


def creation_options(
    by: RelyingParty, user: User, challenge: bytes, known: Iterable[Passkey]
) -> dict[str, Any]:
    """Return what a browser is asked for a new key; no device makes a second one for us."""
    return {
        "rp": {"id": by.host, "name": by.name},
        "user": {
            "id": _written(str(user.id).encode()),
            "name": user.email,
            "displayName": user.name,
        },
        "challenge": _written(challenge),
        "pubKeyCredParams": [{"type": PUBLIC_KEY, "alg": each} for each in ALGORITHMS],
        "timeout": MILLISECONDS,
        "excludeCredentials": _named(known),
        "authenticatorSelection": {"residentKey": "discouraged", "userVerification": "preferred"},
        "attestation": "none",
    }


def request_options(by: RelyingParty, challenge: bytes, known: Iterable[Passkey]) -> dict[str, Any]:
    """Return what a browser is asked for a login by one of these keys."""
    return {
        "rpId": by.host,
        "challenge": _written(challenge),
        "timeout": MILLISECONDS,
        "allowCredentials": _named(known),
        "userVerification": "preferred",
    }


def read_passkey_name(text: str) -> str:
    """Return what a user calls a key; MessageError for what is empty, too long or unreadable."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise MessageError(ref("passkey.no_name", most=LONGEST_NAME))
    return name


def _named(passkeys: Iterable[Passkey]) -> list[dict[str, str]]:
    return [{"type": PUBLIC_KEY, "id": _written(each.credential_id)} for each in passkeys]


def _written(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()
