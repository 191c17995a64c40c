"""What somebody types into a time field: an instant, a question, or a refusal; never a guess.

Words are read in every language (typed_readings.py); here the day is found, and the wall time
becomes an instant. Where nothing is said of the day, an argument says which one is meant.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import Reason, TypedMomentCode
from app.domain.time.parsing import LONGEST_SHOWN, MOMENT, NotAMoment, read_moment
from app.domain.time.typed_days import (
    TimeField,
    TypingRefused,
    check_agreement,
    check_year,
    day_text,
    days_meant,
)
from app.domain.time.typed_readings import NO_CLOCK_SHOWS, Reading, readings
from app.domain.time.typed_words import NOW, fold
from app.domain.time.wall_time import ends_at, gap_around, starts_at, wall

__all__ = [
    "MomentRead",
    "MomentRefused",
    "TimeField",
    "TypedMoment",
    "WhichOccurrence",
    "read_typed_moment",
]

LONGEST_READ: Final = 100
A_MINUTE: Final = timedelta(minutes=1)
ANSWERS: Final = {"first": 0, "second": 1}  # to the question which of two is meant


@dataclass(frozen=True, slots=True)
class MomentRead:
    """The text is this instant."""

    at: datetime


@dataclass(frozen=True, slots=True)
class WhichOccurrence:
    """The clock goes back, and shows the time twice: which one is meant?"""

    first: datetime
    second: datetime


@dataclass(frozen=True, slots=True)
class MomentRefused:
    """The text is no moment, or not one alone; the reason says what to type."""

    reason: Reason


TypedMoment = MomentRead | WhichOccurrence | MomentRefused


def read_typed_moment(text: str, field: TimeField) -> TypedMoment:
    """Read what somebody typed into a time field."""
    try:
        answer, instants = _read(text.strip(), field)
    except TypingRefused as refusal:
        return MomentRefused(refusal.reason)
    if len(instants) == 1:
        return MomentRead(instants[0])
    if answer is None:
        return WhichOccurrence(*instants)
    return MomentRead(instants[answer])


def _read(text: str, field: TimeField) -> tuple[int | None, tuple[datetime, ...]]:
    """Find the one or two instants that the text can be, and which of two it says it is."""
    answer = ANSWERS.get(field.answer)
    if not text:
        raise TypingRefused(TypedMomentCode.NOTHING_TYPED)
    if len(text) > LONGEST_READ:
        raise TypingRefused(TypedMomentCode.NOT_READ, text=_shown(text))
    if fold(text) in NOW:
        this_minute = field.now.astimezone(UTC).replace(second=0, microsecond=0)
        return answer, _after_start((this_minute,), field)
    if MOMENT.fullmatch(text):
        return answer, _after_start(_written_in_full(text, field.zone), field)
    reading = _only_reading(text)
    return reading.occurrence if answer is None else answer, _first_that_fits(reading, field)


def _written_in_full(text: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Read ISO 8601, with an offset or without."""
    try:
        at = read_moment(text)
    except NotAMoment:
        raise TypingRefused(TypedMomentCode.NO_SUCH_DATE, text=text) from None
    check_year(at.year)
    return (at,) if at.tzinfo else _instants(at, zone)


def _only_reading(text: str) -> Reading:
    """Choose the one reading that has a clock time; refuse where there is none, or a second one."""
    found = readings(fold(text))
    whole = [each for each in found if each.minute is not None]
    if whole and any(each.minute is None and each.has_year for each in found):
        raise TypingRefused(TypedMomentCode.YEAR_OR_CLOCK, text=_shown(text))
    if found and not whole:
        raise TypingRefused(TypedMomentCode.NO_CLOCK, text=_shown(text))
    if len(whole) != 1:
        raise TypingRefused(TypedMomentCode.NOT_READ, text=_shown(text))
    if whole[0].minute == NO_CLOCK_SHOWS:
        raise TypingRefused(TypedMomentCode.NO_SUCH_CLOCK, text=_shown(text))
    return whole[0]


def _first_that_fits(reading: Reading, field: TimeField) -> tuple[datetime, ...]:
    """The instants on the first day that the reading can mean."""
    earliest = _earliest(reading, field)
    for day in days_meant(reading, field):
        check_agreement(reading, day, field)
        wall_time = wall(day, reading.minute or 0)
        if earliest and _is_skipped_before(earliest, wall_time, field.zone):
            continue
        instants = _instants(wall_time, field.zone)
        late_enough = tuple(each for each in instants if earliest is None or each >= earliest)
        if late_enough:
            return late_enough
    raise TypingRefused(TypedMomentCode.NOT_AFTER_START)


def _earliest(reading: Reading, field: TimeField) -> datetime | None:
    """An end comes after its start; a weekday alone is the next one, today only while it lasts."""
    if field.start:
        return field.start + timedelta.resolution
    if reading.is_weekday_alone and field.first_day == field.today:
        return field.now.replace(second=0, microsecond=0)
    return None


def _instants(wall_time: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The one or two instants of a wall time; refused where the clock skips it."""
    gap = gap_around(wall_time, zone)
    if gap:
        before, after = gap[0] - A_MINUTE, gap[1]
        raise TypingRefused(
            TypedMomentCode.SKIPPED_BY_CLOCK,
            time=_clock_text(wall_time),
            date=day_text(wall_time.date()),
            before=_clock_text(before),
            after=_clock_text(after),
        )
    return tuple(dict.fromkeys((starts_at(wall_time, zone), ends_at(wall_time, zone))))


def _is_skipped_before(earliest: datetime, wall_time: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock skips a time that would be too early anyway."""
    too_early = wall_time < earliest.astimezone(zone).replace(tzinfo=None)
    return too_early and gap_around(wall_time, zone) is not None


def _after_start(instants: tuple[datetime, ...], field: TimeField) -> tuple[datetime, ...]:
    late_enough = tuple(each for each in instants if field.start is None or each > field.start)
    if not late_enough:
        raise TypingRefused(TypedMomentCode.NOT_AFTER_START)
    return late_enough


def _clock_text(wall_time: datetime) -> MessageRef:
    hour, minute = f"{wall_time.hour:02}", f"{wall_time.minute:02}"
    return ref("when.written.clock", hour2=hour, minute2=minute)


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
