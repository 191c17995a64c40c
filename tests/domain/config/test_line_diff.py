"""What differs between two texts is told by their lines, and nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as some

from app.domain.config.line_diff import LineSign, line_diff

TEXTS = some.lists(some.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_a_line_that_is_changed_goes_and_comes_with_its_numbers() -> None:
    [hunk] = line_diff("a\nb\nc\n", "a\nB\nc\nd\n")
    assert [(f"{line.sign}{line.text}", line.before, line.after) for line in hunk] == [
        (" a", 1, 1),
        ("-b", 2, None),
        ("+B", None, 2),
        (" c", 3, 3),
        ("+d", None, 4),
    ]


def test_the_same_text_differs_in_nothing() -> None:
    assert line_diff("a\nb\n", "a\nb\n") == ()


def test_far_from_one_another_they_are_told_apart() -> None:
    same = [f"{n}" for n in range(20)]
    hunks = line_diff("\n".join(["x", *same, "x"]), "\n".join(["y", *same, "y"]))
    assert len(hunks) == 2


@given(TEXTS, TEXTS)
def test_each_line_that_is_told_stands_where_it_says(before: str, after: str) -> None:
    old, new = before.splitlines(), after.splitlines()
    for hunk in line_diff(before, after):
        for line in hunk:
            assert line.before is None or old[line.before - 1] == line.text
            assert line.after is None or new[line.after - 1] == line.text
            assert (line.before is None) is (line.sign is LineSign.ADDED)
            assert (line.after is None) is (line.sign is LineSign.REMOVED)
