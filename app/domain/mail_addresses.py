"""Mail addresses that our own mail can be sent to: letters of ASCII only."""

import re
from typing import Final

LONGEST_ADDRESS: Final = 200
ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)


def is_mail_address(text: str) -> bool:
    """Tell whether mail can be sent there."""
    return len(text) <= LONGEST_ADDRESS and ADDRESS.fullmatch(text) is not None
