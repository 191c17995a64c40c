"""When a desk's digest is due: by its hours, once as it opens and once an hour before it closes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.desks.desk import Desk
from app.domain.tickets.digests import due_digests
from tests.support.sample_desk import DESK_TOML, folder
from tests.support.shipped_desks import desk_of, shipped

OSLO = ZoneInfo("Europe/Oslo")


def desk(hours: str = 'monday-friday = ["08:00-16:00"]') -> Desk:
    text = DESK_TOML.replace('monday-friday = ["08:00-16:00"]', hours)
    found = folder(desk=text).desk
    assert found
    return found


def due_in(desk: Desk, first: str, days: int) -> list[str]:
    """Every digest of some days, by looking every ten minutes."""
    at = datetime.fromisoformat(first).replace(tzinfo=OSLO).astimezone(UTC)
    found: dict[str, str] = {}
    for _ in range(days * 24 * 6):
        for digest in due_digests(desk, at):
            local = digest.due.astimezone(OSLO)
            found.setdefault(digest.key, f"{local:%a %d %H:%M} {digest.occasion}")
        at += timedelta(minutes=10)
    return list(found.values())


def test_a_week_of_ordinary_days() -> None:
    assert due_in(desk(), "2026-11-19", 5) == [
        "Thu 19 08:00 opening", "Thu 19 15:00 closing",
        "Fri 20 08:00 opening", "Fri 20 15:00 closing",
        "Mon 23 08:00 opening", "Mon 23 15:00 closing",
    ]  # fmt: skip


def test_none_on_a_holiday_and_an_early_closing_has_its_own_hour() -> None:
    early = (
        'monday-friday = ["08:00-16:00"]\n'
        '[[calendars.desk.early_closings]]\nday = "12-24"\ncloses = "12:00"\n'
    )
    assert due_in(desk(early), "2026-12-23", 4) == [
        "Wed 23 08:00 opening", "Wed 23 15:00 closing",
        "Thu 24 08:00 opening", "Thu 24 11:00 closing",
    ]  # fmt: skip


def test_lunch_is_no_closing() -> None:
    lunch = 'monday-friday = ["08:00-11:30", "12:00-16:00"]'
    assert due_in(desk(lunch), "2026-11-19", 1) == ["Thu 19 08:00 opening", "Thu 19 15:00 closing"]


def test_a_desk_that_never_closes_has_none_and_a_short_day_has_one() -> None:
    assert due_in(desk('monday-sunday = ["00:00-24:00"]'), "2026-11-19", 7) == []
    assert due_in(desk('monday = ["08:00-09:00"]'), "2026-11-23", 1) == ["Mon 23 08:00 opening"]


@pytest.mark.parametrize(("night", "opens"), [("2026-03-28", 3), ("2026-10-24", 3)])
def test_the_nights_on_which_the_clock_changes(night: str, opens: int) -> None:
    every_day = desk('monday-sunday = ["08:00-16:00"]')
    found = due_in(every_day, night, opens)
    assert [each.split(" ", 2)[2] for each in found] == ["08:00 opening", "15:00 closing"] * opens


def test_several_telephones_open_with_the_first_and_close_with_the_last() -> None:
    """Prokom's «Utvidet» is answered until 23 and on weekends, the others from 8 to 16."""
    prokom = replace(desk_of(shipped("prokom")))
    assert due_in(prokom, "2026-11-20", 3) == [
        "Fri 20 08:00 opening", "Fri 20 22:00 closing",
        "Sat 21 08:00 opening", "Sat 21 15:00 closing",
        "Sun 22 14:00 opening", "Sun 22 21:00 closing",
    ]  # fmt: skip


def test_one_that_is_too_late_is_not_sent() -> None:
    opening = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
    assert due_digests(desk(), opening - timedelta(seconds=1)) == ()
    assert len(due_digests(desk(), opening + timedelta(minutes=119))) == 1
    assert due_digests(desk(), opening + timedelta(hours=2)) == ()
    assert due_digests(desk(), opening + timedelta(hours=8)) == (), "closed by now"
