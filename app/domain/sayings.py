"""What the caller hears at each place in the call: keys of sentences and what fills them.

The sentences themselves stand in voice_prompts; where they are said, in call_flow.py. What
those hear whom we ring is whispers.py, and the end of a call closing_words.py.
"""

from app.domain.call import Leg, LegOutcome, RungAs
from app.domain.decision import TICKET_NUMBER, Sentence, Value
from app.domain.desk import Priority, Words
from app.domain.sight import Sight
from app.domain.words.priority_words import priority_name, spoken_definition

Says = tuple[Sentence, ...]


def say(sight: Sight, key: str, **values: Value) -> Sentence:
    """Make a sentence in the language of the call."""
    return Sentence(key, sight.call.language, tuple(values.items()))


def _desk_words(sight: Sight, words: Words) -> Says:
    """The desk's own words, in the caller's language or the first that the desk gives."""
    own = words.in_language(sight.call.language) or next((w for _, w in words.by_language), None)
    return (say(sight, "desk_words", words=own),) if own else ()


def desk_name(sight: Sight, language: str) -> Value:
    """The desk's name as it is spoken."""
    return sight.desk.spoken_name.in_language(language) or sight.desk.name


def unknown_line(sight: Sight) -> Says:
    """Nobody of ours has this number."""
    return (say(sight, "unknown_line"),)


def held_off(sight: Sight) -> Says:
    """No more calls from this number just now."""
    return (say(sight, "held_off"),)


def closed_to_caller(sight: Sight) -> Says:
    """Why this caller is not put through now, and that a message is kept."""
    if sight.call.caller.is_known:
        return (say(sight, "too_often_speak"),)
    return (say(sight, "withheld_closed", portal=sight.desk.portal),)


def same_case(sight: Sight) -> Says:
    """Is it the same case? 1 joins it, any other key is a new one."""
    before = sight.call.open_case
    return (say(sight, "same_case", ticket=before.number),) if before else ()


def greeting(sight: Sight) -> Says:
    """The desk's name, whom it does not serve, and the next language."""
    name = say(sight, "greeting", desk=desk_name(sight, sight.call.language))
    return (name, *_notices(sight), *offer(sight))


def _notices(sight: Sight) -> Says:
    """Whom the desk does not serve; one of them hears it once, a moment later (D2)."""
    caller = sight.call.caller.digits
    groups = {each.caller_class for each in sight.world.customers if each.answers_to(caller)}
    return tuple(
        sentence
        for refused in sight.desk.not_served
        if refused.caller_class not in groups
        for sentence in _desk_words(sight, refused.sentence)
    )


def offer(sight: Sight) -> Says:
    """The next language, offered in that language (key 9)."""
    language = next_language(sight)
    return (Sentence("offer_language", language),) if language else ()


def next_language(sight: Sight) -> str | None:
    """Return the language that 9 leads to, or None where the line has only one."""
    languages = sight.line.languages if sight.world.line else ()
    if len(languages) < 2 or sight.call.language not in languages:
        return None
    return languages[(languages.index(sight.call.language) + 1) % len(languages)]


def ask_customer_number(sight: Sight) -> Says:
    """Customer number and #."""
    return (say(sight, "ask_customer_number"),)


def customer_number_unknown(sight: Sight) -> Says:
    """No such customer number."""
    return (say(sight, "customer_number_unknown"),)


def not_understood(sight: Sight) -> Says:
    """A key came that means nothing here."""
    return (say(sight, "not_understood"),)


def not_served(sight: Sight) -> Says:
    """Where callers of this class are helped instead (D2)."""
    group = sight.customer.caller_class if sight.customer else ""
    return tuple(
        sentence
        for refused in sight.desk.not_served
        if refused.caller_class == group
        for sentence in _desk_words(sight, refused.sentence)
    )


def no_telephone(sight: Sight) -> Says:
    """The agreement has no telephone; 0 leaves a message (A4)."""
    return (_portal(sight, "no_telephone"),)


def use_portal(sight: Sight) -> Says:
    """The network is there: the portal is the way (B2)."""
    return (_portal(sight, "use_portal"),)


def _portal(sight: Sight, key: str) -> Sentence:
    if sight.call.caller_told:
        return say(sight, f"{key}_sms")
    return say(sight, key, portal=sight.desk.portal)


def priority_menu(sight: Sight) -> Says:
    """The four levels by the desk's own names."""
    names = {
        level.value: priority_name(sight.desk, level, sight.call.language) for level in Priority
    }
    return (say(sight, "priority_menu", **names),)


def critical_confirm(sight: Sight) -> Says:
    """What critical means here; 1 confirms, 2 goes back."""
    meaning = spoken_definition(sight.desk, Priority.CRITICAL, sight.call.language)
    return (say(sight, "critical_confirm", definition=meaning),)


def network_question(sight: Sight) -> Says:
    """Is the network away (B2)?"""
    return (say(sight, "network_question"),)


def duty_menu(sight: Sight) -> Says:
    """1 confirms that it is critical, 2 goes to the support menu.

    Only critical faults are for the duty, unless some agreement lets other levels wake it.
    """
    key = "duty_menu_open" if sight.desk.wakes_beyond_critical else "duty_menu"
    return (say(sight, key, desk=desk_name(sight, sight.call.language)), *offer(sight))


def ticket_opened(sight: Sight) -> Says:
    """The ticket's number, once."""
    return (say(sight, "ticket_opened", ticket=TICKET_NUMBER),)


def ticket_registered(sight: Sight) -> Says:
    """That the case stands: its number is not told, since it may have been another's first."""
    return (say(sight, "ticket_registered"),)


def ringing(sight: Sight, legs: tuple[Leg, ...]) -> Says:
    """That somebody is rung now, or that the next one is tried."""
    rung_before = sight.call.legs[sight.call.round_start : len(sight.call.legs) - len(legs)]
    if rung_before:
        was_sent_on = rung_before[-1].outcome is LegOutcome.PASSED
        return (say(sight, "trying_next_sent_on" if was_sent_on else "trying_next"),)
    if sight.call.first_choice:
        return (say(sight, "reconnecting"),)
    if any(leg.callee.role is RungAs.HAS_CASE for leg in legs):
        return (say(sight, "we_ring_who_has_it"),)
    if any(leg.callee.role is RungAs.FIRST_LINE for leg in legs):
        return (*_desk_words(sight, sight.desk.while_waiting), say(sight, "we_ring_first_line"))
    return (say(sight, "we_ring_duty"),)


def no_keys_speak(sight: Sight) -> Says:
    """No key reaches us: say what it is after the tone."""
    return (say(sight, "no_keys_speak"),)


def no_keys_silence(sight: Sight) -> Says:
    """Nothing was heard."""
    return (say(sight, "no_keys_silence"),)


def message_seconds(sight: Sight) -> int:
    """Return how long a message may be."""
    return sight.desk.ceilings.message_seconds


def talk_ended(sight: Sight) -> Says:
    """1 connects again."""
    return (say(sight, "talk_ended"),)


def goodbye(sight: Sight) -> Says:
    """Goodbye."""
    return (say(sight, "goodbye"),)


def nothing(_sight: Sight) -> Says:
    """Nobody listens."""
    return ()
