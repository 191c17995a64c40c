"""Planned work is told before and during it, to those whom it concerns."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.config.desk_document import read_desk
from app.domain.desks.maintenance import Maintenance, shown_maintenance
from app.domain.texts.localized_text import LocalizedText
from tests.domain.time.wall_clock import oslo
from tests.support.sample_desk import DESK, DESK_TOML

BEGINS: Final = datetime(2026, 12, 5, 21, tzinfo=UTC)
ENDS: Final = BEGINS + timedelta(hours=4)
WEEK: Final = timedelta(days=7)
WORK: Final = Maintenance(BEGINS, ENDS, LocalizedText(), WEEK, ("9001",), ("journal",))
MINUTES: Final = st.integers(-20_000, 1000).map(lambda count: BEGINS + timedelta(minutes=count))


@given(MINUTES)
def test_it_is_shown_from_its_announcement_to_its_end(at: datetime) -> None:
    found = shown_maintenance((WORK,), ("9001",), at)
    assert bool(found) is (BEGINS - WEEK <= at < ENDS)
    assert all(each.has_begun(at) is (at >= BEGINS) for each in found)


@given(MINUTES)
def test_what_is_told_of_it_changes_at_its_borders_alone(at: datetime) -> None:
    before = [each for each in (BEGINS - timedelta(days=30), *WORK.borders) if each <= at]
    said = [(WORK.is_shown(when), WORK.has_begun(when)) for when in (before[-1], at)]
    assert said[0] == said[1]


def test_nobody_else_is_told_nor_in_another_project() -> None:
    at = BEGINS
    assert shown_maintenance((WORK,), ("9002",), at) == ()
    assert shown_maintenance((WORK,), ("9001",), at, "payroll") == ()
    assert shown_maintenance((WORK,), ("9002", "9001"), at, "journal") == (WORK,)


WRITTEN: Final = """
[[maintenance]]
from = 2026-12-05T22:00:00
to = 2026-12-06T02:00:00
words = { nb = "Ny versjon.", nn = "Ny versjon.", en = "A new version." }
"""


def test_it_is_read_in_the_desks_own_time() -> None:
    desk = read_desk(DESK_TOML + WRITTEN, "desk.toml", DESK).value
    assert desk
    [work] = desk.maintenance
    assert (work.from_, work.to) == (oslo("2026-12-05 22:00"), oslo("2026-12-06 02:00"))
    assert work.announced == WEEK


@pytest.mark.parametrize(
    ("was", "now", "code"),
    [
        ("2026-12-06T02", "2026-12-05T02", "ends_before_start"),
        (', nn = "Ny versjon."', "", "missing_language"),
        ('nb = "Ny versjon."', f'nb = "{"x" * 301}"', "name_too_long"),
        ("words", 'projects = ["none"]\nwords', "unknown_project"),
        ("words", "announced_days = 61\nwords", "out_of_bounds"),
    ],
)
def test_a_mistake_is_told(was: str, now: str, code: str) -> None:
    read = read_desk(DESK_TOML + WRITTEN.replace(was, now), "desk.toml", DESK)
    assert code in [each.code for each in read.diagnostics]
