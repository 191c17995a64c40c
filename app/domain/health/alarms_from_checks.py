"""Which alarms the findings about the installation are. What is told of them is the contacts'."""

from collections.abc import Iterator
from datetime import datetime

from app.domain.health.alarms import Alarm, AlarmKind
from app.domain.health.checks import HealthFinding, Judged
from app.domain.health.facts import HealthFacts
from app.domain.health.incidents import FoundAlarm
from app.domain.health.thresholds import LOOK_BACK
from app.domain.message_refs import MessageRef, Value
from app.domain.numbers import mask


def system_alarms(judged: Judged, facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Yield the alarm of each finding that has one."""
    for found in (each for findings in judged.values() for each in findings):
        kind = found.rule.alarm
        match kind:
            case None:
                continue
            case AlarmKind.JOURNAL_DAMAGED:
                yield from _damaged(facts, now)
            case AlarmKind.WORKER_SILENT if found.since is None or _is_forgotten(found, now):
                continue  # whoever asks is a worker; one that is long gone was taken away
            case _:
                values = tuple(_values(found))
                yield FoundAlarm(found.desk, Alarm(kind, found.subject[:64], values))


def _is_forgotten(found: HealthFinding, now: datetime) -> bool:
    return found.since is not None and now - found.since >= LOOK_BACK


def _values(found: HealthFinding) -> Iterator[tuple[str, Value]]:
    if found.since is not None:
        yield "since", found.since
    for name, value in found.values:
        if name == "number":
            yield name, mask(str(value))
        elif isinstance(value, str | int | MessageRef):
            yield name, value


def _damaged(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """What was found damaged since a desk's contacts were last notified of such."""
    kind = AlarmKind.JOURNAL_DAMAGED
    damaged = facts.system.journal.damaged if facts.system.journal else ()
    for desk in facts.desks:
        notified_at = facts.notified.get((desk.id, kind))
        new = [each for each in damaged if not (notified_at and each.found_at <= notified_at)]
        if any(each.lost for each in new):
            lost, since = sum(each.lost for each in new), min(each.since for each in new)
            yield FoundAlarm(desk.id, Alarm(kind, values=(("count", lost), ("since", since))))
