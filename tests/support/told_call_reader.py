"""Reads a told call back: the lines that somebody did are its script, the rest is computed.

The format is that of simulate/transcript.py. Wall time becomes an instant only when the desk's
zone is known.
After a bare `round`, and after `late` where the caller has hung up while it rang, stands what
those did who were rung (call_out_reader.py); `next` asks what would follow.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.numbers import (
    NOBODY,
    Number,
    NumberKind,
    parse_number,
)
from app.domain.simulate.simulation import STATUS, RingResult
from app.domain.texts.written_moments import MONTHS, SECOND_TIME
from app.domain.time.wall_time import SHORT_WEEKDAYS, ends_at, starts_at
from tests.support.call_out_reader import TALK, Deed, ToldCallError, attempts, late_attempt
from tests.support.walk_call_outs import LegAttempt

HEAD: Final = re.compile(r"call\s+(?P<to>[^,]+), from (?P<caller>[^,]+), (?P<at>.+)")
MOMENT: Final = re.compile(r"(\w{3}) (\d{1,2}) (\w{3}) (\d{4}) (\d\d):(\d\d)( \(second\))?")
NOBODY_CALLS: Final = {"withheld": NOBODY, "malformed": Number("", NumberKind.MALFORMED)}
SCRIPT_WORDS: Final = (
    "press", "silence", "speaks", "noise", "hangs up", "accepted", "talks", *STATUS,
    "late", "round", "keys", "taken",
)  # fmt: skip
OTHER_WORDS: Final = ("call", "given", "hears", "plays", "rings", "ends", "next")
NO_ANSWER: Final = RingResult("no_answer")


@dataclass(frozen=True, slots=True)
class ToldCall:
    """What a told call was given. `line` is `support`, `duty` or a number; `desk` may be empty."""

    desk: str
    line: str
    caller: Number
    wall_time: datetime  # naive, on the desk's wall
    is_second_time: bool
    answers: tuple[str, ...]
    ringing: tuple[RingResult, ...]
    late: LegAttempt | None = None  # what the last who was rung does when the caller has hung up
    call_outs: tuple[tuple[LegAttempt, ...], ...] = ()
    goes_on: bool = False  # what is next for the ticket is told, after its call-outs if it has any
    given: tuple[str, ...] = ()  # facts that hold in this story only
    story: tuple[str, ...] = ()  # the comment above it

    def at(self, time_zone: str) -> datetime:
        """Return the UTC instant at which the call comes in."""
        read = ends_at if self.is_second_time else starts_at
        return read(self.wall_time, ZoneInfo(time_zone))


def read_told_call(text: str) -> ToldCall:
    """Read the script out of a told call; TellingError says what is wrong in which line."""
    lines = list(enumerate(text.splitlines(), 1))
    story = tuple(line[1:].strip() for _, line in lines if line.startswith("#"))
    given = tuple(line.removeprefix("given").strip() for _, line in lines if _word(line) == "given")
    number, head = next(((n, line) for n, line in lines if _word(line) == "call"), (1, ""))
    found = HEAD.fullmatch(head.strip())
    if not found:
        raise ToldCallError(f"line {number}: a told call begins `call   DESK LINE, from …, …`")
    desk, _, line = found["to"].rpartition(" ")
    wall_time, second = _moment(number, found["at"])
    done, late, call_outs = _parts(list(_done(lines)))
    answers, ringing = _deeds(done)
    return ToldCall(
        desk=desk.strip(),
        line=line,
        caller=NOBODY_CALLS.get(found["caller"]) or parse_number(found["caller"]),
        wall_time=wall_time,
        is_second_time=second,
        answers=tuple(answers),
        ringing=tuple(ringing) or (NO_ANSWER,),
        late=late,
        call_outs=call_outs,
        goes_on=bool(call_outs) or any(_word(line) == "next" for _, line in lines),
        given=given,
        story=story,
    )


def _word(line: str) -> str:
    """Return the word that a line begins with, empty where it is no such line at all."""
    words = (*SCRIPT_WORDS, *OTHER_WORDS)
    return next((word for word in words if f"{line.rstrip()} ".startswith(f"{word} ")), "")


def _moment(number: int, text: str) -> tuple[datetime, bool]:
    found = MOMENT.fullmatch(text.strip())
    if not found or found[3] not in MONTHS:
        raise ToldCallError(f"line {number}: a moment is written `Sat 21 Nov 2026 23:10`")
    month = MONTHS.index(found[3]) + 1
    try:
        # Wall time: the zone is the desk's, which this text does not know.
        at = datetime(int(found[4]), month, int(found[2]), int(found[5]), int(found[6]))  # noqa: DTZ001
    except ValueError as error:
        raise ToldCallError(f"line {number}: {error}") from None
    if SHORT_WEEKDAYS[at.weekday()] != found[1]:
        raise ToldCallError(f"line {number}: that day is a {SHORT_WEEKDAYS[at.weekday()]}")
    return at, found[7] == SECOND_TIME


def _parts(
    done: list[Deed],
) -> tuple[list[Deed], LegAttempt | None, tuple[tuple[LegAttempt, ...], ...]]:
    """Divide what was done: in the call, late at its legs, and in each of its call-outs."""
    begins = [at for at, (_, word, _) in enumerate(done) if word == "round"]
    spans = pairwise((*begins, len(done)))
    call_outs = tuple(attempts(done[begin + 1 : end]) for begin, end in spans)
    call = done[: begins[0]] if begins else done
    late_at = next((at for at, (_, word, _) in enumerate(call) if word == "late"), None)
    if late_at is None:
        return call, None, call_outs
    return call[:late_at], late_attempt(call[late_at + 1 :]), call_outs


def _deeds(done: list[Deed]) -> tuple[list[str], list[RingResult]]:
    """Sort what was done into the caller's answers and the ends of ringing."""
    answers: list[str] = []
    ringing: list[RingResult] = []
    rings = False
    for number, word, rest in done:
        match word:
            case "rings":
                rings = True
            case "talks":
                ringing[-1:] = [_talk(number, rest, ringing)]
            case "hangs up" if rings:
                ringing.append(RingResult("caller_hangs_up"))
            case "accepted":
                ringing.append(RingResult("accepted"))
            case "press" | "silence" | "speaks" | "noise" | "hangs up":
                answers.append(_answer(number, word, rest))
            case _:
                ringing.append(RingResult(word))
        rings = word == "rings"
    return answers, ringing


def _done(lines: list[tuple[int, str]]) -> Iterator[Deed]:
    for number, line in lines:
        word = _word(line)
        if word == "rings" or word in SCRIPT_WORDS:
            yield number, word, line.removeprefix(word).strip()
        elif not word and line.strip() and not line.startswith(("#", " ")):
            raise ToldCallError(f"line {number}: a told call has no line `{line.split()[0]}`")


def _answer(number: int, word: str, rest: str) -> str:
    match word:
        case "press" if rest:
            return rest
        case "silence":
            return "-"
        case "speaks" if found := TALK.fullmatch(rest):
            return f"speak {found[1]}"
        case "noise" if found := TALK.fullmatch(rest):
            return f"noise {found[1]}"
        case "hangs up":
            return "hangup"
        case _:
            raise ToldCallError(f"line {number}: `{word}` needs what: `press  1`, `speaks 20 s`")


def _talk(number: int, rest: str, ringing: list[RingResult]) -> RingResult:
    found = TALK.fullmatch(rest)
    if not found or not ringing or ringing[-1].status != "accepted":
        raise ToldCallError(f"line {number}: `talks  95 s` stands under `accepted`")
    return RingResult("accepted", int(found[1]), caller_stays=bool(found[2]))
