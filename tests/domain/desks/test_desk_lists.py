"""A file beside a list that a page has changed: it may go on, and undoes nothing."""

import pytest

from app.domain.desks.desk import FirstLinePhone
from app.domain.desks.desk_lists import Entries, lacks_edits

ONE, TWO, THREE, FOUR = (
    FirstLinePhone(f"Skranke {at}", f"+474900920{at}", "nb") for at in range(1, 5)
)


@pytest.mark.parametrize(
    ("entered", "file", "is_lost"),
    [
        ((ONE, TWO, THREE), (ONE, TWO), True),
        ((ONE, TWO, THREE), (ONE, TWO, THREE), False),
        ((ONE, TWO, THREE), (FOUR, ONE, THREE, TWO), False),  # exported, and changed once more
        ((ONE,), (ONE, TWO), True),
        ((ONE,), (ONE, FOUR), False),
        ((TWO, ONE), (ONE, TWO), True),
        ((TWO, ONE), (TWO, FOUR, ONE), False),
        ((ONE, TWO), (TWO,), False),  # nothing was changed on a page
    ],
)
def test_a_file_lacks_nothing_that_was_added_and_brings_nothing_back(
    entered: Entries, file: Entries, is_lost: bool
) -> None:
    assert lacks_edits((ONE, TWO), entered, file) is is_lost
