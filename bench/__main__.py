"""Measures the product: `make bench`. A table on screen, the same figures in var/bench.json.

What is measured and how is docs/performance.md.
"""

import argparse
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console

from app.logs import configure
from bench import call_out_delay, duty, first_ring, idle_worker, pages, rosters, tickets
from bench.figures import Figure, save, show
from bench.servers import DURABLE, ROOT
from bench.turns import Effort, compared_with_bare_views, few_and_many_desks
from tests.support import postgres_server

RESULT = ROOT / "var" / "bench.json"
QUICK = Effort(
    rounds=2,
    round_seconds=0.3,
    turns_before=100,
    schedule_seconds=3,
    desk_rounds=2,
    page_rounds=1,
    page_seconds=3,
    queue_rounds=2,
    idle_seconds=3,
    call_outs=4,
)


@contextmanager
def sqlite() -> Iterator[Callable[[str], str]]:
    """New SQLite files on the disk that the product would use."""
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=_var()))
    try:
        yield lambda name: f"sqlite:///{folder / name}.db"
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgresql() -> Iterator[Callable[[str], str]]:
    """New databases on a PostgreSQL that keeps what it has committed."""
    with (
        postgres_server.running_server(DURABLE) as socket,
        postgres_server.connect(socket) as admin,
    ):

        def new(name: str) -> str:
            admin.execute(f"CREATE DATABASE {name}".encode())
            return postgres_server.url(socket, name)

        yield new


PARTS = ("duty", "rosters", "ring", "turns", "desks", "pages", "tickets", "worker")
KINDS = {"SQLite, synchronous=FULL": sqlite, "PostgreSQL, fsync=on": postgresql}


def measured(parts: list[str], effort: Effort) -> Iterator[Figure]:
    """Every figure, in the order of the table."""
    if "duty" in parts:
        yield from duty.figures()
    if "rosters" in parts:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=_var()) as folder:
            yield from rosters.figures(Path(folder))
    if "ring" in parts:
        yield from first_ring.figures()
    for kind, databases in KINDS.items():
        folder = Path(tempfile.mkdtemp(prefix="bench-logs-", dir=_var()))
        with databases() as new:
            if "turns" in parts:
                yield from compared_with_bare_views(kind, new("turns"), folder, effort)
            if "desks" in parts:
                yield from few_and_many_desks(kind, new("few"), new("many"), folder, effort)
            if "pages" in parts:
                rounds, seconds = effort.page_rounds, effort.page_seconds
                yield from pages.figures(kind, new("pages"), folder, rounds, seconds)
            if "tickets" in parts:
                yield from tickets.figures(kind, new("tickets"), folder, effort.queue_rounds)
            if "worker" in parts:
                yield from idle_worker.figures(kind, new("idle"), folder, effort.idle_seconds)
                yield from call_out_delay.figures(kind, new("call_outs"), folder, effort.call_outs)
        shutil.rmtree(folder)  # kept when a part fails: the servers' logs tell why


def main() -> int:
    """Measure and tell; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], help="only these; else all")
    parser.add_argument("--quick", action="store_true", help="too short to say anything")
    given = parser.parse_args()
    configure(level="WARNING")
    console, started, figures = Console(), perf_counter(), []
    effort = QUICK if given.quick else Effort()
    for figure in measured(given.parts or list(PARTS), effort):
        figures.append(figure)
        console.print(f"  {figure.name}: {figure.value:.3g} {figure.unit}", style="dim")
    show(figures, console)
    save(figures, RESULT, {"seconds": round(perf_counter() - started), **_setting()})
    return 0 if all(figure.is_met is not False for figure in figures) else 1


def _setting() -> dict[str, object]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "busy": [round(load, 1) for load in os.getloadavg()],
    }


def _var() -> Path:
    var = ROOT / "var"
    var.mkdir(exist_ok=True)
    return var


if __name__ == "__main__":
    sys.exit(main())
