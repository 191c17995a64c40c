"""Who is asked to confirm which shift, when, and when others hear that it is not confirmed."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.config.folder import ROSTER
from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.roles import Role
from app.domain.roster.confirmation_rules import TIME_TO_ANSWER, ConfirmationRules
from app.domain.roster.plan import Absence, Override, Roster
from app.domain.roster.shift_confirmations import (
    AskedShift,
    confirmation_work,
    is_still_theirs,
)

OSLO = ZoneInfo("Europe/Oslo")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
RULES = ConfirmationRules(24 * HOUR, 2 * HOUR)
TEXT = """
id = "r"
time_zone = "Europe/Oslo"

[confirm_shifts]
hours_before = 24

[people.a]
name = "A"
phones = ["+4749009101"]

[people.b]
name = "B"
phones = ["+4749009102"]

[[rotations]]
id = "primary"
role = "primary"
kind = "daily"
handover = "08:00"
start = 2026-01-01
members = ["a", "b"]
"""


def roster(text: str = TEXT) -> Roster:
    found = read_roster(text, ROSTER)
    assert found.value, found.diagnostics
    return found.value


def oslo(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OSLO)


def asked(plan: Roster, now: datetime) -> AskedShift:
    """The last shift that is asked about now, as it is stored."""
    [*_, event] = confirmation_work(plan, (), now).ask
    assert plan.confirmation
    alarm_at = plan.confirmation.alarm_at(event.when.from_, now)
    role = event.role
    return AskedShift(1, "r", "d", event.person, role, event.when, now, alarm_at)


def test_the_document_says_when_and_an_export_says_the_same() -> None:
    assert roster().confirmation == RULES
    longer = TEXT.replace("hours_before = 24", "hours_before = 48\nalarm_hours_before = 12")
    assert roster(longer).confirmation == ConfirmationRules(48 * HOUR, 12 * HOUR)
    assert roster(write_roster(roster(longer))) == roster(longer)
    assert roster(TEXT.replace("[confirm_shifts]\nhours_before = 24", "")).confirmation is None


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("", "missing"),
        ("hours_before = 2\nalarm_hours_before = 2", "alarm_before_asking"),
        ("hours_before = 0", "out_of_bounds"),
        ('hours_before = "24"', "wrong_type"),
        ("hours_before = 24\nalarm_minutes = 3", "unknown_key"),
    ],
)
def test_a_slip_in_it_is_named(keys: str, code: str) -> None:
    found = read_roster(TEXT.replace("hours_before = 24", keys), ROSTER)
    assert code in {each.code for each in found.diagnostics}


@pytest.mark.parametrize(
    ("begins", "month"),
    [(29, 3), (25, 10), (10, 6)],  # both clock changes, and a day without any
)
def test_a_shift_is_asked_about_so_many_real_hours_before(begins: int, month: int) -> None:
    shift = oslo(begins, 8, month=month).astimezone(ZoneInfo("UTC"))
    early = confirmation_work(roster(), (), shift - 24 * HOUR - MINUTE).ask
    assert shift not in {event.when.from_ for event in early}
    one = asked(roster(), shift - 24 * HOUR)
    assert one.when.from_ == shift
    assert shift - one.alarm_at == 2 * HOUR
    assert not one.is_late(one.alarm_at - MINUTE)
    assert one.is_late(one.alarm_at)


def test_nobody_is_asked_twice_or_when_it_is_too_late_to_answer() -> None:
    one = asked(roster(), oslo(10, 7, 30))
    assert not confirmation_work(roster(), (one,), oslo(10, 7, 40))
    soon = oslo(11, 8) - TIME_TO_ANSWER
    assert len(confirmation_work(roster(), (), soon).ask) == 1
    assert confirmation_work(roster(), (), soon + MINUTE).ask == ()


def test_who_was_given_the_shift_late_has_time_to_answer() -> None:
    one = asked(roster(), oslo(11, 7, 30))
    assert one.alarm_at == oslo(11, 7, 45)
    assert RULES.alarm_at(oslo(11, 8), oslo(11, 7, 55)) == oslo(11, 8), "never after it began"


def test_a_shift_that_is_given_away_or_lost_is_asked_about_anew() -> None:
    one = replace(asked(roster(), oslo(10, 12)), confirmed_at=oslo(10, 13))
    away = replace(roster(), absences=(Absence(one.person, oslo(11, 0), oslo(12, 0)),))
    assert confirmation_work(away, (one,), oslo(10, 14)).end == (one,)
    other = "b" if one.person == "a" else "a"
    swap = Override(other, Role.PRIMARY, oslo(11, 8), oslo(12, 8), instead_of=one.person)
    work = confirmation_work(replace(roster(), overrides=(swap,)), (one,), oslo(10, 14))
    assert work.end == (one,)
    assert [event.person for event in work.ask] == [other]
    assert not is_still_theirs(replace(roster(), overrides=(swap,)), one, oslo(10, 14))


def test_a_shift_that_is_moved_is_asked_about_anew_and_one_cut_short_is_the_same() -> None:
    one = replace(asked(roster(), oslo(10, 12)), confirmed_at=oslo(10, 13))
    moved = roster(TEXT.replace('"08:00"', '"09:00"'))
    work = confirmation_work(moved, (one,), oslo(10, 14))
    assert (work.end, [event.person for event in work.ask]) == ((one,), [one.person])
    helped = Override("b" if one.person == "a" else "a", Role.PRIMARY, oslo(12, 4), oslo(12, 8))
    assert not confirmation_work(replace(roster(), overrides=(helped,)), (one,), oslo(10, 14))


def test_where_the_document_asks_no_more_what_is_confirmed_stays_and_nothing_is_told() -> None:
    one = asked(roster(), oslo(10, 12))
    silent = replace(roster(), confirmation=None)
    assert not confirmation_work(silent, (replace(one, confirmed_at=oslo(10, 13)),), oslo(10, 14))
    work = confirmation_work(silent, (one,), oslo(10, 14))
    assert (work.ask, work.end, work.tell) == ((), (one,), ())


@given(st.lists(st.integers(1, 600), min_size=1, max_size=60))
def test_looking_at_any_times_asks_once_about_each_shift_and_tells_once(pauses: list[int]) -> None:
    plan, now = roster(), oslo(24, 20, month=10)
    known: list[AskedShift] = []
    for pause in pauses:
        now += pause * MINUTE
        work = confirmation_work(plan, [one for one in known if one.when.to > now], now)
        known = [replace(one, told_at=now) if one in work.tell else one for one in known]
        for event in work.ask:
            alarm_at = RULES.alarm_at(event.when.from_, now)
            known.append(
                AskedShift(
                    len(known), "r", "d", event.person, event.role, event.when, now, alarm_at
                )
            )
        assert work.end == ()
        assert all(one.told_at is None or one.told_at >= one.alarm_at for one in known)
    begins = [one.when.from_ for one in known]
    assert len(set(begins)) == len(begins)


@pytest.mark.parametrize("away", [(oslo(8, 9), oslo(8, 10)), (oslo(10, 8), oslo(11, 8))])
def test_who_is_away_for_a_part_of_a_long_shift_is_asked_about_each_part_once(
    away: tuple[datetime, datetime],
) -> None:
    weekly = TEXT.replace('"daily"', '"weekly"\nhandover_day = "monday"')
    plan = replace(roster(weekly.replace("01-01", "01-05")), absences=(Absence("a", *away),))
    rows: list[AskedShift] = []
    now = oslo(7, 8)
    while now < oslo(8, 8):
        work = confirmation_work(plan, rows, now)
        assert work.end == (), "no look ends what another one has asked"
        rows += [
            AskedShift(1, "r", "d", each.person, each.role, each.when, now, now)
            for each in work.ask
        ]
        now += 17 * MINUTE
    assert [one.when.to for one in rows][:1] == [away[0]]
    assert all(is_still_theirs(plan, one, now) for one in rows)
