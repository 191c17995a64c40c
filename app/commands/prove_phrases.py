"""How a proof is told on a page: calls that go alike in one sentence, times as a usual week."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.domain.desks.desk import Desk, Priority
from app.domain.reasons import Code
from app.domain.simulate.proof.proof import Proof, Reach, SilentClass
from app.domain.simulate.proof.verdicts import CallAttempt
from app.domain.simulate.proof.weekly import Weekly, weekly
from app.domain.texts.plain import MONTHS, moment_text
from app.domain.time.intervals import Interval, Intervals, complement, total
from app.domain.time.wall_time import clock
from app.domain.time.weekdays import SHORT_WEEKDAYS

FEW: Final = 4  # stretches that are told one by one
DAYS_NAMED: Final = 8
MOST_OTHERS: Final = 90  # days that differ; with more of them there is no usual week

CAUSE_WORDS: Final = {
    Code.UNKNOWN_LINE: "no desk has the number",
    Code.BLOCKED: "the caller is blocked",
    Code.CALLS_TOO_OFTEN: "the caller calls too often",
    Code.NOT_SERVED: "the desk does not serve these callers",
    Code.AGREEMENT_HAS_NO_TELEPHONE: "the agreement includes no telephone",
    Code.NETWORK_THERE: "the portal is meant for it",
    Code.CUSTOMER_NUMBER_UNKNOWN: "nobody has the customer number",
    Code.NO_VALID_KEY: "no key came",
    Code.CLOSED: "closed",
    Code.DESK_HAS_NO_DUTY: "the desk has no duty",
    Code.AGREEMENT_WITHOUT_DUTY: "the agreement does not include the duty",
    Code.OUTSIDE_DUTY_HOURS: "outside duty hours",
    Code.PLANNED_GAP: "a planned gap of the duty",
    Code.NOT_CRITICAL: "the duty is not woken for it",
    Code.LEVEL_SLEEPS: "the agreement does not let it wake the duty",
    Code.NO_FIRST_LINE: "the first line has no telephone",
    Code.NOBODY_ON_DUTY: "nobody is on duty",
    Code.NOBODY_LEFT_TO_RING: "nobody is left to ring",
    Code.CEILING: "the ceiling of attempts is reached",
}


@dataclass(frozen=True, slots=True)
class Alike:
    """Calls that go the same way: for the same reasons at the same times, or never in vain."""

    attempts: tuple[CallAttempt, ...]
    silent: tuple[SilentClass, ...]  # of the first attempt, for all of them
    fewest: int


def alike(
    attempts: Iterable[CallAttempt], silent: Sequence[SilentClass], reaches: Sequence[Reach] = ()
) -> tuple[Alike, ...]:
    """Put calls together that end without a ring for the same reasons at the same times."""
    fewest = {reach.attempt: reach.fewest for reach in reaches}
    groups: dict[object, tuple[list[CallAttempt], tuple[SilentClass, ...]]] = {}
    for attempt in attempts:
        own = tuple(each for each in silent if each.attempt == attempt)
        same = tuple((each.causes, each.when, each.is_hole) for each in own)
        groups.setdefault(same, ([], own))[0].append(attempt)
    return tuple(
        Alike(tuple(each), own, min((fewest.get(attempt, 0) for attempt in each), default=0))
        for each, own in groups.values()
    )


def who(desk: Desk, attempts: Sequence[CallAttempt], among: Iterable[CallAttempt]) -> str:
    """Name calls as shortly as they can be told from others: "critical calls of Fast"."""
    of = {(a.caller.agreement, a.caller.is_unknown) for a in attempts}
    lines = {a.line for a in attempts}
    everybody = tuple(among)
    levels = [level.value for level in Priority if _has(attempts, level)]
    words = "all calls" if len(levels) == len(Priority) else f"{_and(levels)} calls"
    if of != {(a.caller.agreement, a.caller.is_unknown) for a in everybody}:
        words += f" of {_callers(desk, of)}"
    if lines != {a.line for a in everybody}:
        words += f" on {_lines(desk, lines)}"
    return words if len(levels) < len(Priority) else f"{words}, critical ones too,"


def parts(attempts: Sequence[CallAttempt]) -> Iterator[tuple[CallAttempt, ...]]:
    """Split calls so that in each part every line has the same callers and priorities."""
    callers: dict[tuple[str, Priority], list[str]] = {}
    for a in attempts:
        callers.setdefault((a.line, a.priority), []).append(_caller(a))
    levels: dict[tuple[str, tuple[str, ...]], list[Priority]] = {}
    for (line, priority), each in callers.items():
        levels.setdefault((line, tuple(each)), []).append(priority)
    lines: dict[tuple[tuple[str, ...], tuple[Priority, ...]], set[str]] = {}
    for (line, same_callers), of_line in levels.items():
        lines.setdefault((same_callers, tuple(of_line)), set()).add(line)
    for (same_callers, same_levels), same_lines in lines.items():
        yield tuple(
            a
            for a in attempts
            if a.line in same_lines and a.priority in same_levels and _caller(a) in same_callers
        )


def _caller(attempt: CallAttempt) -> str:
    return f"{attempt.caller.agreement} {attempt.caller.is_unknown}"


def why(silent: SilentClass) -> str:
    """What led to nobody: "closed, and the desk has no duty"."""
    words = [CAUSE_WORDS.get(code, code.value.replace("_", " ")) for code in silent.causes]
    if not words:
        return "nothing says why"
    return ", and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def telephones(count: int) -> str:
    """So many telephones."""
    return "1 telephone" if count == 1 else f"{count} telephones"


def hours(when: Intervals) -> str:
    """How long in all: `6 825 h`, under an hour in minutes."""
    length = total(when)
    if length < timedelta(hours=1):
        return f"{max(1, round(length / timedelta(minutes=1)))} min"
    count = round(length / timedelta(hours=1), 1)
    return f"{count:,.1f} h".replace(",", " ").replace(".0 ", " ")


def times(when: Intervals, proof: Proof) -> str:
    """When, in the desk's wall time, as shortly as it can be said truly."""
    span, zone = proof.span, proof.desk.time_zone
    if when == (span,):
        return "at any time"
    if len(when) <= FEW:
        return _and(stretch(each, zone) for each in when)
    otherwise = complement(when, span.from_, span.to)
    if len(otherwise) <= FEW:
        return f"at any time but {_and(stretch(each, zone) for each in otherwise)}"
    inside, outside = weekly(when, span, zone), weekly(otherwise, span, zone)
    if outside.usual and (not inside.usual or outside.pieces <= inside.pieces):
        return _usual("outside ", outside) or _the_first(when, zone)
    return _usual("", inside) or _the_first(when, zone)


def stretch(piece: Interval, zone: str) -> str:
    """One stretch: `Fri 4 Dec 2026 16:00 – Mon 7 Dec 2026 08:00`."""
    from_, to = moment_text(piece.from_, zone), moment_text(piece.to, zone)
    same_day = from_[:-5] == to[:-5]
    return f"{from_}–{to[-5:]}" if same_day else f"{from_} – {to}"


def _usual(outside: str, week: Weekly) -> str:
    if not week.usual or len(week.others) > MOST_OTHERS:
        return ""
    usual = ", ".join(
        f"{_weekdays(first, last)} {' and '.join(f'{clock(a)}–{clock(b)}' for a, b in spans)}"
        for first, last, spans in week.usual
    )
    return f"{outside}{usual}{_differing(week.others)}"


def _differing(days: tuple[date, ...]) -> str:
    if not days:
        return ""
    named = ", ".join(f"{day.day} {MONTHS[day.month - 1]}" for day in days[:DAYS_NAMED])
    more = ", …" if len(days) > DAYS_NAMED else ""
    count = "1 day differs" if len(days) == 1 else f"{len(days)} days differ"
    return f" ({count}: {named}{more})"


def _the_first(when: Intervals, zone: str) -> str:
    first = ", ".join(stretch(each, zone) for each in when[:FEW])
    return f"{first} and {len(when) - FEW} more times"


def _weekdays(first: int, last: int) -> str:
    from_, to = SHORT_WEEKDAYS[first], SHORT_WEEKDAYS[last]
    return from_ if first == last else f"{from_}–{to}"


def _callers(desk: Desk, of: set[tuple[str, bool]]) -> str:
    named = [each.name for each in desk.agreements if (each.id, False) in of]
    unknown = ["unknown callers"] if any(is_unknown for _, is_unknown in of) else []
    return _and((*named, *unknown))


def _lines(desk: Desk, numbers: set[str]) -> str:
    return _and(
        f"the {line.kind} line {line.public_number}"
        for line in desk.lines
        if line.number in numbers
    )


def _has(attempts: Sequence[CallAttempt], level: Priority) -> bool:
    return any(attempt.priority is level for attempt in attempts)


def _and(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
