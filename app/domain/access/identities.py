"""Who somebody is to an organisation's own login (OpenID Connect)."""

from dataclasses import dataclass
from enum import StrEnum


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
