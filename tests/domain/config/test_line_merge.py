"""Two people change one text: both changes stand, and where they meet neither is lost."""

from hypothesis import given
from hypothesis import strategies as some

from app.domain.config.line_merge import Merge, marked_lines, merge_lines

BASE = "x = 0\na = 1\nb = 1\nc = 1\nd = 1\n"
TEXTS = some.lists(some.sampled_from(["a", "b", "c", "d"]), max_size=10).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


def merged(base: str, theirs: str, yours: str) -> tuple[Merge, str]:
    found = merge_lines(base, theirs, yours)
    return found, found.text("Anne Vik", "Kari Vik")


def test_changes_in_different_places_go_together() -> None:
    theirs, yours = BASE.replace("a = 1", "a = 2"), BASE.replace("d = 1", "d = 2\ne = 1")
    found, text = merged(BASE, theirs, yours)
    assert found.conflicts == ()
    assert text == "x = 0\na = 2\nb = 1\nc = 1\nd = 2\ne = 1\n"


def test_the_same_place_stands_twice_with_both_names() -> None:
    found, text = merged(BASE, BASE.replace("b = 1", "b = 2"), BASE.replace("b = 1", "b = 3"))
    [conflict] = found.conflicts
    assert (conflict.base, conflict.theirs, conflict.yours) == (("b = 1",), ("b = 2",), ("b = 3",))
    assert text == (
        "x = 0\na = 1\n<<<<<<< Anne Vik\nb = 2\n=======\nb = 3\n>>>>>>> Kari Vik\nc = 1\nd = 1\n"
    )
    assert marked_lines(text) == (3,)
    assert marked_lines("a\n=======\n>>>>>>> x\n") == (2, 3), "a mark that was left behind"


def test_what_one_takes_away_and_the_other_changes_is_a_conflict() -> None:
    found, text = merged(BASE, BASE.replace("b = 1\n", ""), BASE.replace("b = 1", "b = 3"))
    assert len(found.conflicts) == 1
    assert "b = 3" in text


def test_the_same_change_twice_is_one() -> None:
    both = BASE.replace("b = 1", "b = 2")
    assert merged(BASE, both, both)[1] == both


@given(TEXTS, TEXTS)
def test_the_change_of_one_alone_is_taken_as_it_is(base: str, changed: str) -> None:
    assert merged(base, changed, base)[1] == changed
    assert merged(base, base, changed)[1] == changed


@given(TEXTS, TEXTS, TEXTS)
def test_no_line_is_lost_and_none_is_made_up(base: str, theirs: str, yours: str) -> None:
    found = merge_lines(base, theirs, yours)
    parts = {"base": base, "theirs": theirs, "yours": yours}
    for name, text in parts.items():
        lines = [line for each in found.chunks for line in getattr(each, name)]
        assert lines == text.splitlines(), name
    for each in found.chunks:
        assert each.yours == tuple(yours.splitlines()[each.at - 1 :][: len(each.yours)])
