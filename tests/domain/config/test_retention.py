"""[retention] of desk.toml: how long a desk keeps what it knows of a call."""

import pytest

from app.domain.desks.desk import Retention
from tests.domain.config.desk_texts import DESK, codes, folder
from tests.support.written import english


def keep_of(lines: str) -> Retention:
    read = folder(desk=f"{DESK}\n[retention]\n{lines}\n")
    assert read.diagnostics == ()
    assert read.desk
    return read.desk.retention


def test_a_desk_that_writes_nothing_keeps_things_for_the_usual_times() -> None:
    read = folder()
    assert read.desk
    assert read.desk.retention == Retention(30, 90, 365, 1095)


def test_each_time_may_be_the_desks_own() -> None:
    lines = "recordings_days = 14\nturns_days = 60\nnumbers_days = 180\ntickets_days = 730"
    assert keep_of(lines) == Retention(14, 60, 180, 730)


def test_who_shortens_the_one_need_not_repeat_the_others() -> None:
    assert keep_of("tickets_days = 60") == Retention(30, 60, 60, 60)
    assert keep_of("numbers_days = 7") == Retention(30, 7, 7, 1095)


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ("turns_days = 400", "kept_too_long", "“turns_days” (400)"),
        ("numbers_days = 2000", "kept_too_long", "“tickets_days” (1095)"),
        ("tickets_days = 20\nrecordings_days = 21", "kept_too_long", "is deleted with its ticket"),
        ("turns_days = 0", "out_of_bounds", "from 1 to 36500"),
        ('turns_days = "90 days"', "wrong_type", "whole number"),
        ("turn_days = 90", "unknown_key", "did you mean “turns_days”?"),
    ],
)
def test_what_cannot_be_kept_so_is_refused_in_plain_words(lines: str, code: str, said: str) -> None:
    read = folder(desk=f"{DESK}\n[retention]\n{lines}\n")
    assert code in codes(read.diagnostics)
    assert said in " ".join(english(diagnostic.message) for diagnostic in read.diagnostics)
    assert read.is_refused
