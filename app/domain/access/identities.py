"""Who somebody is to an organisation's own login (OpenID Connect)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from app.domain.access.users import User


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is: by issuer and subject, which never change and belong to nobody else.

    A mail address is neither: it changes with the name, and is given to the next one. `provider`
    is what we call the organisation's login.
    """

    provider: str
    issuer: str
    subject: str


class OpenIdProblem(StrEnum):
    """Why nobody was logged in by an organisation. The texts are openid_refused.*."""

    STALE = "stale"  # an answer to no question of this browser, or one that was answered before
    DECLINED = "declined"
    AWAY = "away"
    UNTRUSTED = "untrusted"  # signed by another, for another, or of another tenant
    UNKNOWN = "unknown"  # no user of ours
    DISABLED = "disabled"
    TAKEN = "taken"  # another user's already
    BEYOND = "beyond"  # they may see more here than the customer whose login it is


def is_only_of(user: User, customers: Collection[str]) -> bool:
    """Tell whether all that somebody may do here is for these customers, each as DESK/NUMBER.

    Whoever runs a customer's login can log in as them: so they may be nobody of the staff, and
    nobody of another customer.
    """
    own = {f"{grant.scope.desk}/{grant.scope.customer}" for grant in user.grants}
    return bool(own) and own <= set(customers)
