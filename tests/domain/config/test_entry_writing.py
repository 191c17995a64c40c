"""A roster.toml with other entries: all else stays as it is written."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.config.entry_writing import replace_entries
from app.domain.config.roster_document import read_roster
from app.domain.roles import Role
from app.domain.roster.entries import Dated, dated_of, with_dated
from app.domain.roster.plan import Absence, Override, Roster
from tests.domain.config.desk_texts import ROSTER

OSLO = ZoneInfo("Europe/Oslo")
FROM, TO = datetime(2026, 12, 1, 7, tzinfo=UTC), datetime(2026, 12, 5, 7, tzinfo=UTC)
AWAY = Absence("vakt-1", FROM, TO, "ferie")
SWAP = """
# Agreed in the corridor
[[overrides]]
person = "vakt-2"  # until Saturday
role = "primary"
from = 2026-11-21T16:00:00
to = 2026-11-23T08:00:00
note = '''
[[rotations]]
id = "none"'''
"""
LIST = """
absences = [
  { person = "vakt-1", from = 2026-11-21T16:00:00, to = 2026-11-23T08:00:00 },
]
"""
PERSON = """
# New in December
[people.vakt-3]
name = "Vakt 3"
phones = ["+4749009703"]
"""


def read(text: str) -> Roster:
    found = read_roster(text, "roster.toml").value
    assert found, read_roster(text, "roster.toml").diagnostics
    return found


def replaced(text: str, *dated: Dated) -> str:
    return replace_entries(text, dated, OSLO)


def test_a_text_without_entries_stays_as_it_is() -> None:
    assert replaced(ROSTER) == ROSTER.rstrip() + "\n"


def test_entries_go_with_their_comments_and_what_stands_below_them_stays() -> None:
    assert replaced(ROSTER + SWAP + PERSON) == replaced(ROSTER + PERSON)


def test_entries_in_one_list_go_too() -> None:
    top, _, tables = ROSTER.partition("\n[")
    assert replaced(f"{top}{LIST}\n[{tables}") == replaced(f"{top}\n[{tables}")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_whatever_ends_its_lines_it_reads_as_it_did(end: str) -> None:
    text = (ROSTER + SWAP).replace("\n", end)
    assert read(replaced(text, AWAY)) == with_dated(read(ROSTER), (AWAY,))


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MOMENTS = st.integers(0, 20_000).map(
    lambda hour: datetime.fromtimestamp(1761400800 + hour * 3600, UTC)
)


@st.composite
def entries(draw: st.DrawFn) -> Dated:
    from_, to = sorted(draw(st.lists(MOMENTS, min_size=2, max_size=2, unique=True)))
    who, note, author = draw(st.sampled_from(("vakt-1", "vakt-2"))), draw(WORDS), draw(WORDS)
    if draw(st.booleans()):
        return Absence(who, from_, to, note, author)
    role = draw(st.sampled_from((None, Role.PRIMARY, Role.BACKUP)))
    other = "vakt-2" if role is None or draw(st.booleans()) else None
    return Override(who, role, from_, to, note, author, other, draw(st.booleans()))


@settings(max_examples=75)
@given(st.lists(entries(), max_size=5), st.lists(entries(), max_size=5))
def test_whatever_entries_are_written_just_these_are_read(
    before: list[Dated], after: list[Dated]
) -> None:
    text = replaced(replaced(ROSTER + SWAP + PERSON, *before), *after)
    found = read(text)
    assert found == with_dated(read(ROSTER + PERSON), after)
    assert len(dated_of(found)) == len(after)
