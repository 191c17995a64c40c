"""Call-outs: when somebody on duty worked, from the ring that they accepted to the talk's end.

The telephone measures these by itself. What a person has confirmed, such as "called out
02:10-03:05", stands in place of whatever was measured of the same call. Two calls at one time
are both there; the time is counted once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from app.domain.roster.working_hours.call_out_confirmation import to_the_minute
from app.domain.time.intervals import Interval, Intervals, subtract, union


@dataclass(frozen=True, slots=True)
class CallOutTime:
    """One person's work about a call or a ticket. `about` is a sid, empty where none is known.

    Of one that the person has confirmed, `measured` is what the telephone knew, and `reason` why
    theirs is another. One that is not over has been measured only so far.
    """

    person: str
    interval: Interval
    about: str = ""
    is_confirmed: bool = False  # by the person, and not only measured by the telephone
    measured: Interval | None = None
    reason: str = ""
    is_over: bool = True
    desk: str = ""  # at which the call was; empty where none is known

    @property
    def began(self) -> Interval:
        """What tells when it began, whatever the person says."""
        return self.measured or self.interval

    @property
    def is_as_measured(self) -> bool:
        """Whether the person only agreed to what was measured, and said nothing of their own."""
        if self.measured is None or self.reason:
            return False
        return self.interval in {self.measured, to_the_minute(self.measured)}


def settled(call_outs: Iterable[CallOutTime]) -> tuple[CallOutTime, ...]:
    """What counts, in order: the telephone's knowledge gives way to what was confirmed."""
    every = tuple(each for each in call_outs if each.interval.from_ < each.interval.to)
    known = [each for each in every if not each.is_confirmed]
    measured = {_call(each): each for each in measured_as_one(known) if each.about}
    confirmed = [
        each
        for each in every
        if each.is_confirmed and is_still_said(each, measured.get(_call(each)))
    ]
    said = {_call(each) for each in confirmed if each.about}
    left = (each for each in known if _call(each) not in said)
    return tuple(sorted((*confirmed, *left), key=lambda each: (each.interval, each.person)))


def is_still_said(said: CallOutTime, measured: CallOutTime | None) -> bool:
    """Tell whether a confirmation holds: not of what was measured, if that has grown since."""
    if measured is None or said.measured is None or not said.is_as_measured:
        return True
    agreed, now = union((said.measured, said.interval))[0], measured.interval
    return agreed.from_ <= now.from_ and now.to <= agreed.to


def measured_as_one(call_outs: Iterable[CallOutTime]) -> tuple[CallOutTime, ...]:
    """What was measured, each call of each person once, from its first ring to its last end."""
    found: dict[tuple[str, str], CallOutTime] = {}
    for each in call_outs:
        known = found.get(_call(each), each)
        from_ = min(known.interval.from_, each.interval.from_)
        to = max(known.interval.to, each.interval.to)
        is_over = known.is_over and each.is_over
        found[_call(each)] = replace(each, interval=Interval(from_, to), is_over=is_over)
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


def _call(one: CallOutTime) -> tuple[str, str]:
    return one.person, one.about
