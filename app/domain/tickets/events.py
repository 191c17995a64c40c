"""What can happen to a ticket. Events are added, never changed; texts are in tickets.toml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.access.actor import Actor


class TicketEventKind(StrEnum):
    """What can happen to a ticket; who and what are told beside it."""

    OPENED = "opened"
    CALLED_AGAIN = "called_again"  # another call was about it
    CUSTOMER_CALLED = "customer_called"  # by somebody at the desk, and how that went
    SMS_RECEIVED = "sms_received"  # the caller wrote; the words are kept with the SMS
    ACKNOWLEDGED = "acknowledged"
    RESPONDED = "responded"  # the customer has heard from a human for the first time
    RELEASED = "released"  # given back: nobody has it
    PASSED_ON = "passed_on"  # given back, or never taken, so that the next one is rung about it
    RING_AGAIN = "ring_again"  # somebody of the duty is rung again in a while; nobody has it
    UNDONE = "undone"  # what somebody did by SMS was undone by somebody else, or themselves
    MOVED = "moved"  # to another state of the desk's workflow
    CHANGE_UNDONE = "change_undone"  # the last change, by whoever had made it
    COMMENTED = "commented"  # the words are kept beside it
    ATTACHED = "attached"  # files, by the customer
    ASSIGNED = "assigned"  # to somebody at the desk, or to nobody
    LINKED = "linked"  # with another ticket
    ROUTED = "routed"  # to a group of the desk
    CLOSED = "closed"
    PRIORITY_CHANGED = "priority_changed"
    WORKAROUND = "workaround"  # a temporary solution is in place
    WORKAROUND_WITHDRAWN = "workaround_withdrawn"  # it did not hold
    DATE_AGREED = "date_agreed"  # with the customer, instead of the target
    DATE_WITHDRAWN = "date_withdrawn"  # the target holds again
    TARGETS_CHANGED = "targets_changed"  # the desk's document, or the customer's agreement
    WORKFLOW_CHANGED = "workflow_changed"  # the desk's table: it stands in another state
    CLOCKS_STOPPED = "clocks_stopped"  # by such a change, and not by a move
    CLOCKS_STARTED = "clocks_started"
    TARGET_NEAR = "target_near"  # whoever has it is told before the target is missed
    TARGET_MISSED = "target_missed"  # from now on
    SILENT = "silent"  # whoever has it is reminded that the customer has heard nothing for long
    CUSTOMER_REMINDED = "customer_reminded"  # that the ticket waits for them
    CUSTOMER_NOT_REMINDED = "customer_not_reminded"  # they have neither mail nor mobile number
    ESCALATED = "escalated"  # a role is told that the target is missed, or will be
    ESCALATION_HELD = "escalation_held"
    ESCALATION_RELEASED = "escalation_released"
    MESSAGE_LEFT = "message_left"
    RECORDING_STORED = "recording_stored"
    RECORDING_LOST = "recording_lost"  # could not be fetched
    RECORDING_DELETED = "recording_deleted"  # it was kept as long as it may be
    CALL_OUT_UNANSWERED = "call_out_unanswered"  # the duty was rung about it, and nobody took it
    NOTIFICATION_FAILED = "notification_failed"  # could not be sent
    NOTIFICATION_DROPPED = "notification_dropped"  # had lost its use before it could be sent
    NOTIFICATION_UNDELIVERED = "notification_undelivered"  # was sent, and did not arrive
    ALARMED = "alarmed"  # the desk's contacts are told
    NOBODY_TO_ALARM = "nobody_to_alarm"  # the desk names no contacts


CUSTOMER: Final = "customer"  # how an event names whom a ticket is answered to

# What says that somebody was not told: lists of tickets can be asked for these alone.
FAILED_NOTIFICATIONS: Final = (
    TicketEventKind.NOTIFICATION_FAILED,
    TicketEventKind.NOTIFICATION_DROPPED,
    TicketEventKind.NOTIFICATION_UNDELIVERED,
)


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something that happened to a ticket; `who` is a name, `facts` what else is known."""

    at: datetime
    kind: TicketEventKind
    who: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


def event_by(
    kind: TicketEventKind, by: Actor, at: datetime, note: str = "", **facts: object
) -> TicketEvent:
    """Make the event of what somebody did; what is empty is left out."""
    more = {"note": note, "via": by.via}
    return TicketEvent(at, kind, by.name, {**facts, **{k: v for k, v in more.items() if v}})
