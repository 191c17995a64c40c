"""A call on its way leaves nothing in memory: Python 3.12 keeps whatever pathlib interns."""

from __future__ import annotations

import gc
import sys
from datetime import timedelta
from pathlib import Path

from app.domain.calls.call import Call
from app.domain.numbers import parse_number
from app.offline.checkpoints import CallCheckpoint, CallCheckpoints
from tests.support.sample_desk import CALLER, DUTY, NIGHT

CALLS = 1000
# pydantic keeps the newest 16,384 strings that it has read, a call's sid among them.
KEPT_BY_PYDANTIC = 1


def test_calls_that_are_over_leave_no_names_of_files_in_memory(tmp_path: Path) -> None:
    checkpoints = CallCheckpoints((tmp_path,))
    live_through(checkpoints, range(CALLS))  # what is kept once for all of them is there now
    before = blocks()

    live_through(checkpoints, range(CALLS, 2 * CALLS))

    assert blocks() - before < (KEPT_BY_PYDANTIC + 0.5) * CALLS


def live_through(checkpoints: CallCheckpoints, numbers: range) -> None:
    for number in numbers:
        sid = f"CA{number:032x}"
        call = Call(sid, DUTY, parse_number(CALLER), NIGHT)
        checkpoints.save(CallCheckpoint(call, timedelta(0)))
        assert checkpoints.find(sid)
        checkpoints._remove(sid)


def blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()
