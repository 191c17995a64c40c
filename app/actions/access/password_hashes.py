"""Passwords hashed and checked by Argon2id, a few at once: a hash takes a tenth of a second.

Two at a time keep a processor free for the telephone, however many log in or guess.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.access.passwords import LONGEST, composed

AT_ONCE: Final = 2
WAIT_SECONDS: Final = 3.0
# OWASP's second choice: 19 MiB, two passes. The library's default takes five times as long.
HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


class HashingBusy(Exception):
    """So many passwords are being checked that this one would wait too long."""


class PasswordHashes:
    """Hashes and checks, so many at a time; who waits too long for a turn gets HashingBusy."""

    def __init__(self, at_once: int = AT_ONCE, wait_seconds: float = WAIT_SECONDS) -> None:
        self.hasher = HASHER
        self.turns = threading.BoundedSemaphore(at_once)
        self._wait_seconds = wait_seconds

    def make(self, password: str) -> str:
        """Hash a new password."""
        with self._turn():
            return self.hasher.hash(composed(password))

    def fits(self, hashed: str | None, password: str) -> bool:
        """Tell whether a password has this hash; without a hash it takes as long and is False."""
        wanted = composed(password[: LONGEST + 1])
        with self._turn():
            try:
                self.hasher.verify(hashed or self._nobodys, wanted)
            except (VerificationError, InvalidHashError):
                return False
        return hashed is not None

    def renewed(self, hashed: str, password: str) -> str | None:
        """Hash a password anew where its hash was made with other parameters than today's."""
        return self.make(password) if self.hasher.check_needs_rehash(hashed) else None

    @cached_property
    def _nobodys(self) -> str:
        """A hash of what nobody types: whoever is no user is answered after the same time."""
        return self.hasher.hash(secrets.token_urlsafe())

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self.turns.acquire(timeout=self._wait_seconds):
            raise HashingBusy
        try:
            yield
        finally:
            self.turns.release()


PASSWORDS: Final = PasswordHashes()  # of this process
