"""An app that shows a code of six digits, another each half minute (TOTP, RFC 6238). Pure."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyotp import TOTP

STEP_SECONDS: Final = 30
DIGITS: Final = 6
DRIFT: Final = 1  # steps: a telephone's clock may be so far from ours, and typing takes time
GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Authenticator:
    """The app of a user; what it shows is computed from `secret` and the clock alone."""

    user: int
    secret: str
    confirmed_at: datetime | None = None
    last_step: int = 0

    @property
    def is_confirmed(self) -> bool:
        """Tell whether a code of it was right once: until then it is no second factor."""
        return self.confirmed_at is not None

    def step_of(self, code: str, now: datetime) -> int | None:
        """Return the step whose code this is; None for a wrong code, and for one used before.

        A code counts once, and no earlier one after it.
        """
        current = int(now.timestamp()) // STEP_SECONDS
        app = TOTP(self.secret, digits=DIGITS, interval=STEP_SECONDS)
        for step in range(current - DRIFT, current + DRIFT + 1):
            if hmac.compare_digest(app.generate_otp(step), code) and step > self.last_step:
                return step
        return None


def app_code(text: str) -> str:
    """Return the digits of a code as apps show them, “123 456”; "" for what is none."""
    digits = "".join(text.split())
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() else ""


def enrolment_address(secret: str, email: str, product: str) -> str:
    """Return what the QR code holds: the address by which an app takes the secret."""
    address: str = TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=email, issuer_name=product
    )
    return address


def in_groups(secret: str) -> str:
    """Return a secret as it is typed from a screen."""
    return " ".join(secret[at : at + GROUP] for at in range(0, len(secret), GROUP))
