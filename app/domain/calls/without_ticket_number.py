"""What is said while the database is away: a ticket has no number yet, and no call-out begins."""

from dataclasses import replace
from typing import Final

from app.domain.hunts.instructions import Bridge, Instruction, Silent
from app.domain.texts.message import TICKET_NUMBER, Message


def without_ticket_number(instruction: Instruction, *, sent: bool) -> Instruction:
    """Leave the ticket's number out of an instruction; `sent`: the caller gets it by SMS, later."""
    if isinstance(instruction, Bridge | Silent):
        return instruction
    says = tuple(said for each in instruction.says for said in _instead(each, sent))
    return replace(instruction, says=says)


# What the worker does with a ticket it does once the database has it: after the outage.
LATER: Final = {
    "follows_call_outs": "follows_offline",
    "follows_call_outs_only": "follows_offline",
    "call_outs_begin": "follows_offline",
    "call_outs_go_on": "follows_offline",
    "call_outs_when_possible": "follows_offline",
    "call_outs_from": "follows_offline",
    "keep_phone_free": None,
    "contacts_are_told": None,
    "follows_contacts": "follows_waits",
    "follows_contacts_now": "follows_waits",
}


def _instead(message: Message, sent: bool) -> tuple[Message, ...]:
    if message.key in LATER:
        key = LATER[message.key]
        return (Message(key, message.language),) if key else ()
    if all(value != TICKET_NUMBER for _, value in message.values):
        return (message,)
    if message.key != "ticket_opened":
        return ()
    return (Message("ticket_by_sms" if sent else "ticket_registered", message.language),)
