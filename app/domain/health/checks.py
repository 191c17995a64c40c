"""Whether the installation is well: the checks over facts. From when on it is not: thresholds.py.

The auditor alarms about the findings, preflight prints them, /readyz answers and /metrics counts
from them. Pure. What happens at a desk stands in incidents.py.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.delivery_errors import delivery_error
from app.domain.health.facts import SystemFacts
from app.domain.health.thresholds import LOOK_BACK, RULES, HealthCode, Part, Rule, Severity
from app.domain.message_refs import RefValue
from app.domain.numbers import mask


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One thing that is wrong: of which desk (None is every desk's), about what, since when."""

    code: HealthCode
    desk: str | None = None
    subject: str = ""
    since: datetime | None = None
    values: tuple[tuple[str, RefValue], ...] = ()

    @property
    def rule(self) -> Rule:
        """Return what the table says of it."""
        return RULES[self.code]


# What was found of each part that was asked about; nothing found is well.
Judged = dict[Part, tuple[HealthFinding, ...]]
Check = Callable[[SystemFacts, datetime], Iterator[HealthFinding] | None]


def judge(facts: SystemFacts, now: datetime) -> Judged:
    """Judge every part of which something was gathered."""
    found = {part: check(facts, now) for part, check in CHECKS.items()}
    return {part: tuple(findings) for part, findings in found.items() if findings is not None}


def severity_of(findings: tuple[HealthFinding, ...]) -> Severity | None:
    """Return the worst of a part's findings; None where all is well."""
    return max((each.rule.severity for each in findings), default=None)


def _database(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    if facts.database_answers is None:
        return None
    away = () if facts.database_answers else (HealthFinding(HealthCode.DATABASE_AWAY),)
    return iter(away)


def _worker(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    return None if facts.heartbeats is None else _silent_workers(facts, now)


def _silent_workers(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding]:
    """Machines whose worker has not signed off, and on which none lives; the newest first."""
    last: dict[str, datetime] = {}
    for beat in facts.heartbeats or ():
        machine = _machine(beat.worker)
        last[machine] = max(beat.at, last.get(machine, beat.at))
    silent = {m: at for m, at in last.items() if _is_over(HealthCode.WORKER_SILENT, at, now)}
    if not last:
        yield HealthFinding(HealthCode.NO_WORKER)
    newest_first = sorted(silent.items(), key=lambda each: each[1], reverse=True)
    for number, (machine, since) in enumerate(newest_first):
        is_last_alive = number == 0 and len(silent) == len(last)
        code = HealthCode.NO_WORKER if is_last_alive else HealthCode.WORKER_SILENT
        yield HealthFinding(code, None, machine, since, (("worker", machine),))


def _outbox(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    outbox = facts.outbox
    return None if outbox is None else _too_old(HealthCode.OUTBOX_LATE, outbox.due_since, now)


def _recordings(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    if facts.outbox is None:
        return None
    return _too_old(HealthCode.RECORDINGS_STAY, facts.outbox.deletion_due_since, now)


def _clock(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    return None if facts.clocks is None else _wrong_clocks(facts)


def _wrong_clocks(facts: SystemFacts) -> Iterator[HealthFinding]:
    """Clocks that are not the reference's; which of the two is wrong is not known here."""
    wrong: dict[tuple[str, str], HealthFinding] = {}
    for clock in facts.clocks or ():
        code = _code_of_clock(abs(clock.ahead))
        if code is not None:
            machine = _machine(clock.machine)
            seconds = round(clock.ahead.total_seconds())
            values = (("worker", machine), ("seconds", seconds), ("reference", clock.reference))
            wrong[machine, clock.reference] = HealthFinding(code, None, machine, None, values)
    yield from wrong.values()


def _code_of_clock(differs: timedelta) -> HealthCode | None:
    if differs >= RULES[HealthCode.CLOCK_FAR_OFF].after:
        return HealthCode.CLOCK_FAR_OFF
    return HealthCode.CLOCK_DIFFERS if differs > RULES[HealthCode.CLOCK_DIFFERS].after else None


def _snapshot(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    if facts.snapshot is None:
        return None
    if facts.snapshot.written_at is None:
        return iter((HealthFinding(HealthCode.SNAPSHOT_MISSING),))
    return _too_old(HealthCode.SNAPSHOT_OLD, facts.snapshot.written_at, now)


def _journal(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    return None if facts.journal is None else _journal_troubles(facts, now)


def _journal_troubles(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding]:
    journal = facts.journal
    if journal is None:
        return
    yield from _too_old(HealthCode.JOURNAL_WAITS, journal.waiting_since, now)
    if not journal.is_readable:
        yield HealthFinding(HealthCode.JOURNAL_UNREADABLE)
    lost = [each for each in journal.damaged if each.lost and now - each.found_at <= LOOK_BACK]
    if lost:
        since, count = min(each.since for each in lost), sum(each.lost for each in lost)
        yield HealthFinding(HealthCode.JOURNAL_DAMAGED, since=since, values=(("count", count),))


def _fallback(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    return None if facts.fallbacks is None else _bad_fallbacks(facts, now)


def _bad_fallbacks(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding]:
    """Documents at the network that are not there, name an old duty, or cannot be renewed."""
    for each in facts.fallbacks or ():
        values = (("error", delivery_error(each.error)),)
        until, failing = each.valid_until, each.failing_since
        if until is None:
            yield HealthFinding(HealthCode.FALLBACK_MISSING, each.desk, "", None, values)
        elif until <= now:
            yield HealthFinding(HealthCode.FALLBACK_EXPIRED, each.desk, "", until, values)
        if failing and _is_over(HealthCode.FALLBACK_NOT_RENEWED, failing, now):
            yield HealthFinding(HealthCode.FALLBACK_NOT_RENEWED, each.desk, "", failing, values)


def _sms(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    """Somebody on the roster or a contact has sent STOP: no SMS of the night reaches them."""
    if facts.opted_out is None:
        return None
    return (
        HealthFinding(
            HealthCode.SMS_OPTED_OUT,
            each.desk,
            f"{mask(each.number)} {each.line}",
            values=(("who", each.who), ("line", each.line), ("number", each.number)),
        )
        for each in facts.opted_out
    )


def _calendars(facts: SystemFacts, now: datetime) -> Iterator[HealthFinding] | None:
    """Absences that are known as they were, and not as they are."""
    if facts.calendars is None:
        return None
    code = HealthCode.CALENDAR_NOT_READ
    return (
        HealthFinding(code, each.desk, each.person, each.since, (("who", each.who),))
        for each in facts.calendars
        if _is_over(code, each.since, now)
    )


CHECKS: Final[Mapping[Part, Check]] = {
    Part.DATABASE: _database,
    Part.WORKER: _worker,
    Part.OUTBOX: _outbox,
    Part.RECORDINGS: _recordings,
    Part.CLOCK: _clock,
    Part.SNAPSHOT: _snapshot,
    Part.JOURNAL: _journal,
    Part.FALLBACK: _fallback,
    Part.SMS: _sms,
    Part.CALENDARS: _calendars,
}


def _too_old(code: HealthCode, since: datetime | None, now: datetime) -> Iterator[HealthFinding]:
    if since is not None and _is_over(code, since, now):
        yield HealthFinding(code, since=since)


def _is_over(code: HealthCode, since: datetime, now: datetime) -> bool:
    return now - since > RULES[code].after


def _machine(worker: str) -> str:
    return worker.rpartition(":")[0] or worker
