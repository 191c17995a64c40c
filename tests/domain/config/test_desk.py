"""desk.toml: what refuses it, what is only pointed out, and where."""

from datetime import date

import pytest

from app.domain.config.agreement_part import parse_amount
from app.domain.config.calendar_part import parse_hours
from app.domain.config.translations_part import SIGNS_A_SECOND, SPOKEN_SECONDS
from app.domain.desks.desk import AwayPeriod, ContactRules, TargetWarning
from app.domain.time.business_time import Days, Minutes
from tests.domain.config.desk_texts import DESK, changed, codes, folder, line_of
from tests.support.written import english

# Each row: what is written instead of what, the fault's code, and a part of its line.
REFUSED = [
    ('name = "Havna"', 'nmae = "Havna"', "unknown_key", "nmae"),
    ('name = "Havna"\n', "", "missing", "spoken_name"),
    ('name = "Havna"', "name = 7", "wrong_type", "name = 7"),
    ('name = "Havna"', 'name = " "', "empty", 'name = " "'),
    ('name = "Havna"', 'name = "a\\nb"', "unreadable_text", "a\\nb"),
    ('name = "Havna"', f'name = "{"a" * 41}"', "name_too_long", "aaa"),
    ('"Havna"\ntime', f'"{"a" * 31}"\ntime', "name_too_long", "aaa"),
    ("Europe/Oslo", "Europe/Osol", "unknown_time_zone", "Osol"),
    ("portal.havna.example", "our portal", "bad_address", "our portal"),
    ('"+4720000900"', '"nine"', "unreadable_number", "nine"),
    ('"+4720000900"', '"112"', "unreadable_number", '"112"'),
    ('"+4720000900"', '"82012345"', "unreadable_number", "8201"),
    ('"+4720000910"', '"20 00 09 00"', "line_twice", "20 00 09 00"),
    ('kind = "support"', 'kind = "suport"', "unknown_word", "suport"),
    ('kind = "support"', 'kind = "duty"', "no_support_line", "[[lines]]"),
    ('["nb", "en"]', '["nb", "no"]', "unknown_language", '"no"'),
    ('["nb", "en"]', '["nb", "nb"]', "language_twice", '"nb", "nb"'),
    ('["nb", "en"]', "[]", "no_language", "languages = []"),
    ('holidays = "NO"', 'holidays = "Norway"', "unknown_country", "Norway"),
    ('on_holidays = "closed"\n', "", "no_holiday_choice", "[calendars.desk]"),
    ('on_holidays = "closed"', 'on_holidays = "shut"', "unknown_word", "shut"),
    ("08:00-16:00", "16:00-08:00", "bad_window", "16:00-08:00"),
    ("08:00-16:00", "08:00-25:00", "bad_window", "25:00"),
    ("08:00-16:00", "8 to 4", "bad_window", "8 to 4"),
    ("08:00-16:00", "08:00-09:00 next day", "bad_window", "next day"),
    ('["08:00-16:00"]', '["08:00-12:00", "11:00-16:00"]', "overlap", "11:00"),
    ('["08:00-16:00"]', '"08:00-16:00"', "wrong_type", "08:00-16:00"),
    ("monday-friday", "monday-frday", "unknown_key", "frday"),
    ('monday-friday = ["08:00-16:00"]\n', "", "never_open", "[calendars.desk]"),
    (
        'monday-friday = ["08:00-16:00"]',
        'monday-friday = ["08:00-16:00"]\nfriday = ["08:00-15:00"]',
        "day_twice",
        "friday = ",
    ),
    ("[calendars.desk]", "[calendars.Desk]", "bad_id", "calendars.Desk"),
    ("[calendars.desk]", "[calendars.round_the_clock]", "reserved_id", "round_the_clock"),
    ('telephone_calendar = "desk"\n', "", "no_calendar", "[agreements.full]"),
    ('telephone_calendar = "desk"', 'telephone_calendar = "dsk"', "unknown_calendar", "dsk"),
    (
        "telephone = false",
        'telephone = false\ntelephone_calendar = "desk"',
        "no_telephone",
        "Bare nett",
    ),
    ("telephone = false", 'telephone = "no"', "wrong_type", '"no"'),
    ("default = true\n", "", "default_agreement", "[agreements.full]"),
    ("telephone = false", "telephone = false\ndefault = true", "default_agreement", "full"),
    ("[priorities.critical]", "[priorities.krtical]", "unknown_priority", "krtical"),
    (', en = "Critical"', "", "missing_language", "Kritisk"),
    ("Alt er nede.", "Alt er nede." * 10, "spoken_too_long", "spoken = {"),
    ('priority = "critical"', 'priority = "urgent"', "unknown_word", "urgent"),
    ('"15 minutes"', '"soon"', "bad_amount", "soon"),
    ('calendar = "desk"\n\n[duty]', "[duty]", "no_calendar", "[[targets]]"),
    ('solve = "4 hours"\ncalendar = "desk"', 'calendar = "night"', "unknown_calendar", "night"),
    ('wakes = ["critical"]', 'wakes = ["critcal"]', "unknown_word", "critcal"),
    ('wakes = ["critical"]', "wakes = []", "wakes_nothing", "wakes"),
    ('wakes = ["critical"]', 'wakes = ["high"]', "critical_sleeps", "wakes"),
    ("when_not_staffed = true\n", "", "no_duty_hours", "[duty]"),
    ("when_not_staffed = true", 'when_not_staffed = true\noverlap = "duty"', "unknown_word", ""),
    ('roster = "havna"\n', "", "no_roster", "[duty]"),
    ("ring_seconds = 20", "ring_seconds = 2", "out_of_bounds", "ring_seconds = 2"),
    ("ring_seconds = 20", "ring_seconds = true", "wrong_type", "ring_seconds = true"),
    ('number = "+4749009501"', 'number = "+4720000900"', "rings_itself", "[[first_line.phones]]"),
    ('phone = "+4749009901"', 'phone = "+4720000910"', "rings_itself", "[[contacts]]"),
    ('phone = "+4749009901"\n', "", "unreachable", "[[contacts]]"),
    ('phone = "+4749009901"', 'email = "nobody"', "bad_email", "nobody"),
    ('priority = "critical"\nrespond', "respond", "target_for_nothing", "[[targets]]"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), REFUSED)
def test_a_mistake_is_refused_where_it_stands(old: str, new: str, code: str, where: str) -> None:
    # a spoken definition is only wrong in the place that is spoken
    before, found, after = (
        DESK.rpartition(old) if code == "spoken_too_long" else DESK.partition(old)
    )
    assert found
    text = before + new + after

    read = folder(desk=text)

    assert code in codes(read.diagnostics)
    assert read.is_refused
    assert read.desk is None
    diagnostic = next(diagnostic for diagnostic in read.diagnostics if diagnostic.code == code)
    assert diagnostic.file == "havna/desk.toml"
    assert (
        abs(diagnostic.position.line - line_of(text, where or new.rsplit("\n", maxsplit=1)[-1]))
        <= 2
    )


def test_the_small_desk_is_fine_as_it_is() -> None:
    read = folder()

    assert read.diagnostics == ()
    assert read.desk
    assert read.desk.id == "havna"


def test_every_fault_is_told_at_once_in_the_order_of_the_lines() -> None:
    text = changed(DESK, "Europe/Oslo", "Mars/Base")
    text = changed(text, "08:00-16:00", "16:00-08:00")
    text = changed(text, 'telephone_calendar = "desk"\n', "")
    text = changed(text, '"+4749009501"', '"12"')

    read = folder(desk=text)

    assert codes(read.diagnostics) == [
        "unknown_time_zone",
        "bad_window",
        "no_calendar",
        "unreadable_number",
    ]
    assert [diagnostic.position.line for diagnostic in read.diagnostics] == [3, 21, 23, 53]


def test_a_misspelt_key_is_answered_with_the_one_that_was_meant() -> None:
    read = folder(desk=changed(DESK, "telephone_calendar", "telephone_calender"))

    messages = " ".join(english(diagnostic.message) for diagnostic in read.diagnostics)
    assert "“telephone_calender” is not known in [agreements.full]" in messages
    assert "did you mean “telephone_calendar”?" in messages


def test_a_fault_reads_as_compilers_write_it() -> None:
    [diagnostic] = folder(desk=changed(DESK, '"+4720000900"', '"nine"')).diagnostics

    assert english(diagnostic.line) == (
        "havna/desk.toml:8:1: error: “nine” cannot be read as a telephone number"
    )


def test_a_text_that_is_no_toml_is_refused_line_by_line() -> None:
    read = folder(desk="name = 08:0\n[[lines]]\nnumber = = 47\n")

    assert {diagnostic.code for diagnostic in read.diagnostics} == {"not_toml"}
    assert [diagnostic.position.line for diagnostic in read.diagnostics] == [1, 3]


def test_an_empty_desk_is_told_all_that_it_lacks() -> None:
    read = folder(desk="", customers="number,name,agreement\n")

    missing = {
        english(diagnostic.message).split("”")[0].lstrip("“") for diagnostic in read.diagnostics
    }
    needed = {"name", "spoken_name", "time_zone", "portal", "calendars", "agreements", "first_line"}
    assert needed <= missing


def test_the_telephone_with_duty_needs_a_duty() -> None:
    before, _, rest = DESK.partition("[duty]")
    text = before + rest[rest.index("[first_line]") :]

    read = folder(desk=text)

    assert codes(read.diagnostics) == ["no_duty", "no_duty"]


def test_six_seconds_are_the_limit_of_a_spoken_definition() -> None:
    longest = "a" * int(SPOKEN_SECONDS * SIGNS_A_SECOND)
    spoken = 'spoken = { nb = "Alt er nede."'

    assert not folder(desk=changed(DESK, spoken, f'spoken = {{ nb = "{longest}"')).diagnostics
    assert folder(desk=changed(DESK, spoken, f'spoken = {{ nb = "{longest}a"')).is_refused


def test_round_the_clock_for_a_critical_case_without_duty_is_pointed_out() -> None:
    text = changed(DESK, 'solve = "4 hours"\ncalendar = "desk"', 'calendar = "round the clock"')
    before, _, rest = text.partition("[duty]")
    text = before + rest[rest.index("[first_line]") :]
    text = changed(text, "includes_duty = true\n", "")
    text = changed(text, 'kind = "duty"', 'kind = "support"')

    read = folder(desk=text)

    assert codes(read.diagnostics) == ["no_duty_at_night"]
    assert not read.is_refused


ESCALATION = """
[escalation]
basis = "elapsed"
steps = [
  { priority = "critical", level = 1, solve = "1 hour", contact = "Leder" },
  { priority = "critical", level = 2, solve = "1 working day", contact = "Leder" },
  { priority = "critical", level = 3, solve = "6 hours", contact = "Leder" },
]
"""


def test_a_contact_says_when_it_is_told_and_who_is_in_its_place() -> None:
    more = """
[[contacts]]
role = "Nestleder"
email = "nestleder@example.org"
substitute = "Leder"
calendar = "CALENDAR"
away = [{ first = 2026-07-06, last = 2026-07-24 }]
"""
    calendar = "desk"
    own = more.replace("CALENDAR", calendar)
    read = folder(desk=DESK + own).desk
    assert read
    [rules] = read.contact_rules
    away = (AwayPeriod(date(2026, 7, 6), date(2026, 7, 24)),)
    assert rules == ContactRules("Nestleder", "Leder", calendar, away)
    for was, is_, code in [
        (f'"{calendar}"\n', '"nights"\n', "unknown_calendar"),
        ('"Leder"', '"Ingen"', "unknown_contact"),
        ('"Leder"', '"Nestleder"', "own_substitute"),
        ("2026-07-24", "2026-07-04", "away_backwards"),
        ('substitute = "Leder"\n', "", "away_without"),
    ]:
        assert codes(folder(desk=DESK + changed(own, was, is_)).diagnostics) == [code]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("75 %", TargetWarning(75)),
        ("2 hours before", TargetWarning(None, 120)),
        ("100 %", None),
        ("1 working day before", None),
        ("soon", None),
    ],
)
def test_a_warning_is_a_share_of_the_target_or_a_time_before_its_end(
    at: str, expected: TargetWarning | None
) -> None:
    read = folder(desk=f'{DESK}\n[target_warning]\nat = "{at}"\n')
    assert (read.desk.target_warning if read.desk else None) == expected


def test_a_level_before_its_target_and_one_out_of_order_are_pointed_out() -> None:
    read = folder(desk=DESK + ESCALATION)

    assert codes(read.diagnostics) == ["escalates_early", "level_too_early"]
    assert not read.is_refused


def test_counted_from_the_target_on_no_level_is_too_early() -> None:
    read = folder(desk=DESK + changed(ESCALATION, "elapsed", "overrun"))

    assert codes(read.diagnostics) == ["level_too_early"]


def test_a_level_names_a_known_contact_and_stands_once() -> None:
    text = changed(ESCALATION, 'contact = "Leder"', 'contact = "Ledar"')
    text = changed(text, "level = 2", "level = 1")

    read = folder(desk=DESK + text)

    assert {"unknown_contact", "level_twice"} <= set(codes(read.diagnostics))


def test_a_calendar_that_nothing_uses_is_pointed_out() -> None:
    spare = '\n[calendars.spare]\nholidays = "none"\nsunday = ["10:00-12:00"]\n'

    read = folder(desk=DESK + spare)

    assert codes(read.diagnostics) == ["unused_calendar"]
    assert not read.is_refused


def test_a_date_of_its_own_and_an_early_closing_are_read() -> None:
    extra = """
[[calendars.desk.exceptions]]
date = 2026-12-24
hours = ["08:00-11:00"]
note = "romjul"

[[calendars.desk.early_closings]]
day = "easter-4"
closes = "12:00"
"""
    read = folder(desk=DESK + extra)

    assert read.desk
    calendar = read.desk.calendar("desk")
    assert [(str(e.day), e.hours, e.note) for e in calendar.exceptions] == [
        ("2026-12-24", ((480, 660),), "romjul")
    ]
    assert [(c.on.from_easter, c.closes_minute) for c in calendar.early_closings] == [(-4, 720)]


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ('[[calendars.desk.exceptions]]\ndate = "24.12."\nhours = []', "wrong_type"),
        ("[[calendars.desk.exceptions]]\ndate = 0001-01-01\nhours = []", "wrong_type"),
        ("[[calendars.desk.exceptions]]\ndate = 2026-12-24", "missing"),
        ('[[calendars.desk.early_closings]]\nday = "13-24"\ncloses = "12:00"', "bad_day"),
        ('[[calendars.desk.early_closings]]\nday = "12-24"\ncloses = "noon"', "bad_time"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(extra: str, code: str) -> None:
    assert codes(folder(desk=f"{DESK}\n{extra}\n").diagnostics) == [code]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("08:00-16:00", (480, 960)),
        ("00:00-24:00", (0, 1440)),
        ("15:30–08:00 next day", (930, 1920)),
        ("8:00 - 16:00", (480, 960)),
        ("08.00-16.00", (480, 960)),
        ("0800-1530", (480, 930)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: tuple[int, int]) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("15 minutes", Minutes(15)),
        ("1 hour", Minutes(60)),
        ("4h", Minutes(240)),
        ("2 working days", Days(2)),
        ("1 day", Days(1)),
    ],
)
def test_times_are_read_as_people_write_them(text: str, amount: Minutes | Days) -> None:
    assert parse_amount(text) == amount
