"""What the caller hears at each step of the call: keys of messages and what fills them.

The messages themselves stand in voice_prompts; where they are said, in calls/flows/caller.py. What
those hear whom we ring is whisper.py, and the end of a call closing_prompts.py.
"""

from collections.abc import Mapping
from typing import Final

from app.domain.calls import outages
from app.domain.calls.context import CallContext, NoSms
from app.domain.calls.staff import offer_staff_menu
from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name, spoken_definition
from app.domain.flow import Says
from app.domain.hunts.hunt import Leg, LegOutcome
from app.domain.reasons import Code, Reason
from app.domain.roles import Role
from app.domain.texts.localized_text import LocalizedText
from app.domain.texts.message import TICKET_NUMBER, Message, Value

NO_SMS: Final[Mapping[NoSms, str]] = {
    NoSms.CANNOT: "outage_no_sms",
    NoSms.SHARED: "outage_no_sms_here",
    NoSms.OPTED_OUT: "outage_opted_out",
}


def say(context: CallContext, key: str, **values: Value) -> Message:
    """Make a message in the language of the call."""
    return Message(key, context.call.language, tuple(values.items()))


def _desk_words(context: CallContext, words: LocalizedText) -> Says:
    """The desk's own words, in the caller's language or the first that the desk gives."""
    wanted = context.call.language
    own = words.in_language(wanted)
    language, said = (wanted, own) if own else next(iter(words.by_language), (wanted, ""))
    return (Message("desk_words", language, (("words", said),)),) if said else ()


def unknown_line(context: CallContext) -> Says:
    """Nobody of ours has this number."""
    return (say(context, "unknown_line"),)


def screened(context: CallContext) -> Says:
    """No more calls from this number just now."""
    return (say(context, "screened"),)


def closed_to_caller(context: CallContext) -> Says:
    """Why this caller is not put through now, and that a message is kept."""
    if context.call.caller.is_known:
        return (say(context, "too_often_speak"),)
    return (say(context, "withheld_closed", portal=context.desk.portal),)


def same_ticket(context: CallContext) -> Says:
    """Is it the same case? 1 joins it, any other key is a new one."""
    before = context.call.recent_ticket
    return (say(context, "same_ticket", ticket=before.number),) if before else ()


def greeting(context: CallContext) -> Says:
    """The desk's name, whom it does not serve, and the next language."""
    name = say(context, "greeting", desk=context.desk_name(context.call.language))
    return (
        name,
        *_notices(context),
        *outage(context),
        *offer(context),
        *offer_staff_menu(context),
    )


def outage(context: CallContext) -> Says:
    """Since when something is known to be wrong, what it is, and that 8 is told its end."""
    return _outage(context, "outage_known")


def duty_greeting(context: CallContext) -> Says:
    """What comes before the duty's menu: a known outage, of whose desk, and the staff's key."""
    name = context.desk_name(context.call.language)
    return (*_outage(context, "outage_known_at", desk=name), *offer_staff_menu(context))


def _outage(context: CallContext, key: str, **values: Value) -> Says:
    known, call = outages.told_outage(context), context.call
    if known is None or call.will_be_told or call.ticket or call.staff:
        return ()
    offer_sms = (say(context, "outage_offer"),) if context.caller_gets_sms else ()
    first = say(context, key, since=known.since, **values)
    return (first, *_desk_words(context, known.words), *offer_sms)


def noted(context: CallContext) -> Says:
    """An SMS comes when it is over, or has gone; 1 is for anything else."""
    known = outages.told_outage(context)
    is_open = known is not None and known.id == context.call.outage
    return (say(context, "outage_noted" if is_open else "outage_anything_else"),)


def not_noted(context: CallContext, why: Reason) -> Says:
    """Why no SMS comes: the outage is over, or none would reach the caller."""
    if why.code is Code.OUTAGE_OVER:
        return (say(context, "outage_is_over"),)
    return (say(context, NO_SMS[context.why_no_sms or NoSms.CANNOT]),)


def _notices(context: CallContext) -> Says:
    """Whom the desk does not serve; one of them hears it once, a moment later."""
    caller = context.call.caller.digits
    groups = {each.caller_class for each in context.world.customers if each.answers_to(caller)}
    return tuple(
        message
        for refused in context.desk.not_served
        if refused.caller_class not in groups
        for message in _desk_words(context, refused.message)
    )


def offer(context: CallContext) -> Says:
    """The next language, offered in that language (key 9)."""
    language = next_language(context)
    return (Message("offer_language", language),) if language else ()


def next_language(context: CallContext) -> str | None:
    """Return the language that 9 leads to, or None where the line has only one."""
    languages = context.line.languages if context.world.line else ()
    if len(languages) < 2 or context.call.language not in languages:
        return None
    return languages[(languages.index(context.call.language) + 1) % len(languages)]


def ask_customer_number(context: CallContext) -> Says:
    """Customer number and #."""
    return (say(context, "ask_customer_number"),)


def customer_number_unknown(context: CallContext) -> Says:
    """No such customer number."""
    return (say(context, "customer_number_unknown"),)


def not_understood(context: CallContext) -> Says:
    """A key came that means nothing here."""
    return (say(context, "not_understood"),)


def not_served(context: CallContext) -> Says:
    """Where callers of this class are helped instead."""
    group = context.customer.caller_class if context.customer else ""
    return tuple(
        message
        for refused in context.desk.not_served
        if refused.caller_class == group
        for message in _desk_words(context, refused.message)
    )


def no_telephone(context: CallContext) -> Says:
    """The agreement has no telephone; 0 leaves a message."""
    return (_portal(context, "no_telephone"),)


def use_portal(context: CallContext) -> Says:
    """The network is there: the portal is to be used."""
    return (_portal(context, "use_portal"),)


def _portal(context: CallContext, key: str) -> Message:
    if context.call.caller_notified:
        return say(context, f"{key}_sms")
    return say(context, key, portal=context.desk.portal)


def priority_menu(context: CallContext) -> Says:
    """The four levels by the desk's own names."""
    names = {
        level.value: priority_name(context.desk, level, context.call.language) for level in Priority
    }
    return (say(context, "priority_menu", **names),)


def critical_confirm(context: CallContext) -> Says:
    """What critical means here; 1 confirms, 2 goes back."""
    meaning = spoken_definition(context.desk, Priority.CRITICAL, context.call.language)
    return (say(context, "critical_confirm", definition=meaning),)


def network_question(context: CallContext) -> Says:
    """Is the network away?"""
    return (say(context, "network_question"),)


def duty_menu(context: CallContext) -> Says:
    """1 confirms that it is critical, 2 goes to the support menu.

    Only critical faults are for the duty, unless some agreement lets other levels wake it.
    """
    key = "duty_menu_open" if context.desk.wakes_beyond_critical else "duty_menu"
    return (say(context, key, desk=context.desk_name(context.call.language)), *offer(context))


def ticket_opened(context: CallContext) -> Says:
    """The ticket's number, once."""
    return (say(context, "ticket_opened", ticket=TICKET_NUMBER),)


def ticket_registered(context: CallContext) -> Says:
    """That the case stands: its number is not told, since it may have been another's first."""
    return (say(context, "ticket_registered"),)


def ringing(context: CallContext, legs: tuple[Leg, ...]) -> Says:
    """That somebody is rung now, or that the next one is tried."""
    rung_before = context.call.hunt.own_legs[: -len(legs)] if legs else context.call.hunt.own_legs
    if rung_before:
        was_sent_on = rung_before[-1].outcome is LegOutcome.PASSED
        return (say(context, "trying_next_sent_on" if was_sent_on else "trying_next"),)
    if context.call.hunt.first_choice:
        return (say(context, "reconnecting"),)
    if any(leg.callee.role is Role.TICKET_OWNER for leg in legs):
        return (say(context, "we_ring_ticket_owner"),)
    if any(leg.callee.role is Role.FIRST_LINE for leg in legs):
        return (
            *_desk_words(context, context.desk.while_waiting),
            say(context, "we_ring_first_line"),
        )
    return (say(context, "we_ring_duty"),)


def no_keys_speak(context: CallContext) -> Says:
    """No key reaches us: say what it is after the tone."""
    return (say(context, "no_keys_speak"),)


def no_keys_silence(context: CallContext) -> Says:
    """Nothing was heard."""
    return (say(context, "no_keys_silence"),)


def message_seconds(context: CallContext) -> int:
    """Return how long a message may be."""
    return context.desk.ceilings.message_seconds


def talk_ended(context: CallContext) -> Says:
    """1 connects again."""
    return (say(context, "talk_ended"),)


def goodbye(context: CallContext) -> Says:
    """Goodbye."""
    return (say(context, "goodbye"),)
