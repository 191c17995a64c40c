"""Passwords and PINs of tests are hashed in a moment: a hash is made to cost what guessing may.

Its real cost has a test of its own (tests/actions/access/test_log_in.py).
"""

from argon2 import PasswordHasher

from app.actions.access.password_hashes import PASSWORDS

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def hash_cheaply() -> None:
    """From now on, in this process."""
    PASSWORDS.hasher = CHEAP
