"""People and rotations of a roster as the API's models. Asks nothing and decides nothing."""

from collections.abc import Iterable
from datetime import timedelta

from app.actions.roster.live_roster import LiveRoster
from app.api.v1.rotation_models import (
    Backup,
    ConfirmShiftsResponse,
    DatedHoursResponse,
    EarlyClosingResponse,
    HolidayPeriodResponse,
    HoursResponse,
    PersonResponse,
    RosterResponse,
    RotationResponse,
    SeasonResponse,
    WeightsResponse,
    WindowsResponse,
)
from app.domain.config.written_values import day_text, window_text
from app.domain.roster.confirmation_rules import ConfirmationRules
from app.domain.roster.plan import Person
from app.domain.roster.rotation import Rotation
from app.domain.time.calendars import Calendar, Season, Window, YearlyDay
from app.domain.time.wall_time import WEEKDAYS, clock


def roster_response(live: LiveRoster) -> RosterResponse:
    """Tell a roster, but for its entries."""
    plan = live.plan
    return RosterResponse(
        id=plan.id,
        time_zone=plan.time_zone,
        revision=live.revision,
        last_resort=list(plan.last_resort),
        notice_days=plan.notice_days,
        swaps_need_approval=plan.swaps_need_approval,
        confirm_shifts=_confirm_shifts(plan.confirmation),
        people=[_person(each) for each in plan.people],
        rotations=[_rotation(each) for each in plan.layers],
    )


def _confirm_shifts(rules: ConfirmationRules | None) -> ConfirmShiftsResponse | None:
    if rules is None:
        return None
    hour = timedelta(hours=1)
    return ConfirmShiftsResponse(
        hours_before=rules.asked // hour, alarm_hours_before=rules.alarm // hour
    )


def _person(person: Person) -> PersonResponse:
    return PersonResponse(
        id=person.id,
        name=person.name,
        phones=list(person.numbers),
        language=person.language or None,
        first_day=person.days.first,
        last_day=person.days.last,
    )


def _rotation(rotation: Rotation) -> RotationResponse:
    weekday = rotation.handover_weekday
    return RotationResponse(
        id=rotation.id,
        role=rotation.role,
        over=rotation.over,
        kind=rotation.kind,
        every=rotation.every,
        handover=clock(rotation.handover_minute),
        handover_day=None if weekday is None else WEEKDAYS[weekday],
        start=rotation.start,
        until=rotation.until,
        members=list(rotation.members),
        backup=Backup.NEXT if rotation.backup_is_next else None,
        weights=[
            WeightsResponse(from_=each.from_, percent=dict(each.percent))
            for each in rotation.weights
        ],
        hours=_hours(rotation.hours) if rotation.hours else None,
        holidays=[
            HolidayPeriodResponse(
                name=each.name, from_=day_text(each.first), to=day_text(each.last)
            )
            for each in rotation.holidays
        ],
    )


def _hours(hours: Calendar) -> HoursResponse:
    return HoursResponse(
        holidays=hours.holidays,
        on_holidays=hours.holiday_policy,
        on_national_days=hours.national_day_policy,
        windows=_windows(hours.windows),
        exceptions=[
            DatedHoursResponse(date=each.day, hours=_texts(each.hours), note=each.note)
            for each in hours.exceptions
        ],
        early_closings=[
            EarlyClosingResponse(
                day=day_text(each.on), closes=clock(each.closes_minute), note=each.note
            )
            for each in hours.early_closings
        ],
        seasons=[_season(each) for each in hours.seasons],
    )


def _season(season: Season) -> SeasonResponse:
    first, last = (day_text(YearlyDay(*day)) for day in (season.first, season.last))
    return SeasonResponse(name=season.name, from_=first, to=last, windows=_windows(season.windows))


def _windows(windows: Iterable[Window]) -> list[WindowsResponse]:
    return [
        WindowsResponse(
            days=[name for day, name in enumerate(WEEKDAYS) if day in each.weekdays],
            hours=_texts([(each.start_minute, each.end_minute)]),
        )
        for each in windows
    ]


def _texts(hours: Iterable[tuple[int, int]]) -> list[str]:
    return [window_text(start, end) for start, end in hours]
