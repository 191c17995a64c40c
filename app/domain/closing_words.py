"""How a call without a talk ends: why a message is taken, what happens next, and the last words.

What happens is what_follows.py's; the sentences stand in voice_prompts/call.toml.
"""

from typing import assert_never

from app.domain import forks
from app.domain.call import RungAs
from app.domain.callback import why_not_called_back
from app.domain.decision import TICKET_NUMBER, Sentence, Value
from app.domain.duty.duty_hours import next_duty
from app.domain.sayings import Says
from app.domain.sight import Sight
from app.domain.staffing import NO_DUTY_NOW, telephone_open
from app.domain.what_follows import (
    AnswerBy,
    ContactsAlerted,
    ContactsHaveBeenAlerted,
    DutyCalledAgain,
    Follows,
    SomebodyHasIt,
    TakenUpAt,
    Waits,
    at_the_desk,
    opens_next,
    promised,
    what_follows,
)


def message(sight: Sight) -> Says:
    """Why a message is taken, what happens next, what was promised, and the tone."""
    number = () if sight.call.caller.is_known else (_say(sight, "say_your_number"),)
    tone = (_say(sight, "speak_after_tone"), *number)
    next_ = () if _is_turned_away(sight) else before_the_tone(sight)
    return (*_why_message(sight), *next_, *tone)


def _is_turned_away(sight: Sight) -> bool:
    """Whether a limit kept the call from ringing anybody: the contacts are told of that."""
    rung = sight.call.legs[sight.call.round_start :]
    return sight.call.rate_limited is not None and not rung


def _why_message(sight: Sight) -> Says:
    if _is_turned_away(sight):
        return (_say(sight, "message_rate_limited"), *_contacts_are_told(sight))
    rung = {leg.callee.role for leg in sight.call.legs[sight.call.round_start :]}
    if rung - {RungAs.FIRST_LINE, RungAs.HAS_CASE}:
        return (_say(sight, "message_duty_silent"),)
    if rung:
        return (_say(sight, "message_nobody_free"),)
    answer = telephone_open(sight)
    if answer is None or answer:
        return ()
    opens = opens_next(sight)
    if opens is None or promised(sight) is None:  # the promise names the opening, once
        return (_say(sight, "message_closed_for_now"), *_no_duty_now(sight))
    return (_say(sight, "message_closed", opens=opens), *_no_duty_now(sight))


def _no_duty_now(sight: Sight) -> Says:
    """That nobody is on duty, and when somebody is again: for a case that wakes the duty then."""
    refusal, duty = forks.why_no_round(sight), sight.desk.duty
    if duty is None or refusal is None or refusal.code not in NO_DUTY_NOW:
        return ()
    calendars = sight.desk.telephone_calendars()
    begins, opens = next_duty(duty.hours, calendars, sight.now), opens_next(sight)
    follows = what_follows(sight)
    if isinstance(follows, DutyCalledAgain) and follows.begins:  # which is told next
        return (_say(sight, "message_no_duty"),)
    if begins is None or (opens and opens <= begins):  # the desk is there first, as is told next
        return (_say(sight, "message_no_duty"),)
    return (_say(sight, "message_no_duty_until", begins=begins),)


def message_taken(sight: Sight) -> Says:
    """Thanks, or that nothing was heard but the ticket stands; and what happens next."""
    heard = "message_taken" if sight.call.message_seconds >= 2 else "message_not_heard"
    return (_say(sight, heard), *_number_again(sight), *at_the_end(sight))


def _number_again(sight: Sight) -> Says:
    ticket = sight.call.ticket
    if sight.call.number_sent or ticket is None:
        return ()
    return (_say(sight, "ticket_again", ticket=ticket.number or TICKET_NUMBER),)


def call_too_long(sight: Sight) -> Says:
    """The call has had as many turns as a call may have."""
    closing = at_the_end(sight) if sight.world.desk else ()
    return (_say(sight, "call_too_long"), *closing)


def before_the_tone(sight: Sight) -> Says:
    """What happens next, with until when; and what was agreed."""
    follows = what_follows(sight)
    match follows:
        case DutyCalledAgain():
            return (*_rounds(sight, follows), *_agreed(sight))
        case ContactsAlerted() | ContactsHaveBeenAlerted():
            return (*_at_the_desk(sight), *_last(sight, follows))
        case SomebodyHasIt():
            return (*_last(sight, follows), *_opening(sight))
        case Waits():
            return ()  # the tone comes next, and what is said is kept with the case
        case AnswerBy() | TakenUpAt():
            return _last(sight, follows)
        case _:
            assert_never(follows)


def at_the_end(sight: Sight) -> Says:
    """The last thing a caller with a ticket hears: what happens next, in one breath."""
    return () if sight.call.ticket is None else _last(sight, what_follows(sight))


def _contacts_are_told(sight: Sight) -> Says:
    return (_say(sight, "contacts_are_told"),) if sight.desk.contacts else ()


def _last(sight: Sight, follows: Follows) -> Says:
    match follows:
        case DutyCalledAgain():
            return (_next_round(sight, follows), *_keep_phone_free(sight))
        case ContactsAlerted(None):
            return (_say(sight, "follows_contacts_now"),)
        case ContactsAlerted(at):
            return (_say(sight, "follows_contacts", at=at or sight.now),)
        case ContactsHaveBeenAlerted():
            return (_say(sight, "follows_contacts_told"),)
        case SomebodyHasIt():
            return (_say(sight, "follows_has_case"),)
        case AnswerBy(by):
            return (_say(sight, "promise_by", by=by),)
        case TakenUpAt(opens):
            return (_say(sight, "promise_open", opens=opens),)
        case Waits():
            return (_say(sight, "follows_waits"),)
        case _:
            assert_never(follows)


def _rounds(sight: Sight, follows: DutyCalledAgain) -> Says:
    if follows.begins:
        return (_say(sight, "rounds_from", begins=follows.begins),)
    key = "follows_rounds" if follows.then_contacts else "follows_rounds_only"
    return (_say(sight, key, until=follows.until),)


def _next_round(sight: Sight, follows: DutyCalledAgain) -> Sentence:
    if follows.begins:
        return _say(sight, "rounds_from", begins=follows.begins)
    if follows.goes_on:
        return _say(sight, "rounds_go_on")
    # Strangers' tickets wait for each other's rounds: no minutes can be promised.
    is_one_of_many = sight.is_stranger and _is_turned_away(sight)
    return _say(sight, "rounds_when_possible" if is_one_of_many else "rounds_begin")


def _keep_phone_free(sight: Sight) -> Says:
    """Whoever takes it can call the caller: only where that number may be called."""
    return () if why_not_called_back(sight) else (_say(sight, "keep_phone_free"),)


def _agreed(sight: Sight) -> Says:
    answer = at_the_desk(sight)
    return (_say(sight, "promise_by", by=answer.by),) if isinstance(answer, AnswerBy) else ()


def _opening(sight: Sight) -> Says:
    answer = at_the_desk(sight)
    opens = answer.opens if isinstance(answer, TakenUpAt) else None
    return (_say(sight, "promise_open", opens=opens),) if opens else ()


def _at_the_desk(sight: Sight) -> Says:
    answer = at_the_desk(sight)
    return () if isinstance(answer, Waits) else _last(sight, answer)


def _say(sight: Sight, key: str, **values: Value) -> Sentence:
    return Sentence(key, sight.call.language, tuple(values.items()))
