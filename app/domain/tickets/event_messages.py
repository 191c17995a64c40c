"""What happened to a ticket, as a sentence: its key and what fills it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.access.actor import SMS
from app.domain.delivery_errors import delivery_error
from app.domain.desks.desk import Desk, Priority
from app.domain.desks.priority_names import priority_name
from app.domain.texts.message import Message, MessageRef, Value, ref
from app.domain.tickets.comments import Visibility
from app.domain.tickets.events import CUSTOMER, TicketEventKind
from app.domain.tickets.new_ticket_input import Invalid
from app.domain.workflow.built_in import SIMPLE
from app.domain.workflow.workflow import Workflow

ABOUT_A_NOTIFICATION: Final = "notification_"
LEVELS: Final = ("was", "priority")
STATES: Final = ("was", "state")


def event_message(
    kind: str, who: str, facts: Mapping[str, object], language: str, desk: Desk | None = None
) -> Message:
    """Return the sentence of one event; levels, states and groups by the desk's own names."""
    values: dict[str, Value] = {
        name: value
        for name, value in facts.items()
        if isinstance(value, str | int | datetime) and value != ""
    }
    if kind == TicketEventKind.SMS_RECEIVED:
        values = {name: value for name, value in values.items() if name == "words"}
    elif who or not kind.startswith("alarmed"):
        values["who"] = _who(kind, who, facts)
    if "error" in values:
        values["error"] = delivery_error(str(facts["error"]))
    if "target" in values:
        values |= _of_target(facts)
    values |= _named(kind, facts, language, desk)
    return Message(f"ticket_event.{_key(kind, who, facts)}", language, tuple(values.items()))


def _named(
    kind: str, facts: Mapping[str, object], language: str, desk: Desk | None
) -> dict[str, Value]:
    """Return what is called by another word than the one that is stored."""
    match kind:
        case TicketEventKind.PRIORITY_CHANGED:
            levels = ((name, facts.get(name)) for name in LEVELS)
            return {name: _level(str(level), desk, language) for name, level in levels if level}
        case (
            TicketEventKind.MOVED
            | TicketEventKind.WORKFLOW_CHANGED
            | TicketEventKind.CLOCKS_STOPPED
            | TicketEventKind.CLOCKS_STARTED
        ):
            workflow = desk.workflow if desk else SIMPLE
            known = (name for name in STATES if name in facts)
            return {name: _state(str(facts[name]), workflow, language) for name in known}
        case TicketEventKind.CUSTOMER_CALLED if "seconds" in facts:
            return {"minutes": max(1, round(int(str(facts["seconds"])) / 60))}
        case TicketEventKind.LINKED:
            return {"link": MessageRef(f"ticket_link.{facts['link']}")}
        case TicketEventKind.ROUTED:
            groups = {each.id: each.name for each in desk.groups} if desk else {}
            return {"to": groups.get(str(facts["to"]), str(facts["to"]))}
        case _:
            return {}


def _key(kind: str, who: str, facts: Mapping[str, object]) -> str:
    """Return the text of a kind of event; some have two."""
    match kind:
        case TicketEventKind.OPENED if who:
            return "opened_by"
        case TicketEventKind.COMMENTED if facts.get("visibility") == Visibility.INTERNAL:
            return "commented_internally"
        case TicketEventKind.ASSIGNED if not facts.get("to"):
            return "unassigned"
        case TicketEventKind.ASSIGNED if facts.get("to") == who:
            return "assigned_to_self"
        case TicketEventKind.CUSTOMER_CALLED:
            return f"customer_called_{facts['outcome']}"
        case TicketEventKind.ESCALATION_HELD if facts.get("until"):
            return "escalation_held_until"
        case _:
            return kind


def _state(state_id: str, workflow: Workflow, language: str) -> Value:
    """Return what a state is called; one that the desk has no more by its id."""
    state = workflow.find_state(state_id)
    return state.name_in(language) if state else state_id


def _of_target(facts: Mapping[str, object]) -> dict[str, Value]:
    """Name the clock that it is about, its deadline, and what changed it."""
    due = facts.get("due")
    named: dict[str, Value] = {
        "target": MessageRef(f"target_kind.{facts['target']}"),
        "due": due if isinstance(due, datetime) else MessageRef("not_agreed"),
    }
    if "instead_of" in facts:
        named["instead_of"] = ref("escalation_part.instead_of", role=str(facts["instead_of"]))
    if "why" in facts:
        named["why"] = MessageRef(f"targets_changed_why.{facts['why']}")
    return named


def _who(kind: str, who: str, facts: Mapping[str, object]) -> Value:
    """Return who did it, or was to be told of it."""
    if who == CUSTOMER:
        return MessageRef("notified.customer")
    return who or _nobody(kind, facts)


def _nobody(kind: str, facts: Mapping[str, object]) -> MessageRef:
    """Who it was where no name is known: of an SMS whoever wrote it."""
    if kind.startswith(ABOUT_A_NOTIFICATION):
        return MessageRef("notified.caller")
    return MessageRef("notified.writer" if facts.get("via") == SMS else "notified.somebody")


def problem_sentence(wrong: Invalid, language: str) -> Message:
    """Return what is wrong with a field of a ticket that somebody wants to open."""
    values: tuple[tuple[str, Value], ...] = (("value", wrong.value), ("limit", wrong.limit))
    return Message(f"ticket_problem.{wrong.problem}", language, values)


def _level(value: str, desk: Desk | None, language: str) -> Value:
    level = Priority(value)
    return priority_name(desk, level, language) if desk else MessageRef(f"priority.{level}")
