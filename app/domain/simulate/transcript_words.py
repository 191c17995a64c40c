"""The words that begin the lines of a transcript, as codes and in a reader's language."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from app.domain.message_refs import MessageRef


class TranscriptWord(StrEnum):
    """What kind of line it is: as a told call writes it, and by which its word is found."""

    CALL = "call"
    HEARS = "hears"
    PRESS = "press"
    SILENCE = "silence"
    SPEAKS = "speaks"
    NOISE = "noise"
    HANGS_UP = "hangs up"
    RINGS = "rings"
    ACCEPTED = "accepted"
    PASSED = "passed"
    UNCONFIRMED = "unconfirmed"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    FAILED = "failed"
    CANCELLED = "cancelled"
    LATE = "late"
    TALKS = "talks"
    PLAYS = "plays"
    KEYS = "keys"
    TAKEN = "taken"
    PUT_OFF = "put_off"
    WHY = "why"
    DOES = "does"
    ROUND = "round"
    NEXT = "next"
    ENDS = "ends"

    @property
    def text(self) -> MessageRef:
        """Name the text that has it in a reader's language."""
        return MessageRef(f"transcript_word.{self.replace(' ', '_')}")


# Set in under the line that they belong to.
TRACE: Final = frozenset({TranscriptWord.WHY, TranscriptWord.DOES})
# Followed by what stands in one column, which begins behind the longest of them.
IN_COLUMN: Final = (
    TranscriptWord.CALL,
    TranscriptWord.HEARS,
    TranscriptWord.PRESS,
    TranscriptWord.SPEAKS,
    TranscriptWord.RINGS,
    TranscriptWord.TALKS,
    TranscriptWord.ROUND,
    TranscriptWord.NEXT,
    TranscriptWord.ENDS,
)

WriteWord = Callable[[TranscriptWord], str]


def worded(word: TranscriptWord, rest: str, write: WriteWord) -> str:
    """Pad the first word so that what follows stands in one column."""
    width = max(len(write(each)) for each in IN_COLUMN)
    indent = "  " if word in TRACE else ""
    return f"{indent}{write(word):<{width - len(indent)}} {rest}".rstrip()
