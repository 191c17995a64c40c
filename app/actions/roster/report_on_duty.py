"""Reports who is on duty at a desk, by the live documents. Changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.numbers import in_pairs
from app.domain.reasons import Code, Reason, because
from app.domain.roster.duty_status import DutyStatus, duty_status
from app.domain.roster.on_duty import OnDuty, Roster
from app.domain.texts.operator_input import read_when
from app.store import Database
from app.store.desks import find_desk
from app.store.missed_call_outs import list_missed_call_outs


@dataclass(frozen=True, slots=True)
class OnDutyReport:
    """A desk, its roster, and who is on duty."""

    desk: Desk
    roster: Roster | None
    duty: DutyStatus


def report_on_duty(
    database: Database, desk: str, when: str | None, now: datetime
) -> OnDutyReport | None:
    """Report who is on duty at WHEN, or now; None where there is no such desk.

    Now, also who of them has missed a call-out and has not answered since.
    ValueError for a moment that cannot be read.
    """
    with database.read() as connection:
        live = find_desk(connection, desk)
        roster = live.roster.id if live and live.roster and not when else None
        missed = list_missed_call_outs(connection, roster) if roster else ()
    if live is None:
        return None
    at = read_when(when, live.desk.time_zone) if when else now
    duty = duty_status(live.desk, live.roster, at)
    late = tuple(_late(duty.ringing, {each.person for each in missed}))
    return OnDutyReport(live.desk, live.roster, replace(duty, reasons=(*duty.reasons, *late)))


def _late(ringing: tuple[OnDuty, ...], missed: set[str]) -> Iterator[Reason]:
    """Whoever missed a call-out is rung after the others. A last resort goes by its number."""
    for entry in ringing:
        names = {entry.person.id: entry.person.name} if entry.person else {}
        names = names or {number: in_pairs(number) for number in entry.numbers}
        for name in (name for who, name in names.items() if who in missed):
            yield because(Code.MISSED_A_CALL_OUT, name=name)
