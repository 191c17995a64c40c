"""Which call-outs count: one rule for reports and for what people are asked to confirm."""

from collections.abc import Iterable, Sequence

from app.domain.roster.working_hours.call_out_time import CallOutTime
from app.domain.roster.working_hours.duty_time import PlanInForce
from app.domain.time.intervals import starts_within


def begun_on_duty(
    plans: Sequence[PlanInForce], known: Iterable[CallOutTime]
) -> tuple[CallOutTime, ...]:
    """Those of people on a roster that began, as measured, in duty hours that it had.

    A desk's calls count for as long as one of the plans had its duty.
    """
    people = {person.id for plan in plans for person in plan.roster.people}
    theirs = [each for each in known if each.person in people]
    if not theirs:
        return ()
    hours = [({desk.desk for desk in plan.desks}, plan.duty_hours()) for plan in plans]
    return tuple(
        each
        for each in theirs
        if any(
            (not each.desk or each.desk in desks) and starts_within(of_plan, each.began)
            for desks, of_plan in hours
        )
    )
