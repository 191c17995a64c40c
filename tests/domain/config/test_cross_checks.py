"""What must hold between the documents of a folder, and between several desks."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.cross_checks import cross_check
from app.domain.config.diagnostics import Diagnostics
from app.domain.config.folder import DeskFolder
from app.domain.config.folder_reader import read_folder
from app.domain.message_refs import ref
from tests.domain.config.desk_texts import (
    CUSTOMERS,
    DESK,
    ROSTER,
    changed,
    codes,
    folder,
    line_of,
)
from tests.support.written import english

NOW = datetime(2026, 11, 21, 22, tzinfo=UTC)  # Saturday 23:00 in Oslo


def check(*folders: DeskFolder, days: int = 90) -> Diagnostics:
    return cross_check(folders, NOW, NOW + timedelta(days=days))


def other_desk(**changes: str) -> DeskFolder:
    """A second desk whose numbers and roster are its own, unless told otherwise."""
    desk = DESK.replace("+47200009", "+47200008").replace('roster = "havna"', 'roster = "fyret"')
    roster = changed(ROSTER, 'id = "havna"', 'id = "fyret"').replace("97", "87")
    customers = CUSTOMERS.replace("490090", "490080").replace("200091", "200081")
    texts = {"desk": desk, "roster": roster, "customers": customers} | changes
    return folder(**texts, name="fyret")


def test_two_desks_with_numbers_of_their_own_are_fine_together() -> None:
    assert check(folder(), other_desk()) == ()


def test_two_desks_cannot_claim_one_line() -> None:
    diagnostics = check(folder(), other_desk(desk=changed(DESK, '"havna"', '"fyret"')))

    assert codes(diagnostics) == ["line_of_two", "line_of_two"]
    assert [(diagnostic.file, diagnostic.position.line) for diagnostic in diagnostics] == [
        ("fyret/desk.toml", 8),
        ("fyret/desk.toml", 13),
    ]


def test_one_desk_stands_in_one_folder() -> None:
    twice = read_folder({"desk.toml": DESK}, "havna", "backup/havna")

    diagnostics = check(folder(), twice)

    assert [(diagnostic.code, diagnostic.file) for diagnostic in diagnostics] == [
        ("desk_twice", "backup/havna/desk.toml")
    ]


def test_a_folders_name_can_be_an_id() -> None:
    assert codes(read_folder({"desk.toml": DESK}, "Havna på Kaien").diagnostics) == ["bad_id"]


def test_a_persons_number_is_no_other_desks_line() -> None:
    diagnostics = check(
        folder(),
        other_desk(
            roster=changed(ROSTER, '"havna"', '"fyret"').replace("+4749009701", "+4720000900")
        ),
    )

    assert codes(diagnostics) == ["rings_itself"]
    assert diagnostics[0].file == "fyret/roster.toml"


@pytest.mark.parametrize("mine", ["+4749009501", "+4749009901"])
@pytest.mark.parametrize("line", ["+4720000900", "+4720000910", "+4720000999"])
def test_a_desk_rings_no_other_desks_line(mine: str, line: str) -> None:
    """Its first line or a contact: the two would pass a caller call-out in a circle."""
    known_as = 'number = "+4720000910"\npublic_number = "+4720000999"'
    first = folder(desk=changed(DESK, 'number = "+4720000910"', known_as))
    second = DESK.replace("+47200009", "+47200008").replace('roster = "havna"', 'roster = "fyret"')

    diagnostics = check(first, other_desk(desk=changed(second, mine, line)))

    said = ref("diagnostic.rings_itself.other_desk", number=line, desk="havna")
    assert [(each.is_error, each.message) for each in diagnostics] == [(True, said)]
    assert diagnostics[0].file == "fyret/desk.toml"
    assert diagnostics[0].position.line == line_of(second, mine)


def test_a_roster_stands_in_one_folder() -> None:
    desk = DESK.replace("+47200009", "+47200008")

    diagnostics = check(folder(), other_desk(desk=desk, roster=ROSTER))

    assert codes(diagnostics) == ["roster_twice"]


def test_two_desks_may_share_one_roster() -> None:
    desk = DESK.replace("+47200009", "+47200008")

    assert check(folder(), other_desk(desk=desk)) == ()


def test_a_desk_names_a_roster_that_exists() -> None:
    diagnostics = check(folder(desk=changed(DESK, 'roster = "havna"', 'roster = "hamna"')))

    assert codes(diagnostics) == ["unknown_roster"]
    assert diagnostics[0].position.line == 5
    assert "did you mean “havna”?" in english(diagnostics[0].message)


def test_a_switchboard_of_one_desk_and_a_person_of_another_are_pointed_out() -> None:
    customers = changed(CUSTOMERS, "+4720009101", "+4749008002")

    diagnostics = check(folder(customers=customers), other_desk())

    assert codes(diagnostics) == ["shared_and_personal"]
    assert not diagnostics[0].is_error
    assert diagnostics[0].position.line == 2


def test_a_duty_without_anybody_who_takes_turns_is_refused() -> None:
    diagnostics = check(folder(roster=ROSTER[: ROSTER.index("[[rotations]]")]))

    assert codes(diagnostics) == ["duty_without_people"]
    assert diagnostics[0].is_error


def test_a_duty_with_nobody_behind_it_is_pointed_out_but_not_refused() -> None:
    diagnostics = check(folder(roster=changed(ROSTER, 'last_resort = ["+4749009790"]\n', "")))

    assert [english(diagnostic.line) for diagnostic in diagnostics] == [
        "havna/desk.toml:45:2: warning: the roster “havna” has no last_resort: there is nobody left"
        " to call when the person on duty sleeps, and only the first line in a site outage",
    ]


def test_hours_that_nobody_covers_are_told_in_wall_time() -> None:
    away = """
[[absences]]
person = "vakt-1"
from = 2026-11-21T00:00:00
to = 2027-03-01T00:00:00
"""
    diagnostics = check(folder(roster=ROSTER + away), days=3)

    # this week vakt-2 has it until Monday 08:00, then vakt-1, who is away
    assert [english(diagnostic.line) for diagnostic in diagnostics] == [
        "havna/desk.toml:45:2: warning: nobody who can be called is on duty"
        " from 2026-11-23 (Mon) 16:00 to 2026-11-24 (Tue) 08:00",
        "havna/desk.toml:45:2: warning: nobody who can be called is on duty"
        " from 2026-11-24 (Tue) 16:00 to 2026-11-24 (Tue) 23:00",
    ]


def test_a_roster_that_ends_leaves_its_desk_a_warning() -> None:
    ending = changed(ROSTER, "start = 2026-01-05", "start = 2026-01-05\nuntil = 2026-11-30")

    diagnostics = check(folder(roster=ending), days=9)

    assert [english(diagnostic.message) for diagnostic in diagnostics] == [
        "nobody who can be called is on duty from 2026-11-30 (Mon) 16:00 to 2026-11-30 (Mon) 23:00",
    ]


def test_many_holes_are_told_as_ten_and_a_count() -> None:
    ending = changed(ROSTER, "start = 2026-01-05", "start = 2026-01-05\nuntil = 2026-01-12")

    diagnostics = check(folder(roster=ending))

    assert len(diagnostics) == 11
    left_out = [each for each in diagnostics if each.message.key == "diagnostic.uncovered.more"]
    assert left_out == [diagnostics[-1]]


def test_hours_that_are_neither_the_desks_nor_the_dutys_are_told() -> None:
    """B13: the literal list of the duty's windows leaves the first hours of Monday."""
    literal = """
[duty.hours]
holidays = "NO"
on_holidays = "as_sunday"
monday-friday = ["16:00-08:00 next day"]
saturday-sunday = ["00:00-24:00"]
"""
    desk = changed(DESK, "when_not_staffed = true\n", literal)

    diagnostics = check(folder(desk=desk), days=7)

    assert [english(diagnostic.message) for diagnostic in diagnostics] == [
        "neither the desk nor the duty is there"
        " from 2026-11-23 (Mon) 00:00 to 2026-11-23 (Mon) 08:00",
    ]


def test_two_hundred_faults_of_a_file_are_told_and_the_rest_counted() -> None:
    customers = CUSTOMERS + "".join(f"1{n:04d},X,nothing,,,\n" for n in range(1000))

    found = folder(customers=customers)

    assert codes(found.diagnostics) == ["unknown_agreement"] * 200 + ["more"]
    assert "and 800 more" in english(found.diagnostics[-1].message)


# --- files as they come --------------------------------------------------------------------


def read(files: Mapping[str, bytes | str]) -> DeskFolder:
    return read_folder(files, "havna")


def test_a_folder_without_a_desk_is_told_so() -> None:
    assert codes(read({}).diagnostics) == ["no_file"]


def test_customers_and_roster_may_be_missing() -> None:
    before, _, rest = DESK.partition("[duty]")
    desk = changed(before + rest[rest.index("[first_line]") :], "includes_duty = true\n", "")
    desk = changed(changed(desk, 'kind = "duty"', 'kind = "support"'), 'roster = "havna"\n', "")

    alone = read({"desk.toml": desk})

    assert alone.diagnostics == ()
    assert check(alone) == ()


@pytest.mark.parametrize("name", ["desk.toml", "roster.toml", "customers.csv"])
def test_a_file_that_is_not_utf8_is_refused_at_the_place(name: str) -> None:
    files: dict[str, bytes | str] = {"desk.toml": DESK, name: "# fjord\n# Å".encode("latin-1")}

    diagnostic = next(f for f in read(files).diagnostics if f.code == "not_utf8")

    assert (diagnostic.file, diagnostic.position.line, diagnostic.position.column) == (
        f"havna/{name}",
        2,
        3,
    )


def test_a_byte_order_mark_and_windows_lines_change_nothing() -> None:
    texts = {"desk.toml": DESK, "roster.toml": ROSTER, "customers.csv": CUSTOMERS}
    windows = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in texts.items()
    }

    there, here = read(windows), read(dict(texts))

    assert there.diagnostics == ()
    assert (there.desk, there.roster, there.customers) == (here.desk, here.roster, here.customers)


@pytest.mark.parametrize("name", ["desk.toml", "roster.toml", "customers.csv"])
def test_a_file_as_large_as_no_desks_is_refused_unread(name: str) -> None:
    files: dict[str, bytes | str] = {"desk.toml": DESK, name: "#" * 20_000_001}

    assert "too_large" in codes(read(files).diagnostics)


def test_the_exact_text_is_kept_for_the_version() -> None:
    assert folder(desk=DESK + "# as written\n").text("desk.toml") == DESK + "# as written\n"


LINES = st.sampled_from((DESK + ROSTER + CUSTOMERS).split("\n"))
ODD = st.sampled_from(
    ["= 1", "[[", '"', "x = [", "lines = 3", "duty = 1", "a = nan", "b = 1e999", "\0", "[lines]"]
)


@given(
    st.lists(st.tuples(st.integers(0, 60), LINES | ODD | st.text(max_size=20)), max_size=6),
    st.sampled_from(["desk.toml", "roster.toml", "customers.csv"]),
)
@settings(max_examples=100)
def test_whatever_is_written_is_read_or_refused_but_never_fails(
    edits: list[tuple[int, str]], name: str
) -> None:
    texts = {"desk.toml": DESK, "roster.toml": ROSTER, "customers.csv": CUSTOMERS}
    lines = texts[name].split("\n")
    for place, line in edits:
        lines[place % len(lines)] = line

    found = read({**texts, name: "\n".join(lines)})

    parts = {
        "desk.toml": found.desk, "roster.toml": found.roster, "customers.csv": found.customers
    }  # fmt: skip
    if parts[name] is None:
        assert found.is_refused
    if not found.is_refused:
        check(found, days=3)


@given(st.binary(max_size=80), st.sampled_from(["desk.toml", "roster.toml", "customers.csv"]))
def test_any_bytes_are_refused_politely(content: bytes, name: str) -> None:
    found = read({"desk.toml": DESK, "roster.toml": ROSTER, name: content})

    assert all(diagnostic.position.line >= 1 for diagnostic in found.diagnostics)
