"""What is said while a ticket has no number yet: the house is without its database."""

from dataclasses import replace

from app.domain.decision import TICKET_NUMBER, Bridge, Script, Sentence, Silent


def without_number(script: Script, *, sent: bool) -> Script:
    """Leave the ticket's number out of a script; `sent`: the caller gets it by SMS, later."""
    if isinstance(script, Bridge | Silent):
        return script
    says = tuple(said for each in script.says for said in _instead(each, sent))
    return replace(script, says=says)


def _instead(sentence: Sentence, sent: bool) -> tuple[Sentence, ...]:
    if all(value != TICKET_NUMBER for _, value in sentence.values):
        return (sentence,)
    if sentence.key != "ticket_opened":
        return ()
    return (Sentence("ticket_by_sms" if sent else "ticket_registered", sentence.language),)
