"""What proves who somebody is beside a password or a link."""

from dataclasses import dataclass
from enum import StrEnum


class SecondFactor(StrEnum):
    """By what means."""

    PASSKEY = "passkey"
    AUTHENTICATOR = "authenticator"
    RECOVERY_CODE = "recovery_code"


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a user has of them."""

    has_authenticator: bool = False
    passkeys: int = 0
    recovery_codes: int = 0

    @property
    def are_asked_for(self) -> bool:
        """Tell whether a login needs one. Recovery codes stand in for others; alone they do not."""
        return self.has_authenticator or self.passkeys > 0
