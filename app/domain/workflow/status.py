"""What every desk's states count as: the few that telephone, SMS, lists and figures ask about."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a ticket stands, whatever its desk calls that.

    A state of a workflow counts as one of them; one that counts as open is ACKNOWLEDGED once
    somebody has acknowledged the ticket.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


# What a caller may call about again, and what keeps a critical caller from being held off.
UNSOLVED: Final = (Status.OPEN, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.WAITING)
