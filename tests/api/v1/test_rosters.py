"""A roster in the API: all that its document says, but for the entries, and nothing else."""

from datetime import date
from typing import Any

from hypothesis import given, settings

from app.actions.roster.live_roster import LiveRoster
from app.api.v1.rotation_responses import roster_response
from app.domain.config.calendar_part import parse_hours
from app.domain.roles import TURN_ROLES
from app.domain.roster.member_days import MemberDays
from app.domain.roster.plan import Person, Roster
from app.domain.roster.rotation import HolidayPeriod, Rotation, RotationKind
from app.domain.roster.turn_order import Weights
from app.domain.time.calendars import Calendar, HolidayPolicy, Window, YearlyDay, parse_yearly_day
from app.domain.time.wall_time import WEEKDAYS, parse_clock
from tests.api.v1.api_client import Api
from tests.support.any_rosters import any_rosters
from tests.support.sample_desk import DESK, DUTY_1, DUTY_1_HOME, LAST_RESORT

Json = dict[str, Any]


def test_a_desks_roster_is_told_with_the_keys_of_its_document(api: Api) -> None:
    told = api.get(f"/desks/{DESK}/roster").get_json()
    assert (told["id"], told["revision"], told["last_resort"]) == (DESK, 0, [LAST_RESORT])
    assert told["people"][0] == {
        "id": "duty-1",
        "name": "Duty 1",
        "phones": [DUTY_1, DUTY_1_HOME],
        "language": "nb",
        "first_day": None,
        "last_day": None,
    }
    assert told["rotations"][0] == {
        "id": "primary",
        "role": "primary",
        "over": None,
        "kind": "weekly",
        "every": 1,
        "handover": "08:00",
        "handover_day": "monday",
        "start": "2024-01-01",
        "until": None,
        "members": ["duty-1"],
        "backup": None,
        "weights": [],
        "hours": None,
        "holidays": [],
    }


def test_the_roster_of_a_desk_that_the_token_may_not_see_is_not_there(sqlite_api: Api) -> None:
    other = sqlite_api.with_token("another")
    assert other.get(f"/desks/{DESK}/roster").status_code == 404
    assert sqlite_api.get("/desks/nowhere/roster").status_code == 404


@settings(max_examples=40)
@given(any_rosters())
def test_what_it_tells_is_all_that_the_document_says(roster: Roster) -> None:
    told = roster_response(LiveRoster(roster, "", 0)).model_dump(mode="json", by_alias=True)
    assert tuple(map(_person, told["people"])) == roster.people
    zone = told["time_zone"]
    assert tuple(_rotation(each, zone) for each in told["rotations"]) == roster.layers
    assert (told["id"], tuple(told["last_resort"])) == (roster.id, roster.last_resort)


def _person(told: Json) -> Person:
    days = MemberDays(_date(told["first_day"]), _date(told["last_day"]))
    numbers, language = tuple(told["phones"]), told["language"] or ""
    return Person(told["id"], told["name"], numbers, language, days)


def _rotation(told: Json, zone: str) -> Rotation:
    day, hours = told["handover_day"], told["hours"]
    return Rotation(
        id=told["id"],
        role=next(role for role in TURN_ROLES if role == told["role"]),
        members=tuple(told["members"]),
        kind=RotationKind(told["kind"]),
        handover_minute=parse_clock(told["handover"]),
        start=date.fromisoformat(told["start"]),
        handover_weekday=None if day is None else WEEKDAYS.index(day),
        every=told["every"],
        until=_date(told["until"]),
        weights=tuple(
            Weights(tuple(each["percent"].items()), _date(each["from"])) for each in told["weights"]
        ),
        backup_is_next=told["backup"] == "next",
        over=told["over"],
        hours=_hours(hours, zone) if hours else None,
        holidays=tuple(
            HolidayPeriod(each["name"], _day(each["from"]), _day(each["to"]))
            for each in told["holidays"]
        ),
    )


def _hours(told: Json, zone: str) -> Calendar:
    windows = tuple(
        Window(frozenset(map(WEEKDAYS.index, each["days"])), *parse_hours(text))
        for each in told["windows"]
        for text in each["hours"]
    )
    policy = HolidayPolicy(told["on_holidays"])
    return Calendar("rotation", "rotation", zone, windows, told["holidays"], policy)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str) -> YearlyDay | date:
    return date.fromisoformat(text) if text[:4].isdigit() else parse_yearly_day(text)
