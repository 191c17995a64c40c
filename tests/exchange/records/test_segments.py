"""How many parts a text message takes."""

import pytest

from exchange.records.messages import segments


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("ø" * 160, 1),
        ("ø" * 161, 2),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("–" * 70, 1),
        ("–" * 71, 2),
        ("a" * 153 * 3, 3),
    ],
)
def test_parts_of_a_text_message(text: str, parts: int) -> None:
    assert segments(text) == parts
