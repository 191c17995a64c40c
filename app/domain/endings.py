"""When an alarm that the auditor does not find any more is over, and whether that is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.alarms import MANNERS, Alarm, AlarmKind
from app.domain.decision import Value
from app.domain.findings import LOOKS_BACK, Facts


@dataclass(frozen=True, slots=True)
class Ending:
    """An alarm is over. It is told only where that is known: some things are only forgotten."""

    told: bool
    values: tuple[tuple[str, Value], ...] = ()


FORGOTTEN: Final = Ending(told=False)


def ending(alarm: Alarm, told_at: datetime, facts: Facts, now: datetime) -> Ending | None:
    """Tell whether an alarm that is not found any more is over; None while it is not."""
    age = now - told_at
    if not MANNERS[alarm.kind].ends:
        return FORGOTTEN if age >= MANNERS[alarm.kind].quiet else None
    match alarm.kind:
        case AlarmKind.TICKET_UNANSWERED:
            return _ending_of_ticket(alarm, facts)
        case AlarmKind.NETWORK_AWAY if facts.sent_at is None or facts.sent_at <= told_at:
            return FORGOTTEN if age >= LOOKS_BACK else None
        case AlarmKind.WORKER_SILENT if age >= LOOKS_BACK:
            return FORGOTTEN
        case AlarmKind.SMS_OPTED_OUT:
            number, _, line = alarm.subject.partition(" ")
            return Ending(told=True, values=(("number", number), ("line", line)))
        case _:
            return Ending(told=True)


def _ending_of_ticket(alarm: Alarm, facts: Facts) -> Ending | None:
    who = dict(facts.taken).get(alarm.ticket or 0)
    if who is not None:
        return Ending(told=True, values=(("ticket", alarm.ticket or 0), ("who", who)))
    is_untaken = alarm.ticket in {ticket.number for ticket in facts.untaken}
    return None if is_untaken else FORGOTTEN
