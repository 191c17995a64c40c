"""How the network names things: its API's version, sids, and numbers that can be dialled."""

import re
import secrets

API_VERSION = "2010-04-01"
EMERGENCY = frozenset({"110", "112", "113", "+47110", "+47112", "+47113"})
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{4,14}")


def new_sid(prefix: str) -> str:
    """A new identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def can_be_dialled(number: str) -> bool:
    """Whether this is a number in international form (E.164)."""
    return _INTERNATIONAL.fullmatch(number) is not None
