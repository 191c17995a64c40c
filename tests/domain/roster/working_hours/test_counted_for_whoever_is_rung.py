"""Hours are counted for just those whom a call at each instant would ring."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.desks.duty_hours import DutyHours, in_duty_hours
from app.domain.reasons import FigureKind
from app.domain.roles import Role
from app.domain.roster.on_duty import on_duty
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.bands import Band
from app.domain.roster.working_hours.duty_time import DeskDuty, duty_times, intervals_of
from app.domain.roster.working_hours.figures import Amount
from app.domain.roster.working_hours.report import Sources, persons_hours
from app.domain.time.calendars import HolidayPolicy, Window
from app.domain.time.intervals import Interval, total
from tests.domain.roster.test_roster_without_gaps import INSTANTS, rosters
from tests.domain.roster.working_hours.counted_rota import UNSTAFFED, sources
from tests.domain.time.wall_clock import WEEKDAYS, open_hours, weekdays_8_to_16

NIGHTS_AND_SUNDAYS = open_hours(
    Window(WEEKDAYS, 15 * 60 + 30, 32 * 60),
    Window(frozenset({6}), 0, 24 * 60),
    holiday_policy=HolidayPolicy.AS_SUNDAY,
)
OWN_HOURS = DeskDuty("own", DutyHours(own=NIGHTS_AND_SUNDAYS), (weekdays_8_to_16(),))
ALWAYS = DeskDuty("always", DutyHours(when_unstaffed=True), ())
DESKS = st.sampled_from([(UNSTAFFED,), (OWN_HOURS,), (ALWAYS,), (UNSTAFFED, OWN_HOURS)])
LENGTHS = st.integers(1, 20 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
BANDS = [FigureKind(each) for each in Band]


def rung(roster: Roster, desks: tuple[DeskDuty, ...], at: datetime) -> set[str]:
    """Whom a call at the instant would ring, in the desks' duty hours."""
    if not any(in_duty_hours(each.hours, each.telephones, at) for each in desks):
        return set()
    entries = on_duty(roster, at).ringing
    return {e.person.id for e in entries if e.person and e.role is not Role.LAST_RESORT}


@settings(max_examples=25)
@given(rosters(), DESKS, INSTANTS, LENGTHS, st.data())
def test_at_every_instant_those_have_duty_who_would_be_rung(
    roster: Roster,
    desks: tuple[DeskDuty, ...],
    first: datetime,
    length: timedelta,
    data: st.DataObject,
) -> None:
    period = Interval(first, first + length)
    times = duty_times(sources(roster, *desks).plans, period)
    edges = sorted({at for each in times for at in (each.interval.from_, each.interval.to)})
    tick = timedelta.resolution
    looked = [at for edge in edges[:12] for at in (edge - tick, edge)]
    looked += [first + length * data.draw(st.integers(0, 999)) / 1000 for _ in range(4)]
    for at in looked:
        if at in period:
            has_duty = {each.person for each in times if at in each.interval}
            assert has_duty == rung(roster, desks, at), at


@settings(max_examples=20)
@given(rosters(), DESKS, INSTANTS, LENGTHS, LENGTHS)
def test_periods_that_meet_add_up(
    roster: Roster, desks: tuple[DeskDuty, ...], first: datetime, one: timedelta, other: timedelta
) -> None:
    counts = sources(roster, *desks)
    middle, last = first + one, first + one + other
    whole = lengths(counts, Interval(first, last))
    parts = [lengths(counts, Interval(*each)) for each in ((first, middle), (middle, last))]
    for key, amount in whole.items():
        assert amount == sum((part.get(key, timedelta()) for part in parts), timedelta())


def lengths(counts: Sources, period: Interval) -> dict[tuple[str, FigureKind], timedelta]:
    kinds = (FigureKind.DUTY, FigureKind.ANY_EVENING, FigureKind.ANY_NIGHT, *BANDS)
    return {
        (each.person, kind): amount
        for each in persons_hours(counts, period)
        for kind in kinds
        if isinstance(amount := each.of(kind), timedelta)
    }


@settings(max_examples=20)
@given(rosters(), DESKS, INSTANTS, LENGTHS)
def test_bands_are_all_hours_and_nobody_has_more_than_there_are(
    roster: Roster, desks: tuple[DeskDuty, ...], first: datetime, length: timedelta
) -> None:
    counts, period = sources(roster, *desks), Interval(first, first + length)
    for each in persons_hours(counts, period):
        assert hours_of(each.of(FigureKind.DUTY)) == sum(
            (hours_of(each.of(band)) for band in BANDS), timedelta()
        )
        assert hours_of(each.of(FigureKind.DUTY)) <= length
        converted = sum(
            (figure.converted or timedelta() for figure in each.figures if figure.kind in BANDS),
            timedelta(),
        )
        off = abs(hours_of(each.of(FigureKind.CONVERTED)) - converted)
        assert off <= len(BANDS) * timedelta.resolution
    everybody = intervals_of(duty_times(counts.plans, period))
    assert all(total(pieces) <= length for pieces in everybody.values())


def hours_of(amount: Amount) -> timedelta:
    assert isinstance(amount, timedelta)
    return amount
