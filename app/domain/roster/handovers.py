"""When another person is rung first than before: by the function that calls are routed by. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.roles import Role
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Person, Roster
from app.domain.roster.shifts import shifts
from app.domain.time.intervals import Interval

A_MOMENT: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Handover:
    """At which instant the duty goes from whom to whom; None: nobody but a last resort."""

    at: datetime
    outgoing: Person | None
    incoming: Person | None

    @property
    def people(self) -> tuple[Person, ...]:
        """The two, as far as there are two."""
        return tuple(each for each in (self.outgoing, self.incoming) if each)


def handovers(roster: Roster, span: Interval) -> tuple[Handover, ...]:
    """List the handovers of a time in order; who is away hands over when that begins and ends."""
    changes = sorted(_changes(roster, span))
    found = (Handover(at, _first(roster, at - A_MOMENT), _first(roster, at)) for at in changes)
    return tuple(each for each in found if _id(each.outgoing) != _id(each.incoming))


def _changes(roster: Roster, span: Interval) -> set[datetime]:
    """The instants at which somebody else may be rung first."""
    around = shifts(roster, span.from_ - A_MOMENT, span.to + A_MOMENT)
    pieces = [each.interval for each in around]
    pieces += [Interval(each.from_, each.to) for each in roster.absences]
    return {at for piece in pieces for at in (piece.from_, piece.to) if at in span}


def _first(roster: Roster, at: datetime) -> Person | None:
    ringing = on_duty(roster, at).ringing
    return next((each.person for each in ringing if each.role is not Role.LAST_RESORT), None)


def _id(person: Person | None) -> str:
    return person.id if person else ""
