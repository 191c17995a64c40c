"""A typed moment in words, to be read before it is saved; and the question which of two is meant.

Tells the whole day with its date, so that a moment that was understood otherwise shows.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.texts.written_moments import day_ref
from app.domain.time.typed_moments import ANSWERS, WhichOccurrence
from app.domain.time.wall_time import WEEKDAY_CODES, ends_at, starts_at

A_DAY = timedelta(days=1)


def moment_echo(at: datetime, now: datetime, time_zone: str) -> MessageRef:
    """Tell an instant in words: `i morgen, fredag 4. desember kl. 15.30`.

    With the year where it is another one, or the day has passed: typed again, the words are the
    same instant.
    """
    zone = ZoneInfo(time_zone)
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return ref(
        "typed.moment",
        day=_day(local.date(), today),
        hour=f"{local.hour:02}",
        minute=f"{local.minute:02}",
        again=_occurrence(local, zone),
    )


def occurrence_question(which: WhichOccurrence, time_zone: str) -> MessageRef:
    """Ask which of the two occurrences of a wall time is meant."""
    local = which.first.astimezone(ZoneInfo(time_zone))
    hour, minute = f"{local.hour:02}", f"{local.minute:02}"
    time = ref("when.written.clock", hour2=hour, minute2=minute)
    return ref("which_occurrence.question", time=time, date=day_ref(which.first, time_zone))


def occurrence_answers() -> dict[str, MessageRef]:
    """Name both answers to that question, each by what a form sends for it."""
    return {answer: MessageRef(f"which_occurrence.{answer}") for answer in ANSWERS}


def _day(day: date, today: date) -> MessageRef:
    weekday = MessageRef(f"weekday.{WEEKDAY_CODES[day.weekday()]}")
    month = MessageRef(f"month.{day.month}")
    full = ref("typed.day", weekday=weekday, day=day.day, month=month)
    if day.year != today.year or day < today:
        full = ref("typed.day_and_year", weekday=weekday, day=day.day, month=month, year=day.year)
    match (day - today).days:
        case -1:
            return ref("typed.yesterday", date=full)
        case 0:
            return ref("typed.today", date=full)
        case 1:
            return ref("typed.tomorrow", date=full)
        case _:
            return full


def _occurrence(local: datetime, zone: ZoneInfo) -> RefValue:
    """Which of two it is, where the clock shows the time twice."""
    wall_time = local.replace(tzinfo=None, fold=0)
    if starts_at(wall_time, zone) == ends_at(wall_time, zone):
        return ""
    return ref("second_time") if local.fold else ref("first_time")
