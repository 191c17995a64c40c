"""What the auditor, /readyz and /metrics judge by the same checks (domain/health), as lines."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.domain.health.checks import HealthFinding, judge
from app.domain.health.facts import ClockSkew, SystemFacts
from app.domain.health.thresholds import Part, Severity
from app.domain.message_refs import MessageRef, RefValue, ref
from app.preflight.finding import Finding, Mark, ok

MARKS = {Severity.WARNING: Mark.WARNING, Severity.ERROR: Mark.ERROR}


def health_lines(part: Part, facts: SystemFacts, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with a part, or that it is well; nothing where it was not asked."""
    findings = judge(facts, now).get(part)
    if findings is None:
        return
    if not findings:
        yield ok(_well(part, facts))
    for found in findings:
        yield _line(found, now)


def _well(part: Part, facts: SystemFacts) -> MessageRef:
    if part is Part.CLOCK:
        return ref("preflight.health_well.clock", reference=_reference(facts.clocks or ()))
    return ref(f"preflight.health_well.{part}")


def _reference(clocks: tuple[ClockSkew, ...]) -> RefValue:
    return tuple(dict.fromkeys(ref(f"preflight.clock_reference.{c.reference}") for c in clocks))


def _line(found: HealthFinding, now: datetime) -> Finding:
    values: dict[str, RefValue] = dict(found.values)
    if found.desk:
        values["desk"] = found.desk
    if found.since:
        values["age"] = age(now - found.since)
    values["silent"] = _silent(values)
    if "reference" in values:
        values |= _clock(values)
    what = ref(f"preflight.health.{found.code}", **values)
    do = ref(f"preflight.health_do.{found.code}", **values)
    return Finding(MARKS[found.rule.severity], what, do)


def _silent(values: dict[str, RefValue]) -> RefValue:
    """How long the last worker has been silent; nothing where there never was one."""
    return ref("preflight.silent_for", age=values["age"]) if "age" in values else ""


def _clock(values: dict[str, RefValue]) -> dict[str, RefValue]:
    seconds, machine = int(str(values["seconds"])), values["worker"]
    return {
        "seconds": abs(seconds),
        "clock": ref("preflight.clock_of", machine=machine)
        if machine
        else ref("preflight.clock_here"),
        "way": ref("preflight.clock_ahead") if seconds > 0 else ref("preflight.clock_behind"),
        "reference": ref(f"preflight.clock_reference.{values['reference']}"),
    }


def age(of: timedelta) -> MessageRef:
    """Write how long something has lasted, in the unit that fits."""
    minutes = int(of.total_seconds()) // 60
    if minutes < 2:
        return ref("preflight.seconds", count=round(of.total_seconds()))
    if minutes < 120:
        return ref("preflight.minutes", count=minutes)
    hours = minutes // 60
    return (
        ref("preflight.hours", count=hours)
        if hours < 48
        else ref("preflight.days", count=hours // 24)
    )
