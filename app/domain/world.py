"""The world as one decision may know it: frozen facts, no conclusions."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.call import Callee
from app.domain.desk import Desk, Line, Priority
from app.domain.duty.roster import Roster
from app.domain.people import Customer


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A ticket of the caller's that is still open and young: perhaps they call about it again."""

    number: int
    priority: Priority
    customer: str | None
    agreement: str
    respond_by: datetime | None
    solve_by: datetime | None
    calls: int  # how many calls have been about it so far
    accepted_by: Callee | None = None


@dataclass(frozen=True, slots=True)
class World:
    """Facts gathered for one turn.

    `customers` are only those who match the caller's number or the digits of this
    turn; so are `open_case` and what follows it. `talking` are numbers that are connected in another of our calls now.
    `rings_this_hour` counts the desk's attempts to reach somebody.
    """

    desk: Desk | None = None
    line: Line | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    rings_this_hour: int = 0
    open_case: OpenCase | None = None
    has_open_critical: bool = False  # the caller has a critical ticket that is not solved
    calls_this_hour: int = 0  # from this caller to this desk
    blocked: bool = False  # the caller's number stands on the desk's block list now
    missed: frozenset[str] = frozenset()  # persons who missed a round and have not answered since
