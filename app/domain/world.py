"""The world as one decision may know it: frozen facts, no conclusions."""

from dataclasses import dataclass
from typing import Final

from app.domain.call import OpenCase
from app.domain.desk import Desk, Line
from app.domain.duty.roster import Roster
from app.domain.people import Customer


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the caller's number has been about before, at this desk. Known when a call arrives."""

    open_case: OpenCase | None = None
    has_open_critical: bool = False  # a critical ticket that is not solved, however old
    calls_this_hour: int = 0  # that were answered
    blocked: bool = False  # the number stands on the desk's block list


NOTHING: Final = Earlier()  # of a first call, and of who withholds the number


@dataclass(frozen=True, slots=True)
class World:
    """Facts gathered for one turn.

    `customers` are only those who match the caller's number or the digits of this
    turn. `talking` are numbers that are connected in another of our calls now.
    `rings_this_hour` counts the desk's attempts to reach somebody. `missed` are
    persons who missed a round of calls and have not answered since. `taken_by` is the name
    of whoever has accepted the ticket of this call, where somebody has.
    """

    desk: Desk | None = None
    line: Line | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    rings_this_hour: int = 0
    earlier: Earlier = NOTHING
    missed: frozenset[str] = frozenset()
    taken_by: str | None = None
