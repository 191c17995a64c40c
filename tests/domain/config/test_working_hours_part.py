"""[working_hours] and [pay] of roster.toml: read as written, and mistakes named at their place."""

from fractions import Fraction

import pytest

from app.domain.config.roster_document import read_roster
from app.domain.reasons import FigureKind
from app.domain.roster.plan import Roster
from app.domain.roster.working_hours.pay_rules import NO_PAY, VISMA, DecimalSign, PayItem
from app.domain.roster.working_hours.rules import NOON, USUAL_RULES, Eve
from app.domain.time.calendars import YearlyDay
from tests.domain.config.desk_texts import ROSTER, folder, line_of
from tests.support.written import english

HOURS = """
[working_hours]
home_duty = "1/5"
evening_from = "18:00"
night_from = "22:00"
night_to = "07:00"
holidays = "none"
ordinary = { holidays = "NO", on_holidays = "closed", monday-thursday = ["07:30-15:00"] }

[[working_hours.eves]]
day = "12-24"

[[working_hours.eves]]
day = "easter-1"
from = "00:00"
"""
PAY = """
[pay]
line = '{employee};{wage_code};{quantity};{what}'
header = "Ansatt;Lønnsart;Antall;Hva"
decimal = "comma"

[pay.employees]
vakt-1 = 1001
vakt-2 = "none"

[pay.wage_codes]
converted = 10100
evening_converted = "K-17"
call_out_time = "10200"
"""


def roster_with(text: str) -> Roster:
    read = read_roster(ROSTER + text, "roster.toml")
    assert read.value, [english(each.message) for each in read.diagnostics]
    return read.value


def test_a_roster_that_says_nothing_is_counted_as_usual_and_has_no_pay_file() -> None:
    roster = roster_with("")
    assert roster.working_hours == USUAL_RULES
    assert roster.working_hours.home_duty == Fraction(1, 7)
    assert roster.pay == NO_PAY


def test_a_roster_says_how_its_hours_are_counted() -> None:
    rules = roster_with(HOURS).working_hours
    assert rules.home_duty == Fraction(1, 5)
    assert (rules.night_ends, rules.evening_begins, rules.night_begins) == (420, 1080, 1320)
    assert rules.holidays is None
    assert rules.eves == (Eve(YearlyDay(12, 24), NOON), Eve(YearlyDay(from_easter=-1), 0))
    assert rules.ordinary
    assert rules.ordinary.windows[0].weekdays == frozenset(range(4))


def test_a_roster_says_what_its_pay_file_looks_like() -> None:
    pay = roster_with(PAY).pay
    assert pay.employees == (("vakt-1", "1001"), ("vakt-2", None))
    assert pay.decimal is DecimalSign.COMMA
    assert pay.header.startswith("Ansatt")
    assert dict(pay.wage_codes) == {
        PayItem(FigureKind.CONVERTED): "10100",
        PayItem(FigureKind.EVENING, is_converted=True): "K-17",
        PayItem(FigureKind.CALL_OUT_TIME): "10200",
    }
    assert (
        roster_with(PAY.replace("'{employee};{wage_code};{quantity};{what}'", '"visma"')).pay.line
        == VISMA
    )


MISTAKES = [
    (HOURS, '"1/5"', '"a fifth"', "bad_ratio", "write it as a fraction"),
    (HOURS, '"1/5"', '"1/0"', "bad_ratio", "write it as a fraction"),
    (HOURS, '"1/5"', '"7"', "bad_ratio", "cannot be meant"),
    (HOURS, '"1/5"', '"1/100"', "bad_ratio", "cannot be meant"),
    (HOURS, '"1/5"', "0.2", "wrong_type", "home_duty"),
    (HOURS, '"18:00"', '"23:00"', "bands_not_in_order", "follow each other"),
    (HOURS, '"none"', '"Norge"', "unknown_country", "Norge"),
    (HOURS, '"12-24"', '"12-32"', "bad_day", "12-32"),
    (HOURS, "home_duty", "homeduty", "unknown_key", "did you mean “home_duty”"),
    (PAY, "{wage_code}", "{code}", "bad_pay_line", "“code” cannot stand"),
    (PAY, "{wage_code};", "", "bad_pay_line", "lacks wage_code in braces"),
    (PAY, '"comma"', '"dot"', "unknown_word", "dot"),
    (PAY, "vakt-2 =", "vakt-3 =", "unknown_person", "vakt-3"),
    (PAY, "1001", '"=1001"', "bad_pay_code", "=1001"),
    (
        PAY,
        "evening_converted",
        "evning_converted",
        "unknown_figure",
        "did you mean “evening_converted”",
    ),
    (PAY, "call_out_time", "counted_converted", "unknown_figure", "counted_converted"),
    (PAY, "[pay.wage_codes]", "[pay.codes]", "missing", "wage_codes"),
]


@pytest.mark.parametrize(("text", "old", "new", "code", "words"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(
    text: str, old: str, new: str, code: str, words: str
) -> None:
    written = ROSTER + text.replace(old, new)
    found = next(each for each in folder(roster=written).diagnostics if each.code == code)
    assert found.is_error
    assert words in english(found.message)
    assert found.position.line > line_of(ROSTER + "[x]", "[x]")


def test_less_than_the_law_has_as_main_rule_is_pointed_out() -> None:
    read = folder(roster=ROSTER + HOURS.replace('"1/5"', '"1/8"'))
    (found,) = read.diagnostics
    assert (found.code, found.is_error) == ("low_ratio", False)
    assert "§ 10-4 (3)" in english(found.message)


def test_who_takes_turns_without_an_employee_number_is_pointed_out() -> None:
    read = folder(roster=ROSTER + PAY.replace('vakt-2 = "none"\n', ""))
    (found,) = read.diagnostics
    assert (found.code, found.is_error) == ("no_employee_number", False)
    assert "vakt-2" in english(found.message)
