"""A small storm over an installation: everything is killed with -9 while callers are there, and
nobody is
lost. The large one is `make storm` (tests/tools/storm).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import BACKENDS
from tests.tools.storm.plan import Victim, make_plan
from tests.tools.storm.report import told
from tests.tools.storm.run import run_storm
from tests.tools.storm.scene import Setting

SEED, CALLS = 20261122, 20
# A machine that does much else may take long for everything; no less than this must hold on it.
SMALL = Setting(at_once=10, speed=40, webhook_seconds=90, rest_seconds=600, is_hurried=True)
# What falls in EVERYTHING too is killed alone on one database, where it is no matter which, or not.
KILLED = {
    "sqlite": {Victim.MASTER, Victim.WORKER, Victim.DATABASE, Victim.EVERYTHING},
    "postgresql": {Victim.WEB_PROCESS, Victim.WORKER, Victim.DATABASE, Victim.EVERYTHING},
}


@pytest.mark.timeout(1800)  # each kill waits until all processes are up
@pytest.mark.parametrize("backend", BACKENDS)
def test_nobody_is_lost_while_everything_is_killed(backend: str, tmp_path: Path) -> None:
    plan = make_plan(SEED, CALLS)
    kills = tuple(kill for kill in plan.kills if kill.victim in KILLED[backend])
    storm = run_storm(backend, replace(plan, kills=kills), tmp_path, SMALL)
    _, violations, words = told(storm)

    print(words)  # pytest shows it when something does not hold
    assert storm.fallen
    assert len(storm.network.calls) == CALLS
    assert violations == ()
