"""Reads what those did in a told call whom a call-out rang, or who pressed a key too late."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tests.support.walk_call_outs import CalledBack, LegAttempt

TALK: Final = re.compile(r"(\d+) s(, stays)?")
Deed = tuple[int, str, str]  # the line's number, its word, and the rest


class ToldCallError(ValueError):
    """A told call that cannot be read, with the number of its line."""


def attempts(deeds: Sequence[Deed]) -> tuple[LegAttempt, ...]:
    """Read a call-out: attempt after attempt, until somebody accepts; then what they do."""
    found: list[LegAttempt] = []
    keys = ""
    for deed in deeds:
        _, word, rest = deed
        if found and found[-1].status == "accepted":
            found[-1] = _afterwards(found[-1], deed)
        elif word == "keys":
            keys += _keys(deed)
        elif word != "rings":
            by = rest if word == "taken" else ""
            found.append(LegAttempt(_status(deed), keys, by=by))
            keys = ""
    return tuple(found)


def late_attempt(deeds: Sequence[Deed]) -> LegAttempt:
    """Read what somebody did whose caller had hung up."""
    late = LegAttempt("accepted")
    for deed in deeds:
        late = _afterwards(late, deed)
    return late


def _afterwards(attempt: LegAttempt, deed: Deed) -> LegAttempt:
    """Add what was done when the ticket was theirs: keys, and how calling the caller ended."""
    number, word, rest = deed
    match word:
        case "rings" | "hangs up":
            return attempt
        case "keys":
            return replace(attempt, after=attempt.after + _keys(deed))
        case "talks" if found := TALK.fullmatch(rest):
            return replace(attempt, back=(*attempt.back, CalledBack("talks", int(found[1]))))
        case "no_answer" | "busy" | "failed":
            return replace(attempt, back=(*attempt.back, CalledBack(word)))
        case _:
            raise ToldCallError(f"line {number}: nobody does `{word}` who has the ticket")


def _keys(deed: Deed) -> str:
    number, _, rest = deed
    if not re.fullmatch(r"[\d*#]+", rest):
        raise ToldCallError(f"line {number}: `keys` needs which: `keys   3`")
    return rest


def _status(deed: Deed) -> str:
    number, word, _ = deed
    if word not in ("accepted", "passed", "unconfirmed", "no_answer", "busy", "failed", "taken"):
        raise ToldCallError(f"line {number}: a call-out has no `{word}`")
    return word
