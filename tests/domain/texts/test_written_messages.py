"""Messages written for somebody who runs the product: lists, plurals, figures, moments, signs."""

from datetime import UTC, datetime

import pytest

from app.domain.message_refs import MessageError, ref
from app.domain.texts.catalogue import MissingText, Texts

FILE = """
[found]
nb = "{count} {count:feil|feil} i {names:and}"
nn = "{count} {count:feil|feil} i {names:and}"
en = "{count} {count:error|errors} in {names:and}"

[choose]
nb = "velg {names:or}"
en = "choose {names:or}"

[all]
en = "all of {names}"

[took]
nb = "det tok {seconds} s, fra {at}"
en = "it took {seconds} s, from {at}"

[because]
en = "refused: {why}"

[list.and]
nb = "og"
nn = "og"
en = "and"

[list.or]
nb = "eller"
en = "or"
"""
TEXTS = Texts.read({"commands.toml": FILE})


@pytest.mark.parametrize(
    ("count", "names", "words"),
    [
        (1, ("desk.toml",), "1 error in desk.toml"),
        (0, ("a", "b"), "0 errors in a and b"),
        (2, ("a", "b", "c"), "2 errors in a, b and c"),
    ],
)
def test_a_plural_and_a_list_are_written_as_the_language_has_them(
    count: int, names: tuple[str, ...], words: str
) -> None:
    assert TEXTS.write(ref("found", count=count, names=names), "en") == words


def test_a_list_has_the_word_of_its_language_or_commas_alone() -> None:
    assert TEXTS.write(ref("choose", names=("nb", "nn")), "nb") == "velg nb eller nn"
    assert TEXTS.write(ref("choose", names=("nb", "nn")), "en") == "choose nb or nn"
    assert TEXTS.write(ref("all", names=("a", "b", "c")), "en") == "all of a, b, c"
    assert TEXTS.write(ref("all", names=()), "en") == "all of "


def test_a_figure_has_the_comma_of_its_language_and_a_moment_is_written_in_full() -> None:
    message = ref("took", seconds=6.42, at=datetime(2026, 11, 28, 14, 5, tzinfo=UTC))
    assert TEXTS.write(message, "en") == "it took 6.4 s, from 2026-11-28 14:05"
    assert TEXTS.write(message, "nb") == "det tok 6,4 s, fra 2026-11-28 14:05"


def test_a_message_in_a_message_is_filled_with_its_own_values() -> None:
    why = ref("found", count=1, names=("roster.toml",))
    assert TEXTS.write(ref("because", why=why), "en") == "refused: 1 error in roster.toml"


def test_a_sign_that_a_terminal_obeys_is_shown_by_its_code() -> None:
    assert TEXTS.write(ref("because", why="\x1b[2J\n"), "en") == "refused: [U+001B][2J[U+000A]"


def test_a_text_that_is_not_there_and_a_value_that_is_missing_are_named() -> None:
    with pytest.raises(MissingText, match="there is no text “nothing”"):
        TEXTS.write(ref("nothing"), "en")
    with pytest.raises(MissingText, match="needs a value for “why”"):
        TEXTS.write(ref("because"), "en")


def test_an_error_carries_its_message() -> None:
    with pytest.raises(MessageError) as refused:
        raise MessageError(ref("because", why="a"))
    assert refused.value.message == ref("because", why="a")
