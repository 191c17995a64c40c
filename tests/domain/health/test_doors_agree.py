"""The same facts are the same health at every door: auditor, preflight, /readyz and /metrics."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health.alarms import AlarmKind
from app.domain.health.alarms_from_checks import system_alarms
from app.domain.health.checks import judge
from app.domain.health.facts import (
    ClockReference,
    ClockSkew,
    DamagedJournal,
    FailingCalendar,
    HealthFacts,
    Journal,
    OfflineSnapshot,
    Outbox,
    StaticFallback,
    SystemFacts,
    WorkerHeartbeat,
)
from app.domain.health.opt_outs import OptedOut
from app.domain.health.readiness import DatabaseState, OfflineState, WorkerState, readiness
from app.domain.health.thresholds import LOOK_BACK, RULES, HealthCode, Part
from app.preflight.checks.health import health_lines
from app.preflight.finding import Mark
from app.web.database_metrics import DatabaseMetrics, LocalMetrics
from tests.support.contacts import WITH_CONTACTS
from tests.support.sample_desk import NIGHT

DESK = WITH_CONTACTS.desk
SECOND = timedelta(seconds=1)
LIMITS = sorted({rule.after for rule in RULES.values()} | {LOOK_BACK})
AGES = st.one_of(
    st.sampled_from([limit + way for limit in LIMITS for way in (-SECOND, 0 * SECOND, SECOND)]),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
)
INSTANTS = AGES.map(lambda age: NIGHT - age)
MAYBE = st.none() | INSTANTS
FACTS = st.builds(
    SystemFacts,
    database_answers=st.none() | st.booleans(),
    heartbeats=st.none()
    | st.lists(
        st.builds(WorkerHeartbeat, st.sampled_from(["a:1", "a:2", "b:1"]), INSTANTS), max_size=3
    ).map(tuple),
    outbox=st.none() | st.builds(Outbox, MAYBE, MAYBE),
    clocks=st.none()
    | st.lists(
        st.builds(
            ClockSkew,
            st.sampled_from([2, 3, 10, -9, -11]).map(lambda each: each * SECOND),
            st.sampled_from(ClockReference),
            st.sampled_from(["", "a:1", "b:1"]),
        ),
        max_size=3,
    ).map(tuple),
    snapshot=st.none() | st.builds(OfflineSnapshot, MAYBE),
    journal=st.none()
    | st.builds(
        Journal,
        MAYBE,
        st.booleans(),
        st.lists(st.builds(DamagedJournal, INSTANTS, INSTANTS, st.integers(0, 3)), max_size=2).map(
            tuple
        ),
    ),
    fallbacks=st.none()
    | st.lists(
        st.builds(StaticFallback, st.just("fjordhjelp"), MAYBE | st.just(NIGHT + SECOND), MAYBE),
        max_size=1,
    ).map(tuple),
    opted_out=st.none()
    | st.lists(
        st.builds(
            OptedOut,
            st.just("fjordhjelp"),
            st.just("Vakt 1"),
            st.just("+4749009101"),
            st.just("+4720000902"),
        ),
        max_size=1,
    ).map(tuple),
    calendars=st.none()
    | st.lists(
        st.builds(
            FailingCalendar, st.just("fjordhjelp"), st.just("duty-1"), st.just("Duty 1"), INSTANTS
        ),
        max_size=1,
    ).map(tuple),
)
MARKS = {Mark.OK: 0, Mark.WARNING: 1, Mark.ERROR: 2}


def printed(facts: SystemFacts, now: datetime) -> dict[str, float]:
    """The worst mark that preflight prints of each part."""
    lines = {part: [MARKS[line.mark] for line in health_lines(part, facts, now)] for part in Part}
    return {str(part): max(marks) for part, marks in lines.items() if marks}


def measured(facts: SystemFacts, now: datetime) -> dict[str, float]:
    """What /metrics tells of each part."""
    local = LocalMetrics(None, None, 0.0)
    exported = DatabaseMetrics(None, {}, {}, local, judge(facts, now), now)
    [family] = [each for each in exported.collect() if each.name == "vakt_health"]
    return {sample.labels["part"]: sample.value for sample in family.samples}


def alarmed(facts: SystemFacts, now: datetime) -> set[AlarmKind]:
    """What the contacts are alarmed about, who have not been told of anything yet."""
    assert DESK
    told = HealthFacts(desks=(DESK,), notified={}, system=facts)
    return {found.alarm.kind for found in system_alarms(judge(facts, now), told, now)}


@given(FACTS)
def test_preflight_prints_what_the_metrics_count(facts: SystemFacts) -> None:
    assert printed(facts, NIGHT) == measured(facts, NIGHT)


@given(FACTS)
def test_readiness_is_refused_where_preflight_prints_an_error(facts: SystemFacts) -> None:
    told, states = readiness(judge(facts, NIGHT)), printed(facts, NIGHT)
    assert told.is_ready == (2 not in states.values())
    assert (told.database is DatabaseState.AWAY) == (states.get("database") == 2)
    assert (told.worker is WorkerState.SILENT) == (states.get("worker") == 2)
    assert (told.worker is WorkerState.UNKNOWN) == ("worker" not in states)
    assert (told.offline is OfflineState.DAMAGED) == (states.get("journal") == 2)
    if told.offline is not OfflineState.DAMAGED:
        assert (told.offline is OfflineState.OK) == (states.get("snapshot", 0) == 0)


@given(FACTS)
def test_an_alarm_is_raised_of_what_preflight_prints_and_of_nothing_else(
    facts: SystemFacts,
) -> None:
    kinds, states = alarmed(facts, NIGHT), printed(facts, NIGHT)
    part_of = {rule.alarm: rule.part for rule in RULES.values() if rule.alarm}
    assert all(states[part_of[kind]] > 0 for kind in kinds)
    codes = {found.code for findings in judge(facts, NIGHT).values() for found in findings}
    # Of workers nobody is alarmed who are gone for a day, or when there never was one.
    due = {rule.alarm for code, rule in RULES.items() if code in codes and rule.alarm}
    assert due - {AlarmKind.WORKER_SILENT} == kinds - {AlarmKind.WORKER_SILENT}


def test_every_code_stands_in_the_table() -> None:
    assert set(RULES) == set(HealthCode)


SINCE: dict[HealthCode, Callable[[datetime], SystemFacts]] = {
    HealthCode.NO_WORKER: lambda at: SystemFacts(heartbeats=(WorkerHeartbeat("a:1", at),)),
    HealthCode.OUTBOX_LATE: lambda at: SystemFacts(outbox=Outbox(at)),
    HealthCode.RECORDINGS_STAY: lambda at: SystemFacts(outbox=Outbox(None, at)),
    HealthCode.SNAPSHOT_OLD: lambda at: SystemFacts(snapshot=OfflineSnapshot(at)),
    HealthCode.JOURNAL_WAITS: lambda at: SystemFacts(journal=Journal(at)),
    HealthCode.CALENDAR_NOT_READ: lambda at: SystemFacts(
        calendars=(FailingCalendar("fjordhjelp", "duty-1", "Duty 1", at),)
    ),
    HealthCode.FALLBACK_NOT_RENEWED: lambda at: SystemFacts(
        fallbacks=(StaticFallback("fjordhjelp", NIGHT + SECOND, at),)
    ),
}


@pytest.mark.parametrize("code", SINCE)
def test_what_lasts_is_wrong_from_its_one_threshold_on(code: HealthCode) -> None:
    limit = RULES[code].after
    for age, wanted in ((limit, []), (limit + SECOND, [code])):
        judged = judge(SINCE[code](NIGHT - age), NIGHT)
        assert [found.code for each in judged.values() for found in each] == wanted
