"""What the page of a desk's hours shows: a year as months, what is special in it, a usual week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import DeskCalendar, desk_calendars
from app.domain.desks.hours_of_year import DayOfYear, UsualHours, days_of_year, usual_hours
from app.domain.time.calendars import EarlyClosing
from app.web.pages.hours_words import DayWords

FIRST_YEAR: Final = 2020
YEARS_AHEAD: Final = 5
A_WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class HoursAsked:
    """What an address asks for; what it cannot say counts as not said."""

    calendar: str = ""
    year: int = 0

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "HoursAsked":
        """Read the query of an address."""
        year = query.get("year", "")
        is_year = year.isascii() and year.isdecimal() and len(year) == 4
        return cls(query.get("calendar", ""), int(year) if is_year else 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A date in its month: `what` says all of it; the form for it stands at `href`."""

    of: DayOfYear
    what: str
    is_today: bool
    href: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday; None where a week's day lies in another month."""

    number: int
    weeks: tuple[tuple[Cell | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """An early closing of every year, with its date in the one that is shown."""

    of: EarlyClosing
    day: date | None


@dataclass(frozen=True, slots=True)
class DeskHoursView:
    """All that the page shows."""

    desk: Desk
    shown: DeskCalendar
    calendars: tuple[DeskCalendar, ...]
    year: int
    today: date
    months: tuple[Month, ...]
    special: tuple[Cell, ...]
    closings: tuple[Closing, ...]
    weeks: tuple[tuple[str, tuple[UsualHours, ...]], ...]  # by season; "" is the usual one
    may_change: bool

    @property
    def page(self) -> str:
        """The address of the page, without what it shows."""
        return f"/desks/{self.desk.id}/hours"

    @property
    def years(self) -> range:
        """The years that can be shown."""
        return range(FIRST_YEAR, self.today.year + YEARS_AHEAD + 1)

    def address(self, calendar: str, year: int) -> str:
        """The address of another calendar or year."""
        return f"{self.page}?{urlencode({'calendar': calendar, 'year': year})}"

    def change(self, **known: str) -> str:
        """The address of the form, filled in with what is known."""
        return f"{self.page}/change?{urlencode({'calendar': self.shown.key, **known})}"


def desk_hours_view(
    desk: Desk, asked: HoursAsked, now: datetime, *, may_change: bool
) -> DeskHoursView:
    """Work out what is shown of a desk's hours."""
    calendars = desk_calendars(desk)
    shown = next((each for each in calendars if each.key == asked.calendar), calendars[0])
    today = now.astimezone(ZoneInfo(desk.time_zone)).date()
    is_shown = FIRST_YEAR <= asked.year <= today.year + YEARS_AHEAD
    year = asked.year if is_shown else today.year
    words = DayWords()
    cells = tuple(
        Cell(each, words.what(each), each.day == today, "")
        for each in days_of_year(shown.calendar, year)
    )
    calendar = shown.calendar
    seasons = [(each.name, usual_hours(each.windows)) for each in calendar.seasons]
    return DeskHoursView(
        desk,
        shown,
        calendars,
        year,
        today,
        tuple(_months(cells)),
        tuple(each for each in cells if each.of.is_special),
        tuple(Closing(each, each.on.in_year(year)) for each in calendar.early_closings),
        (("", usual_hours(calendar.windows)), *seasons),
        may_change,
    )


def _months(cells: tuple[Cell, ...]) -> Iterator[Month]:
    for number, of_month in groupby(cells, key=lambda each: each.of.day.month):
        days = list(of_month)
        before: list[Cell | None] = [None] * days[0].of.day.weekday()
        row = [*before, *days]
        row += [None] * (-len(row) % A_WEEK)
        weeks = (tuple(row[at : at + A_WEEK]) for at in range(0, len(row), A_WEEK))
        yield Month(number, tuple(weeks))
