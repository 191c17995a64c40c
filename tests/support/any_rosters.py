"""Any roster that a document can say, for tests that write it down and read it again."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from hypothesis import strategies as st

from app.domain.roles import TURN_ROLES, Role
from app.domain.roster.member_days import MemberDays
from app.domain.roster.plan import Absence, Override, Person, Roster
from app.domain.roster.rotation import HolidayPeriod, Rotation, RotationKind
from app.domain.roster.turn_order import Weights
from app.domain.time.calendars import Calendar, HolidayPolicy, Window, YearlyDay

NAMES = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20
).map(partial(unicodedata.normalize, "NFC"))
NOTES = st.text(st.characters(codec="utf-8"), max_size=30)
# Both clock changes of a year lie within.
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=270)).map(
    lambda after: datetime(2026, 3, 1, tzinfo=UTC) + after
)
SPANS = st.tuples(INSTANTS, st.timedeltas(timedelta(microseconds=1), timedelta(days=20)))
NUMBERS = st.integers(0, 999).map(lambda n: f"+4749007{n:03d}")
ZONES = ("Europe/Oslo", "America/New_York", "UTC")
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))
LONGEST = 12  # days of a holiday
SOME_SPANS, SOME_NUMBERS = st.lists(SPANS, max_size=3), st.lists(NUMBERS, max_size=3, unique=True)
TWO_NUMBERS = st.lists(NUMBERS, max_size=2, unique=True)
TWO_DATES = st.tuples(DATES, DATES)
A_ZONE, A_LANGUAGE = st.sampled_from(ZONES), st.sampled_from(["", "nb", "nn", "en"])
A_KIND, A_ROLE = st.sampled_from(RotationKind), st.sampled_from(TURN_ROLES)


@st.composite
def any_rosters(draw: st.DrawFn) -> Roster:
    """People, rotations over and beside each other, overrides and absences."""
    ids = [f"p-{n}" for n in range(draw(st.integers(1, 4)))]
    person, zone = st.sampled_from(ids), draw(A_ZONE)
    layers: list[Rotation] = []
    for count in range(draw(st.integers(0, 3))):
        layers.append(_rotation(draw, f"r-{count}", ids, zone, layers))
    return Roster(
        id="round-trip",
        time_zone=zone,
        people=tuple(_person(draw, each) for each in ids),
        layers=tuple(layers),
        overrides=tuple(draw(st.lists(_overrides(person), max_size=3))),
        absences=tuple(
            Absence(draw(person), start, start + length, draw(NOTES))
            for start, length in draw(SOME_SPANS)
        ),
        last_resort=tuple(draw(TWO_NUMBERS)),
    )


def _person(draw: st.DrawFn, person_id: str) -> Person:
    first, last = sorted(draw(TWO_DATES))
    days = MemberDays(draw(st.none() | st.just(first)), draw(st.none() | st.just(last)))
    numbers = tuple(draw(SOME_NUMBERS))
    return Person(person_id, draw(NAMES), numbers, draw(A_LANGUAGE), days)


def _rotation(
    draw: st.DrawFn, rotation_id: str, ids: list[str], zone: str, before: list[Rotation]
) -> Rotation:
    kind, start = draw(A_KIND), draw(DATES)
    below = draw(st.none() | st.sampled_from(before)) if before else None
    role = below.role if below else draw(A_ROLE)
    has_weights = draw(st.booleans())
    members = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4, unique=has_weights))
    can_follow = role is Role.PRIMARY and below is None and len(set(members)) > 1
    of_holidays = kind is RotationKind.HOLIDAYS
    weekday = draw(st.integers(0, 6))
    if of_holidays:
        weekday = draw(st.none() | st.just(weekday))
    return Rotation(
        rotation_id,
        role,
        tuple(members),
        kind,
        draw(st.integers(0, 1439)),
        start,
        weekday if of_holidays or kind is RotationKind.WEEKLY else None,
        1 if of_holidays else draw(st.integers(1, 52)),
        draw(st.none() | st.just(start + timedelta(days=400))),
        _weights(draw, members, start) if has_weights else (),
        can_follow and draw(st.booleans()),
        below.id if below else None,
        draw(st.none() | hours(zone)),
        tuple(draw(st.lists(holidays(), min_size=1, max_size=4))) if of_holidays else (),
    )


@st.composite
def hours(draw: st.DrawFn, zone: str) -> Calendar:
    """Hours on some days of the week, past midnight too, with or without public holidays."""
    windows = []
    for day in sorted(draw(st.sets(st.integers(0, 6), min_size=1))):
        start = draw(st.integers(0, 1439))
        windows.append(Window(frozenset({day}), start, start + draw(st.integers(1, 1440))))
    knows_holidays = draw(st.booleans())
    policies = HolidayPolicy if knows_holidays else [HolidayPolicy.AS_WEEKDAY]
    return Calendar(
        "rotation",
        "rotation",
        zone,
        tuple(windows),
        "NO" if knows_holidays else None,
        draw(st.sampled_from(list(policies))),
    )


@st.composite
def holidays(draw: st.DrawFn) -> HolidayPeriod:
    """A holiday of every year, before or after New Year or Easter; or some days of one year."""
    name, length = draw(st.sampled_from(["jul", "nyttår", "påske"])), draw(st.integers(0, LONGEST))
    if draw(st.booleans()):
        away = draw(st.integers(-20, 20))
        return HolidayPeriod(
            name, YearlyDay(from_easter=away), YearlyDay(from_easter=away + length)
        )
    first = draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)).filter(is_in_every_year))
    last = first + timedelta(days=length)
    if draw(st.booleans()):
        return HolidayPeriod(name, first, last)
    return HolidayPeriod(name, YearlyDay(first.month, first.day), YearlyDay(last.month, last.day))


def is_in_every_year(day: date) -> bool:
    """Whether it is not 29 February."""
    return (day.month, day.day) != (2, 29)


def _weights(draw: st.DrawFn, members: list[str], start: date) -> tuple[Weights, ...]:
    """Up to three tables, the first one with or without a date."""
    dates = [start + timedelta(days=100 * count) for count in range(draw(st.integers(1, 3)))]
    percents = st.dictionaries(st.sampled_from(members), st.integers(1, 100))
    tables = [Weights(tuple(draw(percents).items()), day) for day in dates]
    return (replace(tables[0], from_=draw(st.none() | st.just(start))), *tables[1:])


@st.composite
def _overrides(draw: st.DrawFn, person: st.SearchStrategy[str]) -> Override:
    start, length = draw(SPANS)
    instead_of = draw(st.none() | person)
    roles = [Role.PRIMARY, Role.BACKUP, *([None] if instead_of else [])]
    return Override(
        draw(person),
        draw(st.sampled_from(roles)),
        start,
        start + length,
        draw(NOTES),
        draw(NOTES),
        instead_of,
        draw(st.booleans()),
    )
