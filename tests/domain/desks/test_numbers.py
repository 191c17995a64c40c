"""Which numbers are one person's, which cannot exist, and how one is read however it is written."""

import pytest

from app.domain.config.phone_part import read_number, why_unusual
from app.domain.config.roster_document import read_roster
from app.domain.hunts.shared_numbers import SharedBy, shared_by
from app.domain.message_refs import MessageError, ref
from app.domain.numbers import NOBODY, parse_number
from tests.support.contacts import LEADER
from tests.support.desk_documents import weekly_rotation
from tests.support.sample_desk import (
    CALLER,
    CUSTOMERS_CSV,
    DESK_TOML,
    DUTY_1,
    LAST_RESORT,
    ROSTER_TOML,
    folder,
)
from tests.support.shipped_desks import shipped
from tests.support.written import english

DESK, ROSTER = shipped("brukarstotte").desk, shipped("brukarstotte").roster


@pytest.mark.parametrize(
    "number", ["+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "anonymous", ""]
)
def test_the_networks_placeholders_are_withheld_numbers(number: str) -> None:
    assert parse_number(number) == NOBODY
    assert shared_by(parse_number(number), DESK, ROSTER) is SharedBy.WITHHELD


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("+4720000210", SharedBy.LINE),
        ("+4749002701", SharedBy.ON_DUTY_PHONE),
        ("02800", SharedBy.SHORT),
        ("116117", SharedBy.SHORT),
        ("+47" + "02800", SharedBy.SHORT),
        ("+47490027021", SharedBy.IMPOSSIBLE),
        ("+462533", SharedBy.IMPOSSIBLE),
        ("+18005551212", SharedBy.SERVICE),
        ("+4749002001", None),
        ("+46701740605", None),
    ],
)
def test_a_from_is_one_persons_or_says_why_not(number: str, why: SharedBy | None) -> None:
    assert shared_by(parse_number(number), DESK, ROSTER) is why


def test_a_line_of_another_desk_is_nobodys_number() -> None:
    caller = parse_number("+4720000510")

    assert shared_by(caller, DESK, ROSTER) is None
    assert shared_by(caller, DESK, ROSTER, is_line=True) is SharedBy.LINE


@pytest.mark.parametrize(
    "written",
    [
        "+47 490 02 001",
        "004749002001",
        "4749002001",
        " 4749002001",
        "tel:+4749002001",
        "tel:+47-490-02-001;ext=1",
        "sip:+4749002001@example.org",
        "sip:+4749002001@example.org:5060;user=phone",
        "49002001",
    ],
)
def test_one_number_is_read_however_it_is_written(written: str) -> None:
    assert parse_number(written).digits == "+4749002001"


def test_a_zero_in_brackets_is_not_dialled_from_abroad() -> None:
    assert read_number("+46 (0)70 174 06 05").digits == "+46701740605"


@pytest.mark.parametrize("written", ["+47490027021", "+474900270", "+462533", "+9991234567"])
def test_a_number_that_cannot_exist_is_refused(written: str) -> None:
    with pytest.raises(MessageError) as refused:
        read_number(written)
    assert "cannot exist" in english(refused.value.message)


@pytest.mark.parametrize("written", ["+881612345678", "+882161234567", "+97912345678"])
def test_a_satellite_or_shared_cost_number_is_refused(written: str) -> None:
    with pytest.raises(MessageError) as refused:
        read_number(written)
    assert refused.value.message == ref("diagnostic.unreadable_number.satellite", text=written)


def test_only_a_foreign_number_out_of_every_series_is_unusual() -> None:
    assert why_unusual("+331990") == ref("diagnostic.unusual_number", number="+331990")
    assert {why_unusual(each) for each in ("+46701740605", "+4749002001", "02800")} == {None}


IMPOSSIBLE = """
id = "one"
time_zone = "Europe/Oslo"
last_resort = ["+474900270"]

[people.a]
name = "A"
phones = ["+47490027021"]
""" + weekly_rotation("primary", "a")


def test_an_impossible_number_in_a_roster_is_an_error_at_its_place() -> None:
    read = read_roster(IMPOSSIBLE, "roster.toml")

    assert read.value is None
    errors = [(f.position.line, f.code) for f in read.diagnostics if f.is_error]
    assert errors == [(4, "unreadable_number"), (8, "unreadable_number")]


def test_a_roster_stored_by_an_older_release_is_read_without_numbers_that_cannot_be_rung() -> None:
    roster = read_roster(IMPOSSIBLE, "roster.toml", is_stored=True).value

    assert roster is not None
    assert roster.last_resort == roster.people[0].numbers == ()


@pytest.mark.parametrize("wrong", ["+47490027021", "+474900270"])
@pytest.mark.parametrize(
    ("part", "whole", "right"),
    [
        ("customers", CUSTOMERS_CSV, CALLER),
        ("desk", DESK_TOML, "+4749009201"),  # of the first line
        ("desk", f'{DESK_TOML}\n[[contacts]]\nrole = "Leader"\nphone = "{LEADER}"\n', LEADER),
        ("roster", ROSTER_TOML, DUTY_1),
        ("roster", ROSTER_TOML, LAST_RESORT),
    ],
)
def test_an_impossible_number_in_any_document_is_an_error_at_its_line(
    part: str, whole: str, right: str, wrong: str
) -> None:
    read = folder(**{part: whole.replace(right, wrong, 1)})

    lines = whole.splitlines()
    line = next(number for number, text in enumerate(lines, 1) if right in text)
    found = [
        diagnostic
        for diagnostic in read.diagnostics
        if "cannot exist" in english(diagnostic.message)
    ]
    assert [(each.is_error, each.position.line) for each in found] == [(True, line)]
    assert read.is_refused
