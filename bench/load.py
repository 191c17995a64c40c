"""Places many calls and measures how long the product takes for each turn, seen from outside with a
clock that only goes forward. `python -m bench.load CONFIG.json --help`.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit

from exchange.clock import pause_really, ticks
from exchange.config import read_config
from exchange.exchange import Exchange
from exchange.json_values import Json
from exchange.records.transcript import Event, Kind
from exchange.server import running


@dataclass(frozen=True, slots=True)
class Caller:
    """One call to place."""

    from_: str
    to: str
    script: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One webhook turn: its path, and its milliseconds, None when no answer came."""

    path: str
    milliseconds: float | None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a run of many calls gave."""

    seconds: float
    statuses: dict[str, int]
    turns: tuple[Turn, ...]
    unfinished: int

    @property
    def lost(self) -> int:
        """Turns without a good answer."""
        return sum(1 for turn in self.turns if turn.milliseconds is None)

    @property
    def turns_per_second(self) -> float:
        """Answered turns over the whole run."""
        return (len(self.turns) - self.lost) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds that this share (0 to 1) of the answered turns needed at most."""
        known = sorted(t.milliseconds for t in self.turns if t.milliseconds is not None)
        return known[max(0, ceil(share * len(known)) - 1)] if known else 0.0

    def as_json(self) -> dict[str, Json]:
        """The figures, for a table or a file."""
        return {
            "seconds": round(self.seconds, 3),
            "calls": dict(self.statuses),
            "unfinished": self.unfinished,
            "turns": len(self.turns),
            "lost": self.lost,
            "turns_per_second": round(self.turns_per_second, 1),
            "p50_ms": round(self.percentile(0.50), 2),
            "p95_ms": round(self.percentile(0.95), 2),
            "p99_ms": round(self.percentile(0.99), 2),
            "max_ms": round(self.percentile(1.0), 2),
        }


def run_load(
    exchange: Exchange,
    callers: Iterable[Caller],
    *,
    per_second: float | None = None,
    at_once: int = 8,
    patience: float = 60.0,
) -> LoadResult:
    """Places all calls and waits for each: `per_second` of them begin a second, whatever happens to
    the earlier ones; without a rate, `at_once` are under way at any time.

    A call that is not over after `patience` real seconds counts as unfinished.
    """
    started = ticks()
    if per_second is None:
        placed = _at_once(exchange, callers, at_once, patience)
    else:
        placed = _at_rate(exchange, callers, per_second, patience)
    seconds = ticks() - started
    calls = [exchange.find(sid) for sid in placed]
    turns = tuple(turn for sid in placed for turn in turns_of(exchange.events(sid)))
    statuses = Counter(call.status.value for call in calls)
    unfinished = sum(1 for call in calls if not call.settled.is_set())
    return LoadResult(seconds, dict(statuses), turns, unfinished)


def turns_of(events: Iterable[Event]) -> Iterator[Turn]:
    """The webhook turns of one call."""
    for event in events:
        if event.kind is Kind.TURN:
            ms = event.facts.get("ms")
            path = urlsplit(str(event.facts.get("url", ""))).path
            yield Turn(path, float(ms) if isinstance(ms, int | float) else None)


def _at_once(
    exchange: Exchange, callers: Iterable[Caller], at_once: int, patience: float
) -> list[str]:
    def place(caller: Caller) -> str:
        sid = _phone(exchange, caller)
        exchange.find(sid).settled.wait(patience)
        return sid

    with ThreadPoolExecutor(at_once, thread_name_prefix="load") as pool:
        return list(pool.map(place, callers))


def _at_rate(
    exchange: Exchange, callers: Iterable[Caller], per_second: float, patience: float
) -> list[str]:
    started, placed = ticks(), []
    for at, caller in enumerate(callers):
        pause_really(started + at / per_second - ticks())
        placed.append(_phone(exchange, caller))
    until = ticks() + patience
    for sid in placed:
        exchange.find(sid).settled.wait(max(0.0, until - ticks()))
    return placed


def _phone(exchange: Exchange, caller: Caller) -> str:
    return exchange.call(caller.from_, caller.to, script=caller.script, at=caller.at)


def callers_from(first: int, to: str, scripts: list[str], count: int) -> Iterator[Caller]:
    """So many callers with numbers of their own, counted up from +47 and the first; the scripts
    take turns.
    """
    for at, script in enumerate(islice(cycle(scripts), count)):
        yield Caller(f"+47{first + at}", to, script)


def main(arguments: list[str] | None = None) -> int:
    """Runs a load against the product of a configuration and prints the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("config", type=Path)
    parser.add_argument("--line", required=True, help="the number that is phoned")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--per-second", type=float, help="calls begun a second")
    parser.add_argument("--at-once", type=int, default=8, help="calls under way, without a rate")
    parser.add_argument("--script", action="append", default=[], help="may be given several times")
    parser.add_argument("--first", type=int, default=49000100, help="the first caller's number")
    given = parser.parse_args(arguments)
    config = read_config(json.loads(given.config.read_text(encoding="utf-8")))
    callers = callers_from(given.first, given.line, given.script or [""], given.calls)
    with running(config) as exchange:
        result = run_load(exchange, callers, per_second=given.per_second, at_once=given.at_once)
    sys.stdout.write(json.dumps(result.as_json(), indent=1) + "\n")
    return 0 if not result.lost and not result.unfinished else 1


if __name__ == "__main__":
    sys.exit(main())
