"""Reports what a desk's lines do in a site outage, by the live documents. Changes nothing."""

from dataclasses import replace
from datetime import datetime

from app.domain.message_refs import MessageError, ref
from app.domain.simulate.site_outage import StaticPlan, build_static_plan
from app.domain.texts.operator_input import read_when
from app.store import Database
from app.store.desks import find_desk


class NotValidUntil(Exception):
    """Hours or people change at `plan.until`, before the wanted moment."""

    def __init__(self, plan: StaticPlan, wanted: datetime) -> None:
        super().__init__(plan.until, wanted)
        self.plan, self.wanted = plan, wanted


def report_lifeline(
    database: Database, desk: str, when: str | None, until: str | None, now: datetime
) -> StaticPlan | None:
    """Tell it from WHEN, or now, on; None where there is no such desk.

    With `until` it is said to hold until then, or NotValidUntil. ValueError for a moment that
    cannot be read, or for an end that is not after the beginning.
    """
    with database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        return None
    zone = live.desk.time_zone
    plan = build_static_plan(live.desk, live.roster, read_when(when, zone) if when else now)
    if not until:
        return plan
    wanted = read_when(until, zone)
    if wanted <= plan.from_:
        raise MessageError(ref("command.lifeline_ends_before_it_begins"))
    if wanted > plan.until:
        raise NotValidUntil(plan, wanted)
    return replace(plan, until=wanted)
