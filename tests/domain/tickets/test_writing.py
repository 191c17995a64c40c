"""When somebody counts as writing on a ticket, and how often that is stored."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.domain.tickets.writing import (
    OVER_AFTER,
    REPORTED_AGAIN_AFTER,
    Writer,
    WriterChange,
    Writing,
    writer_change,
)
from tests.domain.time.wall_clock import oslo

BEGAN = oslo("2026-11-23 08:00")
SECOND = timedelta(seconds=1)
KARI = Writer(1, "Kari Vik", Writing.NOTE, BEGAN, BEGAN + timedelta(minutes=2))


def test_who_goes_on_has_written_since_they_began_and_who_paused_begins_anew() -> None:
    soon, late = KARI.reported_at + OVER_AFTER - SECOND, KARI.reported_at + OVER_AFTER
    assert writer_change(KARI, Writing.REPLY, soon) == WriterChange(Writing.REPLY, BEGAN)
    assert writer_change(KARI, Writing.REPLY, late) == WriterChange(Writing.REPLY, late)
    assert not KARI.still_writes(late)
    assert writer_change(None, Writing.NOTE, BEGAN) == WriterChange(Writing.NOTE, BEGAN)


@given(st.lists(st.integers(0, 20_000), min_size=1, max_size=200))
def test_however_much_is_typed_it_is_stored_every_few_seconds_at_most(pauses: list[int]) -> None:
    now, stored, writer = BEGAN, [], None
    for pause in pauses:
        now += timedelta(milliseconds=pause)
        if told := writer_change(writer, Writing.REPLY, now):
            stored.append(now)
            writer = Writer(1, "Kari Vik", told.what, told.since, now)
    assert all(b - a >= REPORTED_AGAIN_AFTER for a, b in pairwise(stored))
    assert writer
    assert writer.still_writes(now)
