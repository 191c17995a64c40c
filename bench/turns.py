"""Whole webhook turns over HTTP beside bare views, all served the same way, round by round."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from sqlalchemy import text

from app.store import Database
from bench import desks
from bench.calls import Exchange
from bench.figures import Figure, at_least, at_most, median_ratio, percentile
from bench.servers import BARE, FIVE, PRODUCT, Served, serving
from bench.telephones import Heard, Telephones, schedule

CALLERS = 8  # as many as the web processes have threads
CALLERS_AT_ONCE = 20  # calls under way while turns come on schedule
RATIO_GOAL, SLOWEST_GOAL, PER_SECOND = 0.6, 250, 50


@dataclass(frozen=True, slots=True)
class Effort:
    """How long the bench takes: the quick one only shows that it works."""

    rounds: int = 14
    round_seconds: float = 0.6
    fewest_turns: int = 40  # in a round
    turns_before: int = 1000  # tables with rows, as (b) has them too
    schedule_seconds: float = 20.0
    desk_rounds: int = 14
    page_rounds: int = 8
    page_seconds: float = 10.0
    queue_rounds: int = 20
    idle_seconds: float = 60.0
    call_outs: int = 20


@dataclass(slots=True)
class Runner:
    """One server in the race, and what each of its rounds gave."""

    served: Served
    exchange: Exchange
    is_bare: bool = False
    fewest: int = 40
    heard: list[Heard] = field(default_factory=list)
    work: list[float] = field(default_factory=list)  # seconds of processor per turn
    rate: float = 0.0

    @property
    def rates(self) -> list[float]:
        return [each.rate for each in self.heard]

    @property
    def latencies(self) -> list[float]:
        return [1000 * seconds for each in self.heard for seconds in each.latencies]

    def run(self, seconds: float) -> None:
        """Make as many calls as should take so long."""
        turns = max(self.fewest, int(self.rate * seconds))
        calls = self.exchange.calls(turns, any_answer=self.is_bare)
        before = self.served.processor_seconds()
        telephones = Telephones(self.served.port, CALLERS)
        try:
            heard = telephones.one_after_the_other(calls)
        finally:
            telephones.close()
        refuse_losses(heard)
        self.heard.append(heard)
        self.work.append((self.served.processor_seconds() - before) / heard.sent)
        self.rate = heard.rate

    def warm_up(self, turns: int) -> None:
        """Run and forget it: processes read their documents, and the rate becomes known."""
        self.rate = turns  # in one second
        self.run(1)
        self.heard.clear()
        self.work.clear()


class TurnsLost(Exception):
    """Turns got no answer or a wrong one: the other figures would say nothing."""


def refuse_losses(heard: Heard) -> None:
    """Raise TurnsLost unless every turn had the answer that it should have."""
    lost = heard.sent - len(heard.latencies)
    if lost or heard.wrong:
        raise TurnsLost(f"{lost} of {heard.sent} turns: " + "\n".join(heard.wrong[:3]))


def warm_up(runners: list[Runner], databases: list[Database], turns: int) -> None:
    """Have tables with rows, and plans that know it, as they are in a database in use."""
    for runner in runners:
        runner.warm_up(turns)
    for database in databases:
        desks.count_rows(database)


def race(runners: list[Runner], rounds: int, seconds: float) -> None:
    """Let all run in turn, again and again, so that what disturbs one disturbs all."""
    for at in range(rounds):
        for runner in runners[at % len(runners) :] + runners[: at % len(runners)]:
            runner.run(seconds)


def compared_with_bare_views(kind: str, url: str, folder: Path, effort: Effort) -> Iterator[Figure]:
    """Rates of product, bare view and view with five statements; then turns on schedule."""
    part = f"Whole turns on {kind}"
    database = desks.prepared(url, desks.shipped())
    with ExitStack() as stack:
        stack.callback(database.close)
        ours, bare, five = (
            Runner(
                stack.enter_context(serving(app, url, folder)),
                Exchange(first=first),
                is_bare=app is not PRODUCT,
                fewest=effort.fewest_turns,
            )
            for app, first in ((PRODUCT, 1), (BARE, 10**6), (FIVE, 10**7))
        )
        warm_up([ours, bare, five], [database], effort.turns_before)
        race([ours, bare, five], effort.rounds, effort.round_seconds)
        yield at_least(
            part,
            "rate beside (b), a view with five statements",
            median_ratio(ours.rates, five.rates),
            RATIO_GOAL,
        )
        yield Figure(part, "rate beside (a), a bare view", median_ratio(ours.rates, bare.rates))
        yield Figure(
            part, "processor time per turn, (b) beside ours", median_ratio(five.work, ours.work)
        )
        for name, runner in (("ours", ours), ("(b)", five), ("(a)", bare)):
            yield from _plain(part, name, runner)
        yield from _on_schedule(part, database, ours, effort)


def _plain(part: str, name: str, runner: Runner) -> Iterator[Figure]:
    yield Figure(part, f"{name}: rate", median(runner.rates), "turns/s")
    for share in (0.5, 0.99):
        value = percentile(runner.latencies, share)
        yield Figure(part, f"{name}: p{share * 100:.0f} of {CALLERS} callers at once", value, "ms")


def _on_schedule(part: str, database: Database, ours: Runner, effort: Effort) -> Iterator[Figure]:
    """Turns that come when they come, latency counted from when they should have been sent."""
    calls = ours.exchange.calls(int(PER_SECOND * effort.schedule_seconds))
    plan = schedule(calls, PER_SECOND, CALLERS_AT_ONCE, seed=1)
    before = turns_stored(database)
    telephones = Telephones(ours.served.port, CALLERS_AT_ONCE)
    try:
        heard = telephones.on_schedule(plan)
    finally:
        telephones.close()
    lost = heard.sent - (turns_stored(database) - before)
    unanswered = heard.sent - len(heard.latencies)
    milliseconds = [1000 * seconds for seconds in heard.latencies]
    name = f"{PER_SECOND} turns/s for {heard.seconds:.0f} s"
    yield at_most(part, f"p99, {name}", percentile(milliseconds, 0.99), SLOWEST_GOAL, "ms")
    yield Figure(part, f"p50, {name}", percentile(milliseconds, 0.5), "ms")
    yield Figure(part, f"slowest, {name}", max(milliseconds, default=0.0), "ms")
    yield at_most(part, "turns lost (sent, but no row of theirs)", lost, 0)
    yield at_most(part, "turns without the right answer", unanswered, 0)


def turns_stored(database: Database) -> int:
    """How many turns the database holds."""
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM turns")).scalar_one())


def few_and_many_desks(
    kind: str, few_url: str, many_url: str, folder: Path, effort: Effort
) -> Iterator[Figure]:
    """Rates with 5 desks and their few customers, and with 60 desks and 40,000 customers."""
    part = f"Size on {kind}"
    few, few_stories = desks.many(5, 20)
    many, many_stories = desks.many(60, 40_000)
    databases = [desks.prepared(few_url, few), desks.prepared(many_url, many)]
    with ExitStack() as stack:
        for database in databases:
            stack.callback(database.close)
        small, large = (
            Runner(stack.enter_context(serving(PRODUCT, url, folder)), Exchange(stories))
            for url, stories in ((few_url, few_stories), (many_url, many_stories))
        )
        warm_up([small, large], databases, effort.turns_before)
        race([small, large], effort.desk_rounds, effort.round_seconds)
    yield at_least(
        part,
        "rate of 60 desks, 40,000 customers beside 5 desks",
        median_ratio(large.rates, small.rates),
        0.9,
    )
    yield Figure(
        part, "processor time per turn, 5 desks beside 60", median_ratio(small.work, large.work)
    )
