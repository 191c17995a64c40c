"""Call-outs: when somebody on duty worked, from the ring that they accepted to the talk's end.

The telephone knows these by itself. What a person has confirmed, such as "called out 02:10-03:05",
stands in place of whatever the telephone knows of the same time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.time.intervals import Interval, Intervals, union


@dataclass(frozen=True, slots=True)
class CallOutTime:
    """One person's work about a call or a ticket. `about` is a sid, empty where none is known."""

    person: str
    interval: Interval
    about: str = ""
    is_confirmed: bool = False  # by the person, and not only known by the telephone


def settled(call_outs: Iterable[CallOutTime]) -> tuple[CallOutTime, ...]:
    """What counts, in order: the telephone's knowledge gives way to what was confirmed."""
    every = tuple(each for each in call_outs if each.interval.from_ < each.interval.to)
    confirmed = [each for each in every if each.is_confirmed]
    known = (
        each
        for each in every
        if not each.is_confirmed and not any(_is_same_time(each, other) for other in confirmed)
    )
    return tuple(sorted((*confirmed, *known), key=lambda each: (each.interval, each.person)))


def call_outs_of(call_outs: Iterable[CallOutTime]) -> Mapping[str, tuple[CallOutTime, ...]]:
    """Each person's call-outs, in their order."""
    found: dict[str, list[CallOutTime]] = {}
    for each in call_outs:
        found.setdefault(each.person, []).append(each)
    return {person: tuple(theirs) for person, theirs in found.items()}


def worked(call_outs: Iterable[CallOutTime]) -> Intervals:
    """When somebody worked: two call-outs at one time are counted once."""
    return union(each.interval for each in call_outs)


def _is_same_time(one: CallOutTime, other: CallOutTime) -> bool:
    a, b = one.interval, other.interval
    return one.person == other.person and a.from_ < b.to and b.from_ < a.to
