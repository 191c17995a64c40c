"""What the page of a desk's hours shows: a year as months, what is special in it, a usual week."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.domain.config.written_values import day_text
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
    done: int = 0  # the version that was just made

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "HoursAsked":
        """Read the query of an address."""
        return cls(query.get("calendar", ""), _number(query, "year"), _number(query, "done"))


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A date in its month: `what` says all of it; the form for it stands at `href`."""

    of: DayOfYear
    what: str
    is_today: bool
    href: str
    take_back: str  # the address that takes an exception back; "" where there is none


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
    take_back: str


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
        return change_address(self.desk, self.shown, **known)


def change_address(desk: Desk, calendar: DeskCalendar, **known: str) -> str:
    """Return the address of the form of a change, filled in with what is known."""
    return f"/desks/{desk.id}/hours/change?{urlencode({'calendar': calendar.key, **known})}"


@dataclass(frozen=True, slots=True)
class CellMaker:
    """Makes the cells of a year; with links for whoever may change it."""

    desk: Desk
    calendar: DeskCalendar
    today: date
    may_change: bool
    words: DayWords

    def cell(self, of: DayOfYear) -> Cell:
        """One date."""
        is_ahead = self.may_change and of.day >= self.today
        is_exception = is_ahead and of.day in self.calendar.calendar.by_date
        day = of.day.isoformat()
        return Cell(
            of,
            self.words.what(of),
            of.day == self.today,
            self._address(since=day) if is_ahead else "",
            self._address(take_back=day) if is_exception else "",
        )

    def closing(self, of: EarlyClosing, year: int) -> Closing:
        """An early closing of every year."""
        back = self._address(take_back=str(day_text(of.on))) if self.may_change else ""
        return Closing(of, of.on.in_year(year), back)

    def _address(self, **known: str) -> str:
        return change_address(self.desk, self.calendar, **known)


def desk_hours_view(
    desk: Desk, asked: HoursAsked, now: datetime, *, may_change: bool
) -> DeskHoursView:
    """Work out what is shown of a desk's hours."""
    calendars = desk_calendars(desk)
    shown = next((each for each in calendars if each.key == asked.calendar), calendars[0])
    today = now.astimezone(ZoneInfo(desk.time_zone)).date()
    is_shown = FIRST_YEAR <= asked.year <= today.year + YEARS_AHEAD
    year = asked.year if is_shown else today.year
    make = CellMaker(desk, shown, today, may_change, DayWords())
    cells = tuple(make.cell(each) for each in days_of_year(shown.calendar, year))
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
        tuple(make.closing(each, year) for each in calendar.early_closings),
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
