"""How a proof is told on a page: calls that go alike in one sentence, times as a usual week."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.desks.desk import Desk, LineKind, Priority
from app.domain.message_refs import MessageRef, RefValue, Value, ref
from app.domain.reasons import Code, text_key
from app.domain.simulate.proof.proof import Proof, Reach, SilentClass
from app.domain.simulate.proof.verdicts import CAUSES, CallAttempt
from app.domain.simulate.proof.weekly import Hours, Weekly, weekly
from app.domain.texts.written_moments import moment_ref
from app.domain.time.intervals import Interval, Intervals, complement, total
from app.domain.time.wall_time import WEEKDAY_CODES, clock

FEW: Final = 4  # stretches that are told one by one
DAYS_NAMED: Final = 8
MOST_OTHERS: Final = 90  # days that differ; with more of them there is no usual week

# A class holds calls of several numbers and priorities: these stand for theirs.
OF_A_CLASS: Final[dict[Code, dict[str, MessageRef]]] = {
    Code.CALLS_TOO_OFTEN: {"limit": ref("proof.too_many")},
    Code.LEVEL_SLEEPS: {"priority": ref("proof.such_a_case")},
}
LINES: Final = {
    LineKind.SUPPORT: "proof.support_line",
    LineKind.DUTY: "proof.duty_line",
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


def who(desk: Desk, attempts: Sequence[CallAttempt], among: Iterable[CallAttempt]) -> MessageRef:
    """Name calls as shortly as they can be told from others: "critical calls of Fast"."""
    of = {(a.caller.agreement, a.caller.is_unknown) for a in attempts}
    lines = {a.line for a in attempts}
    everybody = tuple(among)
    levels = tuple(_level(level) for level in Priority if _has(attempts, level))
    which: dict[str, RefValue] = {"callers": "", "lines": ""}
    if of != {(a.caller.agreement, a.caller.is_unknown) for a in everybody}:
        which["callers"] = ref("proof.of_callers", names=_callers(desk, of))
    if lines != {a.line for a in everybody}:
        which["lines"] = ref("proof.on_lines", names=_lines(desk, lines))
    if len(levels) == len(Priority):
        return ref("proof.all_calls", **which)
    return ref("proof.calls", levels=levels, **which)


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


def why(silent: SilentClass) -> MessageRef:
    """What led to nobody: "closed, and the desk has no duty"."""
    reasons = tuple(_cause(code) for code in silent.causes)
    if not reasons:
        return ref("proof.no_reason")
    if len(reasons) == 1:
        return reasons[0]
    return ref("proof.reasons", first=reasons[:-1], last=reasons[-1])


def _cause(code: Code) -> MessageRef:
    if code not in CAUSES:  # a call that ended without one of them: what it said last
        return ref("command.as_it_is", words=code.value)
    return MessageRef(text_key(code), tuple(OF_A_CLASS.get(code, {}).items()))


def hours(when: Intervals) -> MessageRef:
    """How long in all: `6 825 h`, under an hour in minutes."""
    length = total(when)
    if length < timedelta(hours=1):
        return ref("proof.minutes", count=max(1, round(length / timedelta(minutes=1))))
    whole, tenth = divmod(round(length / timedelta(hours=1) * 10), 10)
    grouped = f"{whole:,}".replace(",", " ")
    if tenth:
        return ref("proof.hours_and_tenth", whole=grouped, tenth=tenth)
    return ref("proof.hours", whole=grouped)


def times(when: Intervals, proof: Proof) -> MessageRef:
    """When, in the desk's wall time, as shortly as it can be said truly."""
    span, zone = proof.span, proof.desk.time_zone
    if when == (span,):
        return ref("proof.any_time")
    if len(when) <= FEW:
        return ref("proof.stretches", stretches=_stretches(when, zone))
    otherwise = complement(when, span.from_, span.to)
    if len(otherwise) <= FEW:
        return ref("proof.any_time_but", stretches=_stretches(otherwise, zone))
    inside, outside = weekly(when, span, zone), weekly(otherwise, span, zone)
    if outside.usual and (not inside.usual or outside.pieces <= inside.pieces):
        usual = _usual(outside)
        return ref("proof.outside", usual=usual) if usual else _the_first(when, zone)
    return _usual(inside) or _the_first(when, zone)


def stretch(piece: Interval, zone: str) -> MessageRef:
    """One stretch: `Fri 4 Dec 2026 16:00 – Mon 7 Dec 2026 08:00`."""
    from_, to = (at.astimezone(ZoneInfo(zone)) for at in (piece.from_, piece.to))
    begins = moment_ref(from_, zone)
    if from_.date() != to.date() or to.fold:
        return ref("proof.stretch", from_=begins, to=moment_ref(to, zone))
    return ref(
        "proof.stretch_of_a_day", from_=begins, hour=f"{to.hour:02}", minute=f"{to.minute:02}"
    )


def _stretches(when: Intervals, zone: str) -> tuple[MessageRef, ...]:
    return tuple(stretch(each, zone) for each in when)


def _usual(week: Weekly) -> MessageRef | None:
    if not week.usual or len(week.others) > MOST_OTHERS:
        return None
    return ref(
        "proof.usual_week",
        days=tuple(
            ref("proof.usual_day", days=_weekdays(first, last), hours=_day_hours(spans))
            for first, last, spans in week.usual
        ),
        differing=_differing(week.others),
    )


def _day_hours(spans: Hours) -> tuple[MessageRef, ...]:
    return tuple(ref("proof.from_to", from_=_clock(from_), to=_clock(to)) for from_, to in spans)


def _clock(minute: int) -> MessageRef:
    hour, _, past = clock(minute).partition(":")
    return ref("proof.clock", hour=hour, minute=past)


def _differing(days: tuple[date, ...]) -> MessageRef | str:
    if not days:
        return ""
    named = tuple(
        ref("proof.day", day=day.day, month=MessageRef(f"month_short.{day.month}"))
        for day in days[:DAYS_NAMED]
    )
    more = ("…",) if len(days) > DAYS_NAMED else ()
    return ref("proof.days_differ", count=len(days), days=(*named, *more))


def _the_first(when: Intervals, zone: str) -> MessageRef:
    return ref("proof.the_first", stretches=_stretches(when[:FEW], zone), count=len(when) - FEW)


def _weekdays(first: int, last: int) -> MessageRef:
    from_, to = (MessageRef(f"weekday_short.{WEEKDAY_CODES[day]}") for day in (first, last))
    return from_ if first == last else ref("proof.weekdays", from_=from_, to=to)


def _level(level: Priority) -> MessageRef:
    return ref("command.cell", words=MessageRef(f"priority.{level}"))


def _callers(desk: Desk, of: set[tuple[str, bool]]) -> tuple[Value, ...]:
    named = [each.name for each in desk.agreements if (each.id, False) in of]
    unknown = [ref("proof.unknown_callers")] if any(is_unknown for _, is_unknown in of) else []
    return (*named, *unknown)


def _lines(desk: Desk, numbers: set[str]) -> tuple[MessageRef, ...]:
    return tuple(
        ref(LINES[line.kind], number=line.public_number)
        for line in desk.lines
        if line.number in numbers
    )


def _has(attempts: Sequence[CallAttempt], level: Priority) -> bool:
    return any(attempt.priority is level for attempt in attempts)
