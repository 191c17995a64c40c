"""Who logs in: a user, which roles they have, and who they are on a roster, if they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.access.actor import Actor, ActorKind
from app.domain.access.permissions import CUSTOMER_ROLES, ONLY_EVERYWHERE, AccessRole
from app.domain.access.scope import EVERYTHING, Scope
from app.domain.mail_addresses import is_mail_address
from app.domain.message_refs import MessageError, ref

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and where it holds."""

    role: AccessRole
    scope: Scope = EVERYTHING

    @property
    def is_possible(self) -> bool:
        """Tell whether the role can be given there: a customer's only for a customer."""
        if (self.role in CUSTOMER_ROLES) is not (self.scope.customer is not None):
            return False
        return self.scope.is_everything or self.role not in ONLY_EVERYWHERE


@dataclass(frozen=True, slots=True)
class PersonLink:
    """Who a user is on a roster."""

    roster: str
    person: str


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in. `email` is in small letters: it is what they are found by."""

    id: int
    email: str
    name: str
    language: str
    created_at: datetime
    person: PersonLink | None = None
    grants: tuple[Grant, ...] = ()
    disabled_at: datetime | None = None

    @property
    def is_disabled(self) -> bool:
        """Tell whether they may not log in any more."""
        return self.disabled_at is not None

    @property
    def actor(self) -> Actor:
        """Who stands behind a change that they make."""
        return Actor(ActorKind.PERSON, self.name, str(self.id))


def read_email(text: str) -> str:
    """Return a mail address as users are found by it; MessageError for what is none."""
    address = text.strip().lower()
    if not is_mail_address(address):
        raise MessageError(ref("user.no_email", address=text.strip()[:60]))
    return address


def read_name(text: str) -> str:
    """Return a name on one line; MessageError for one that is empty, too long or unreadable."""
    name = " ".join(text.split())
    if not name:
        raise MessageError(ref("user.no_name"))
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise MessageError(ref("user.long_name", most=LONGEST_NAME))
    return name
