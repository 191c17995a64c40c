"""Call-outs: when somebody on duty worked, from the ring that they accepted to the talk's end.

The telephone measures these by itself. What a person has confirmed, such as "called out
02:10-03:05", stands in place of whatever was measured of the same call, or the same time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.time.intervals import Interval, Intervals, subtract, union


@dataclass(frozen=True, slots=True)
class CallOutTime:
    """One person's work about a call or a ticket. `about` is a sid, empty where none is known.

    Of one that the person has confirmed, `measured` is what the telephone knew, and `reason` why
    theirs is another.
    """

    person: str
    interval: Interval
    about: str = ""
    is_confirmed: bool = False  # by the person, and not only measured by the telephone
    measured: Interval | None = None
    reason: str = ""


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


def measured_as_one(call_outs: Iterable[CallOutTime]) -> tuple[CallOutTime, ...]:
    """What was measured, each call of each person once, from its first ring to its last end."""
    found: dict[tuple[str, str], CallOutTime] = {}
    for each in call_outs:
        key = (each.person, each.about)
        known = found.get(key, each).interval
        from_ = min(known.from_, each.interval.from_)
        to = max(known.to, each.interval.to)
        found[key] = replace(each, interval=Interval(from_, to))
    return tuple(found.values())


def unconfirmed(call_outs: Iterable[CallOutTime]) -> Intervals:
    """When somebody worked, as far as nobody has confirmed it."""
    known = tuple(call_outs)
    return subtract(
        worked(each for each in known if not each.is_confirmed),
        worked(each for each in known if each.is_confirmed),
    )


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
    """Tell whether both are about the same call, or the same time, of the same person."""
    a, b = one.interval, other.interval
    is_same = bool(one.about) and one.about == other.about
    return one.person == other.person and (is_same or (a.from_ < b.to and b.from_ < a.to))
