"""Who has the duty of a desk at an instant, who has it next, and where nobody will have it."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.desks.desk import Desk
from app.domain.desks.duty_hours import in_duty_hours
from app.domain.overview.coverage_ahead import CoverageAhead
from app.domain.reasons import Reason
from app.domain.roles import Role
from app.domain.roster.duty_status import duty_status
from app.domain.roster.on_duty import OnDuty, Person, Roster
from app.domain.time.intervals import Interval


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Whose shift it is, and whether they have said that they take it."""

    person: str
    has_confirmed: bool


@dataclass(frozen=True, slots=True)
class DutyNow:
    """The duty of a desk: in ringing order, also outside its hours; then `after` the handover.

    `first_gap` is the first time within 90 days that nobody covers. `has_confirmed` is that of
    whoever is first; None where nobody was asked.
    """

    in_hours: bool
    ringing: tuple[OnDuty, ...]
    reasons: tuple[Reason, ...]
    handover: datetime | None = None
    after: tuple[OnDuty, ...] = ()
    first_gap: Interval | None = None
    is_anybody_planned: bool = True
    has_confirmed: bool | None = None

    @property
    def first(self) -> Person | None:
        """Return who is first in the plan: primary or backup, no last resort."""
        planned = (each.person for each in self.ringing if each.role is not Role.LAST_RESORT)
        return next(planned, None)


def duty_now(
    desk: Desk,
    roster: Roster | None,
    ahead: CoverageAhead | None,
    confirmed: tuple[Confirmed, ...],
    at: datetime,
) -> DutyNow | None:
    """Say who has the duty; None for a desk without one."""
    if desk.duty is None or ahead is None:
        return None
    status = duty_status(desk, roster, at)
    by_person = {each.person: each.has_confirmed for each in confirmed}
    now = DutyNow(
        in_hours=bool(in_duty_hours(desk.duty.hours, desk.telephone_calendars(), at)),
        ringing=status.ringing,
        reasons=status.reasons,
        handover=status.handover,
        after=status.after,
        first_gap=ahead.first_gap(at),
        is_anybody_planned=ahead.is_anybody_on_it,
    )
    if now.first is None:
        return now
    return replace(now, has_confirmed=by_person.get(now.first.id))
