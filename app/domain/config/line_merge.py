"""Two changes of one text put together, line by line: where both have changed the same, both stand.

As every tool that merges texts does it: lines next to one another count as the same place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from app.domain.config.line_diff import lines_of

Lines = tuple[str, ...]

# What stands around lines that both have changed: never TOML, so it cannot be saved as it is.
BEGIN: Final = "<<<<<<<"
BETWEEN: Final = "======="
END: Final = ">>>>>>>"


@dataclass(frozen=True, slots=True)
class MergeChunk:
    """Some lines of a text, and what two people have made of them; `at` is the first in `yours`."""

    base: Lines
    theirs: Lines
    yours: Lines
    at: int

    @property
    def is_conflict(self) -> bool:
        """Whether both have changed it, and not into the same."""
        return self.base != self.theirs != self.yours != self.base

    @property
    def merged(self) -> Lines:
        """What it is with both changes."""
        return self.yours if self.base == self.theirs else self.theirs


@dataclass(frozen=True, slots=True)
class Merge:
    """A whole text with both changes."""

    chunks: tuple[MergeChunk, ...]

    @property
    def conflicts(self) -> tuple[MergeChunk, ...]:
        """The places that both have changed."""
        return tuple(each for each in self.chunks if each.is_conflict)

    def text(self, their_name: str, your_name: str) -> str:
        """Return the text; around conflicts stand marks with the names of both."""
        lines: list[str] = []
        for each in self.chunks:
            if each.is_conflict:
                lines += (f"{BEGIN} {their_name}", *each.theirs, BETWEEN)
                lines += (*each.yours, f"{END} {your_name}")
            else:
                lines += each.merged
        return "".join(f"{line}\n" for line in lines)


def merge_lines(base: str, theirs: str, yours: str) -> Merge:
    """Put two changes of a text together."""
    texts = lines_of(base), lines_of(theirs), lines_of(yours)
    return Merge(tuple(_chunks(*texts)))


def marked_lines(text: str) -> tuple[int, ...]:
    """Return the numbers of the lines at which conflicts begin, or other marks of one stand."""
    lines = list(enumerate(lines_of(text), 1))
    begun = tuple(number for number, line in lines if line.startswith(BEGIN))
    return begun or tuple(number for number, line in lines if line.startswith((BETWEEN, END)))


def _chunks(base: list[str], theirs: list[str], yours: list[str]) -> Iterator[MergeChunk]:
    at = (0, 0, 0)
    for begin, length in _unchanged(base, theirs, yours):
        if at != begin:
            yield _chunk(base, theirs, yours, at, begin)
        at = (begin[0] + length, begin[1] + length, begin[2] + length)
        if length:
            yield _chunk(base, theirs, yours, begin, at)


def _chunk(
    base: list[str],
    theirs: list[str],
    yours: list[str],
    from_: tuple[int, int, int],
    to: tuple[int, int, int],
) -> MergeChunk:
    return MergeChunk(
        tuple(base[from_[0] : to[0]]),
        tuple(theirs[from_[1] : to[1]]),
        tuple(yours[from_[2] : to[2]]),
        from_[2] + 1,
    )


def _unchanged(
    base: list[str], theirs: list[str], yours: list[str]
) -> Iterator[tuple[tuple[int, int, int], int]]:
    """Where all three have the same lines, and how many; last where all of them end."""
    ours = SequenceMatcher(None, base, yours).get_matching_blocks()
    for one in SequenceMatcher(None, base, theirs).get_matching_blocks():
        for other in ours:
            begin = max(one.a, other.a)
            end = min(one.a + one.size, other.a + other.size)
            if begin < end:
                yield (begin, one.b + begin - one.a, other.b + begin - other.a), end - begin
    yield (len(base), len(theirs), len(yours)), 0
