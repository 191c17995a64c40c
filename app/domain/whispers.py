"""What those hear whom we ring: for whom, how bad, which key; then what it is about.

The sentences stand in voice_prompts/whisper.toml; what the keys do is legs.py and taking.py.
"""

from typing import Final

from app.domain.call import Callee, LegOutcome
from app.domain.decision import TICKET_NUMBER, Named, Sentence, Value
from app.domain.desk import Priority
from app.domain.sayings import Says, desk_name
from app.domain.sight import Sight
from app.domain.words.ordinals import nth
from app.domain.words.priority_words import priority_name

# How the whisper ends when nobody is connected: in a call, and in a round.
ENDS_OF_WHISPER: Final = {
    LegOutcome.LATE: ("whisper_late", "whisper_round_late"),
    LegOutcome.PASSED: ("whisper_passed", "whisper_round_passed"),
    LegOutcome.UNCONFIRMED: ("whisper_goodbye", "whisper_round_goodbye"),
}


def whisper(sight: Sight, callee: Callee) -> Says:
    """Desk, level and "press 1" first; then customer, ticket, the caller's number, and the keys."""
    return _round(sight, callee.language) if sight.call.round else _call(sight, callee)


def _call(sight: Sight, callee: Callee) -> Says:
    language, ticket = callee.language, sight.call.ticket
    is_again = sight.call.first_choice == callee.number
    return (
        _first(sight, language, "whisper_critical", "whisper_call"),
        *(_words(language, "whisper_same_caller") if is_again else ()),
        *_which_call(sight, language),
        _customer(sight, language),
        *(_words(language, "whisper_ticket", ticket=ticket_number(sight)) if ticket else ()),
        _caller(sight, language, "whisper_caller"),
        *_language(sight, language),
        *(_words(language, "whisper_no_keys") if ticket and ticket.no_keys else ()),
        *_note(sight, language),
        *_words(language, "whisper_keys"),
    )


def _round(sight: Sight, language: str) -> Says:
    """Nobody has taken the ticket: whoever is woken hears in one breath that it waits for them."""
    return (
        _first(sight, language, "whisper_round", "whisper_round_call"),
        *_words(language, "whisper_nobody_has_it", ticket=ticket_number(sight)),
        _customer(sight, language),
        _caller(sight, language, "whisper_called_from"),
        *_language(sight, language),
        *_note(sight, language),
        *round_keys(sight, language),
    )


def speaks_another(sight: Sight, language: str) -> bool:
    """Tell whether the caller's language is news to somebody who hears this one.

    It is where the caller chose another than the line's first, and between English and
    Norwegian; Bokmål and Nynorsk are understood by whoever speaks either.
    """
    theirs = sight.call.language
    return theirs != language and (theirs != sight.line.languages[0] or "en" in (theirs, language))


def _language(sight: Sight, language: str) -> Says:
    if not speaks_another(sight, language):
        return ()
    return _words(language, "whisper_language", speaks=Named(f"language.{sight.call.language}"))


def round_keys(sight: Sight, language: str) -> Says:
    """The keys of a round: 3 plays what the caller said, where they said something."""
    key = "whisper_round_keys_message" if sight.call.recording else "whisper_round_keys"
    return (Sentence(key, language),)


def too_late(sight: Sight, callee: Callee) -> Says:
    """The caller has hung up; or is past the ringing, with the ticket that it is about."""
    if sight.call.hung_up:
        return _words(callee.language, "whisper_caller_gone")
    if sight.call.ticket is None:
        return _words(callee.language, "whisper_passed")
    return _words(callee.language, "whisper_too_late", ticket=ticket_number(sight))


def whisper_end(sight: Sight, callee: Callee, outcome: LegOutcome) -> Says:
    """Say why the leg ends: somebody else was first, it is passed on, or no key came."""
    of_call, of_case = ENDS_OF_WHISPER[outcome]
    has_no_call = outcome is LegOutcome.LATE and sight.call.accepted_leg is None
    is_case = sight.call.round or has_no_call
    return (Sentence(of_case if is_case else of_call, callee.language),)


def you_have_it(sight: Sight, callee: Callee) -> Says:
    """The ticket is theirs. A caller who had just hung up is told of first."""
    gone = () if sight.call.round else _words(callee.language, "whisper_caller_left")
    return (*gone, *_words(callee.language, "whisper_you_have_it", ticket=ticket_number(sight)))


def may_call_caller(callee: Callee) -> Says:
    """3 calls the caller."""
    return _words(callee.language, "whisper_call_caller")


def cannot_call_caller(sight: Sight, callee: Callee) -> Says:
    """Why the caller is not called from here, and the number to dial where there is one."""
    number = sight.callers_number
    if number:
        why = _words(callee.language, "whisper_not_called", number=number)
    elif sight.call.caller.is_known:
        why = _words(callee.language, "whisper_not_called_shared")
    else:
        why = _words(callee.language, "whisper_not_called_withheld")
    return (*why, *_words(callee.language, "whisper_hear_again"))


def caller_away(callee: Callee) -> Says:
    """The talk is over, or the caller did not answer; 3 calls them again."""
    return _words(callee.language, "whisper_caller_away")


def we_call_caller(callee: Callee) -> Says:
    """The caller is rung now."""
    return _words(callee.language, "whisper_we_call_caller")


def we_call_you(callee: Callee) -> Says:
    """They are rung themselves in a moment: this leg cannot connect them with anybody else."""
    return _words(callee.language, "whisper_we_call_you")


def you_have_it_goodbye(callee: Callee) -> Says:
    """The ticket is theirs, and that is all."""
    return _words(callee.language, "whisper_you_have_it_goodbye")


def ticket_number(sight: Sight) -> int | str:
    """The ticket's number, or the place where it is filled in."""
    ticket = sight.call.ticket
    return (ticket.number if ticket else None) or TICKET_NUMBER


def _words(language: str, key: str, **values: Value) -> Says:
    return (Sentence(key, language, tuple(values.items())),)


def _first(sight: Sight, language: str, critical: str, other: str) -> Sentence:
    """What somebody who was asleep needs, in five seconds: which desk, how bad, which key."""
    ticket, desk = sight.call.ticket, desk_name(sight, language)
    priority = ticket.priority if ticket else Priority.MEDIUM
    if priority is Priority.CRITICAL:
        return Sentence(critical, language, (("desk", desk),))
    name = priority_name(sight.desk, priority, language)
    return Sentence(other, language, (("desk", desk), ("priority", name)))


def _which_call(sight: Sight, language: str) -> Says:
    ticket = sight.call.ticket
    if ticket is None or not ticket.joined:
        return ()
    return _words(language, "whisper_which_call", calls=nth(ticket.joined))


def _customer(sight: Sight, language: str) -> Sentence:
    if sight.customer is None:
        return Sentence("whisper_customer_unknown", language)
    name = sight.desk.customer_name(sight.customer)
    return Sentence("whisper_customer", language, (("customer", name),))


def _note(sight: Sight, language: str) -> Says:
    """What the desk wants the duty to know beside such a ticket."""
    note = duty_note(sight, language)
    return _words(language, "whisper_note", note=note) if note else ()


def duty_note(sight: Sight, language: str) -> str:
    """Return the desk's note about the call's ticket in the language; empty where it has none."""
    ticket = sight.call.ticket
    priority = ticket.priority if ticket else Priority.MEDIUM
    note = sight.desk.duty_note(sight.customer, sight.agreement.id, priority)
    usual = sight.line.languages[0]
    return (note.in_language(language) or note.in_language(usual) or "") if note else ""


def _caller(sight: Sight, language: str, key: str) -> Sentence:
    if not sight.callers_number:
        is_known = sight.call.caller.is_known
        return Sentence(f"whisper_caller_{'shared' if is_known else 'unknown'}", language)
    return Sentence(key, language, (("number", sight.callers_number),))
