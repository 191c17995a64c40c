"""The form of a change of a desk's hours: closed days, other hours, an early closing every year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.domain.config.clean_text import cleaned
from app.domain.desks.desk import Desk
from app.domain.desks.desk_calendars import DeskCalendar, desk_calendars
from app.domain.desks.hours_of_year import Hours
from app.domain.desks.wanted_hours import Wanted, WantedClosing, WantedDays
from app.domain.message_refs import MessageRef, ref
from app.domain.time.calendars import YearlyDay, parse_yearly_day
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_clock, read_typed_day
from app.domain.time.wall_time import MINUTES_A_DAY
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.hours_words import NAMED_DATES, NAMED_FROM_EASTER, calendar_name, yearly_day_text

MOST_DAYS: Final = 92
LONGEST_TYPED: Final = 60
LONGEST_NOTE: Final = 200
OTHER_DAY: Final = "other"


class ChangeKind(StrEnum):
    """What is to be entered."""

    CLOSED = "closed"
    HOURS = "hours"
    EARLY = "early"


Typed = Annotated[str, Limits(max_length=LONGEST_TYPED)]


class ClosedDays(BaseModel):
    """Some days are closed."""

    since: Typed
    until: Typed = ""
    calendars: list[str]
    why: str = Limits("", max_length=LONGEST_NOTE)


class OtherHours(ClosedDays):
    """Some days have other hours."""

    opens: Typed
    closes: Typed
    opens_again: Typed = ""
    closes_again: Typed = ""


class EarlyDay(BaseModel):
    """A day of every year closes early."""

    day: str
    other_day: Typed = ""
    closes: Typed
    calendars: list[str]
    why: str = Limits("", max_length=LONGEST_NOTE)


YEARLY: Final = (
    *(f"{month:02}-{day:02}" for month, day in NAMED_DATES),
    *(f"easter{count:+d}" for count in NAMED_FROM_EASTER),
)
DAYS: Final = tuple(Option(each, yearly_day_text(parse_yearly_day(each))) for each in YEARLY)
OTHER: Final = Option(OTHER_DAY, MessageRef("hours_form.other"))
RANGE: Final = (
    Field("since", has_hint=True, width="medium"),
    Field("until", has_hint=True, width="medium"),
)
LAST: Final = (Field("why", has_hint=True), Field("calendars", Kind.CHECKBOXES))
CLOCKS: Final = (
    Field("opens", has_hint=True, width="short"),
    Field("closes", has_hint=True, width="short"),
    Field("opens_again", has_hint=True, width="short"),
    Field("closes_again", width="short"),
)
CLOSED_FORM: Final[Form[BaseModel]] = Form("hours_form", ClosedDays, (*RANGE, *LAST))
HOURS_FORM: Final[Form[BaseModel]] = Form("hours_form", OtherHours, (*RANGE, *CLOCKS, *LAST))
EARLY_FORM: Final[Form[BaseModel]] = Form(
    "hours_form",
    EarlyDay,
    (
        Field("day", Kind.SELECT, options=(*DAYS, OTHER)),
        Field("other_day", has_hint=True, width="medium"),
        Field("closes", has_hint=True, width="short"),
        *LAST,
    ),
)
FORMS: Final[Mapping[ChangeKind, Form[BaseModel]]] = {
    ChangeKind.CLOSED: CLOSED_FORM,
    ChangeKind.HOURS: HOURS_FORM,
    ChangeKind.EARLY: EARLY_FORM,
}


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Reads and shows the form of one kind for one desk."""

    kind: ChangeKind
    desk: Desk
    now: datetime

    def blank(
        self, query: Mapping[str, str], calendars: Sequence[str] = ()
    ) -> FilledForm[BaseModel]:
        """The form as an address fills it in."""
        form = FORMS[self.kind]
        typed = {name: (query.get(name, ""),) for name in form.names - {"calendars"}}
        for name in {"since", "until"} & form.names:
            typed[name] = (self._as_typed(query.get(name, "")),)
        chosen = tuple(calendars) or (query.get("calendar") or self._calendars[0].key,)
        return FilledForm(form, {**typed, "calendars": chosen}, self._options)

    def read(self, sent: MultiDict[str, str]) -> tuple[FilledForm[BaseModel], Wanted | None]:
        """The form as it was sent, and what is wanted where nothing is wrong."""
        form = FORMS[self.kind].read(sent, self._options)
        wanted = self._yearly(form) if self.kind is ChangeKind.EARLY else self._days(form)
        return form, wanted if form.value else None

    @property
    def _calendars(self) -> tuple[DeskCalendar, ...]:
        return desk_calendars(self.desk)

    @property
    def _options(self) -> dict[str, Sequence[Option]]:
        named = [Option(each.key, calendar_name(each)) for each in self._calendars]
        return {"calendars": named}

    def _as_typed(self, text: str) -> str:
        """A date of an address as people type it."""
        try:
            return f"{date.fromisoformat(text):%d.%m.%Y}" if text else ""
        except ValueError:
            return text

    def _days(self, form: FilledForm[BaseModel]) -> Wanted | None:
        first = self._day(form, "since", None)
        last = self._day(form, "until", first) or first
        hours = self._windows(form) if self.kind is ChangeKind.HOURS else ()
        if first is None or last is None or hours is None:
            return None
        if last < first:
            form.refuse(ref("hours_form.backwards"), "until")
        elif (last - first).days >= MOST_DAYS:
            form.refuse(ref("hours_form.too_many_days", most=MOST_DAYS), "until")
        return WantedDays(first, last, hours, cleaned(form["why"].value))

    def _day(self, form: FilledForm[BaseModel], name: str, start: date | None) -> date | None:
        """Read one of the two days, or say in the form what is wrong with it."""
        text = form[name].value.strip()
        if not text:
            return None  # the form has said it already, where it is needed
        field = TimeField(self.now, self.desk.time_zone, day=start)
        day = read_typed_day(text, field)
        if not isinstance(day, date):
            form.refuse(day.ref, name)
            return None
        if day < field.today:
            form.refuse(ref("hours_form.over"), name)
        return day

    def _windows(self, form: FilledForm[BaseModel]) -> Hours | None:
        """Read the hours of a day: one window, or two with a break between them."""
        first = self._window(form, "opens", "closes", 0)
        if not (form["opens_again"].value.strip() or form["closes_again"].value.strip()):
            return first and (first,)
        for name in ("opens_again", "closes_again"):
            if not form[name].value.strip():
                form.refuse(ref("form.missing", field=form[name].label), name)
        second = self._window(form, "opens_again", "closes_again", first[1] if first else 0)
        return (first, second) if first and second else None

    def _window(
        self, form: FilledForm[BaseModel], opens: str, closes: str, earliest: int
    ) -> tuple[int, int] | None:
        start, end = self._clock(form, opens), self._clock(form, closes)
        if start is None or end is None:
            return None
        if start < earliest:
            form.refuse(ref("hours_form.opens_before_it_closes"), opens)
        if start == MINUTES_A_DAY or end <= start:
            form.refuse(ref("hours_form.closes_before"), closes)
        return start, end

    def _clock(self, form: FilledForm[BaseModel], name: str) -> int | None:
        text = form[name].value.strip()
        if not text:
            return None
        minute = read_typed_clock(text)
        if not isinstance(minute, int):
            form.refuse(minute.ref, name)
            return None
        return minute

    def _yearly(self, form: FilledForm[BaseModel]) -> Wanted | None:
        on, closes = self._yearly_day(form), self._clock(form, "closes")
        if on is None or closes is None:
            return None
        return WantedClosing(on, closes, cleaned(form["why"].value))

    def _yearly_day(self, form: FilledForm[BaseModel]) -> YearlyDay | None:
        chosen = form["day"].value
        if chosen in YEARLY:
            return parse_yearly_day(chosen)
        if chosen != OTHER_DAY:
            return None
        text = form["other_day"].value.strip()
        day = read_typed_day(text, TimeField(self.now, self.desk.time_zone))
        if not isinstance(day, date):
            form.refuse(day.ref if text else ref("hours_form.which_day"), "other_day")
            return None
        return YearlyDay(day.month, day.day)


def carried(form: FilledForm[BaseModel], wanted: Wanted) -> list[tuple[str, str]]:
    """What the second step sends once more: days as dates, the rest as it was typed."""
    said = _dates(wanted)
    fields = ((each.name, value) for each in form for value in each.values if value)
    return [(name, said.get(name, value)) for name, value in fields]


def _dates(wanted: Wanted) -> Mapping[str, str]:
    """The fields of days as they are read tomorrow too."""
    match wanted:
        case WantedDays(first, last):
            return {"since": first.isoformat(), "until": last.isoformat()}
        case WantedClosing(YearlyDay(month, day, None)):
            return {"other_day": f"{day}.{month}"}
        case _:
            return {}
