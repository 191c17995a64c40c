"""What happened to a ticket, as a sentence: its key and what fills it."""

from collections.abc import Mapping
from typing import Final

from app.domain.access.actor import SMS
from app.domain.delivery_errors import delivery_error
from app.domain.desks.desk import Desk, Priority
from app.domain.desks.priority_names import priority_name
from app.domain.texts.message import Message, MessageRef, Value
from app.domain.tickets.events import TicketEventKind
from app.domain.tickets.new_ticket_input import Invalid

ABOUT_A_NOTIFICATION: Final = "notification_"
LEVELS: Final = ("was", "priority")


def event_message(
    kind: str, who: str, facts: Mapping[str, object], language: str, desk: Desk | None = None
) -> Message:
    """Return the sentence of one event; levels by the desk's own names where it has some."""
    values: dict[str, Value] = {
        name: _level(value, desk, language) if name in LEVELS and "status" not in facts else value
        for name, value in facts.items()
        if isinstance(value, str | int) and value != ""
    }
    nobody = _nobody(kind, facts)
    if kind == TicketEventKind.SMS_RECEIVED:
        values = {name: value for name, value in values.items() if name == "words"}
    elif who or not kind.startswith("alarmed"):
        values["who"] = who or nobody
    if "error" in values:
        values["error"] = delivery_error(str(facts["error"]))
    if "status" in values:
        values |= {name: MessageRef(f"ticket_status.{facts[name]}") for name in ("was", "status")}
    key = "opened_by" if kind == TicketEventKind.OPENED and who else kind
    return Message(f"ticket_event.{key}", language, tuple(values.items()))


def _nobody(kind: str, facts: Mapping[str, object]) -> MessageRef:
    """Who it was where no name is known: of an SMS whoever wrote it."""
    if kind.startswith(ABOUT_A_NOTIFICATION):
        return MessageRef("notified.caller")
    return MessageRef("notified.writer" if facts.get("via") == SMS else "notified.somebody")


def problem_sentence(wrong: Invalid, language: str) -> Message:
    """Return what is wrong with a field of a ticket that somebody wants to open."""
    values: tuple[tuple[str, Value], ...] = (("value", wrong.value), ("limit", wrong.limit))
    return Message(f"ticket_problem.{wrong.problem}", language, values)


def _level(value: str | int, desk: Desk | None, language: str) -> Value:
    level = Priority(str(value))
    return priority_name(desk, level, language) if desk else MessageRef(f"priority.{level}")
