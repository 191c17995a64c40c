"""What is said while the database is away: a ticket has no number yet, and no round begins."""

from dataclasses import replace
from typing import Final

from app.domain.decision import TICKET_NUMBER, Bridge, Script, Sentence, Silent


def without_number(script: Script, *, sent: bool) -> Script:
    """Leave the ticket's number out of a script; `sent`: the caller gets it by SMS, later."""
    if isinstance(script, Bridge | Silent):
        return script
    says = tuple(said for each in script.says for said in _instead(each, sent))
    return replace(script, says=says)


# What the worker does with a ticket it does once the database has it: after the outage.
LATER: Final = {
    "follows_rounds": "follows_offline",
    "follows_rounds_only": "follows_offline",
    "rounds_begin": "follows_offline",
    "rounds_go_on": "follows_offline",
    "rounds_when_possible": "follows_offline",
    "rounds_from": "follows_offline",
    "keep_phone_free": None,
    "contacts_are_told": None,
    "follows_contacts": "follows_waits",
    "follows_contacts_now": "follows_waits",
}


def _instead(sentence: Sentence, sent: bool) -> tuple[Sentence, ...]:
    if sentence.key in LATER:
        key = LATER[sentence.key]
        return (Sentence(key, sentence.language),) if key else ()
    if all(value != TICKET_NUMBER for _, value in sentence.values):
        return (sentence,)
    if sentence.key != "ticket_opened":
        return ()
    return (Sentence("ticket_by_sms" if sent else "ticket_registered", sentence.language),)
