"""What can be wrong so that a desk's contacts are told: each kind, how it is told, and to whom.

Frozen facts and sentences only. Who finds it is actions/audit.py; who sends it, the worker.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.decision import Named, Sentence, Value
from app.domain.desk import AlarmContact, Desk, Priority
from app.domain.people import mask, parse_number


class AlarmKind(StrEnum):
    """Everything that a desk's contacts are told of."""

    TICKET_UNANSWERED = "ticket_unanswered"  # critical, and nobody has taken it
    CALLS_FAILED = "calls_failed"  # callers who got neither a human, a message nor an answer
    CALLS_HANG = "calls_hang"  # began, and their end was never told
    MESSAGE_GIVEN_UP = "message_given_up"  # will never be sent
    NETWORK_AWAY = "network_away"  # takes nothing that we send
    OUTBOX_LATE = "outbox_late"  # what is due is not sent
    RECORDINGS_STAY = "recordings_stay"  # at the network, though they are stored here
    SNAPSHOT_OLD = "snapshot_old"  # the copy that calls are decided on without the database
    JOURNAL_WAITS = "journal_waits"  # calls of an outage that the database does not take
    JOURNAL_DAMAGED = "journal_damaged"  # calls of an outage that cannot be read
    CLOCK_WRONG = "clock_wrong"  # a worker's, compared with the database's
    WORKER_SILENT = "worker_silent"  # one of several
    STRANGER_FLOOD = "stranger_flood"  # calls of strangers for which nobody was rung any more
    SMS_OPTED_OUT = "sms_opted_out"  # somebody of the duty, or a contact, gets no SMS any more
    RINGS_USED_UP = "rings_used_up"  # the same of known customers
    LIFELINE_OLD = "lifeline_old"  # what the network keeps for when the whole house is away


class Channel(StrEnum):
    """A way to somebody."""

    SMS = "sms"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Manner:
    """How a kind of alarm is told.

    `quiet` is how long nothing is said of the same thing again. `ends` tells that it can
    be over, which is told too. `channels` are more than one, since one of them may be what
    is broken.
    """

    quiet: timedelta
    ends: bool = True
    channels: frozenset[Channel] = frozenset(Channel)


HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ONCE: Final = timedelta(days=365)
COMES_BACK: Final = HOUR  # so often is told what was over and is wrong again

MANNERS: Final = {
    AlarmKind.TICKET_UNANSWERED: Manner(ONCE),
    AlarmKind.CALLS_FAILED: Manner(HOUR, ends=False),
    AlarmKind.CALLS_HANG: Manner(HOUR, ends=False),
    AlarmKind.MESSAGE_GIVEN_UP: Manner(HOUR, ends=False),
    # An SMS about it would come when it is over.
    AlarmKind.NETWORK_AWAY: Manner(HOUR, channels=frozenset({Channel.MAIL})),
    AlarmKind.OUTBOX_LATE: Manner(DAY),
    AlarmKind.RECORDINGS_STAY: Manner(DAY, channels=frozenset({Channel.MAIL})),
    AlarmKind.SNAPSHOT_OLD: Manner(DAY),
    AlarmKind.JOURNAL_WAITS: Manner(DAY),
    AlarmKind.JOURNAL_DAMAGED: Manner(HOUR, ends=False),
    AlarmKind.CLOCK_WRONG: Manner(DAY),
    AlarmKind.WORKER_SILENT: Manner(DAY),
    AlarmKind.STRANGER_FLOOD: Manner(HOUR, ends=False),
    AlarmKind.SMS_OPTED_OUT: Manner(DAY),
    AlarmKind.RINGS_USED_UP: Manner(HOUR, ends=False),
    AlarmKind.LIFELINE_OLD: Manner(DAY),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that is wrong. `subject` is what it is about, empty for the desk as a whole.

    Two alarms about the same thing are equal, whatever is told of it.
    """

    kind: AlarmKind
    subject: str = ""
    values: tuple[tuple[str, Value], ...] = field(default=(), compare=False)
    ticket: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What one contact is told by one channel. An SMS has no subject."""

    channel: Channel
    contact: AlarmContact
    to: str
    body: Sentence
    subject: Sentence | None = None


def ticket_unanswered(
    number: int, caller: str, customer: str | None, since: datetime, level: Priority
) -> Alarm:
    """Make the alarm that nobody has taken an urgent ticket; the caller's number is masked."""
    values: list[tuple[str, Value]] = [
        ("ticket", number),
        ("caller", masked(caller)),
        ("since", since),
        ("priority", Named(f"priority.{level}")),
    ]
    if customer:
        values.append(("customer", customer))
    return Alarm(AlarmKind.TICKET_UNANSWERED, str(number), tuple(values), ticket=number)


def masked(caller: str) -> Value:
    """Return a caller's number as contacts are told it."""
    return mask(caller) if caller else Named("caller_unknown")


def can_be_alerted(desk: Desk) -> bool:
    """Tell whether the desk names somebody whom an alarm can reach."""
    return any(parse_number(c.phone).can_receive_sms or c.email for c in desk.contacts)


def told_of(desk: Desk, alarm: Alarm) -> Iterator[Told]:
    """Yield what each of the desk's contacts is told of an alarm, by every channel they have."""
    short, long = _sentence(desk, "alarm", alarm), _sentence(desk, "alarm_mail", alarm)
    yield from _told(desk, alarm, short, long)


def told_over(desk: Desk, alarm: Alarm) -> Iterator[Told]:
    """Yield what each contact is told when it is over; nothing where that is not told."""
    if MANNERS[alarm.kind].ends:
        over = _sentence(desk, "alarm_over", alarm)
        yield from _told(desk, alarm, over, over)


def to_contacts(desk: Desk, sentence: Sentence) -> Iterator[Told]:
    """Yield what tells each contact the same, by every channel they have."""
    yield from _by_channels(desk, frozenset(Channel), sentence, sentence)


def _told(desk: Desk, alarm: Alarm, short: Sentence, long: Sentence) -> Iterator[Told]:
    yield from _by_channels(desk, MANNERS[alarm.kind].channels, short, long)


def _by_channels(
    desk: Desk, channels: frozenset[Channel], short: Sentence, long: Sentence
) -> Iterator[Told]:
    for contact in desk.contacts:
        if Channel.SMS in channels and parse_number(contact.phone).can_receive_sms:
            yield Told(Channel.SMS, contact, contact.phone, short)
        if Channel.MAIL in channels and contact.email:
            yield Told(Channel.MAIL, contact, contact.email, long, short)


def _sentence(desk: Desk, family: str, alarm: Alarm) -> Sentence:
    values = (("desk", desk.name), *alarm.values)
    return Sentence(f"{family}.{alarm.kind}", desk.lines[0].languages[0], values)
