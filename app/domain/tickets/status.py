"""The statuses of a ticket, and which may follow which. What a move changes is moves.py."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a ticket stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"


# What a caller may call about again, and what keeps a critical caller from being held off.
UNSOLVED: Final = (Status.OPEN, Status.ACKNOWLEDGED, Status.IN_PROGRESS, Status.WAITING)

# The only place that knows. Work on a solved ticket may go on; a closed one stays closed.
MOVES: Final[Mapping[Status, frozenset[Status]]] = {
    Status.OPEN: frozenset(
        {
            Status.ACKNOWLEDGED,
            Status.IN_PROGRESS,
            Status.WAITING,
            Status.SOLVED,
            Status.CLOSED,
        }
    ),
    Status.ACKNOWLEDGED: frozenset(
        {Status.IN_PROGRESS, Status.WAITING, Status.SOLVED, Status.CLOSED}
    ),
    Status.IN_PROGRESS: frozenset({Status.WAITING, Status.SOLVED, Status.CLOSED}),
    Status.WAITING: frozenset({Status.IN_PROGRESS, Status.SOLVED, Status.CLOSED}),
    Status.SOLVED: frozenset({Status.IN_PROGRESS, Status.CLOSED}),
    Status.CLOSED: frozenset(),
}
