"""However the database comes and goes during a call, it ends as if it had always been there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.calls.call import CallOutcome
from app.domain.hunts.hunt import LegOutcome
from tests.offline.outage import Caller, Outage, an_outage
from tests.support.sample_desk import NIGHT, press, sample_database

Step = Callable[[Caller], object]

STEPS: tuple[Step, ...] = (
    lambda caller: caller.arrives(),
    lambda caller: caller.presses("1"),
    lambda caller: caller.nobody_answers(),
    lambda caller: caller.nobody_answers(),
    lambda caller: caller.hears_whisper(3),
    lambda caller: caller.somebody_accepts(3),
    lambda caller: caller.talk_ends(),
    lambda caller: caller.hangs_up(),
)
REPEATS: tuple[Step, ...] = (
    lambda caller: caller.arrives(),
    lambda caller: caller.does(press("1"), turn=1),
)


@pytest.fixture(scope="module")
def outage(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outage]:
    folder = tmp_path_factory.mktemp("comes-and-goes")
    file = folder / "vakt.db"
    file.write_bytes(migrated_sqlite_file.read_bytes())
    with sample_database(f"sqlite:///{file}") as database, an_outage(database, folder) as outage:
        yield outage


weeks = itertools.count(1)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    away=st.lists(st.booleans(), min_size=len(STEPS), max_size=len(STEPS)),
    repeats=st.lists(st.sampled_from([None, *range(len(REPEATS))]), min_size=8, max_size=8),
    looks=st.sets(st.integers(0, len(STEPS) - 1)),
)
def test_the_call_ends_as_if_nothing_had_been(
    outage: Outage, away: list[bool], repeats: list[int | None], looks: set[int]
) -> None:
    week = next(weeks)
    caller = outage.call(f"CA{week}")
    caller.start = NIGHT + timedelta(weeks=week)
    for number, (step, is_away) in enumerate(zip(STEPS, away, strict=True)):
        if number in looks:
            outage.mends()
        outage.is_away = is_away
        outage.breaker.close()
        step(caller)
        if number and (again := repeats[number]) is not None:
            turn = caller.turn
            REPEATS[again](caller)
            caller.turn = turn
    outage.mends()

    tickets = [ticket for ticket in outage.tickets if ticket.call_sid == caller.sid]
    assert [ticket.acknowledged_by for ticket in tickets] == ["Duty 2"]
    past = outage.stored(caller.sid)
    assert past.line.outcome is CallOutcome.CONNECTED
    assert [leg.outcome for leg in past.legs] == [
        LegOutcome.NO_ANSWER,
        LegOutcome.NO_ANSWER,
        LegOutcome.ACCEPTED,
    ]
    assert len(past.notifications) == 3
    keys = [(turn.leg, turn.key) for turn in past.turns]
    assert len(keys) == len(set(keys))
    assert {"0", "1", "2", "3", "4", "hung_up"} <= {key for leg, key in keys if leg == 0}
    assert outage.offline.waiting_calls() == ()
