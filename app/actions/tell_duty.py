"""Who is on duty at a desk, by the live documents. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.desk import Desk
from app.domain.duty.duty_now import DutyNow, duty_now
from app.domain.duty.roster import Roster
from app.domain.words.when import read_when
from app.store import Database
from app.store.desks import find_desk


@dataclass(frozen=True, slots=True)
class DutyTold:
    """A desk, its roster, and who is on duty."""

    desk: Desk
    roster: Roster | None
    duty: DutyNow


def tell_duty(database: Database, desk: str, when: str | None, now: datetime) -> DutyTold | None:
    """Tell who is on duty at WHEN, or now; None where there is no such desk.

    ValueError for a moment that cannot be read.
    """
    with database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        return None
    at = read_when(when, live.desk.time_zone) if when else now
    return DutyTold(live.desk, live.roster, duty_now(live.desk, live.roster, at))
