"""[keep] of desk.toml: how long a desk keeps what it knows of a call."""

import pytest

from app.domain.desk import Keep
from tests.domain.desk_texts import DESK, codes, folder


def keep_of(lines: str) -> Keep:
    read = folder(desk=f"{DESK}\n[keep]\n{lines}\n")
    assert read.faults == ()
    assert read.desk
    return read.desk.keep


def test_a_desk_that_writes_nothing_keeps_things_for_the_usual_times() -> None:
    read = folder()
    assert read.desk
    assert read.desk.keep == Keep(30, 90, 365, 1095)


def test_each_time_may_be_the_desks_own() -> None:
    lines = "recordings_days = 14\nturns_days = 60\nnumbers_days = 180\ntickets_days = 730"
    assert keep_of(lines) == Keep(14, 60, 180, 730)


def test_who_shortens_the_one_need_not_repeat_the_others() -> None:
    assert keep_of("tickets_days = 60") == Keep(30, 60, 60, 60)
    assert keep_of("numbers_days = 7") == Keep(30, 7, 7, 1095)


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ("turns_days = 400", "kept_too_long", "“turns_days” (400)"),
        ("numbers_days = 2000", "kept_too_long", "“tickets_days” (1095)"),
        ("tickets_days = 20\nrecordings_days = 21", "kept_too_long", "goes with its ticket"),
        ("turns_days = 0", "out_of_bounds", "from 1 to 36500"),
        ('turns_days = "90 days"', "wrong_type", "whole number"),
        ("turn_days = 90", "unknown_key", "did you mean “turns_days”?"),
    ],
)
def test_what_cannot_be_kept_so_is_refused_in_plain_words(lines: str, code: str, said: str) -> None:
    read = folder(desk=f"{DESK}\n[keep]\n{lines}\n")
    assert code in codes(read.faults)
    assert said in " ".join(fault.message for fault in read.faults)
    assert read.is_refused
