"""What happens with a ticket once its call is over: the same rules that will do it are asked.

Facts only; the messages that tell it to the caller are closing_prompts.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.callouts.calls_about import CallAbout, CallsAbout
from app.domain.callouts.next_call_out import (
    Escalate,
    LookAt,
    NextCallOut,
    RingNow,
    Stop,
    next_call_out,
    policy_of,
)
from app.domain.calls.call import Call
from app.domain.calls.context import CallContext
from app.domain.copies import replace
from app.domain.desks.call_out_policy import CallOutPolicy
from app.domain.desks.duty_hours import next_duty
from app.domain.health.alarms import can_be_alerted
from app.domain.health.thresholds import UNACKNOWLEDGED_FOR
from app.domain.tickets.ticket import Ticket, WakesDuty
from app.domain.time.hours import next_opening


@dataclass(frozen=True, slots=True)
class AlreadyAcknowledged:
    """Somebody has taken the ticket: nobody is called about it any more."""


@dataclass(frozen=True, slots=True)
class CallOutsFollow:
    """The duty is called in call-outs until somebody takes it; then perhaps contacts are alerted.

    `begins` is when the duty is there again, where it is not there now. `goes_on`: call-outs
    about the ticket have begun before this call.
    """

    until: datetime
    then_contacts: bool
    begins: datetime | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class ContactsAlerted:
    """The desk's contacts are alerted, unless somebody takes it before; None: at once."""

    at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactsHaveBeenAlerted:
    """The call-outs were over before this call, and the desk's contacts know."""


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """An answer was agreed."""

    by: datetime


@dataclass(frozen=True, slots=True)
class HandledFrom:
    """It is taken up when the desk opens."""

    opens: datetime


@dataclass(frozen=True, slots=True)
class WaitsForDesk:
    """It waits for somebody at the desk; nobody is called."""


FollowUp = (
    AlreadyAcknowledged
    | CallOutsFollow
    | ContactsAlerted
    | ContactsHaveBeenAlerted
    | AnswerBy
    | HandledFrom
    | WaitsForDesk
)


def follow_up_of(context: CallContext) -> FollowUp:
    """Say what happens with the call's ticket when the call ends now."""
    ticket = context.call.ticket
    if ticket is None:
        return at_the_desk(context)
    if _has_somebody(context):
        return AlreadyAcknowledged()
    if not ticket.is_urgent:
        return at_the_desk(context)
    match _next(context, ticket):
        case RingNow(unanswered=()) | LookAt(then=RingNow()):
            return _called_again(context, ticket)
        case Escalate() | LookAt(then=Escalate()):
            return _call_outs_are_over(context, ticket)
        case RingNow() | LookAt():
            return _called_when_duty_begins(context, ticket)
        case Stop():
            return _at_the_desk_or_contacts(context, ticket, _asked_first_at(context, ticket))


def at_the_desk(context: CallContext) -> AnswerBy | HandledFrom | WaitsForDesk:
    """Say what was agreed; else, while it is closed, when the desk opens."""
    by, opens = promised(context), opens_next(context)
    if by:
        return AnswerBy(by)
    return HandledFrom(opens) if opens and opens > context.now else WaitsForDesk()


def promised(context: CallContext) -> datetime | None:
    """Return by when an answer was agreed; None too where that lies before anybody works."""
    ticket, opens = context.call.ticket, opens_next(context)
    by = ticket.due.respond_by if ticket else None
    if by is None:
        return None
    is_closed = opens is not None and opens > context.now
    return None if is_closed and opens and by < opens else by


def opens_next(context: CallContext) -> datetime | None:
    """Return when the telephone of the caller's agreement is answered next: now, if it is open."""
    calendar = context.agreement.telephone_calendar
    return next_opening(context.desk.calendar(calendar), context.now) if calendar else None


def _has_somebody(context: CallContext) -> bool:
    """Whoever accepted in this call has it, also where the network never connected them."""
    call = context.call
    before = call.recent_ticket.acknowledged if _is_joined(context) and call.recent_ticket else None
    return bool(context.world.acknowledged_by or call.talked or call.hunt.unbridged or before)


def _is_joined(context: CallContext) -> bool:
    return bool(context.call.joined)


def _next(context: CallContext, ticket: Ticket) -> NextCallOut:
    """Ask the rules of the call-outs as if the call had ended now.

    Of a joined ticket only its opening is known: the next call-out is taken for as late as can be.
    """
    now, joined = context.now, _is_joined(context)
    about = CallsAbout(
        moved_at=now,
        calls=(CallAbout(ended_at=now),),
        last_began_at=now if joined else None,
    )
    if not joined:
        return _asked(context, ticket, about)
    confirmed = WakesDuty.CONFIRMED if context.call.for_duty else WakesDuty.BY_AGREEMENT
    step = _asked(context, replace(ticket, wakes_duty=confirmed), about)
    if not (_rings(step) and context.call.for_duty):
        return step
    # The ticket's first call may have come in on the other line.
    return _asked(context, replace(ticket, wakes_duty=WakesDuty.BY_AGREEMENT), about)


def _asked(context: CallContext, ticket: Ticket, about: CallsAbout) -> NextCallOut:
    policy = policy_of(ticket, about, context.world, context.now)
    return next_call_out(ticket, about, policy, context.now)


def _rings(step: NextCallOut) -> bool:
    then = step.then if isinstance(step, LookAt) else step
    return isinstance(then, RingNow)


def _called_again(context: CallContext, ticket: Ticket) -> FollowUp:
    until = _call_outs_end(context, ticket)
    return CallOutsFollow(until, can_be_alerted(context.desk), goes_on=_is_joined(context))


def _called_when_duty_begins(context: CallContext, ticket: Ticket) -> FollowUp:
    """The duty is not there: it is looked for every few minutes as long as call-outs may begin."""
    duty, until = context.desk.duty, _call_outs_end(context, ticket)
    if duty is None:
        return at_the_desk(context)
    begins = next_duty(duty.hours, context.desk.telephone_calendars(), context.now)
    if (
        begins
        and begins + timedelta(minutes=duty.call_outs_for(ticket.priority).every_minutes) <= until
    ):
        return CallOutsFollow(until, can_be_alerted(context.desk), begins, _is_joined(context))
    return _at_the_desk_or_contacts(context, ticket, until)


def _call_outs_are_over(context: CallContext, ticket: Ticket) -> FollowUp:
    if not can_be_alerted(context.desk):
        return at_the_desk(context)
    if not _is_joined(context):
        return ContactsAlerted(None)
    until = _call_outs_end(context, ticket)
    return ContactsHaveBeenAlerted() if until <= context.now else ContactsAlerted(until)


def _at_the_desk_or_contacts(context: CallContext, ticket: Ticket, at: datetime | None) -> FollowUp:
    """An urgent ticket that nobody takes is not left alone, also where no duty is called."""
    if not ticket.is_urgent or not can_be_alerted(context.desk):
        return at_the_desk(context)
    at = at or _asked_first_at(context, ticket)
    return ContactsAlerted(at) if at > context.now else ContactsHaveBeenAlerted()


def _asked_first_at(context: CallContext, ticket: Ticket) -> datetime:
    """When contacts know at the latest: call-outs that an earlier call began come before."""
    alone = ticket.opened_at + UNACKNOWLEDGED_FOR
    return max(alone, _call_outs_end(context, ticket)) if _is_joined(context) else alone


def _call_outs_end(context: CallContext, ticket: Ticket) -> datetime:
    duty = context.desk.duty
    call_outs = duty.call_outs_for(ticket.priority) if duty else CallOutPolicy()
    minutes = call_outs.for_minutes if call_outs.every_minutes else 0
    return ticket.opened_at + timedelta(minutes=minutes)


def call_about(call: Call) -> CallAbout:
    """Return what a call-out has to know of a call about its ticket."""
    return CallAbout(call.ended_at, call.recording if call.has_message else "")


def delays_call_outs(call: Call, opened_by: str) -> bool:
    """Tell whether a call-out waits for this call: the one that opened the ticket, or one that
    rings.

    Others only leave a message, or nothing: however many come, they put no call-out off.
    """
    return call.sid == opened_by or bool(call.legs)


def changes_what_is_next(before: Call, call: Call) -> bool:
    """Tell whether a turn changes what is next for its ticket.

    It does when the ticket is new to the call, and when a call about it has ended. A call that
    joined it and rings nobody puts nothing off.
    """
    ticket = call.ticket
    if ticket is None or not ticket.number or not ticket.is_urgent:
        return False
    if call.joined and not call.legs:
        return False
    is_news = before.ticket is None or not before.ticket.number
    return is_news or (call.has_ended and not before.has_ended)
