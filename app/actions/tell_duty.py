"""Who is on duty at a desk, by the live documents. Changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.decision import Code
from app.domain.desk import Desk
from app.domain.duty.duty_now import Because, DutyNow, duty_now
from app.domain.duty.roster import OnDuty, Roster
from app.domain.people import in_pairs
from app.domain.words.when import read_when
from app.store import Database
from app.store.desks import find_desk
from app.store.missed import list_missed


@dataclass(frozen=True, slots=True)
class DutyTold:
    """A desk, its roster, and who is on duty."""

    desk: Desk
    roster: Roster | None
    duty: DutyNow


def tell_duty(database: Database, desk: str, when: str | None, now: datetime) -> DutyTold | None:
    """Tell who is on duty at WHEN, or now; None where there is no such desk.

    Now, also who of them has missed a round of calls and has not answered since.
    ValueError for a moment that cannot be read.
    """
    with database.read() as connection:
        live = find_desk(connection, desk)
        roster = live.roster.id if live and live.roster and not when else None
        missed = list_missed(connection, roster) if roster else ()
    if live is None:
        return None
    at = read_when(when, live.desk.time_zone) if when else now
    duty = duty_now(live.desk, live.roster, at)
    late = tuple(_late(duty.ringing, {each.person for each in missed}))
    return DutyTold(live.desk, live.roster, replace(duty, reasons=(*duty.reasons, *late)))


def _late(ringing: tuple[OnDuty, ...], missed: set[str]) -> Iterator[Because]:
    """Whoever missed a round is rung after the others. A last resort goes by its number."""
    code = Code.MISSED_A_ROUND
    for entry in ringing:
        names = {entry.person.id: entry.person.name} if entry.person else {}
        names = names or {number: in_pairs(number) for number in entry.numbers}
        for name in (name for who, name in names.items() if who in missed):
            yield Because(code, f"reason.{code}", (("name", name),))
