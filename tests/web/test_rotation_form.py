"""A rotation as a form: what is shown is read as the same, and what is typed as it was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.message_refs import MessageRef
from app.domain.reasons import Reason
from app.domain.roles import Role
from app.domain.roster.plan import Person, Roster
from app.domain.roster.rotation import HolidayPeriod, Rotation, RotationKind
from app.domain.roster.turn_order import Weights
from app.domain.time.calendars import HolidayPolicy, YearlyDay
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_hours import read_typed_hours, typed_hours
from app.web.pages.rotation_form import RotationForm, RotationSheet
from app.web.pages.typed_holidays import read_typed_holidays
from tests.support.any_rosters import any_rosters

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PEOPLE = tuple(Person(f"vakt-{n}", f"Vakt {n}", (f"+474900670{n}",)) for n in (1, 2, 3))
EMPTY = Roster("skjergard", "Europe/Oslo", PEOPLE)
NIGHTS = {
    "name": "Natt og helg",
    "role": "primary",
    "kind": "weekly",
    "every": "1",
    "handover": "kl 8",
    "handover_day": "monday",
    "start": "4.1.2027",
    "places": "3",
    "member-1": "vakt-2",
    "member-2": "vakt-1",
}


def read(
    roster: Roster, rotation: Rotation | None = None, **typed: str
) -> tuple[RotationSheet, Rotation | None]:
    return RotationForm(roster, rotation, NOW).read(MultiDict(NIGHTS | typed))


def wrong(roster: Roster = EMPTY, rotation: Rotation | None = None, **typed: str) -> dict[str, str]:
    sheet, found = read(roster, rotation, **typed)
    assert found is None
    of_all = [("", each.key) for each in sheet.errors_of_all]
    return dict([*of_all, *((it.name, it.error.key) for it in sheet.bound if it.error)])


@settings(max_examples=60)
@given(any_rosters(), st.data())
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(
    roster: Roster, data: st.DataObject
) -> None:
    assume(roster.layers)
    assume(read_roster(write_roster(roster), "roster.toml").value == roster)
    rotation = data.draw(st.sampled_from(roster.layers))
    form = RotationForm(roster, rotation, NOW)
    sheet, found = form.read(MultiDict(form.blank().carried))
    assert found == rotation, [each.error for each in sheet.bound if each.error]


def test_a_new_rotation_is_read_as_it_was_typed() -> None:
    _, found = read(EMPTY)
    assert found == Rotation(
        "natt-og-helg",
        Role.PRIMARY,
        ("vakt-2", "vakt-1"),
        RotationKind.WEEKLY,
        480,
        date(2027, 1, 4),
        handover_weekday=0,
    )


def test_a_part_time_person_gets_fewer_shifts_from_a_day_on() -> None:
    _, first = read(EMPTY, None, **{"percent-2": "60 %"})
    assert first
    assert first.weights == (Weights((("vakt-1", 60),)),)
    later = {"percent-2": "80", "weights_from": "1.8.2027"}
    _, second = read(roster_with(first), first, **later)
    assert second
    assert second.weights == (*first.weights, Weights((("vakt-1", 80),), date(2027, 8, 1)))
    earlier = {"percent-2": "50", "weights_from": "1.2.2027"}
    assert wrong(roster_with(second), second, **earlier) == {
        "weights_from": "rotation_form.weights_in_order"
    }


def roster_with(rotation: Rotation) -> Roster:
    return Roster("skjergard", "Europe/Oslo", PEOPLE, (rotation,))


def test_only_at_some_hours() -> None:
    days = {"friday": "15.30–24", "saturday": "0-24", "sunday": "00.00 til 24.00"}
    _, found = read(EMPTY, None, **days, public_holidays="as_sunday")
    assert found
    assert found.hours
    assert [(sorted(w.weekdays), w.start_minute, w.end_minute) for w in found.hours.windows] == [
        ([4], 930, 1440),
        ([5, 6], 0, 1440),
    ]
    assert (found.hours.holidays, found.hours.holiday_policy) == ("NO", HolidayPolicy.AS_SUNDAY)


def test_what_is_wrong_stands_at_its_field() -> None:
    assert wrong(handover="25.00")["handover"].startswith("typed_moment.")
    assert wrong(handover_day="") == {"handover_day": "form.choose"}
    assert wrong(start="snart")["start"].startswith("typed_moment.")
    assert wrong(**{"member-1": "", "member-2": ""}) == {"": "diagnostic.nobody_takes_turns"}
    assert wrong(**{"percent-1": "160"}) == {"percent-1": "rotation_form.bad_percent"}
    assert wrong(role="backup", backup="true") == {"backup": "rotation_form.backup_where"}
    assert wrong(friday="15.30") == {"friday": "typed_moment.not_hours"}
    assert wrong(holidays="Jul: 24.12") == {"holidays": "rotation_form.holidays_where"}
    assert wrong(every="0")["every"] == "form.too_small"
    assert wrong(places="x")[""] == "diagnostic.nobody_takes_turns"
    assert wrong(**{"member-1": "nobody"})[""] == "rotation_form.no_such_person"


def test_shared_holidays_are_read_line_by_line() -> None:
    text = "Jul: 24.12 – 26.12\nPåske: påske-3 til påske+1\n\nFest: 3.7.2027"
    _, found = read(EMPTY, None, kind="holidays", handover_day="", holidays=text)
    assert found
    assert found.holidays == (
        HolidayPeriod("Jul", YearlyDay(12, 24), YearlyDay(12, 26)),
        HolidayPeriod("Påske", YearlyDay(from_easter=-3), YearlyDay(from_easter=1)),
        HolidayPeriod("Fest", date(2027, 7, 3), date(2027, 7, 3)),
    )


@pytest.mark.parametrize(
    "text", ["", "Jul", "Jul: 31.2", "Jul: 24.12 – 26.12.2027", "Jul: a – b – c"]
)
def test_a_line_that_is_no_holiday_is_said(text: str) -> None:
    assert isinstance(read_typed_holidays(text, TimeField(NOW, "Europe/Oslo")), MessageRef)


def test_hours_as_they_are_typed() -> None:
    assert read_typed_hours("08.00–16.00, 18-22") == ((480, 960), (1080, 1320))
    assert read_typed_hours("15.30-8") == ((930, 1920),)
    assert read_typed_hours("  ") == ()
    assert typed_hours(((930, 1920),)) == "15.30–08.00"
    for text in ("8", "8-9-10", "24-8", "8-12, 10-14", "x-y", "8-9," * 9):
        assert isinstance(read_typed_hours(text), Reason)
