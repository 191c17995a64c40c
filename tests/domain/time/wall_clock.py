"""Norwegian wall time for the stories about hours and rosters."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from app.domain.time.calendars import Calendar, HolidayPolicy, Window

OSLO = ZoneInfo("Europe/Oslo")
WEEKDAYS = frozenset(range(5))
SATURDAY, SUNDAY = frozenset({5}), frozenset({6})


def oslo(text: str, fold: int = 0) -> datetime:
    """The instant of a wall time in Oslo; fold 1 is the second of one that comes twice."""
    wall_time = datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold)
    return wall_time.astimezone(UTC)


def in_oslo(instant: datetime | None) -> str:
    """The instant as it stands on the wall in Oslo."""
    assert instant is not None
    return instant.astimezone(OSLO).strftime("%a %Y-%m-%d %H:%M")


def weekdays_8_to_16(**changes: object) -> Calendar:
    """The ordinary desk: Monday to Friday 08:00-16:00, closed on Norwegian holidays."""
    return open_hours(Window(WEEKDAYS, 8 * 60, 16 * 60), **changes)


def extended_hours() -> Calendar:
    """Weekdays 08-23, Saturdays 08-16, Sundays and holidays 14-22."""
    return open_hours(
        Window(WEEKDAYS, 8 * 60, 23 * 60),
        Window(SATURDAY, 8 * 60, 16 * 60),
        Window(SUNDAY, 14 * 60, 22 * 60),
        holiday_policy=HolidayPolicy.AS_SUNDAY,
    )


def open_hours(*windows: Window, **changes: object) -> Calendar:
    """A calendar in Oslo with Norwegian holidays."""
    fields: dict[str, object] = {"time_zone": "Europe/Oslo", "holidays": "NO"} | changes
    return Calendar("hours", "Hours", windows=windows, **fields)  # type: ignore[arg-type]
