"""The forms on the page of a ticket, and what can be chosen in them.

Those about its targets are ticket_target_forms.py.
"""

from dataclasses import replace
from typing import Annotated, Final

from flask import request
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits

from app.actions.tickets.case import Case
from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name, written_definition
from app.domain.message_refs import MessageRef, ref
from app.domain.tickets.links import BY_HAND, LinkKind
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_COMMENT, LONGEST_NOTE
from app.domain.tickets.workflow_moves import closing_needs_comment, moves_of
from app.domain.workflow.workflow import Mover, Requirement, StateMove
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.ticket_target_forms import AGREE, HOLD, WORKAROUND, TargetForm

BY_AGENT: Final = frozenset({Mover.AGENT})

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Reply(BaseModel):
    """What the customer reads, and what becomes of the ticket with it."""

    reply: Words = Limits(max_length=LONGEST_COMMENT)
    reply_move: str = ""


class Note(BaseModel):
    """What the desk alone reads, and what becomes of the ticket with it."""

    note: Words = Limits(max_length=LONGEST_COMMENT)
    note_move: str = ""


class Assigning(BaseModel):
    """Who works on it; nothing chosen: nobody."""

    to: str = ""


class Routing(BaseModel):
    """Which group shall have it, and why."""

    group: str
    routing_note: str = Limits("", max_length=LONGEST_NOTE)


class Prioritising(BaseModel):
    """Another priority, and why."""

    priority: Priority
    priority_reason: Words = Limits(max_length=LONGEST_NOTE)


class Linking(BaseModel):
    """What this ticket is of which other one."""

    kind: LinkKind
    other: int = Limits(ge=1, le=LARGEST_NUMBER)


class Merging(BaseModel):
    """Into which other ticket, and what is said with it."""

    into: int = Limits(ge=1, le=LARGEST_NUMBER)
    merge_words: str = Limits("", max_length=LONGEST_NOTE)


REPLY: Final = Form(
    "ticket_reply",
    Reply,
    (Field("reply", Kind.TEXTAREA, has_hint=True), Field("reply_move", Kind.SELECT)),
)
NOTE: Final = Form(
    "ticket_note",
    Note,
    (Field("note", Kind.TEXTAREA, has_hint=True), Field("note_move", Kind.SELECT)),
)
ASSIGN: Final = Form("ticket_assign", Assigning, (Field("to", Kind.SELECT),))
ROUTE: Final = Form("ticket_route", Routing, (Field("group", Kind.SELECT), Field("routing_note")))
PRIORITY: Final = Form(
    "ticket_priority", Prioritising, (Field("priority", Kind.RADIOS), Field("priority_reason"))
)
LINK: Final = Form(
    "ticket_links",
    Linking,
    (
        Field(
            "kind",
            Kind.SELECT,
            options=tuple(Option(each, ref(f"ticket_link.{each}")) for each in BY_HAND),
        ),
        Field("other", width="short"),
    ),
)
MERGE: Final = Form(
    "ticket_merge",
    Merging,
    (Field("into"), Field("merge_words", Kind.TEXTAREA, has_hint=True)),
)
AnyForm = (
    FilledForm[Reply]
    | FilledForm[Note]
    | FilledForm[Assigning]
    | FilledForm[Routing]
    | FilledForm[Prioritising]
    | FilledForm[Linking]
    | FilledForm[Merging]
    | TargetForm
)


def _choices(case: Case, moves: tuple[StateMove, ...]) -> dict[str, tuple[Option, ...]]:
    """Return what can be chosen in the forms of this ticket, of these moves."""
    language = page_language()

    def requiring(requirement: Requirement) -> tuple[Option, ...]:
        return tuple(
            Option(each.id, each.name_in(language))
            for each in moves
            if each.requires == (requirement,)
        )

    return {
        "reply_move": requiring(Requirement.COMMENT),
        "note_move": requiring(Requirement.REASON),
        "to": tuple(Option(str(each.id), each.name) for each in case.colleagues),
        "group": tuple(Option(each.id, each.name) for each in case.desk.groups),
        "priority": tuple(
            Option(each, level_name(case, each), *written_definition(case.desk, each, language))
            for each in Priority
        ),
    }


def _offered(case: Case) -> dict[str, tuple[Option, ...]]:
    """Return what can be chosen now."""
    return _choices(case, moves_of(case.ticket, case.desk.workflow, BY_AGENT))


def ever_offered(case: Case) -> dict[str, tuple[Option, ...]]:
    """Return what could be chosen on a page that is older: why not any more, the action says."""
    return _choices(case, case.desk.workflow.moves)


def level_name(case: Case, level: Priority) -> MessageRef | str:
    found = priority_name(case.desk, level, page_language())
    return found if isinstance(found, MessageRef) else str(found)


def shown_forms(case: Case, sent: AnyForm | None) -> dict[str, AnyForm]:
    """Return every form as it is shown: the one that was sent with what was typed."""
    options = _offered(case)
    assignee = case.ticket.work.assignee
    shown: dict[str, AnyForm] = {
        "reply": _with_answer(case),
        "note": NOTE.blank(options),
        "assign": ASSIGN.blank(options, to=assignee.id if assignee else ""),
        "route": ROUTE.blank(options),
        "priority": PRIORITY.blank(options),
        "link": LINK.blank(),
        "merge": MERGE.blank(),
        "hold": HOLD.blank(),
        "workaround": WORKAROUND.blank(),
        "agree": AGREE.blank(),
    }
    if sent is not None:
        name = next(name for name, each in shown.items() if each.form.name == sent.form.name)
        # What can be chosen may be something else by now; what was typed stays.
        shown[name] = replace(sent, options=options)
    return shown


def merge_words(case: Case, form: AnyForm) -> BoundField | None:
    """Return where to write what the customer is told of a merge; None where that need not be."""
    is_needed = closing_needs_comment(case.ticket, case.desk)
    return replace(form["merge_words"], is_required=True) if is_needed else None


def agreed_date(case: Case, form: AnyForm) -> BoundField:
    """Return where to write the date; only taking one back needs none."""
    return replace(form["agreed_date"], is_required=case.ticket.agreed_solve_by is None)


def _with_answer(case: Case) -> FilledForm[Reply]:
    """Return the reply as it begins: with the canned answer that was chosen, in its language."""
    chosen = request.args.get("answer", "")
    answer = next((each for each in case.desk.answers if each.id == chosen), None)
    if answer is None:
        return REPLY.blank(_offered(case))
    languages = (case.ticket.language, case.desk.language)
    found = (answer.words.in_language(each) for each in languages)
    words = next((each for each in found if each), answer.words.by_language[0][1])
    return REPLY.blank(_offered(case), reply=words)
