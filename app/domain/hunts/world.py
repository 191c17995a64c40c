"""The world as one decision may know it: frozen facts, no conclusions."""

from dataclasses import dataclass
from typing import Final

from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk, Line
from app.domain.desks.known_outage import KnownOutage
from app.domain.hunts.staff_view import StaffView
from app.domain.roster.on_duty import Roster
from app.domain.tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class CallerHistory:
    """What the caller's number has been about before, at this desk. Known when a call arrives."""

    recent_ticket: Ticket | None = None
    has_open_critical: bool = False  # a critical ticket that is not solved, however old
    calls_this_hour: int = 0  # that were answered
    blocked: bool = False  # the number stands on the desk's block list, or withheld ones do


NO_HISTORY: Final = CallerHistory()  # of a first call


@dataclass(frozen=True, slots=True)
class Strangers:
    """What callers who are no known customers have caused at this desk in the last hour.

    `rings` counts attempts to reach somebody for them; `wakes` in how many of their calls each
    person of the duty was rung, this call left out. `ticket` is the critical ticket that this
    very number has open; those who withhold theirs have one in common.
    """

    rings: int = 0
    wakes: tuple[tuple[str, int], ...] = ()
    ticket: Ticket | None = None

    def wakes_of(self, person: str) -> int:
        """Return in how many calls of strangers this person was rung."""
        return dict(self.wakes).get(person, 0)


NO_STRANGERS: Final = Strangers()


@dataclass(frozen=True, slots=True)
class World:
    """Facts gathered for one turn.

    `customers` are only those who match the caller's number or the digits of this
    turn. `talking` are numbers that are connected in another of our calls now.
    `rings_this_hour` counts the desk's attempts to reach somebody for known customers;
    those for everybody else stand in `strangers`. `missed` are
    persons who missed a call-out and have not answered since. `acknowledged_by` is the name
    of whoever has accepted the ticket of this call, where somebody has. `message_is_stored` tells
    that what the caller said has been fetched and can be played to whoever is rung.
    """

    desk: Desk | None = None
    line: Line | None = None
    roster: Roster | None = None
    customers: tuple[Customer, ...] = ()
    talking: frozenset[str] = frozenset()
    rings_this_hour: int = 0
    earlier: CallerHistory = NO_HISTORY
    missed: frozenset[str] = frozenset()
    acknowledged_by: str | None = None
    strangers: Strangers = NO_STRANGERS
    caller_is_line: bool = False  # the caller's number is a line of some desk
    caller_opted_out: bool = False  # of SMS from the line that was called
    message_is_stored: bool = False
    outage: KnownOutage | None = None  # that the desk knows of
    staff: StaffView | None = None  # of somebody who has shown a PIN in this call
