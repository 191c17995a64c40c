"""What pages say of a desk's hours: windows, days of every year, and what a date is."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.domain.desks.desk_calendars import CalendarUse, DeskCalendar
from app.domain.desks.hours_edits import Entry, HoursEdit
from app.domain.desks.hours_of_year import DayOfYear, Hours, UsualHours
from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.time.calendars import DatedException, EarlyClosing, YearlyDay
from app.domain.time.wall_time import MINUTES_A_DAY, WEEKDAY_CODES
from app.web.pages.render import written

# Days of every year that people have a name for, by how far from Easter Sunday they are.
NAMED_FROM_EASTER: Final = {-4: "before_maundy_thursday", -1: "easter_eve", 48: "whit_eve"}
NAMED_DATES: Final = {(12, 24): "christmas_eve", (12, 31): "new_years_eve"}


def clock_text(minute: int) -> MessageRef:
    """Write minutes since midnight as a clock shows them; past midnight is the next day."""
    hours, minutes = (
        divmod(minute, 60) if minute == MINUTES_A_DAY else divmod(minute % MINUTES_A_DAY, 60)
    )
    return ref("when.written.clock", hour2=f"{hours:02}", minute2=f"{minutes:02}")


def hours_text(hours: Hours) -> MessageRef:
    """Write the windows of a day; of one without any, that it is closed."""
    if not hours:
        return ref("desk_hours.closed_all_day")
    return ref("desk_hours.windows", windows=tuple(_window(*each) for each in hours))


def _window(start: int, end: int) -> MessageRef:
    key = "desk_hours.window_over_night" if end > MINUTES_A_DAY else "desk_hours.window"
    return ref(key, start=clock_text(start), end=clock_text(end))


def yearly_day_text(day: YearlyDay) -> MessageRef:
    """Name a day of every year."""
    if day.from_easter is None:
        named = NAMED_DATES.get((day.month, day.day))
        month = MessageRef(f"month.{day.month}")
        dated = ref("desk_hours.day_of_month", day=day.day, month=month)
        return ref(f"yearly_day.{named}") if named else dated
    named = NAMED_FROM_EASTER.get(day.from_easter)
    if named:
        return ref(f"yearly_day.{named}")
    key = "before_easter" if day.from_easter < 0 else "after_easter"
    return ref(f"yearly_day.{key}", count=abs(day.from_easter))


def calendar_name(of: DeskCalendar) -> MessageRef | str:
    """What people know a calendar by."""
    is_duty = of.use is CalendarUse.DUTY
    return MessageRef("desk_hours.duty_calendar") if is_duty else of.calendar.name


def edit_day(edit: HoursEdit) -> MessageRef | date:
    """The day of an edit: a date, or a day of every year in words."""
    return edit.day if isinstance(edit.day, date) else yearly_day_text(edit.day)


def entry_text(entry: Entry | None) -> MessageRef:
    """Say what a calendar says of a day of its own."""
    match entry:
        case None:
            return ref("desk_hours.as_usual")
        case DatedException(hours=hours, note=note):
            return ref("desk_hours.entry", what=hours_text(hours), note=_note(note))
        case EarlyClosing(closes_minute=closes, note=note):
            what = ref("desk_hours.closes_at", closes=clock_text(closes))
            return ref("desk_hours.entry", what=what, note=_note(note))


def _note(note: str) -> RefValue:
    return ref("desk_hours.because", why=note) if note else ""


def usual_days(of: UsualHours) -> MessageRef:
    """Name the weekdays that have these hours."""
    first, last = (MessageRef(f"weekday.{WEEKDAY_CODES[each]}") for each in (of.first, of.last))
    return first if of.first == of.last else ref("desk_hours.weekdays", first=first, last=last)


@dataclass(slots=True)
class DayWords:
    """The words of the days of a year: each text is written once, since most days are alike."""

    known: dict[tuple[object, ...], str] = field(default_factory=dict)

    def what(self, day: DayOfYear) -> str:
        """Say what a date is, and its hours: `Kort dag 08.00–12.00, julaften`."""
        key = (day.look, day.hours, day.details)
        if key not in self.known:
            self.known[key] = written(
                ref(
                    "desk_hours.what",
                    look=MessageRef(f"day_look.{day.look}"),
                    hours=hours_text(day.hours) if day.hours else "",
                    why=_why(day),
                )
            )
        return self.known[key]


def _why(day: DayOfYear) -> RefValue:
    """Return what the reason names: a holiday, or what was noted."""
    named = dict(day.details)
    why = named.get("holiday") or named.get("note")
    return ref("desk_hours.because", why=why) if why else ""
