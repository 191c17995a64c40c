"""roster.toml: what refuses it, what is only pointed out, and that it is read as it is written."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from app.domain.config.entry_writing import replace_entries
from app.domain.config.roster_document import read_roster
from app.domain.config.roster_writing import write_roster
from app.domain.roster.entries import dated_of
from app.domain.roster.plan import Roster
from tests.domain.config.desk_texts import ROSTER, changed, codes, folder, line_of
from tests.support.any_rosters import any_rosters
from tests.support.written import english

OVERRIDE = """
[[overrides]]
person = "vakt-2"
role = "primary"
from = 2026-11-21T16:00:00
to = 2026-11-23T08:00:00
"""

ABSENCE = """
[[absences]]
person = "vakt-1"
from = 2026-11-21T16:00:00
to = 2026-11-23T08:00:00
"""

# Each row: what is written instead of what, the fault's code, and a part of its line.
REFUSED = [
    ('id = "havna"\n', "", "missing", "time_zone"),
    ("Europe/Oslo", "Oslo", "unknown_time_zone", "Oslo"),
    ('members = ["vakt-1", "vakt-2"]', 'members = ["vakt-1", "vakt2"]', "unknown_person", "vakt2"),
    ('["vakt-1", "vakt-2"]', "[]", "nobody_takes_turns", "members"),
    ('role = "primary"', 'role = "boss"', "unknown_word", "boss"),
    ('kind = "weekly"', 'kind = "monthly"', "unknown_word", "monthly"),
    ('handover = "08:00"', 'handover = "24:00"', "bad_time", "24:00"),
    ('handover = "08:00"', 'handover = "at eight"', "bad_time", "at eight"),
    ('handover_day = "monday"\n', "", "missing", "[[rotations]]"),
    ('handover_day = "monday"', 'handover_day = "moday"', "unknown_weekday", "moday"),
    ('kind = "weekly"', 'kind = "daily"', "not_weekly", "handover_day"),
    ("start = 2026-01-05", 'start = "soon"', "wrong_type", "soon"),
    ("start = 2026-01-05", "start = 2026-01-05\nuntil = 2026-01-04", "ends_before_start", "until"),
    ("start = 2026-01-05", "start = 2026-01-05\nevery = 0", "out_of_bounds", "every"),
    ('"+4749009701"', '"+4749009701", "49009701"', "number_twice", "49009701"),
    ('"+4749009701"', '"+4720000910"', "rings_itself", "+4720000910"),
    ('"+4749009701"', '"113"', "unreadable_number", "113"),
    ('["+4749009701"]', '"+4749009701"', "wrong_type", "+4749009701"),
    ("[people.vakt-1]", "[people.Vakt]", "bad_id", "people.Vakt"),
    ("[people.vakt-2]", "[people.vakt-2]\nlanguage = 'dk'", "unknown_language", "dk"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), REFUSED)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, code: str, where: str) -> None:
    text = changed(ROSTER, old, new)

    read = folder(roster=text)

    diagnostic = next(diagnostic for diagnostic in read.diagnostics if diagnostic.code == code)
    assert diagnostic.is_error
    assert diagnostic.file == "havna/roster.toml"
    assert abs(diagnostic.position.line - line_of(text, where)) <= 1


@pytest.mark.parametrize(
    ("extra", "old", "new", "code"),
    [
        (OVERRIDE, "vakt-2", "vakt-9", "unknown_person"),
        (OVERRIDE, 'role = "primary"\n', "", "no_role"),
        (OVERRIDE, "to = 2026-11-23", "to = 2026-11-20", "ends_before_start"),
        (OVERRIDE, "from = 2026-11-21T16:00:00", "from = 2026-11-21", "wrong_type"),
        (OVERRIDE, 'role = "primary"', 'role = "primary"\ninstead_of = "vakt-7"', "unknown_person"),
        (ABSENCE, "vakt-1", "vakt-9", "unknown_person"),
        (ABSENCE, "to = 2026-11-23", "to = 2026-11-20", "ends_before_start"),
        (ABSENCE, "to = 2026-11-23T08:00:00\n", "", "missing"),
    ],
)
def test_a_dated_part_is_refused_when_it_makes_no_sense(
    extra: str, old: str, new: str, code: str
) -> None:
    read = read_roster(ROSTER + changed(extra, old, new), "roster.toml")

    assert codes(read.diagnostics) == [code]
    assert read.value is None


def test_somebody_without_a_number_is_pointed_out_and_not_refused() -> None:
    read = read_roster(changed(ROSTER, 'phones = ["+4749009702"]', ""), "roster.toml")

    assert codes(read.diagnostics) == ["no_number"]
    assert read.value


def test_two_people_with_one_number_are_pointed_out() -> None:
    read = read_roster(changed(ROSTER, "+4749009702", "+4749009701"), "roster.toml")

    assert codes(read.diagnostics) == ["number_of_two"]
    assert read.value


def test_times_are_the_wall_clocks_of_the_roster() -> None:
    roster = read_roster(ROSTER + OVERRIDE + ABSENCE, "roster.toml").value

    assert roster
    assert roster.overrides[0].from_ == datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert roster.absences[0].to == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_a_wall_time_that_comes_twice_is_its_first_occurrence_unless_it_says_otherwise() -> None:
    first = changed(OVERRIDE, "2026-11-21T16:00:00", "2026-10-25T02:30:00")
    second = changed(OVERRIDE, "2026-11-21T16:00:00", "2026-10-25T02:30:00+01:00")

    starts = []
    for text in (first, second):
        roster = read_roster(ROSTER + text, "roster.toml").value
        assert roster
        starts.append(roster.overrides[0].from_)

    assert starts == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize("written", ["2026-11-21 16:00", "2026-11-21 16.00", "2026-11-21T1600"])
def test_a_day_and_a_time_in_quotes_are_read_too(written: str) -> None:
    text = changed(OVERRIDE, "2026-11-21T16:00:00", f'"{written}"')

    roster = read_roster(ROSTER + text, "roster.toml").value

    assert roster
    assert roster.overrides[0].from_ == datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-11-21", "a date without a time: write it as 2026-11-21T15:30:00"),
        ('"2026-11-21"', "a date without a time: write it as 2026-11-21 15:30"),
        ('"21.11.2026 16.00"', "write it as 2026-11-21 15:30"),
        ("2026-03-29T02:30:00", "02:30 on 2026-03-29 does not exist"),
    ],
)
def test_what_names_no_moment_is_told_with_what_to_write(written: str, said: str) -> None:
    [diagnostic] = read_roster(
        ROSTER + changed(OVERRIDE, "2026-11-21T16:00:00", written), "roster.toml"
    ).diagnostics

    assert said in english(diagnostic.message)


# --- round trip -----------------------------------------------------------------------------


@given(any_rosters())
@settings(max_examples=50)
def test_a_roster_that_is_written_and_read_again_is_equal(roster: Roster) -> None:
    text = write_roster(roster)
    exported = replace_entries(text, dated_of(roster), ZoneInfo(roster.time_zone))

    assert read_roster(text, "roster.toml").value == roster
    assert read_roster(exported, "roster.toml").value == roster


def test_a_written_roster_tells_wall_time_as_people_do() -> None:
    roster = read_roster(ROSTER + OVERRIDE, "roster.toml").value
    assert roster

    text = write_roster(roster)

    assert 'handover = "08:00"\nhandover_day = "monday"\nstart = 2026-01-05' in text
    assert "from = 2026-11-21T16:00:00\nto = 2026-11-23T08:00:00" in text
