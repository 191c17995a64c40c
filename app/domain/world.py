"""The world as one decision may know it: frozen facts, no conclusions."""

from dataclasses import dataclass

from app.domain.desk import Desk, Line
from app.domain.duty.roster import Roster
from app.domain.people import Customer


@dataclass(frozen=True, slots=True)
class World:
    """Facts gathered for one turn.

    `customers` are only those who match the caller's number or the digits of this
    turn. `talking` are numbers that are connected in another of our calls now.
    `rings_this_hour` counts the desk's attempts to reach somebody.
    """

    desk: Desk | None = None
    line: Line | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    rings_this_hour: int = 0
