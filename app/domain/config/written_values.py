"""Windows and days as documents write them: what is read from it again is equal."""

from datetime import date

from app.domain.time.calendars import YearlyDay
from app.domain.time.wall_time import MINUTES_A_DAY, clock


def window_text(start_minute: int, end_minute: int) -> str:
    """Write a window: "08:00-16:00", "15:30-08:00 next day"."""
    next_day = " next day" if end_minute > MINUTES_A_DAY else ""
    return f"{clock(start_minute)}-{clock(end_minute)}{next_day}"


def day_text(day: YearlyDay | date) -> str:
    """Write a day of every year, "12-24" or "easter-3", or a date."""
    if isinstance(day, date):
        return day.isoformat()
    if day.from_easter is None:
        return f"{day.month:02d}-{day.day:02d}"
    return f"easter{day.from_easter:+d}" if day.from_easter else "easter"
