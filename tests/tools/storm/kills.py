"""Lets the planned kills fall while the calls go on, each in its turn and at its moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from exchange.exchange import Exchange
from tests.tools.storm.plan import Kill, Moment, Plan, Victim
from tests.tools.storm.product import StormProduct, pause
from tests.tools.storm.rows import counting

LONGEST_WATCH = 3.0  # seconds


@dataclass
class Progress:
    """How far it has come, for those who watch and for those who kill."""

    calls: int
    begun: int = 0
    over: int = 0
    fallen: Counter[Victim] = field(default_factory=Counter)
    tell: Callable[[Progress], None] = lambda _: None
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def begins(self) -> None:
        with self._changed:
            self.begun += 1
            self._changed.notify_all()

    def ends(self) -> None:
        with self._changed:
            self.over += 1
            self._changed.notify_all()
        self.tell(self)

    def wait_for(self, call: int) -> bool:
        """Waits until this call has begun; False when the last one is over before."""
        with self._changed:
            self._changed.wait_for(lambda: self.begun >= call or self.is_over)
            return not self.is_over

    @property
    def is_over(self) -> bool:
        return self.over >= self.calls


def kill_all(plan: Plan, product: StormProduct, exchange: Exchange, progress: Progress) -> None:
    """Each kill in its turn, when its victim is there; they end with the last call."""
    for kill in plan.kills:
        if not progress.wait_for(kill.after_call):
            break
        if not product.comes_up(kill.victim):
            continue
        _await_moment(kill, product, exchange)
        if progress.is_over:
            break
        product.fall(kill.victim, kill.away, kill.after_call)
        progress.fallen[kill.victim] += 1


def _await_moment(kill: Kill, product: StormProduct, exchange: Exchange) -> None:
    """Waits for the worst instant, for a while: there may be none to come."""
    if kill.moment is Moment.ANY:
        pause(kill.delay)
        return
    with counting(product.database.url, "select count(*) from tickets") as tickets:
        seen = tickets if kill.moment is Moment.AT_A_TICKET else lambda: len(exchange.messages())
        before, give_up = seen(), monotonic() + LONGEST_WATCH
        while seen() <= before and monotonic() < give_up:
            pause(0.002)
