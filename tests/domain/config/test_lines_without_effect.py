"""A line that changes nothing is a warning that says why: whoever wrote it believes in it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import Diagnostics
from tests.domain.config.desk_texts import DESK, ROSTER, changed, folder, line_of
from tests.support.desk_documents import weekly_rotation
from tests.support.written import english

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BACKUP = weekly_rotation("backup", "vakt-2", "vakt-1")
SOMEBODY = '[people.vakt-3]\nname = "Vakt 3"\nphones = ["+4749009703"]\n\n[[rotations]]'
WITH_THREE = changed(ROSTER, "[[rotations]]", SOMEBODY)


def override(**fields: str) -> str:
    """An override, by default one that changes something: vakt-2 has the week from 14 December."""
    usual = {
        "person": '"vakt-1"',
        "role": '"primary"',
        "from": "2026-12-15T16:00:00",
        "to": "2026-12-17T08:00:00",
    }
    lines = (usual | fields).items()
    return "\n[[overrides]]\n" + "".join(f"{key} = {value}\n" for key, value in lines if value)


def absence(person: str = "vakt-2", day: int = 15, days: int = 2) -> str:
    """An absence in December."""
    span = f"from = 2026-12-{day:02d}T00:00:00\nto = 2026-12-{day + days:02d}T00:00:00\n"
    return f'\n[[absences]]\nperson = "{person}"\n{span}'


def told(desk: str = DESK, roster: str = ROSTER) -> Diagnostics:
    """The warnings of a sound folder, without those of hours that nobody covers."""
    read = folder(desk=desk, roster=roster)
    assert read.diagnostics == ()
    found = cross_check([read], NOW, NOW + timedelta(days=90))
    return tuple(diagnostic for diagnostic in found if diagnostic.code != "uncovered")


@pytest.mark.parametrize(
    "extra",
    [
        override(),
        override(instead_of='"vakt-2"'),
        override(role="", instead_of='"vakt-2"'),
        override(person='"vakt-3"'),
        override(role='"backup"'),
        absence(),
        absence("vakt-1"),
    ],
)
def test_what_changes_something_is_not_warned_of(extra: str) -> None:
    assert [english(diagnostic.message) for diagnostic in told(roster=WITH_THREE + extra)] == []


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (
            override(person='"vakt-3"', instead_of='"vakt-1"'),
            "“vakt-1” is not primary from 2026-12-15 16:00 to 2026-12-17 08:00:"
            " there is nothing to take over",
        ),
        (override(role="", instead_of='"vakt-3"'), "“vakt-3” is not primary or backup"),
        (override(role="", instead_of='"vakt-1"'), "replaces themselves"),
        (override(person='"vakt-2"'), "“vakt-2” is primary all that time anyway"),
        (override(role='"backup"', fills="false"), "nobody is backup then"),
        (override(person='"vakt-3"') + override(), "an override further down covers all of it"),
        (absence("vakt-3"), "“vakt-3” takes no turns here"),
        (absence() + absence(day=16, days=1), "“vakt-2” is already absent then"),
    ],
)
def test_a_swap_or_an_absence_that_changes_nothing_is_warned_of(extra: str, said: str) -> None:
    [diagnostic] = told(roster=WITH_THREE + extra)

    assert not diagnostic.is_error
    assert diagnostic.file == "havna/roster.toml"
    assert said in english(diagnostic.message)
    assert diagnostic.position.line > line_of(WITH_THREE + extra, "members")


def test_what_is_over_is_one_warning_however_much_of_it_there_is() -> None:
    past = "".join(
        override(**{"from": f"2026-10-{day}T08:00:00", "to": f"2026-10-{day}T16:00:00"})
        for day in (10, 11, 12)
    )

    [diagnostic] = told(roster=ROSTER + past)

    assert "no longer changes anything, and the same goes for 2 more" in english(diagnostic.message)


@pytest.mark.parametrize(
    ("members", "codes"),
    [
        ('["vakt-2", "vakt-1"]', []),
        ('["vakt-1", "vakt-2"]', ["backup_is_primary"]),
        ('["vakt-1"]', []),  # every other week there is one
    ],
)
def test_a_backup_who_is_the_primary_is_warned_of(members: str, codes: list[str]) -> None:
    roster = ROSTER + changed(BACKUP, '["vakt-2", "vakt-1"]', members)

    assert [diagnostic.code for diagnostic in told(roster=roster)] == codes


def test_a_roster_in_another_time_zone_than_the_desk_is_warned_of() -> None:
    [diagnostic] = told(roster=changed(ROSTER, "Europe/Oslo", "Europe/London"))

    assert english(diagnostic.message).startswith(
        "the desk's times are in Europe/Oslo, its roster's in"
    )
    assert diagnostic.position.line == line_of(DESK, "time_zone")


def exception(day: str, hours: str) -> str:
    """A day with hours of its own."""
    return f"\n[[calendars.desk.exceptions]]\ndate = {day}\nhours = {hours}\n"


def closing(day: str, closes: str) -> str:
    """An early closing."""
    return f'\n[[calendars.desk.early_closings]]\nday = "{day}"\ncloses = "{closes}"\n'


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (exception("2026-11-27", "[]"), "2026-11-27 is past: this exception no longer"),
        (exception("2026-11-29", "[]"), "2026-11-29 has the same hours anyway"),
        (exception("2026-11-30", '["08:00-16:00"]'), "has the same hours anyway"),
        (closing("12-24", "12:00") * 2, "already closes at 12:00"),
        (closing("12-24", "12:00") + closing("12-24", "11:00"), "the first one counts, not this"),
        (closing("12-24", "16:00"), "nothing lasts beyond 16:00 on this day anyway"),
        (closing("12-25", "12:00"), "nothing lasts beyond 12:00 on this day anyway"),
        (closing("easter+0", "12:00"), "nothing lasts beyond 12:00 on this day anyway"),
    ],
)
def test_a_day_of_its_own_that_changes_nothing_is_warned_of(extra: str, said: str) -> None:
    [diagnostic] = told(desk=DESK + extra)

    assert not diagnostic.is_error
    assert said in english(diagnostic.message)


@pytest.mark.parametrize(
    "extra",
    [
        exception("2026-11-28", '["10:00-12:00"]'),  # today, a Saturday
        exception("2026-11-30", "[]"),
        closing("12-24", "12:00"),
        closing("easter-4", "12:00") + closing("12-24", "12:00"),
    ],
)
def test_a_day_of_its_own_that_changes_something_is_not(extra: str) -> None:
    assert told(desk=DESK + extra) == ()
