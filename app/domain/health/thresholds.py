"""Thresholds of checks and alarms: from when on something is wrong, how bad, and which alarm.

The checks are in checks.py and incidents.py; a number of minutes is changed here and nowhere
else. How often an alarm is repeated, and by which channel, is alarms.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum
from typing import Final

from app.domain.health.alarms import DAY, AlarmKind
from app.domain.time.clock_skew import MAY_DIFFER

LOOK_BACK: Final = DAY  # what is older was found before, or the system was not there
FACTS_WRITTEN_EVERY: Final = timedelta(minutes=5)
PUSH_WANTED_FOR: Final = timedelta(hours=1)  # after its last try: it is not wanted any more
HEARTBEAT_LASTS: Final = timedelta(minutes=1)  # a worker tells every few seconds that it lives

# Of incidents at a desk (incidents.py).
UNACKNOWLEDGED_FOR: Final = timedelta(minutes=15)  # a critical ticket about which nobody is rung
CALL_OUT_OVERDUE: Final = timedelta(minutes=10)  # so late is the next call-out: it does not come
IN_PLACE: Final = timedelta(minutes=10)  # longer than any ringing, menu or queue
ALARM_AFTER_ATTEMPTS: Final = 4  # tries of one job: about a quarter of a minute without the network


class Part(StrEnum):
    """What is judged."""

    DATABASE = "database"
    WORKER = "worker"
    OUTBOX = "outbox"
    RECORDINGS = "recordings"
    CLOCK = "clock"
    SNAPSHOT = "snapshot"
    JOURNAL = "journal"
    FALLBACK = "fallback"
    SMS = "sms"
    CALENDARS = "calendars"


class Severity(IntEnum):
    """How bad it is. An error: calls, or the people who should be rung, are lost until mended."""

    WARNING = 1
    ERROR = 2


class HealthCode(StrEnum):
    """What can be wrong."""

    DATABASE_AWAY = "database_away"
    NO_WORKER = "no_worker"
    WORKER_SILENT = "worker_silent"  # one of several
    OUTBOX_LATE = "outbox_late"
    RECORDINGS_STAY = "recordings_stay"  # at the network, though they are stored here
    CLOCK_DIFFERS = "clock_differs"
    CLOCK_FAR_OFF = "clock_far_off"
    SNAPSHOT_MISSING = "snapshot_missing"
    SNAPSHOT_OLD = "snapshot_old"
    JOURNAL_WAITS = "journal_waits"
    JOURNAL_UNREADABLE = "journal_unreadable"
    JOURNAL_DAMAGED = "journal_damaged"
    FALLBACK_MISSING = "fallback_missing"
    FALLBACK_EXPIRED = "fallback_expired"
    FALLBACK_NOT_RENEWED = "fallback_not_renewed"
    SMS_OPTED_OUT = "sms_opted_out"
    CALENDAR_NOT_READ = "calendar_not_read"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code is about, how bad it is, from when on, and which alarm the contacts get."""

    part: Part
    severity: Severity
    after: timedelta = timedelta(0)
    alarm: AlarmKind | None = None


_W, _E = Severity.WARNING, Severity.ERROR
RULES: Final[Mapping[HealthCode, Rule]] = {
    HealthCode.DATABASE_AWAY: Rule(Part.DATABASE, _E),
    HealthCode.NO_WORKER: Rule(Part.WORKER, _E, HEARTBEAT_LASTS, AlarmKind.WORKER_SILENT),
    HealthCode.WORKER_SILENT: Rule(Part.WORKER, _W, HEARTBEAT_LASTS, AlarmKind.WORKER_SILENT),
    HealthCode.OUTBOX_LATE: Rule(Part.OUTBOX, _E, timedelta(minutes=5), AlarmKind.OUTBOX_LATE),
    HealthCode.RECORDINGS_STAY: Rule(
        Part.RECORDINGS, _W, timedelta(hours=1), AlarmKind.RECORDINGS_STAY
    ),
    HealthCode.CLOCK_DIFFERS: Rule(Part.CLOCK, _W, MAY_DIFFER, AlarmKind.CLOCK_WRONG),
    # Shifts and hours would begin at the wrong time.
    HealthCode.CLOCK_FAR_OFF: Rule(Part.CLOCK, _E, timedelta(seconds=10), AlarmKind.CLOCK_WRONG),
    # No alarm: a worker's own machine needs no copy where no web runs.
    HealthCode.SNAPSHOT_MISSING: Rule(Part.SNAPSHOT, _W),
    HealthCode.SNAPSHOT_OLD: Rule(
        Part.SNAPSHOT, _W, 3 * FACTS_WRITTEN_EVERY, AlarmKind.SNAPSHOT_OLD
    ),
    # The journal is brought in within seconds.
    HealthCode.JOURNAL_WAITS: Rule(
        Part.JOURNAL, _W, timedelta(minutes=10), AlarmKind.JOURNAL_WAITS
    ),
    HealthCode.JOURNAL_UNREADABLE: Rule(Part.JOURNAL, _E),
    HealthCode.JOURNAL_DAMAGED: Rule(Part.JOURNAL, _E, alarm=AlarmKind.JOURNAL_DAMAGED),
    HealthCode.FALLBACK_MISSING: Rule(Part.FALLBACK, _E),
    HealthCode.FALLBACK_EXPIRED: Rule(Part.FALLBACK, _E),
    # Several tries.
    HealthCode.FALLBACK_NOT_RENEWED: Rule(
        Part.FALLBACK, _W, timedelta(minutes=2), AlarmKind.LIFELINE_OLD
    ),
    HealthCode.SMS_OPTED_OUT: Rule(Part.SMS, _E, alarm=AlarmKind.SMS_OPTED_OUT),
    # Whoever publishes it is away now and then, and what it told last holds meanwhile.
    HealthCode.CALENDAR_NOT_READ: Rule(
        Part.CALENDARS, _W, timedelta(hours=3), AlarmKind.CALENDAR_NOT_READ
    ),
}
