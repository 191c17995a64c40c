"""The people who would be rung: has each of them ever answered with a key?

A number counts as verified when somebody there has pressed a key for us in the last 180 days:
in a call, or when `vakt preflight --live` rang. Who answers by SMS only was not heard to ring.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from app.actions.health import gather
from app.domain.health.facts import SystemFacts
from app.domain.health.thresholds import Part
from app.domain.message_refs import Value, ref
from app.preflight.checks.health import health_lines
from app.preflight.facts import PreflightFacts, known
from app.preflight.finding import Finding, ok, warning
from app.store.desks import LiveDesk

Verified = Mapping[str, datetime]


def people(facts: PreflightFacts) -> Iterator[Finding]:
    """Each desk's people without a tried number, and its last resort."""
    rows = known(facts.rows)
    told: set[str] = set()
    for live in rows.desks:
        if live.desk.duty is None or live.roster is None or live.roster.id in told:
            continue  # nobody on this roster is ever rung, or another desk has told of them
        told.add(live.roster.id)
        found = list(_of_roster(live, rows.verified))
        yield from found or [ok(ref("preflight.people_well", desk=live.desk.id))]


def opted_out(facts: PreflightFacts) -> Iterator[Finding]:
    """Whoever of a desk gets no SMS any more, because the number has written STOP."""
    rows = known(facts.rows)
    system = SystemFacts(opted_out=gather.opted_out(rows.desks, rows.opt_outs))
    yield from health_lines(Part.SMS, system, facts.now)


def calendars(facts: PreflightFacts) -> Iterator[Finding]:
    """Whether everybody's calendar of absences can be read."""
    yield from health_lines(Part.CALENDARS, known(facts.rows).system, facts.now)


def _of_roster(live: LiveDesk, verified: Verified) -> Iterator[Finding]:
    desk, roster = live.desk.id, live.roster
    if roster is None:
        return
    for person in roster.people:
        if not person.numbers:
            yield warning(
                ref("preflight.no_number", desk=desk, who=person.name),
                ref("preflight.no_number_do", desk=desk),
            )
        elif not any(number in verified for number in person.numbers):
            yield _unverified(desk, person.name, person.numbers[0])
    for number in roster.last_resort_numbers:
        if number not in verified:
            yield _unverified(desk, ref("preflight.last_resort"), number)


def _unverified(desk: str, who: Value, number: str) -> Finding:
    return warning(
        ref("preflight.unverified", desk=desk, who=who, number=number),
        ref("preflight.unverified_do", number=number),
    )
