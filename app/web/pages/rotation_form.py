"""The form of a rotation: who takes turns, when they change, and in what order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.datastructures import MultiDict

from app.domain.config.ids import free_id, slug
from app.domain.config.rotation_part import ROTATION_CALENDAR
from app.domain.message_refs import MessageRef, ref
from app.domain.reasons import Reason
from app.domain.roles import TURN_ROLES, Role, TurnRole
from app.domain.roster.plan import Roster
from app.domain.roster.rotation import HolidayPeriod, Rotation, RotationKind
from app.domain.roster.turn_order import FULL, Weights
from app.domain.time.calendars import Calendar, HolidayPolicy, Window
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_hours import DayWindows, read_typed_hours, typed_hours
from app.domain.time.typed_parts import read_typed_clock, read_typed_day
from app.domain.time.wall_time import MINUTES_A_DAY, WEEKDAY_CODES, WEEKDAYS, clock
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.typed_holidays import read_typed_holidays, typed_holidays

LONGEST_TYPED: Final = 120
LONGEST_NAME: Final = 40
LONGEST_TEXT: Final = 4000
MOST_EVERY: Final = 52
SPARE_PLACES: Final = 2
LONGEST_PERCENT: Final = 3  # digits
MOST_PLACES: Final = 60
NORWAY: Final = "NO"

Typed = Annotated[str, Limits(max_length=LONGEST_TYPED)]


class RotationSent(BaseModel):
    """A rotation as it was typed; members stand beside it."""

    name: str = Limits(max_length=LONGEST_NAME)
    role: str
    kind: str
    every: int = Limits(1, ge=1, le=MOST_EVERY)
    handover: Typed
    handover_day: str = ""
    start: Typed
    until: Typed = ""
    backup: str = ""
    over: str = ""
    weights_from: Typed = ""
    monday: Typed = ""
    tuesday: Typed = ""
    wednesday: Typed = ""
    thursday: Typed = ""
    friday: Typed = ""
    saturday: Typed = ""
    sunday: Typed = ""
    public_holidays: str = ""
    holidays: str = Limits("", max_length=LONGEST_TEXT)


ROLES: Final = tuple(Option(each, MessageRef(f"role.{each}")) for each in TURN_ROLES)
KINDS: Final = tuple(Option(each, MessageRef(f"rotation_kind.{each}")) for each in RotationKind)
DAYS: Final = tuple(
    Option(day, MessageRef(f"weekday.{code}"))
    for day, code in zip(WEEKDAYS, WEEKDAY_CODES, strict=True)
)
POLICIES: Final = tuple(
    Option(each, MessageRef(f"rotation_form.holidays_{each}")) for each in HolidayPolicy
)
# What most rotations are, filled in where a new one is made.
USUAL: Final[Mapping[str, str]] = {
    "role": Role.PRIMARY,
    "kind": RotationKind.WEEKLY,
    "every": "1",
    "handover_day": "monday",
    "handover": "08.00",
}
FORM: Final = Form(
    "rotation_form",
    RotationSent,
    (
        Field("name", has_hint=True, width="medium"),
        Field("role", Kind.SELECT, has_hint=True, options=ROLES),
        Field("kind", Kind.SELECT, options=KINDS),
        Field("every", has_hint=True, width="short"),
        Field("handover", has_hint=True, width="short"),
        Field("handover_day", Kind.SELECT, has_hint=True, options=DAYS),
        Field("start", has_hint=True, width="medium"),
        Field("until", has_hint=True, width="medium"),
        Field("backup", Kind.CHECKBOX, has_hint=True),
        Field("over", Kind.SELECT, has_hint=True),
        Field("weights_from", has_hint=True, width="medium"),
        *(Field(day, width="medium") for day in WEEKDAYS),
        Field("public_holidays", Kind.SELECT, has_hint=True, options=POLICIES),
        Field("holidays", Kind.TEXTAREA, has_hint=True),
    ),
)


@dataclass(slots=True)
class Place:
    """One place in the order of turns: who has it, and how much of a full share."""

    number: int
    person: str
    percent: str
    options: tuple[Option, ...]
    error: MessageRef | None = None

    @property
    def fields(self) -> tuple[BoundField, BoundField]:
        """Both as the macros draw them."""
        who = ref("rotation_form.place", number=self.number)
        share = ref("rotation_form.percent", number=self.number)
        return (
            BoundField(
                Field(f"member-{self.number}", Kind.SELECT),
                who,
                None,
                False,
                self.options,
                (self.person,),
                None,
            ),
            BoundField(
                Field(f"percent-{self.number}", width="short"),
                share,
                None,
                False,
                (),
                (self.percent,),
                self.error,
            ),
        )


@dataclass(slots=True)
class RotationSheet:
    """The whole form: the rotation's own fields, and the places in its order."""

    form: FilledForm[RotationSent]
    places: list[Place]

    @property
    def bound(self) -> list[BoundField]:
        """Every field, for the summary of what is wrong."""
        return [*self.form.bound, *(each for place in self.places for each in place.fields)]

    @property
    def errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.form.errors) or any(place.error for place in self.places)

    @property
    def errors_of_all(self) -> list[MessageRef]:
        """What is wrong with no field alone."""
        return self.form.errors_of_all

    @property
    def carried(self) -> Iterator[tuple[str, str]]:
        """What the second step sends once more."""
        yield "places", str(len(self.places))
        for it in self.bound:
            if it.value:
                yield it.name, it.value


@dataclass(frozen=True, slots=True)
class RotationForm:
    """Reads and shows the form of one rotation of a roster; a new one where there is none yet."""

    roster: Roster
    rotation: Rotation | None
    now: datetime

    def blank(self) -> RotationSheet:
        """The form as it is shown first."""
        known = _known(self.rotation) if self.rotation else USUAL
        form = FORM.blank(self._options, **known)
        members = self.rotation.members if self.rotation else ()
        percents = dict(_latest(self.rotation).percent)
        told = [(each, str(percents.get(each, FULL))) for each in members]
        spare = max(len(self.roster.people) - len(told), SPARE_PLACES)
        return RotationSheet(form, self._places([*told, *[("", "")] * spare]))

    def read(self, sent: MultiDict[str, str]) -> tuple[RotationSheet, Rotation | None]:
        """The form as it was sent, and the rotation where nothing is wrong with a field."""
        form = FORM.read(sent, self._options)
        count = sent.get("places", "")
        places = min(int(count), MOST_PLACES) if count.isdecimal() and len(count) < 4 else 0
        numbers = range(1, places + 1)
        typed = [(sent.get(f"member-{n}", ""), sent.get(f"percent-{n}", "")) for n in numbers]
        sheet = RotationSheet(form, self._places(typed))
        found = self._rotation(sheet)
        if found and self.rotation is None and self._is_saved(found, sent.get("id", "")):
            found = replace(found, id=sent["id"])
        return sheet, None if sheet.errors else found

    @property
    def _options(self) -> dict[str, Sequence[Option]]:
        own = self.rotation.id if self.rotation else ""
        above = [each for each in self.roster.layers if each.id != own]
        if self.rotation:
            at = next(i for i, each in enumerate(self.roster.layers) if each.id == own)
            above = list(self.roster.layers[:at])
        return {"over": [Option(each.id, each.id) for each in above]}

    def _places(self, typed: Sequence[tuple[str, str]]) -> list[Place]:
        people = tuple(Option(each.id, each.name) for each in self.roster.people)
        return [
            Place(number, person, percent, people)
            for number, (person, percent) in enumerate(typed, 1)
        ]

    def _rotation(self, sheet: RotationSheet) -> Rotation | None:
        form = sheet.form
        start, until = self._day(form, "start"), self._day(form, "until")
        handover, hours = self._handover(form), self._hours(form)
        members, percents = self._members(sheet)
        weights = self._weights(form, members, percents)
        kind = RotationKind(form["kind"].value) if form.value else None
        shared = self._holidays(form, kind)
        weekday = form["handover_day"].value
        if kind is RotationKind.WEEKLY and not weekday:
            form.refuse(ref("form.choose", field=form["handover_day"].label), "handover_day")
        if sheet.errors or form.value is None or start is None or kind is None:
            return None
        role = next(each for each in TURN_ROLES if each == form.value.role)
        self._look_at_place(form, role)
        if form.errors:
            return None
        return Rotation(
            id=self.rotation.id if self.rotation else self._new_id(form.value.name),
            role=role,
            members=members,
            kind=kind,
            handover_minute=handover,
            start=start,
            handover_weekday=WEEKDAYS.index(weekday) if weekday else None,
            every=1 if kind is RotationKind.HOLIDAYS else form.value.every,
            until=until,
            weights=weights,
            backup_is_next=bool(form.value.backup),
            over=form.value.over or None,
            hours=hours,
            holidays=shared,
        )

    def _look_at_place(self, form: FilledForm[RotationSent], role: TurnRole) -> None:
        """Only a primary rotation of its own says who is backup, and like lies over like."""
        over, is_backup = form["over"].value, form["backup"].value
        if is_backup and (over or role is not Role.PRIMARY):
            form.refuse(ref("rotation_form.backup_where"), "backup")
        below = next((each for each in self.roster.layers if each.id == over), None)
        if below and below.role is not role:
            form.refuse(ref("rotation_form.over_another_role"), "over")

    def _new_id(self, name: str) -> str:
        return free_id(slug(name) or "rotation", {each.id for each in self.roster.layers})

    def _is_saved(self, rotation: Rotation, sent: str) -> bool:
        """Whether it is there already as it was sent: the button was pressed twice."""
        return any(each == replace(rotation, id=sent) for each in self.roster.layers)

    def _day(self, form: FilledForm[RotationSent], name: str) -> date | None:
        text = form[name].value.strip()
        if not text:
            return None  # the form has said it already, where it is needed
        day = read_typed_day(text, TimeField(self.now, self.roster.time_zone))
        if isinstance(day, Reason):
            form.refuse(day.ref, name)
            return None
        return day

    def _handover(self, form: FilledForm[RotationSent]) -> int:
        text = form["handover"].value
        minute = read_typed_clock(text) if text else 0
        if isinstance(minute, Reason):
            form.refuse(minute.ref, "handover")
            return 0
        return minute % MINUTES_A_DAY

    def _members(self, sheet: RotationSheet) -> tuple[tuple[str, ...], dict[str, int]]:
        """Who takes turns in which order, and the share of whoever has another than a full one."""
        known = {each.id for each in self.roster.people}
        members = [place.person for place in sheet.places if place.person]
        if not members:
            sheet.form.refuse(ref("diagnostic.nobody_takes_turns"))
        if not known.issuperset(members):
            sheet.form.refuse(ref("rotation_form.no_such_person"))
        percents: dict[str, int] = {}
        for place in sheet.places:
            text = place.percent.replace("%", "").strip()
            if not place.person or not text:
                continue
            is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_PERCENT
            is_one = is_one and 1 <= int(text) <= FULL
            if not is_one:
                place.error = ref("rotation_form.bad_percent", most=FULL)
            elif int(text) != FULL:
                percents[place.person] = int(text)
        if percents and len(set(members)) < len(members):
            sheet.form.refuse(ref("diagnostic.member_twice"))
        return tuple(members), percents

    def _weights(
        self, form: FilledForm[RotationSent], members: tuple[str, ...], percents: dict[str, int]
    ) -> tuple[Weights, ...]:
        """The shares by date: the latest ones changed, or later ones added."""
        since = self._day(form, "weights_from")
        before = (
            tuple(_left(each, members) for each in self.rotation.weights) if self.rotation else ()
        )
        last = before[-1] if before else Weights(())
        shares = {each: percent for each, percent in last.percent if percent != FULL}
        if shares == percents and since == last.from_:
            return before
        wanted = Weights(tuple(percents.items()), since)
        if not before or since == last.from_:
            kept = before[:-1]
            return (*kept, wanted) if percents or kept else ()
        if since is None or (last.from_ and since < last.from_):
            form.refuse(ref("rotation_form.weights_in_order", at=str(last.from_)), "weights_from")
            return before
        return (*before, wanted)

    def _hours(self, form: FilledForm[RotationSent]) -> Calendar | None:
        """When it holds; none: always. What else a document says of it stays."""
        days: list[DayWindows] = []
        for day in WEEKDAYS:
            windows = read_typed_hours(form[day].value)
            if isinstance(windows, Reason):
                form.refuse(windows.ref, day)
                windows = ()
            days.append(windows)
        before = self.rotation.hours if self.rotation else None
        if not any(days):
            return before if before and not before.windows else None
        policy = form["public_holidays"].value
        if before and _by_day(before) == days and _policy(before) == policy:
            return before
        changed = before or Calendar(
            ROTATION_CALENDAR, ROTATION_CALENDAR, self.roster.time_zone, ()
        )
        return replace(
            changed,
            windows=tuple(_windows(days)),
            holidays=(changed.holidays or NORWAY) if policy else None,
            holiday_policy=HolidayPolicy(policy) if policy else HolidayPolicy.AS_WEEKDAY,
        )

    def _holidays(
        self, form: FilledForm[RotationSent], kind: RotationKind | None
    ) -> tuple[HolidayPeriod, ...]:
        text = form["holidays"].value.strip()
        if kind is not RotationKind.HOLIDAYS:
            if text and kind:
                form.refuse(ref("rotation_form.holidays_where"), "holidays")
            return ()
        before = self.rotation.holidays if self.rotation else ()
        if before and typed_holidays(before) == "\n".join(text.splitlines()):
            return before
        found = read_typed_holidays(text, TimeField(self.now, self.roster.time_zone))
        if isinstance(found, MessageRef):
            form.refuse(found, "holidays")
            return ()
        return found


def _known(rotation: Rotation) -> Mapping[str, str]:
    """A rotation as it is typed."""
    hours = rotation.hours
    days = [typed_hours(each) for each in _by_day(hours)] if hours else [""] * len(WEEKDAYS)
    weekday = rotation.handover_weekday
    since = _latest(rotation).from_
    return {
        "name": rotation.id,
        "role": rotation.role,
        "kind": rotation.kind,
        "every": str(rotation.every),
        "handover": clock(rotation.handover_minute).replace(":", "."),
        "handover_day": "" if weekday is None else WEEKDAYS[weekday],
        "start": _typed_date(rotation.start),
        "until": _typed_date(rotation.until),
        "backup": "true" if rotation.backup_is_next else "",
        "over": rotation.over or "",
        "weights_from": _typed_date(since),
        **dict(zip(WEEKDAYS, days, strict=True)),
        "public_holidays": _policy(hours) if hours else "",
        "holidays": typed_holidays(rotation.holidays),
    }


def _typed_date(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _latest(rotation: Rotation | None) -> Weights:
    return rotation.weights[-1] if rotation and rotation.weights else Weights(())


def _left(weights: Weights, members: Sequence[str]) -> Weights:
    """The shares of those who still take turns."""
    return replace(weights, percent=tuple(each for each in weights.percent if each[0] in members))


def _policy(hours: Calendar) -> str:
    return str(hours.holiday_policy) if hours.holidays else ""


def _by_day(hours: Calendar) -> list[DayWindows]:
    """The windows of each weekday."""
    return [
        tuple(sorted((w.start_minute, w.end_minute) for w in hours.windows if day in w.weekdays))
        for day in range(len(WEEKDAYS))
    ]


def _windows(days: Sequence[DayWindows]) -> Iterator[Window]:
    """Windows of weekdays; neighbours with the same ones together."""
    first = 0
    for day, windows in enumerate(days):
        if day + 1 < len(days) and days[day + 1] == windows:
            continue
        yield from (Window(frozenset(range(first, day + 1)), *each) for each in windows)
        first = day + 1
