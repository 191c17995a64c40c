"""How a call without a talk ends: why a message is taken, what happens next, and the last words.

What happens is follow_up.py's; the messages stand in voice_prompts/call.toml.
"""

from typing import assert_never

from app.domain.calls.context import CallContext
from app.domain.calls.follow_up import (
    AlreadyAcknowledged,
    AnswerBy,
    CallOutsFollow,
    ContactsAlerted,
    ContactsHaveBeenAlerted,
    FollowUp,
    HandledFrom,
    WaitsForDesk,
    at_the_desk,
    follow_up_of,
    opens_next,
    promised,
)
from app.domain.desks.duty_hours import next_duty
from app.domain.flow import Says
from app.domain.hunts.call_back import why_not_called_back
from app.domain.hunts.staffing import NO_DUTY_NOW, telephone_open
from app.domain.hunts.waking import why_no_call_out
from app.domain.roles import Role
from app.domain.texts.message import TICKET_NUMBER, Message, Value


def message(context: CallContext) -> Says:
    """Why a message is taken, what happens next, what was promised, and the tone."""
    number = () if context.call.caller.is_known else (_say(context, "say_your_number"),)
    tone = (_say(context, "speak_after_tone"), *number)
    next_ = () if _is_turned_away(context) else before_the_tone(context)
    return (*_why_message(context), *next_, *tone)


def _is_turned_away(context: CallContext) -> bool:
    """Whether a limit kept the call from ringing anybody: the contacts are told of that."""
    rung = context.call.hunt.own_legs
    return context.hunt.rate_limited is not None and not rung


def _why_message(context: CallContext) -> Says:
    if _is_turned_away(context):
        return (_say(context, "message_rate_limited"), *_contacts_are_told(context))
    rung = {leg.callee.role for leg in context.call.hunt.own_legs}
    if rung - {Role.FIRST_LINE, Role.TICKET_OWNER}:
        return (_say(context, "message_duty_silent"),)
    if rung:
        return (_say(context, "message_nobody_free"),)
    answer = telephone_open(context)
    if answer is None or answer:
        return ()
    opens = opens_next(context)
    if opens is None or promised(context) is None:  # the promise names the opening, once
        return (_say(context, "message_closed_for_now"), *_no_duty_now(context))
    return (_say(context, "message_closed", opens=opens), *_no_duty_now(context))


def _no_duty_now(context: CallContext) -> Says:
    """That nobody is on duty, and when somebody is again: for a case that wakes the duty then."""
    refusal, duty = why_no_call_out(context), context.desk.duty
    if duty is None or refusal is None or refusal.code not in NO_DUTY_NOW:
        return ()
    calendars = context.desk.telephone_calendars()
    begins, opens = next_duty(duty.hours, calendars, context.now), opens_next(context)
    follows = follow_up_of(context)
    if isinstance(follows, CallOutsFollow) and follows.begins:  # which is told next
        return (_say(context, "message_no_duty"),)
    if begins is None or (opens and opens <= begins):  # the desk is there first, as is told next
        return (_say(context, "message_no_duty"),)
    return (_say(context, "message_no_duty_until", begins=begins),)


def message_taken(context: CallContext) -> Says:
    """Thanks, or that nothing was heard but the ticket stands; and what happens next."""
    heard = "message_taken" if context.call.has_message else "message_not_heard"
    return (_say(context, heard), *_number_again(context), *at_the_end(context))


def _number_again(context: CallContext) -> Says:
    ticket = context.call.ticket
    if context.call.number_sent or ticket is None:
        return ()
    return (_say(context, "ticket_again", ticket=ticket.number or TICKET_NUMBER),)


def call_too_long(context: CallContext) -> Says:
    """The call has had as many turns as a call may have."""
    closing = at_the_end(context) if context.world.desk else ()
    return (_say(context, "call_too_long"), *closing)


def before_the_tone(context: CallContext) -> Says:
    """What happens next, with until when; and what was agreed."""
    follows = follow_up_of(context)
    match follows:
        case CallOutsFollow():
            return (*_call_outs(context, follows), *_agreed(context))
        case ContactsAlerted() | ContactsHaveBeenAlerted():
            return (*_at_the_desk(context), *_last(context, follows))
        case AlreadyAcknowledged():
            return (*_last(context, follows), *_opening(context))
        case WaitsForDesk():
            return ()  # the tone comes next, and what is said is kept with the case
        case AnswerBy() | HandledFrom():
            return _last(context, follows)
        case _:
            assert_never(follows)


def at_the_end(context: CallContext) -> Says:
    """The last thing a caller with a ticket hears: what happens next, in one breath."""
    return () if context.call.ticket is None else _last(context, follow_up_of(context))


def _contacts_are_told(context: CallContext) -> Says:
    return (_say(context, "contacts_are_told"),) if context.desk.contacts else ()


def _last(context: CallContext, follows: FollowUp) -> Says:
    match follows:
        case CallOutsFollow():
            return (_next_call_out(context, follows), *_keep_phone_free(context))
        case ContactsAlerted(None):
            return (_say(context, "follows_contacts_now"),)
        case ContactsAlerted(at):
            return (_say(context, "follows_contacts", at=at or context.now),)
        case ContactsHaveBeenAlerted():
            return (_say(context, "follows_contacts_told"),)
        case AlreadyAcknowledged():
            return (_say(context, "follows_acknowledged"),)
        case AnswerBy(by):
            return (_say(context, "promise_by", by=by),)
        case HandledFrom(opens):
            return (_say(context, "promise_open", opens=opens),)
        case WaitsForDesk():
            return (_say(context, "follows_waits"),)
        case _:
            assert_never(follows)


def _call_outs(context: CallContext, follows: CallOutsFollow) -> Says:
    if follows.begins:
        return (_say(context, "call_outs_from", begins=follows.begins),)
    key = "follows_call_outs" if follows.then_contacts else "follows_call_outs_only"
    return (_say(context, key, until=follows.until),)


def _next_call_out(context: CallContext, follows: CallOutsFollow) -> Message:
    if follows.begins:
        return _say(context, "call_outs_from", begins=follows.begins)
    if follows.goes_on:
        return _say(context, "call_outs_go_on")
    # Strangers' tickets wait for each other's call-outs: no minutes can be promised.
    is_one_of_many = context.is_stranger and _is_turned_away(context)
    return _say(context, "call_outs_when_possible" if is_one_of_many else "call_outs_begin")


def _keep_phone_free(context: CallContext) -> Says:
    """Whoever takes it can call the caller: only where that number may be called."""
    return () if why_not_called_back(context) else (_say(context, "keep_phone_free"),)


def _agreed(context: CallContext) -> Says:
    answer = at_the_desk(context)
    return (_say(context, "promise_by", by=answer.by),) if isinstance(answer, AnswerBy) else ()


def _opening(context: CallContext) -> Says:
    answer = at_the_desk(context)
    opens = answer.opens if isinstance(answer, HandledFrom) else None
    return (_say(context, "promise_open", opens=opens),) if opens else ()


def _at_the_desk(context: CallContext) -> Says:
    answer = at_the_desk(context)
    return () if isinstance(answer, WaitsForDesk) else _last(context, answer)


def _say(context: CallContext, key: str, **values: Value) -> Message:
    return Message(key, context.call.language, tuple(values.items()))
