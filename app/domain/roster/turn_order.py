"""In what order members take turns: as listed, or as often as their weights say.

Whole numbers only, and no state: the same documents give the same order everywhere.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from math import gcd
from typing import Final

FULL: Final = 100  # percent of a position; the weight of whoever is not named


@dataclass(frozen=True, slots=True)
class Weights:
    """How much of a full share some members have, in percent, from a date on."""

    percent: tuple[tuple[str, int], ...]
    from_: date | None = None  # from the rotation's start

    def of(self, member: str) -> int:
        """The member's weight."""
        return dict(self.percent).get(member, FULL)


EQUAL: Final = Weights(())


@dataclass(frozen=True, slots=True)
class Deal:
    """From a turn on, who takes turns and how often. `places` are those in the list of members."""

    first: int
    places: tuple[int, ...]
    weights: Weights = EQUAL


def weighted_order(members: Sequence[str], weights: Weights) -> tuple[str, ...]:
    """One cycle of turns, after which every member has had just as many as their weight says.

    Within it nobody is ever a whole turn ahead of their share or behind it. Each member's
    n-th turn may come when their share has grown to n - 1, and must have come when it has grown
    to n. Whoever must have a turn first gets it, then who may have had it first, then the one
    listed first: with equal weights that is the members as they are listed.
    """
    return tuple(members[each] for each in _dealt([weights.of(member) for member in members]))


def _dealt(percents: Sequence[int]) -> Iterable[int]:
    """The order as positions in the list of weights."""
    if len(set(percents)) <= 1:
        return range(len(percents))
    return _by_urgency([percent // gcd(*percents) for percent in percents])


def _by_urgency(shares: list[int]) -> Iterator[int]:
    cycle = sum(shares)
    had = [0] * len(shares)

    def urgency(which: int) -> tuple[int, int, int]:
        may_have = had[which] * cycle // shares[which]
        must_have = -(-(had[which] + 1) * cycle // shares[which])
        return must_have, may_have, which

    for turn in range(cycle):
        due = (each for each in range(len(shares)) if had[each] * cycle // shares[each] <= turn)
        chosen = min(due, key=urgency)
        had[chosen] += 1
        yield chosen


class TurnOrder:
    """Whose turn each turn of a rotation is, by its number."""

    __slots__ = ("_begins", "_members", "_orders")

    def __init__(self, members: tuple[str, ...], deals: Iterable[Deal]) -> None:
        """Takes the deals in the order of their turns; the first one from turn 0.

        A deal leaves every turn before it as it was. From it on turns are counted anew,
        beginning with whoever would have been next and is there.
        """
        self._members = members
        self._begins: list[int] = []
        self._orders: list[tuple[int, ...]] = []
        for deal in deals:
            places = self._beginning_with_the_next(deal)
            percents = [deal.weights.of(members[place]) for place in places]
            self._begins.append(deal.first)
            self._orders.append(tuple(places[each] for each in _dealt(percents)))

    def person(self, number: int) -> str | None:
        """Whose turn it is; None where nobody takes turns."""
        place = self._place(number)
        return None if place is None else self._members[place]

    def after(self, number: int) -> Iterator[str]:
        """Everybody who takes turns now, in the order of their next turns after this one.

        Who has no more turns comes last.
        """
        now = self._order(number)
        left = dict.fromkeys(now)
        for place in islice(self._following(number + 1), self._once_round_each(number)):
            if place in left:
                del left[place]
                yield self._members[place]
            if not left:
                return
        yield from (self._members[place] for place in left)

    def _following(self, number: int) -> Iterator[int]:
        while (place := self._place(number)) is not None:
            yield place
            number += 1

    def _once_round_each(self, number: int) -> int:
        """So many turns that whoever has not come by then hardly ever does."""
        which = bisect_right(self._begins, number) - 1
        return sum(len(order) for order in self._orders[which:])

    def _beginning_with_the_next(self, deal: Deal) -> tuple[int, ...]:
        if not self._orders:
            return deal.places
        once_round = range(deal.first, deal.first + len(self._orders[-1]))
        next_ones = (self._place(number) for number in once_round)
        ahead = next((place for place in next_ones if place in deal.places), None)
        at = 0 if ahead is None else deal.places.index(ahead)
        return (*deal.places[at:], *deal.places[:at])

    def _order(self, number: int) -> tuple[int, ...]:
        return self._orders[bisect_right(self._begins, number) - 1]

    def _place(self, number: int) -> int | None:
        which = bisect_right(self._begins, number) - 1
        order = self._orders[which]
        return order[(number - self._begins[which]) % len(order)] if order else None
