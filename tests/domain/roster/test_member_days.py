"""People who join and leave: their turns go to those who are there, and others keep their order."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.roster_document import read_roster
from app.domain.desks.duty_hours import DutyHours
from app.domain.reasons import RosterCode
from app.domain.roster.coverage import uncovered
from app.domain.roster.entry_effect import effect_of_adding
from app.domain.roster.member_days import NO_DAYS, MemberDays
from app.domain.roster.on_duty import Roster, Rotation, RotationKind, on_duty
from app.domain.roster.plan import Person
from app.domain.roster.shifts import shifts_at
from app.domain.roster.turn_order import FULL, Weights
from app.domain.roster.turns import RegularTurns, RotationTurn
from app.domain.time.intervals import Interval
from app.domain.time.wall_time import starts_at, wall
from tests.domain.config.desk_texts import ROSTER, changed, codes, line_of
from tests.domain.roster.duty_rota import NAMES, PEOPLE, REGULAR, rota, takes, weekly
from tests.domain.time.wall_clock import oslo

FIRST = date(2026, 1, 5)  # the Monday of the first turn
DAY = timedelta(days=1)


def days(first: str = "", last: str = "") -> MemberDays:
    read = date.fromisoformat
    return MemberDays(read(first) if first else None, read(last) if last else None)


def people(**of: MemberDays) -> tuple[Person, ...]:
    return tuple(replace(each, days=of.get(each.id, each.days)) for each in PEOPLE)


def weeks(roster: Roster, count: int, first: date = FIRST) -> str:
    """Who has so many weeks, by the last sign of their names; - is nobody."""
    found = ""
    for week in range(count):
        at = oslo(f"{first + timedelta(weeks=week)} 12:00")
        found += (shifts_at(roster, at)[0].person or "-")[-1]
    return found


def test_who_leaves_is_passed_over_and_the_others_go_on_in_their_order() -> None:
    assert weeks(rota(weekly()), 12) == "123412341234"
    leaves = rota(weekly(), people=people(duty3=days(last="2026-02-08")))
    assert weeks(leaves, 12) == "123412412412"


def test_who_joins_has_their_first_turn_when_it_comes_to_their_place_in_the_list() -> None:
    """duty4 would have been next anyway: nobody's next turn is moved by it."""
    joins = rota(weekly(), people=people(duty3=days(first="2026-02-09")))
    assert weeks(joins, 12) == "124124123412"


def test_a_turn_is_only_somebodys_who_is_there_for_the_whole_of_it() -> None:
    """duty2's second week is 9 to 16 February; a last day goes on until the handover after it."""
    weeks_with = {
        last: weeks(rota(weekly(), people=people(duty2=days(last=last))), 6)
        for last in ("2026-02-14", "2026-02-15")
    }
    assert weeks_with == {"2026-02-14": "123413", "2026-02-15": "123412"}
    weeks_from = {
        first: weeks(rota(weekly(members=NAMES[:2]), people=people(duty2=days(first=first))), 8)
        for first in ("2026-02-09", "2026-02-10")
    }
    assert weeks_from == {"2026-02-09": "11111121", "2026-02-10": "11111112"}


def test_with_nobody_left_the_turn_is_empty_and_says_so() -> None:
    roster = rota(weekly(members=("duty1",)), people=people(duty1=days(last="2026-01-11")))
    assert weeks(roster, 3) == "1--"
    gap = on_duty(roster, oslo("2026-01-14 12:00")).gaps[0]
    assert gap.code == "rotation_empty"
    span = Interval(oslo("2026-01-05 08:00"), oslo("2026-01-19 08:00"))
    assert uncovered(roster, DutyHours(when_unstaffed=True), (), span) == (
        Interval(oslo("2026-01-12 08:00"), oslo("2026-01-19 08:00")),
    )


def test_the_next_in_line_is_somebody_who_is_there() -> None:
    followed = replace(weekly(), backup_is_next=True)
    leaves = rota(followed, people=people(duty3=days(last="2026-01-18")))
    assert [e.person.id for e in on_duty(leaves, oslo("2026-01-13 12:00")).ringing if e.person] == [
        "duty2",
        "duty4",
    ]


def test_a_take_over_ends_with_the_last_day_and_the_rotation_goes_on() -> None:
    taken = takes("duty4", "2026-01-05 08:00", "2026-01-12 08:00")
    leaves = rota(weekly(), overrides=(taken,), people=people(duty4=days(last="2026-01-07")))
    assert shifts_at(leaves, oslo("2026-01-07 23:59"))[0].person == "duty4"
    assert shifts_at(leaves, oslo("2026-01-08 00:00"))[0].person == "duty1"


def test_an_override_of_somebody_who_has_left_says_that_it_changes_nothing() -> None:
    left = rota(weekly(), people=people(duty4=days(last="2026-01-04")))
    taken = takes("duty4", "2026-01-05 08:00", "2026-01-12 08:00")
    effect = effect_of_adding(left, taken, [], oslo("2026-01-01 08:00"))
    assert effect.changes_nothing
    assert [why.code for why in effect.why] == [RosterCode.HAS_LEFT]


def test_the_last_resort_is_not_somebody_who_has_left_or_not_come() -> None:
    roster = rota(
        weekly(members=("duty1",)),
        last_resort=("duty2", "duty3"),
        people=people(duty2=days(last="2026-01-07"), duty3=days(first="2026-01-08")),
    )
    for at, reachable, code in (
        ("2026-01-07 12:00", "duty2", RosterCode.NOT_THERE_YET),
        ("2026-01-08 12:00", "duty3", RosterCode.HAS_LEFT),
    ):
        found = on_duty(roster, oslo(at))
        assert found.ringing[-1].person
        assert found.ringing[-1].person.id == reachable
        assert [each.why.code for each in found.skipped] == [code]


# --- as it is written ----------------------------------------------------------------------------

JOINS = changed(ROSTER, "[people.vakt-2]\n", "[people.vakt-2]\nfirst_day = 2026-03-01\n")
LEAVES = changed(JOINS, "first_day", "last_day = 2026-05-31\nfirst_day")


def test_the_days_stand_with_the_person() -> None:
    roster = read_roster(LEAVES, "roster.toml").value
    assert roster
    assert roster.people[1].days == MemberDays(date(2026, 3, 1), date(2026, 5, 31))


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("2026-05-31", "2026-02-28", "ends_before_start", "last_day"),
        ("2026-05-31", '"in May"', "wrong_type", "last_day"),
        ("last_day", "lastday", "unknown_key", "lastday"),
    ],
)
def test_a_mistake_in_them_is_refused_where_it_stands(
    old: str, new: str, code: str, where: str
) -> None:
    text = changed(LEAVES, old, new)
    [diagnostic] = read_roster(text, "roster.toml").diagnostics
    assert (diagnostic.code, diagnostic.is_error) == (code, True)
    assert diagnostic.position.line == line_of(text, where)


def test_whoever_leaves_needs_no_number_any_more() -> None:
    bare = changed(LEAVES, 'phones = ["+4749009702"]\n', "")
    assert codes(read_roster(bare, "roster.toml").diagnostics) == []


# --- whoever comes and goes ----------------------------------------------------------------------

AWAY = st.integers(-20, 400).map(lambda after: FIRST + timedelta(days=after))
OSLO = ZoneInfo("Europe/Oslo")


@st.composite
def some_days(draw: st.DrawFn) -> MemberDays:
    first, last = sorted(draw(st.tuples(AWAY, AWAY)))
    return MemberDays(draw(st.none() | st.just(first)), draw(st.none() | st.just(last)))


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    kind = draw(st.sampled_from(REGULAR))
    every = draw(st.integers(6, 36) if kind is RotationKind.HOURS else st.integers(1, 3))
    return replace(weekly(start=FIRST), kind=kind, every=every)


def turns_of(rotation: Rotation, of: dict[str, MemberDays], count: int = 70) -> list[RotationTurn]:
    """The first turns, one after another."""
    turns = RegularTurns(rotation, OSLO.key, of)
    found, at = [], starts_at(rotation.first_handover, OSLO)
    for _ in range(count):
        found.append(turns.at(at))
        at = found[-1].span.to
    return found


def persons(rotation: Rotation, of: dict[str, MemberDays]) -> list[str | None]:
    return [turn.person for turn in turns_of(rotation, of)]


def is_there(person: MemberDays, turn: Interval) -> bool:
    """Whether a turn lies between the handover of the first day and that after the last."""
    begins = starts_at(wall(person.first, 480), OSLO) if person.first else turn.from_
    ends = starts_at(wall(person.last + DAY, 480), OSLO) if person.last else turn.to
    return begins <= turn.from_ and turn.to <= ends


SOME = settings(max_examples=50)


@SOME
@given(rotations(), st.dictionaries(st.sampled_from(NAMES), some_days()))
def test_every_turn_is_somebodys_who_is_there_unless_nobody_is(
    rotation: Rotation, of: dict[str, MemberDays]
) -> None:
    for turn in turns_of(rotation, of):
        there = [each for each in NAMES if is_there(of.get(each, NO_DAYS), turn.span)]
        assert turn.person in (there or [None])


@SOME
@given(rotations(), st.sampled_from(NAMES), some_days())
def test_whoever_comes_or_goes_the_others_follow_one_another_as_they_are_listed(
    rotation: Rotation, who: str, their: MemberDays
) -> None:
    others = [person for person in persons(rotation, {who: their}) if person != who]
    without = [member for member in NAMES if member != who]
    for before, after in pairwise(others):
        assert after == without[(without.index(before or "") + 1) % len(without)]


@SOME
@given(rotations(), st.sampled_from(NAMES), AWAY)
def test_the_first_turn_that_changes_is_that_of_whoever_comes_or_goes(
    rotation: Rotation, who: str, day: date
) -> None:
    others = replace(rotation, members=tuple(each for each in NAMES if each != who))
    leaves = persons(rotation, {who: MemberDays(last=day)})
    joins = persons(rotation, {who: MemberDays(first=day)})
    for with_all, other in ((persons(rotation, {}), leaves), (joins, persons(others, {}))):
        first = next((one for one, two in zip(with_all, other, strict=True) if one != two), who)
        assert first == who


@SOME
@given(
    rotations(),
    st.lists(st.integers(1, FULL), min_size=len(NAMES), max_size=len(NAMES)),
    st.dictionaries(st.sampled_from(NAMES), some_days(), max_size=2),
    st.tuples(st.integers(0, 70), st.integers(0, 70)),
)
def test_in_every_span_everybody_has_their_share_but_for_a_turn_at_each_change(
    rotation: Rotation, percents: list[int], of: dict[str, MemberDays], span: tuple[int, int]
) -> None:
    """Of the turns of those who are there, who has 60 percent has 60 where others have 100."""
    weights = Weights(tuple(zip(NAMES, percents, strict=True)))
    found = turns_of(replace(rotation, weights=(weights,)), of)[min(span) : max(span)]
    share: Counter[str] = Counter()
    changes, before = 1, None
    for turn in found:
        there = [each for each in NAMES if is_there(of.get(each, NO_DAYS), turn.span)]
        for each in there:
            share[each] += Fraction(weights.of(each), sum(map(weights.of, there)))
        changes += before is not None and there != before
        before = there
    had = Counter(turn.person for turn in found)
    for member in NAMES:
        assert abs(had[member] - share[member]) < 2 * changes
