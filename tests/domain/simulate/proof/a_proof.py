"""Proofs of the shipped desks, made once, and how a test looks things up in them."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from hypothesis import strategies as st

from app.domain.desks.desk import Priority
from app.domain.reasons import Code
from app.domain.roles import Role
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.simulate.proof.proof import Proof, SilentClass, prove
from app.domain.simulate.simulation import SimulationFacts
from app.domain.time.intervals import Interval
from tests.domain.time.wall_clock import oslo
from tests.support.shipped_desks import desk_of, shipped

YEAR = Interval(oslo("2026-11-22 00:00"), oslo("2027-11-22 00:00"))
ADVENT = Interval(oslo("2026-12-03 00:00"), oslo("2026-12-16 00:00"))
WEEKEND = Interval(oslo("2026-12-04 00:00"), oslo("2026-12-08 00:00"))
WEEK = Interval(oslo("2026-11-23 00:00"), oslo("2026-11-30 00:00"))


@cache
def proof_of(desk_id: str, span: Interval = YEAR) -> Proof:
    return prove(shipped(desk_id), span)


def with_desk(facts: SimulationFacts, **changes: object) -> SimulationFacts:
    return replace(facts, desk=replace(desk_of(facts), **changes))  # type: ignore[arg-type]


def with_roster(facts: SimulationFacts, **changes: object) -> SimulationFacts:
    assert facts.roster
    return replace(facts, roster=replace(facts.roster, **changes))  # type: ignore[arg-type]


def with_literal_duty(facts: SimulationFacts) -> SimulationFacts:
    """The duty's hours as the source lists them, and not whenever the desk is closed."""
    duty = desk_of(facts).duty
    assert duty
    return with_desk(facts, duty=replace(duty, hours=replace(duty.hours, when_unstaffed=False)))


def changed_rosters(
    roster: Roster, spans: st.SearchStrategy[tuple[datetime, datetime]]
) -> st.SearchStrategy[Roster]:
    """The roster when people are away and take over; perhaps without a last resort."""
    people = st.sampled_from([person.id for person in roster.people])
    away = st.builds(lambda who, span: Absence(who, *span), people, spans)
    takes = st.builds(
        lambda who, role, span: Override(who, role, *span),
        people,
        st.sampled_from((Role.PRIMARY, Role.BACKUP)),
        spans,
    )
    return st.builds(
        lambda absences, overrides, last_resort: replace(
            roster,
            absences=tuple(absences),
            overrides=tuple(overrides),
            last_resort=last_resort,
        ),
        st.lists(away, max_size=4),
        st.lists(takes, max_size=2),
        st.sampled_from((roster.last_resort, ())),
    )


def critical(proof: Proof) -> list[SilentClass]:
    return [each for each in proof.silent if each.attempt.priority is Priority.CRITICAL]


def reasons(silent: list[SilentClass]) -> set[tuple[Code, ...]]:
    return {each.causes for each in silent}


def agreements(silent: list[SilentClass]) -> set[str]:
    """Whose calls they are; `?` marks unknown callers."""
    callers = [each.attempt.caller for each in silent]
    return {f"{c.agreement}{'?' if c.is_unknown else ''}" for c in callers}
