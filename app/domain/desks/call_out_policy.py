"""How often and how long the duty is called about a ticket that nobody has acknowledged.

When the next call-out comes is worked out from it in callouts/next_call_out.py.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CallOutPolicy:
    """How often the duty is called about a ticket that nobody has accepted, and for how long."""

    every_minutes: int = 5
    for_minutes: int = 60  # from the ticket on; 0 in either: no call-outs


USUAL: Final = CallOutPolicy()  # where desk.toml says nothing
