"""Accounts of the portal: asked for, or offered by an invitation; who decides, and when.

An account is a user with a role for one customer of one desk. Nobody gets one before they have
shown that they get mail at the address.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import Grant, read_name
from app.domain.desks.customer import Customer
from app.domain.message_refs import MessageError, ref

CONFIRM_WITHIN: Final = timedelta(hours=24)
ACCEPT_WITHIN: Final = timedelta(days=7)  # an invitation comes when nobody waits for it
LONGEST_MESSAGE: Final = 2000
LONGEST_CUSTOMER: Final = 100
LONGEST_TYPED_NAME: Final = 80
# A name stands in mail of the desk: nobody sends their own links or addresses in one.
NOT_IN_A_NAME: Final = frozenset("/:@")
# Each includes the one before; a leader's role stands beside one of them.
LADDER: Final = (
    AccessRole.CUSTOMER_MEMBER,
    AccessRole.CUSTOMER_APPROVER,
    AccessRole.CUSTOMER_ADMINISTRATOR,
)


class AccountState(StrEnum):
    """How far a request for an account has come."""

    UNCONFIRMED = "unconfirmed"  # nobody has shown yet that they get mail there
    WAITING = "waiting"  # for the desk
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # an invitation taken back; a request that a later one replaced


@dataclass(frozen=True, slots=True)
class CustomerRoles:
    """What somebody may do for a customer."""

    role: AccessRole = AccessRole.CUSTOMER_MEMBER
    is_leader: bool = False

    def grants(self, scope: Scope) -> tuple[Grant, ...]:
        """Return the roles as they are given."""
        own = (Grant(self.role, scope),)
        return (*own, Grant(AccessRole.CUSTOMER_LEADER, scope)) if self.is_leader else own


def roles_for(grants: Iterable[Grant], scope: Scope) -> CustomerRoles | None:
    """Return what these roles let somebody do for a customer; None for nothing."""
    here = {each.role for each in grants if each.scope == scope}
    if not here:
        return None
    role = next((each for each in reversed(LADDER) if each in here), AccessRole.CUSTOMER_MEMBER)
    return CustomerRoles(role, AccessRole.CUSTOMER_LEADER in here)


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """A request for an account, or an invitation (`invited_by`), as it stands.

    `typed` is the customer as the person wrote it; `customer` the number of the one that it is.
    """

    id: int
    desk: str
    email: str
    name: str
    language: str
    typed: str
    customer: str | None
    roles: CustomerRoles
    message: str
    state: AccountState
    asked_at: datetime
    expires_at: datetime
    invited_by: Actor | None = None
    confirmed_at: datetime | None = None
    closed_by: Actor | None = None
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def is_invitation(self) -> bool:
        """Tell whether somebody of the customer, or of the desk, offers it."""
        return self.invited_by is not None

    def may_be_confirmed(self, now: datetime) -> bool:
        """Tell whether its link still works."""
        return self.state is AccountState.UNCONFIRMED and now < self.expires_at


@dataclass(frozen=True, slots=True)
class NewAccountRequest:
    """What somebody who asks for an account has said; or an invitation."""

    desk: str
    email: str
    name: str
    language: str
    typed: str
    message: str = ""
    customer: str | None = None
    roles: CustomerRoles = field(default_factory=CustomerRoles)
    invited_by: Actor | None = None

    @property
    def holds(self) -> timedelta:
        """Return how long the link in its mail works."""
        return ACCEPT_WITHIN if self.invited_by else CONFIRM_WITHIN


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What follows when somebody has shown that they get mail at the address."""

    state: AccountState
    customer: str | None


def read_typed_name(text: str) -> str:
    """Return the name of whoever asks, or is invited; MessageError for what is more than a name."""
    name = read_name(text)
    if len(name) > LONGEST_TYPED_NAME:
        raise MessageError(ref("user.long_name", most=LONGEST_TYPED_NAME))
    if NOT_IN_A_NAME.intersection(name):
        raise MessageError(ref("account_request.no_name"))
    return name


def when_confirmed(request: AccountRequest, customers: Iterable[Customer]) -> Confirmed:
    """Decide whether somebody is let in at once, or waits for the desk.

    An invitation was decided by whoever made it. Else the mail's domain decides: it is a
    customer's or it is nobody's. A name that fits no customer is forgiven where the domain does.
    """
    if request.is_invitation:
        return Confirmed(AccountState.ACCEPTED, request.customer)
    known = tuple(customers)
    meant = customer_meant(request.typed, known)
    theirs = tuple(each for each in known if each.has_mail_address(request.email))
    if meant is None and len(theirs) == 1:
        return Confirmed(AccountState.ACCEPTED, theirs[0].number)
    if meant is None:
        return Confirmed(AccountState.WAITING, None)
    is_in = meant in theirs
    return Confirmed(AccountState.ACCEPTED if is_in else AccountState.WAITING, meant.number)


def customer_meant(typed: str, customers: Iterable[Customer]) -> Customer | None:
    """Return the customer whose number or name somebody has typed; None where it is unclear."""
    words = " ".join(typed.split()).casefold()
    found = [each for each in customers if words in (each.number, each.name.casefold())]
    return found[0] if len(found) == 1 else None
