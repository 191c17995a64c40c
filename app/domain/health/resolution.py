"""When an alarm that the auditor does not find any more is over, and whether a message says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.health.alarms import ALARM_POLICIES, Alarm, AlarmKind
from app.domain.health.facts import HealthFacts
from app.domain.health.thresholds import LOOK_BACK
from app.domain.texts.message import Value


@dataclass(frozen=True, slots=True)
class Resolution:
    """An alarm is over. A message says so only where that is known; others are dropped silently."""

    notified: bool
    values: tuple[tuple[str, Value], ...] = ()


DROPPED: Final = Resolution(notified=False)


def resolution(
    alarm: Alarm, notified_at: datetime, facts: HealthFacts, now: datetime
) -> Resolution | None:
    """Tell whether an alarm that is not found any more is over; None while it is not."""
    age = now - notified_at
    if not ALARM_POLICIES[alarm.kind].can_resolve:
        return DROPPED if age >= ALARM_POLICIES[alarm.kind].repeat_interval else None
    match alarm.kind:
        case AlarmKind.TICKET_UNACKNOWLEDGED:
            return _resolution_of_ticket(alarm, facts)
        case AlarmKind.SHIFT_UNCONFIRMED:
            return _resolution_of_shift(alarm, facts)
        case AlarmKind.NETWORK_AWAY if facts.sent_at is None or facts.sent_at <= notified_at:
            return DROPPED if age >= LOOK_BACK else None
        case AlarmKind.WORKER_SILENT if age >= LOOK_BACK:
            return DROPPED
        case AlarmKind.SMS_OPTED_OUT:
            number, _, line = alarm.subject.partition(" ")
            return Resolution(notified=True, values=(("number", number), ("line", line)))
        case _:
            return Resolution(notified=True)


def _resolution_of_shift(alarm: Alarm, facts: HealthFacts) -> Resolution:
    """Confirmed, if late; or moved, given away or over, of which others hear by other ways."""
    for asked in facts.confirmed:
        if str(asked.shift) == alarm.subject:
            return Resolution(notified=True, values=(("name", asked.name), ("since", asked.since)))
    return DROPPED


def _resolution_of_ticket(alarm: Alarm, facts: HealthFacts) -> Resolution | None:
    who = dict(facts.acknowledged).get(alarm.ticket or 0)
    if who is not None:
        return Resolution(notified=True, values=(("ticket", alarm.ticket or 0), ("who", who)))
    is_unacknowledged = alarm.ticket in {found.ticket.number for found in facts.unacknowledged}
    return None if is_unacknowledged else DROPPED
