"""In what order members take turns: as listed, or as often as their weights say.

Whole numbers only, and no state: the same documents give the same order everywhere.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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


def weighted_order(members: Sequence[str], weights: Weights) -> tuple[str, ...]:
    """One cycle of turns, after which every member has had just as many as their weight says.

    Within it nobody is ever a whole turn ahead of their share or behind it. Each member's
    n-th turn may come when their share has grown to n - 1, and must have come when it has grown
    to n. Whoever must have a turn first gets it, then who may have had it first, then the one
    listed first: with equal weights that is the members as they are listed.
    """
    percents = [weights.of(member) for member in members]
    shares = [percent // gcd(*percents) for percent in percents]
    cycle = sum(shares)
    had = [0] * len(members)

    def urgency(which: int) -> tuple[int, int, int]:
        may_have = had[which] * cycle // shares[which]
        must_have = -(-(had[which] + 1) * cycle // shares[which])
        return must_have, may_have, which

    order = []
    for turn in range(cycle):
        due = (each for each in range(len(members)) if had[each] * cycle // shares[each] <= turn)
        chosen = min(due, key=urgency)
        had[chosen] += 1
        order.append(members[chosen])
    return tuple(order)


class TurnOrder:
    """Whose turn each turn of a rotation is, by its number."""

    __slots__ = ("_begins", "_members", "_orders")

    def __init__(self, members: tuple[str, ...], changes: Sequence[tuple[int, Weights]]) -> None:
        """Takes the weights, each with the number of the turn from which they count.

        A change leaves every turn before it as it was. From it on turns are counted anew,
        beginning with whoever would have been next.
        """
        self._members = members
        self._begins = [0]
        self._orders = [members]
        for first, weights in changes if members else ():
            ahead = members.index(self.person(first) or members[0])
            order = weighted_order((*members[ahead:], *members[:ahead]), weights)
            if first <= 0:
                self._begins, self._orders = [0], [weighted_order(members, weights)]
            else:
                self._begins.append(first)
                self._orders.append(order)

    def person(self, number: int) -> str | None:
        """Whose turn it is; None where nobody takes turns."""
        if not self._members:
            return None
        which = bisect_right(self._begins, number) - 1
        order = self._orders[which]
        return order[(number - self._begins[which]) % len(order)]

    def after(self, number: int) -> Iterator[str]:
        """Every member, in the order of their next turns after this one."""
        seen: set[str] = set()
        while len(seen) < len(set(self._members)):
            number += 1
            person = self.person(number)
            if person and person not in seen:
                seen.add(person)
                yield person
