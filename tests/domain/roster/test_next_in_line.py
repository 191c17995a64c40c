"""The backup that is next in line: whose turn comes next, and never who is primary already."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings

from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.roles import Role
from app.domain.roster.on_duty import OnDuty, Roster, Rotation, on_duty, shifts
from app.domain.roster.plan import ringable_at
from app.domain.roster.shifts import shifts_at
from app.domain.roster.turn_order import Weights
from tests.domain.config.desk_texts import ROSTER, changed, line_of
from tests.domain.roster.duty_rota import BACKUP, NAMES, PEOPLE, away, rota, takes, weekly
from tests.domain.roster.test_roster_without_gaps import INSTANTS, rosters
from tests.domain.time.wall_clock import in_oslo, oslo

WEDNESDAY = oslo("2026-11-18 22:00")  # the second week of four: duty2 has it
CHRISTMAS = ("2026-11-16 08:00", "2026-11-23 08:00")


def next_in_line(*members: str) -> Rotation:
    return replace(weekly(members=members or NAMES), backup_is_next=True)


def rung(roster: Roster, at: datetime = WEDNESDAY) -> list[tuple[str, str]]:
    return [(e.person.id, e.role.value) for e in on_duty(roster, at).ringing if e.person]


def backup(roster: Roster, at: datetime = WEDNESDAY) -> str | None:
    return next((person for person, role in rung(roster, at) if role == "backup"), None)


def test_the_backup_is_whose_turn_comes_next() -> None:
    assert rung(rota(next_in_line())) == [("duty2", "primary"), ("duty3", "backup")]


def test_one_word_says_what_a_second_rotation_said() -> None:
    year = (oslo("2026-01-05 08:00"), oslo("2027-01-04 08:00"))
    by_word, by_hand = shifts(rota(next_in_line()), *year), shifts(rota(weekly(), BACKUP), *year)
    assert [(s.role, s.person, s.from_, s.to) for s in by_word] == [
        (s.role, s.person, s.from_, s.to) for s in by_hand
    ]


def test_the_reason_says_so() -> None:
    ringing = on_duty(rota(next_in_line()), WEDNESDAY).ringing
    second: OnDuty = ringing[1]
    assert (second.why[0].code, second.why[0].get("rotation")) == ("next_in_line", "primary")
    assert in_oslo(second.to) == "Mon 2026-11-23 08:00"


def test_with_weights_the_next_is_the_next_other_one() -> None:
    weights = (Weights((("duty2", 20),)),)  # duty1 has five turns in a row around each of duty2's
    roster = rota(replace(next_in_line("duty1", "duty2"), weights=weights))
    assert rung(roster, oslo("2026-01-06 12:00")) == [("duty1", "primary"), ("duty2", "backup")]


def test_when_the_next_one_takes_the_turn_the_one_after_is_backup() -> None:
    roster = rota(next_in_line(), overrides=(takes("duty3", *CHRISTMAS),))
    assert rung(roster) == [("duty3", "primary"), ("duty4", "backup")]


def test_when_somebody_else_takes_the_turn_the_backup_stays() -> None:
    roster = rota(next_in_line(), overrides=(takes("duty1", *CHRISTMAS),))
    assert rung(roster) == [("duty1", "primary"), ("duty3", "backup")]


def test_who_has_given_the_turn_away_is_the_last_in_line() -> None:
    two = rota(next_in_line("duty2", "duty3"), overrides=(takes("duty2", *CHRISTMAS),))
    at_the_end = rota(next_in_line(), overrides=(takes("duty3", *CHRISTMAS),))
    primary = "duty2"
    assert rung(two) == [(primary, "primary"), ("duty3", "backup")]
    absences = tuple(away(person, *CHRISTMAS) for person in ("duty4", "duty1"))
    assert rung(replace(at_the_end, absences=absences)) == [
        ("duty3", "primary"),
        ("duty2", "backup"),
    ]


def test_who_is_absent_or_has_no_number_is_passed_over() -> None:
    ill = rota(next_in_line(), absences=(away("duty3", *CHRISTMAS),))
    assert backup(ill) == "duty4"
    mute = tuple(replace(p, numbers=()) if p.id == "duty3" else p for p in PEOPLE)
    assert backup(rota(next_in_line(), people=mute)) == "duty4"


def test_an_absence_of_some_hours_changes_the_backup_for_just_these() -> None:
    roster = rota(next_in_line(), absences=(away("duty3", "2026-11-18 12:00", "2026-11-19 12:00"),))
    week = (oslo("2026-11-16 08:00"), oslo("2026-11-23 08:00"))
    found = [s for s in shifts(roster, *week) if s.role is Role.BACKUP]
    assert [(each.person, in_oslo(each.to)) for each in found] == [
        ("duty3", "Wed 2026-11-18 12:00"),
        ("duty4", "Thu 2026-11-19 12:00"),
        ("duty3", "Mon 2026-11-23 08:00"),
    ]


def test_an_absent_primary_leaves_the_next_one_to_be_rung_first() -> None:
    roster = rota(next_in_line(), absences=(away("duty2", *CHRISTMAS),))
    assert rung(roster) == [("duty3", "backup")]


def test_an_override_of_the_backup_wins() -> None:
    roster = rota(next_in_line(), overrides=(takes("duty1", *CHRISTMAS, role=Role.BACKUP),))
    assert rung(roster) == [("duty2", "primary"), ("duty1", "backup")]


def test_who_stands_in_for_another_in_every_role_is_not_both() -> None:
    stands_in = takes("duty3", *CHRISTMAS, role=None, instead_of="duty2")
    two = rota(next_in_line("duty1", "duty2"), overrides=(stands_in,))
    assert rung(two) == [("duty3", "primary"), ("duty1", "backup")]
    only = takes("duty1", *CHRISTMAS, role=None, instead_of="duty2")
    gone = rota(next_in_line("duty1", "duty2"), overrides=(only,))
    assert rung(gone) == [("duty1", "primary")]
    [gap] = on_duty(gone, WEDNESDAY).gaps
    assert gap.code == "nobody_next_in_line"


def test_two_primaries_have_two_backups_and_all_four_are_different() -> None:
    second = replace(next_in_line(*NAMES[2:], *NAMES[:2]), id="second")
    roster = rota(next_in_line(), second)
    people = [person for person, _ in rung(roster)]
    assert len(people) == len(set(people)) == 4


@settings(max_examples=50)
@given(rosters(), INSTANTS)
def test_the_next_in_line_is_never_primary_too_and_can_be_rung(
    roster: Roster, at: datetime
) -> None:
    found = shifts_at(roster, at)
    primaries = {each.person for each in found if each.role is Role.PRIMARY}
    derived = [
        each.person
        for each in found
        if each.role is Role.BACKUP and each.override is None and each.why.code == "next_in_line"
    ]
    assert primaries.isdisjoint(derived)
    assert all(person and ringable_at(roster, person, at) for person in derived)
    assert len(derived) == len(set(derived))


# --- as it is written ------------------------------------------------------------------------

NEXT = changed(
    ROSTER, 'members = ["vakt-1", "vakt-2"]', 'members = ["vakt-1", "vakt-2"]\nbackup = "next"'
)


def test_it_is_read_and_written_again() -> None:
    roster = read_roster(NEXT, "roster.toml").value
    assert roster
    assert roster.layers[0].backup_is_next
    assert read_roster(write_roster(roster), "roster.toml").value == roster


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"next"', '"nest"', "unknown_word"),
        ('"next"', "true", "wrong_type"),
        ('role = "primary"', 'role = "backup"', "backup_of_backup"),
        ('["vakt-1", "vakt-2"]', '["vakt-1"]', "nobody_is_next"),
        ('["vakt-1", "vakt-2"]', '["vakt-1", "vakt-1"]', "nobody_is_next"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, code: str) -> None:
    text = changed(NEXT, old, new)
    diagnostic = next(
        diagnostic for diagnostic in read_roster(text, "r").diagnostics if diagnostic.code == code
    )
    assert diagnostic.is_error
    assert diagnostic.position.line == line_of(text, "backup =")
