"""Before a number is rung it is known whose it is, and which line of ours rings it."""

import pytest

from app.domain.message_refs import Value, ref
from app.preflight.number_owner import number_owner, unknown_owner
from tests.preflight.sample_facts import live
from tests.support.sample_desk import (
    DESK_TOML,
    DUTY,
    DUTY_1_HOME,
    DUTY_2,
    LAST_RESORT,
    ROSTER_TOML,
    SUPPORT,
)

FIRST_LINE, CONTACT, NOBODYS = "+4749009202", "+4749009301", "+4749009999"
LANGUAGE = 'name = "Duty 2"\nphones = ["+4749009102"]\nlanguage = "nb"'


@pytest.mark.parametrize(
    ("number", "who", "line"),
    [
        (DUTY_1_HOME, "Duty 1", DUTY),
        (LAST_RESORT, ref("preflight.last_resort"), DUTY),
        (FIRST_LINE, "First line 2", SUPPORT),
        (CONTACT, "Teamleiar", SUPPORT),
    ],
)
def test_everybody_whom_a_desk_would_reach_is_known_by_any_number(
    number: str, who: Value, line: str
) -> None:
    found = number_owner(number, (live(),))
    assert found
    assert (found.who, found.desk, found.line) == (who, "fjordhjelp", line)
    assert found.language == "nb"


def test_a_person_is_asked_in_their_own_language() -> None:
    english = ROSTER_TOML.replace(LANGUAGE, LANGUAGE.replace('"nb"', '"en"'))
    assert english != ROSTER_TOML
    found = number_owner(DUTY_2, (live(roster=english),))
    assert found
    assert found.language == "en"


def test_a_desk_with_one_line_rings_with_that() -> None:
    [support, duty] = DESK_TOML.split("[[lines]]")[1:]
    only = DESK_TOML.replace("[[lines]]" + duty.partition("[calendars")[0], "")
    found = number_owner(DUTY_2, (live(desk=only),))
    assert found
    assert found.line == SUPPORT
    assert SUPPORT in support


def test_a_number_that_no_desk_knows_is_nobodys_but_the_first_desk_can_ring_it() -> None:
    assert number_owner(NOBODYS, (live(),)) is None
    found = unknown_owner(NOBODYS, (live(),))
    assert found
    assert (found.who, found.line, found.language) == ("", SUPPORT, "nb")
    assert unknown_owner(NOBODYS, ()) is None
