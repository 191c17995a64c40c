"""A roster's calendar: who is rung, right through both nights of the clock change, byte by byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, vText

from app.domain.roles import Role
from app.domain.roster.calendar_events import (
    EventStatus,
    calendar_events,
)
from app.domain.roster.ical import Ical, IcalEvent, write_ical
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Roster
from app.domain.time.intervals import Interval
from tests.domain.roster.calendar_night import (
    BJOERN,
    CHANGED,
    KARI,
    NOW,
    ROSTER,
    SECOND_HALF_PAST_TWO,
    calendar,
)
from tests.domain.roster.duty_rota import away, takes
from tests.domain.time.wall_clock import OSLO, oslo
from tests.support.any_rosters import INSTANTS, any_rosters

GOLDEN = Path(__file__).parent / "golden" / "clock_change.ics"
MARCH = Interval(oslo("2027-03-26 12:00"), oslo("2027-03-30 12:00"))
OCTOBER = Interval(oslo("2026-10-24 12:00"), oslo("2026-10-26 12:00"))


def events_in(file: bytes) -> list[tuple[datetime, datetime, str]]:
    """What another program reads in a file."""
    found = (each for each in Calendar.from_ical(file).walk("VEVENT"))
    return [
        (each["DTSTART"].dt.astimezone(UTC), each["DTEND"].dt.astimezone(UTC), each["SUMMARY"])
        for each in found
    ]


def within(whole: Ical, span: Interval) -> Ical:
    events = (each for each in whole.events if span.from_ < each.when.to <= span.to)
    return replace(whole, events=tuple(events))


def places(events: Iterable[IcalEvent]) -> set[str]:
    return {each.uid for each in events}


def test_the_file_is_the_same_byte_by_byte() -> None:
    assert write_ical(within(calendar(), OCTOBER)) == GOLDEN.read_bytes()


def test_another_program_reads_the_instants_of_both_nights() -> None:
    for span, start in ((OCTOBER, SECOND_HALF_PAST_TWO), (MARCH, oslo("2027-03-28 03:00"))):
        some = within(calendar(), span)
        read = events_in(write_ical(some))
        assert read == [(each.when.from_, each.when.to, each.summary) for each in some.events]
        assert start in {from_ for from_, _, _ in read}


def test_one_persons_calendar_has_their_own_shifts_and_says_for_whom() -> None:
    mine = calendar(person=KARI).events
    assert {each.summary for each in mine} == {"Vakt: Drift, Skule; IT (hovedvakt)"}
    taken = [each for each in mine if "I stedet for Bjørn Øygard" in each.description]
    assert [each.when.from_ for each in taken] == [SECOND_HALF_PAST_TWO]
    assert places(mine) < places(calendar().events)


def test_no_telephone_number_stands_in_it() -> None:
    file = write_ical(calendar())
    assert not [n for person in ROSTER.people for n in person.numbers if n[3:].encode() in file]


def test_it_is_the_same_all_day_and_changes_by_the_days() -> None:
    morning, evening = oslo("2026-10-25 00:01"), oslo("2026-10-25 23:59")
    assert calendar(now=morning) == calendar(now=evening)
    assert calendar(now=evening + timedelta(minutes=2)).events != calendar(now=evening).events


def test_a_shift_keeps_its_name_when_another_person_gets_it() -> None:
    given_away = replace(
        ROSTER, overrides=(takes(BJOERN, "2026-12-24 02:30", "2026-12-25 02:30", instead_of=KARI),)
    )
    bare = replace(ROSTER, overrides=())
    assert places(calendar(given_away).events) == places(calendar(bare).events)


def test_a_shift_that_is_gone_is_told_as_cancelled_and_one_that_is_over_is_not() -> None:
    ill = replace(ROSTER, absences=(away(KARI, "2026-10-20 00:00", "2026-11-20 00:00"),))
    gone = [each for each in calendar(ill, None, NOW, ROSTER).events if each.status == "CANCELLED"]
    assert gone
    assert all(each.when.to > oslo("2026-11-01 00:00") for each in gone)
    assert all(each.when.from_ < oslo("2026-11-20 00:00") for each in gone)
    assert "STATUS:CANCELLED" in write_ical(calendar(ill, None, NOW, ROSTER)).decode()
    theirs = calendar(ill, BJOERN, NOW, ROSTER).events
    assert not [each for each in theirs if each.status is EventStatus.CANCELLED]


@settings(max_examples=10)
@given(any_rosters(), INSTANTS)
def test_at_every_instant_it_says_whom_a_call_rings(roster: Roster, at: datetime) -> None:
    events = calendar_events(roster, Interval(at - timedelta(days=2), at + timedelta(days=2)))
    rung = [
        (each.role, each.person.id)
        for each in on_duty(roster, at).ringing
        if each.person and each.role is not Role.LAST_RESORT
    ]
    said = [
        (each.role, each.person)
        for each in sorted(events, key=lambda one: (one.role is Role.BACKUP, one.slot))
        if at in each.when and each.role is not Role.SHADOW
    ]
    assert said == rung


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=120))
def test_long_lines_are_folded_between_letters(words: str) -> None:
    when = Interval(CHANGED, CHANGED + timedelta(hours=1))
    event = IcalEvent("x@vaktlinje", when, words, "", EventStatus.CONFIRMED)
    file = write_ical(Ical("Vakt", OSLO, when, 1, CHANGED, (event,)))
    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert all(line.decode() for line in lines[:-1])  # no letter is cut in two
    assert b"\r\nSUMMARY:" + vText(words).to_ical() + b"\r\n" in file.replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    "zone", ["Europe/Oslo", "America/New_York", "Asia/Tokyo", "UTC", "Africa/Casablanca"]
)
def test_each_zone_is_told_so_that_its_instants_are_read_right(zone: str) -> None:
    begins = datetime(2026, 1, 1, 1, 30, tzinfo=UTC)
    whens = [Interval(at, at + timedelta(hours=5)) for at in _every(begins, timedelta(days=9), 45)]
    events = tuple(
        IcalEvent(f"{n}", when, "", "", EventStatus.CONFIRMED) for n, when in enumerate(whens)
    )
    span = Interval(whens[0].from_, whens[-1].to)
    file = write_ical(Ical("Vakt", ZoneInfo(zone), span, 1, CHANGED, events))
    nowhere = f"Nowhere {zone.replace('/', ' ')}"  # so that only our rules can be used
    unknown = file.replace(f"TZID={zone}".encode(), f"TZID={nowhere}".encode())
    unknown = unknown.replace(f"TZID:{zone}".encode(), f"TZID:{nowhere}".encode())
    assert [(from_, to) for from_, to, _ in events_in(unknown)] == [
        (each.from_, each.to) for each in whens
    ]


def _every(first: datetime, step: timedelta, count: int) -> list[datetime]:
    return [first + step * n for n in range(count)]
