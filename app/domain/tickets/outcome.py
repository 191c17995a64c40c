"""What becomes of a ticket when something is done with it: the same shape as a call's Decision.

store/apply.py carries it out.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Literal

from app.domain.access.actor import Actor
from app.domain.desks.desk import Priority
from app.domain.tickets.comments import Comment
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.ticket import Ticket

# Calls about one ticket that are one mail: forty of them would hold up the alarms at a mail
# server that throttles.
MAIL_GROUPING: Final = timedelta(minutes=5)


class InboxEvent(StrEnum):
    """What a desk's inbox is told of."""

    OPENED = "opened"
    CALLED_AGAIN = "called_again"
    WRITTEN = "written"  # the caller wrote about it again
    MESSAGE = "message"  # spoken, and here to be heard
    MESSAGE_LOST = "message_lost"  # spoken, and could not be fetched
    PRIORITY_CHANGED = "priority_changed"
    COMMENTED = "commented"  # the customer wrote on it
    MOVED = "moved"  # the customer confirmed, approved, froze …, without a word
    ATTACHED = "attached"  # the customer put files on it


class ProgramEvent(StrEnum):
    """What a desk's program is told of beside that; people are told otherwise."""

    TARGET_NEAR = "target_near"
    TARGET_MISSED = "target_missed"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class NotifyInbox:
    """Tell the desk's inbox; `was` is the priority before, where that has changed."""

    event: InboxEvent
    was: Priority | None = None
    kind: Literal["notify_inbox"] = "notify_inbox"


@dataclass(frozen=True, slots=True)
class ReviewCallOuts:
    """Ask at once what is next for the ticket: callouts/next_call_out.py alone says so."""

    kind: Literal["review_call_outs"] = "review_call_outs"


@dataclass(frozen=True, slots=True)
class AddComment:
    """Keep what somebody wrote on the ticket."""

    comment: Comment
    by: Actor
    kind: Literal["add_comment"] = "add_comment"


@dataclass(frozen=True, slots=True)
class WithdrawComment:
    """Take back the last comment on the ticket: nobody has been told of it yet."""

    kind: Literal["withdraw_comment"] = "withdraw_comment"


@dataclass(frozen=True, slots=True)
class NotifyCustomer:
    """Tell whom to answer, by mail: what is told is gathered for a minute."""

    kind: Literal["notify_customer"] = "notify_customer"


TicketEffect = NotifyInbox | ReviewCallOuts | AddComment | WithdrawComment | NotifyCustomer


@dataclass(frozen=True, slots=True)
class Outcome:
    """The ticket as it is now, what happened to it, and what follows, in order."""

    ticket: Ticket
    events: tuple[TicketEvent, ...] = ()
    effects: tuple[TicketEffect, ...] = ()
