"""Alarms to a desk's contacts: each kind, its policy, and the messages.

Frozen facts and sentences only. Who finds it is actions/health/audit.py; who sends it, the worker.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.desks.desk import AlarmContact, Desk
from app.domain.numbers import mask, parse_number
from app.domain.texts.message import Message, MessageRef, Value
from app.domain.tickets.ticket import Ticket


class AlarmKind(StrEnum):
    """Everything that a desk's contacts are alarmed about."""

    TICKET_UNACKNOWLEDGED = "ticket_unacknowledged"  # critical, and nobody has acknowledged it
    CALLS_FAILED = "calls_failed"  # callers who got neither a human, a message nor an answer
    CALLS_HANG = "calls_hang"  # began, and no end was ever reported
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
    CALENDAR_NOT_READ = "calendar_not_read"  # of somebody's absences
    SHIFT_UNCONFIRMED = "shift_unconfirmed"  # somebody who was asked to confirm it has not
    LIFELINE_OLD = "lifeline_old"  # what the network keeps for when the whole site is down


class Channel(StrEnum):
    """A way to somebody."""

    SMS = "sms"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class AlarmPolicy:
    """How a kind of alarm is sent.

    `repeat_interval` is how long the same alarm is not sent again. `can_resolve`: it can
    be over, and a message says so. `channels` are more than one, since one of them may be what
    is broken.
    """

    repeat_interval: timedelta
    can_resolve: bool = True
    channels: frozenset[Channel] = frozenset(Channel)

    @property
    def reopen_interval(self) -> timedelta:
        """Return when it may be sent again although it was resolved: its contacts believe that."""
        return min(REOPEN_INTERVAL, self.repeat_interval)

    def is_told_again(
        self, notified_at: datetime, resolved_at: datetime | None, now: datetime
    ) -> bool:
        """Tell whether contacts who were told of it then are told of it once more."""
        if notified_at <= now - self.repeat_interval:
            return True
        return resolved_at is not None and notified_at <= now - self.reopen_interval


HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
ONCE: Final = timedelta(days=365)
REOPEN_INTERVAL: Final = HOUR  # at most so often an alarm that was resolved is sent again

ALARM_POLICIES: Final = {
    AlarmKind.TICKET_UNACKNOWLEDGED: AlarmPolicy(ONCE),
    AlarmKind.CALLS_FAILED: AlarmPolicy(HOUR, can_resolve=False),
    AlarmKind.CALLS_HANG: AlarmPolicy(HOUR, can_resolve=False),
    AlarmKind.MESSAGE_GIVEN_UP: AlarmPolicy(HOUR, can_resolve=False),
    # An SMS about it would come when it is over.
    AlarmKind.NETWORK_AWAY: AlarmPolicy(HOUR, channels=frozenset({Channel.MAIL})),
    AlarmKind.OUTBOX_LATE: AlarmPolicy(DAY),
    AlarmKind.RECORDINGS_STAY: AlarmPolicy(DAY, channels=frozenset({Channel.MAIL})),
    AlarmKind.SNAPSHOT_OLD: AlarmPolicy(DAY),
    AlarmKind.JOURNAL_WAITS: AlarmPolicy(DAY),
    AlarmKind.JOURNAL_DAMAGED: AlarmPolicy(HOUR, can_resolve=False),
    AlarmKind.CLOCK_WRONG: AlarmPolicy(DAY),
    AlarmKind.WORKER_SILENT: AlarmPolicy(DAY),
    AlarmKind.STRANGER_FLOOD: AlarmPolicy(HOUR, can_resolve=False),
    AlarmKind.SMS_OPTED_OUT: AlarmPolicy(DAY),
    AlarmKind.RINGS_USED_UP: AlarmPolicy(HOUR, can_resolve=False),
    AlarmKind.CALENDAR_NOT_READ: AlarmPolicy(DAY, channels=frozenset({Channel.MAIL})),
    AlarmKind.SHIFT_UNCONFIRMED: AlarmPolicy(ONCE),
    AlarmKind.LIFELINE_OLD: AlarmPolicy(DAY),
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
class AlarmMessage:
    """A message to one contact by one channel. An SMS has no subject."""

    channel: Channel
    contact: AlarmContact
    to: str
    body: Message
    subject: Message | None = None


def ticket_unacknowledged(ticket: Ticket, customer: str | None, since: datetime) -> Alarm:
    """Make the alarm that nobody has acknowledged an urgent ticket; the number is masked."""
    values: list[tuple[str, Value]] = [
        ("ticket", ticket.number),
        ("caller", _reported_by(ticket)),
        ("since", since),
        ("priority", MessageRef(f"priority.{ticket.priority}")),
    ]
    if customer:
        values.append(("customer", customer))
    return Alarm(
        AlarmKind.TICKET_UNACKNOWLEDGED, str(ticket.number), tuple(values), ticket=ticket.number
    )


def _reported_by(ticket: Ticket) -> Value:
    digits = ticket.contact.number.digits
    return masked(digits) if digits or ticket.is_from_caller else MessageRef("reported_by_desk")


def masked(caller: str) -> Value:
    """Return a caller's number as contacts see it."""
    return mask(caller) if caller else MessageRef("caller_unknown")


def can_be_alerted(desk: Desk) -> bool:
    """Tell whether the desk names somebody whom an alarm can reach."""
    return any(parse_number(c.phone).can_receive_sms or c.email for c in desk.contacts)


def alarm_messages(desk: Desk, alarm: Alarm) -> Iterator[AlarmMessage]:
    """Yield an alarm's message to each of the desk's contacts, by every channel they have."""
    short, long = _sentence(desk, "alarm", alarm), _sentence(desk, "alarm_mail", alarm)
    yield from _messages(desk, alarm, short, long)


def resolved_messages(desk: Desk, alarm: Alarm) -> Iterator[AlarmMessage]:
    """Yield the message to each contact that it is over; none where that is not sent."""
    if ALARM_POLICIES[alarm.kind].can_resolve:
        over = _sentence(desk, "alarm_over", alarm)
        yield from _messages(desk, alarm, over, over)


def messages_to_contacts(desk: Desk, message: Message) -> Iterator[AlarmMessage]:
    """Yield what tells each contact the same, by every channel they have."""
    yield from _by_channels(desk, frozenset(Channel), message, message)


def _messages(desk: Desk, alarm: Alarm, short: Message, long: Message) -> Iterator[AlarmMessage]:
    yield from _by_channels(desk, ALARM_POLICIES[alarm.kind].channels, short, long)


def _by_channels(
    desk: Desk, channels: frozenset[Channel], short: Message, long: Message
) -> Iterator[AlarmMessage]:
    for contact in desk.contacts:
        if Channel.SMS in channels and parse_number(contact.phone).can_receive_sms:
            yield AlarmMessage(Channel.SMS, contact, contact.phone, short)
        if Channel.MAIL in channels and contact.email:
            yield AlarmMessage(Channel.MAIL, contact, contact.email, long, short)


def _sentence(desk: Desk, family: str, alarm: Alarm) -> Message:
    values = (("desk", desk.name), *alarm.values)
    return Message(f"{family}.{alarm.kind}", desk.lines[0].languages[0], values)
