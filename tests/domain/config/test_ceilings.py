"""[ceilings] in desk.toml: what a desk may set, and what is refused."""

import pytest

from app.domain.desks.desk import Ceilings
from tests.domain.config.desk_texts import DESK, folder
from tests.support.written import english


def test_a_desk_sets_how_often_one_number_may_call() -> None:
    read = folder(DESK + "\n[ceilings]\ncalls_per_hour = 40\n").desk
    assert read
    assert read.ceilings == Ceilings(calls_per_hour=40)


@pytest.mark.parametrize("value", ["2", "0", "-1", "1001", '"many"', "true"])
def test_a_ceiling_that_would_hold_off_everybody_or_nobody_is_refused(value: str) -> None:
    read = folder(DESK + f"\n[ceilings]\ncalls_per_hour = {value}\n")
    assert read.is_refused
    assert "calls_per_hour" in "".join(
        english(diagnostic.message) for diagnostic in read.diagnostics
    )
