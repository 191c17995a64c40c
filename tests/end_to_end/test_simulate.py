"""What would happen is what does happen: the same rings, reasons and lines, live and foreseen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime

import pytest

from tests.end_to_end.people import (
    CARE_HOME,
    DUTY,
    FIRST_LINE_1,
    FIRST_LINE_2,
    IT_MANAGER,
    KUNDESERVICE,
    KUNDESERVICE_1,
    KUNDESERVICE_2,
    NURSING_HOME,
    PROKOM,
    SATURDAY_NIGHT,
    SUPPORT,
    VAKT_1,
    VAKT_1_HOME,
    VAKT_2,
    WEDNESDAY_MORNING,
    WEDNESDAY_NIGHT,
)
from tests.end_to_end.processes import ROOT
from tests.end_to_end.product import ON_A_SERVER, RunningProduct

pytestmark = ON_A_SERVER

NIGHT = [VAKT_1, VAKT_1_HOME, VAKT_2, IT_MANAGER]

CALLS = {
    "critical at night, on the duty line": (DUTY, NURSING_HOME, "1", SATURDAY_NIGHT, NIGHT),
    "critical at night, on the support line": (
        SUPPORT,
        NURSING_HOME,
        "1,1",
        WEDNESDAY_NIGHT,
        NIGHT,
    ),
    "high by day": (
        SUPPORT,
        NURSING_HOME,
        "2",
        WEDNESDAY_MORNING,
        [FIRST_LINE_1, FIRST_LINE_2],
    ),
    "critical by day, all at once": (
        KUNDESERVICE,
        CARE_HOME,
        "1,1",
        WEDNESDAY_MORNING,
        [KUNDESERVICE_1, KUNDESERVICE_2],
    ),
    "by customer number, at night": (
        PROKOM,
        "+4749009999",
        ["1001#", "2", "speak 9"],
        WEDNESDAY_NIGHT,
        [],
    ),
}
Asked = tuple[str, str, str, datetime, list[str]]


@pytest.mark.parametrize("asked", CALLS.values(), ids=CALLS.keys())
def test_a_call_that_nobody_answers_goes_as_it_was_foreseen(
    product: RunningProduct, asked: Asked
) -> None:
    line, caller, keys, at, rings = asked
    question = {"line": line, "from": caller, "at": at.isoformat(), "keys": keys}
    foreseen = product.explain(**question, ringing="unanswered")
    live = product.call(line, caller, keys, at=at)

    assert foreseen["rings"] == rings
    assert sorted(live.rang) == sorted(rings)
    assert [reason["code"] for reason in foreseen["reasons"]] == live.reasons
    assert told(foreseen["told"]) == told(live.stored["told"])
    assert bool(foreseen["ticket"]) == bool(live.tickets)


def told(lines: list[str]) -> list[str]:
    """The lines that tell why, and who is rung."""
    return [line for line in lines if line.startswith(("  why", "rings"))]


def test_the_command_line_tells_the_same_and_changes_nothing(product: RunningProduct) -> None:
    calls = len(product.rows("calls"))
    command = ["explain", "--line", DUTY, "--from", NURSING_HOME, "--at", "2026-11-21T23:10"]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "app.cli",
            *command,
            "--keys",
            "1",
            "--ringing",
            "answered",
            "--json",
        ],
        cwd=ROOT,
        env={**os.environ, **product.web.environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=280,
    )
    foreseen = json.loads(done.stdout)
    live = product.call(DUTY, NURSING_HOME, "1", people={VAKT_1: "accepts"})

    assert foreseen["rings"] == live.rang == [VAKT_1]
    assert [reason["code"] for reason in foreseen["reasons"]] == live.reasons
    assert foreseen["outcome"] == live.outcome == "connected"
    assert len(product.rows("calls")) == calls + 1, "only the live one is stored"


def test_who_is_on_duty_is_who_is_rung(product: RunningProduct) -> None:
    duty = product.get("/desks/brukarstotte/duty", at=SATURDAY_NIGHT.isoformat())
    live = product.call(DUTY, NURSING_HOME, "1")

    assert [phone for entry in duty["on_duty"] for phone in entry["phones"]] == live.rang
    assert [entry["role"] for entry in duty["on_duty"]] == ["primary", "backup", "last_resort"]
