"""What the API says of a roster's people and rotations, field by field. No rules, no queries."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from app.api.v1.models import Model
from app.domain.roles import TurnRole
from app.domain.roster.rotation import RotationKind
from app.domain.time.calendars import HolidayPolicy


class Backup(StrEnum):
    """Who is backup of a primary rotation."""

    NEXT = "next"


class PersonResponse(Model):
    """Somebody of the roster, with the first and the last day on which they are there."""

    id: str
    name: str
    phones: list[str]
    language: str | None
    first_day: date | None
    last_day: date | None


class WindowsResponse(Model):
    """Windows on some weekdays, such as `15:30-08:00 next day`."""

    days: list[str]
    hours: list[str]


class DatedHoursResponse(Model):
    """The windows of one date; none at all: it does not hold then."""

    date: date
    hours: list[str]
    note: str


class EarlyClosingResponse(Model):
    """A day of every year on which no window lasts beyond a time."""

    day: str = Field(description="12-24, easter-4 or pentecost-1")
    closes: str
    note: str


class SeasonResponse(Model):
    """A part of every year with windows of its own; both days are in it."""

    name: str
    from_: str = Field(alias="from", description="Month and day: 06-15")
    to: str
    windows: list[WindowsResponse]


class HoursResponse(Model):
    """The hours in which a rotation holds, as a calendar has them."""

    holidays: str | None = Field(description="The country whose public holidays count")
    on_holidays: HolidayPolicy
    on_national_days: HolidayPolicy | None
    windows: list[WindowsResponse]
    exceptions: list[DatedHoursResponse]
    early_closings: list[EarlyClosingResponse]
    seasons: list[SeasonResponse]


class WeightsResponse(Model):
    """How many percent of a full share some members have, from a date on."""

    from_: date | None = Field(alias="from")
    percent: dict[str, int]


class HolidayPeriodResponse(Model):
    """A holiday that is shared out apart; both days are in it."""

    name: str
    from_: str = Field(alias="from", description="12-24, easter-3, or a date")
    to: str


class RotationResponse(Model):
    """Who takes turns in a role, and when; with the keys of roster.toml."""

    id: str
    role: TurnRole
    over: str | None = Field(description="The rotation whose place it takes where it has somebody")
    kind: RotationKind
    every: int
    handover: str
    handover_day: str | None
    start: date
    until: date | None
    members: list[str]
    backup: Backup | None
    weights: list[WeightsResponse]
    hours: HoursResponse | None = Field(description="Null: it holds at all times")
    holidays: list[HolidayPeriodResponse]


class ConfirmShiftsResponse(Model):
    """How many hours before a shift it is confirmed, and an alarm tells that it is not."""

    hours_before: int
    alarm_hours_before: int


class RosterResponse(Model):
    """A roster's people and rotations. What is dated and about one person is a roster entry."""

    id: str
    time_zone: str
    revision: int
    last_resort: list[str]
    notice_days: int
    swaps_need_approval: bool
    confirm_shifts: ConfirmShiftsResponse | None = Field(description="Null: nobody is asked")
    people: list[PersonResponse]
    rotations: list[RotationResponse]
