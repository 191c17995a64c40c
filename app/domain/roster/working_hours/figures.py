"""The figures of one person, each with how it was counted.

One list for commands, API, files and pay lines; what they are called stands in voice_prompts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from app.domain.reasons import FigureKind, Reason, because
from app.domain.roster.working_hours.bands import (
    BandTimes,
    PartOfDay,
    Stretch,
    band_times,
    cut,
)
from app.domain.roster.working_hours.call_out_time import CallOutTime, unconfirmed, worked
from app.domain.roster.working_hours.counted_days import Lengths, counted_days, day_lengths
from app.domain.roster.working_hours.rules import WorkingHoursRules
from app.domain.time.intervals import Intervals, subtract, total
from app.domain.time.wall_time import clock

Amount = timedelta | int
Times = Mapping[FigureKind, timedelta]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: hours as a timedelta, or a count; and how it was counted.

    `converted` is what the home duty in hours of duty comes to, in which nobody was called out.
    """

    kind: FigureKind
    amount: Amount
    why: Reason
    converted: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A period taken apart into bands, and how long its duty hours are on each date."""

    days: Sequence[Stretch]
    everybodys: Lengths
    rules: WorkingHoursRules

    def figures(self, duty: Intervals, called: tuple[CallOutTime, ...]) -> tuple[Figure, ...]:
        """One person's figures, of their duty and their call-outs in the period."""
        return tuple(self._figures(duty, called))

    def _figures(self, duty: Intervals, called: tuple[CallOutTime, ...]) -> Iterator[Figure]:
        pieces = tuple(cut(duty, self.days))
        work = worked(called)
        idle = band_times(cut(subtract(duty, work), self.days))
        for kind, length in _times(band_times(pieces)).items():
            yield self._figure(kind, length, self._converted(_times(idle)[kind]))
        days = counted_days(day_lengths(pieces), self.everybodys)
        for count, number in days.items():
            yield self._figure(FigureKind(count), number)
        converted, called_out = self._converted(idle.whole), total(work)
        yield self._figure(FigureKind.CALL_OUTS, len(called))
        yield self._figure(FigureKind.CALL_OUT_TIME, called_out)
        yield self._figure(FigureKind.CALL_OUT_UNCONFIRMED, total(unconfirmed(called)))
        yield self._figure(FigureKind.HOME_DUTY, idle.whole)
        yield self._figure(FigureKind.CONVERTED, converted)
        yield self._figure(FigureKind.COUNTED, converted + called_out)

    def _figure(
        self, kind: FigureKind, amount: Amount, converted: timedelta | None = None
    ) -> Figure:
        values = _values(self.rules).get(kind, {})
        return Figure(kind, amount, because(kind, **values), converted)

    def _converted(self, idle: timedelta) -> timedelta:
        return times(idle, self.rules.home_duty)


def times(length: timedelta, ratio: Fraction) -> timedelta:
    """A part of a time, to the microsecond."""
    return length * ratio.numerator / ratio.denominator


def _times(bands: BandTimes) -> Times:
    return {
        FigureKind.DUTY: bands.whole,
        **{FigureKind(band): length for band, length in bands.bands.items()},
        FigureKind.ANY_EVENING: bands.parts[PartOfDay.EVENING],
        FigureKind.ANY_NIGHT: bands.any_night,
    }


def _values(rules: WorkingHoursRules) -> Mapping[FigureKind, Mapping[str, str]]:
    """What tells how a figure was counted, besides its kind."""
    morning, evening, night = (
        clock(each) for each in (rules.night_ends, rules.evening_begins, rules.night_begins)
    )
    evenings = {"start": evening, "end": night}
    nights = {"start": night, "end": morning}
    return {
        FigureKind.WEEKDAY: {"start": morning, "end": evening},
        FigureKind.EVENING: evenings,
        FigureKind.NIGHT: nights,
        FigureKind.ANY_EVENING: evenings,
        FigureKind.ANY_NIGHT: nights,
        FigureKind.NIGHTS: {"end": morning},
        FigureKind.CONVERTED: {"ratio": str(rules.home_duty)},
    }
