"""`make storm`: a thousand calls on each database while everything is killed and started again.

SEED=… repeats the calls and the kills of an earlier storm; CALLS, AT_ONCE and DATABASE make it
smaller. Exit code 1 when anything does not hold. docs/storm.md tells how to read it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from time import monotonic

from tests.end_to_end.processes import ROOT
from tests.tools.storm.kills import Progress
from tests.tools.storm.plan import make_plan
from tests.tools.storm.report import told
from tests.tools.storm.run import run_storm
from tests.tools.storm.scene import Setting, seconds_to_start

RESULT = ROOT / "var" / "storm.json"
DATABASES = ("sqlite", "postgresql")
TWILIO_WAITS, LONGEST_WAIT = 15.0, 120.0
STARTS = 10  # processes that may have to start, one after the other, while the network waits


def main() -> int:
    """Let it blow over both databases; 1 when anything does not hold."""
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
    calls, at_once = int(os.environ.get("CALLS", "1000")), int(os.environ.get("AT_ONCE", "20"))
    chosen = os.environ.get("DATABASE")
    print(f"SEED={seed} repeats this storm: {calls} calls, {at_once} at a time", flush=True)
    results = [_storm(name, seed, calls, at_once) for name in DATABASES if chosen in (None, name)]
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({**_machine(), "storms": results}, indent=1, ensure_ascii=False))
    print(f"\nThe figures are in {RESULT.relative_to(ROOT)}")
    return 1 if any(result["violations"] for result in results) else 0


def _storm(backend: str, seed: int, calls: int, at_once: int) -> dict[str, object]:
    print(f"\n== {backend}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix=f"storm-{backend}-", dir=_var()))
    waits = min(max(TWILIO_WAITS, STARTS * seconds_to_start()), LONGEST_WAIT)
    setting = replace(Setting(), at_once=at_once, webhook_seconds=round(waits, 1))
    storm = run_storm(backend, make_plan(seed, calls), folder, setting, Screen(calls))
    counted, wrong, words = told(storm)
    print(f"\n{words}", flush=True)
    if wrong:
        print(f"  the logs are in {folder.relative_to(ROOT)}")
    else:
        shutil.rmtree(folder)
    return counted


class Screen:
    """Tells how far it has come, every twentieth of the way."""

    def __init__(self, calls: int) -> None:
        self._every, self._began = max(1, calls // 20), monotonic()

    def __call__(self, progress: Progress) -> None:
        if progress.over % self._every == 0 or progress.is_over:
            kills, seconds = sum(progress.fallen.values()), monotonic() - self._began
            print(f"  {progress.over:>5} calls, {kills:>3} kills, {seconds:6.0f} s", flush=True)


def _machine() -> dict[str, object]:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    busy = [round(load, 1) for load in os.getloadavg()]
    return {"measured_at": now, "processors": os.cpu_count(), "busy": busy}


def _var() -> Path:
    (ROOT / "var").mkdir(exist_ok=True)
    return ROOT / "var"


if __name__ == "__main__":
    sys.exit(main())
