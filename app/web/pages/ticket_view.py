"""How a ticket to work on is drawn: its forms, what can be chosen in them, and what stands beside.

The routes are ticket_page.py and ticket_links_page.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final
from uuid import uuid4

from flask import abort, request
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.calls.transcripts import transcript_context, transcript_of
from app.actions.tickets.call_customer import CallRefused, ShownCustomerCall, shown_customer_call
from app.actions.tickets.case import Case, load_case
from app.actions.tickets.writing import writers_beside
from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name
from app.domain.message_refs import MessageRef, ref
from app.domain.simulate.transcript import transcript_lines
from app.domain.texts.written_moments import spaced
from app.domain.tickets.event_messages import event_message
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.links import BY_HAND, LinkKind
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_COMMENT, LONGEST_NOTE
from app.domain.tickets.workflow_moves import closing_needs_comment, moves_of, state_of
from app.domain.workflow.workflow import Mover, Requirement, StateMove
from app.store.call_lists import StoredCall
from app.store.comments import StoredComment
from app.web.pages.fields import BoundField, Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.render import page
from app.web.pages.ticket_target_forms import AGREE, HOLD, WORKAROUND, TargetForm, shown_targets
from app.web.pages.ticket_writers_part import WritersPart
from app.web.services import current_services
from app.web.session import current_user

BY_AGENT: Final = frozenset({Mover.AGENT})
DONE: Final = (
    "reply",
    "note",
    "moved",
    "assigned",
    "routed",
    "priority",
    "undone",
    "taken",
    "linked",
    "merged",
    "copied",
    "held",
    "released",
    "workaround",
    "no_workaround",
    "date_agreed",
    "date_withdrawn",
    "called",
)

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
    "ticket_priority", Prioritising, (Field("priority", Kind.SELECT), Field("priority_reason"))
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


def case_or_404(number: int) -> Case:
    """Return a ticket for whoever may work on it; for all others there is none."""
    with current_services().database.read() as connection:
        case = load_case(connection, number, current_user())
    if case is None:
        abort(404)
    return case


def why(refused: Refused) -> MessageRef:
    """Say why something was not done, and who was first."""
    match refused.refusal:
        case Refusal.CHANGED_MEANWHILE if refused.at:
            return ref("ticket_page.changed_meanwhile", who=refused.by, at=refused.at)
        case Refusal.ALREADY_CLOSED if refused.at:
            return ref("ticket_page.already_closed", who=refused.by, at=refused.at)
        case Refusal.ALREADY_ACKNOWLEDGED if refused.at:
            return ref("ticket_page.already_taken", who=refused.by, at=refused.at)
        case Refusal.NO_SUCH_MOVE | Refusal.ALREADY_CLOSED | Refusal.ALREADY_ACKNOWLEDGED:
            return ref("ticket_page.no_such_move")
        case _:
            return MessageRef(f"ticket_refusal.{refused.refusal}")


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
        "priority": tuple(Option(each, _level(case, each)) for each in Priority),
    }


def _offered(case: Case) -> dict[str, tuple[Option, ...]]:
    """Return what can be chosen now."""
    return _choices(case, moves_of(case.ticket, case.desk.workflow, BY_AGENT))


def ever_offered(case: Case) -> dict[str, tuple[Option, ...]]:
    """Return what could be chosen on a page that is older: why not any more, the action says."""
    return _choices(case, case.desk.workflow.moves)


def _level(case: Case, level: Priority) -> MessageRef | str:
    found = priority_name(case.desk, level, page_language())
    return found if isinstance(found, MessageRef) else str(found)


def _silent_moves(case: Case) -> tuple[StateMove, ...]:
    """Return the moves for which nothing must be said: a button each."""
    possible = moves_of(case.ticket, case.desk.workflow, BY_AGENT)
    return tuple(each for each in possible if not each.requires)


def _forms(case: Case, sent: AnyForm | None) -> dict[str, AnyForm]:
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


def _merge_words(case: Case, form: AnyForm) -> BoundField | None:
    """Return where to write what the customer is told of a merge; None where that need not be."""
    is_needed = closing_needs_comment(case.ticket, case.desk)
    return replace(form["merge_words"], is_required=True) if is_needed else None


def _agreed_date(case: Case, form: AnyForm) -> BoundField:
    """Return where to write the date; only taking one back needs none."""
    return replace(form["agreed_date"], is_required=case.ticket.agreed_solve_by is None)


def show(
    case: Case,
    sent: AnyForm | None = None,
    status: int = 200,
    *,
    call_refused: CallRefused | None = None,
) -> Response:
    """Draw the ticket; `sent` is the form that could not be taken, with what was typed."""
    ticket, language, now = case.ticket, page_language(), clock.now()
    done, forms = request.args.get("done", ""), _forms(case, sent)
    return page(
        "ticket.html",
        _title(case),
        status=status,
        time_zone=case.desk.time_zone,
        case=case,
        ticket=ticket,
        desk=case.desk,
        state_name=state_of(ticket, case.desk.workflow).name_in(language),
        level=_level(case, ticket.priority),
        group=next((each.name for each in case.desk.groups if each.id == ticket.work.group), ""),
        customer_name=case.desk.customer_name(case.customer) if case.customer else "",
        receiver=_receiver(case),
        targets=shown_targets(case, now),
        writers=_writers(ticket.number, now),
        customer_call=_customer_call(case, now),
        call_refused=call_refused,
        call_on=request.form.get("on", ""),
        now=now,
        entries=[_entry(each, case, language) for each in case.entries()],
        told=[(call, _told(call, case, language)) for call in case.calls],
        sent=sent,
        silent=[(each.id, each.name_in(language)) for each in _silent_moves(case)],
        key=uuid4().hex,
        done=done if done in DONE else "",
        may_undo=case.may_undo(current_user(), now),
        me=str(current_user().id),
        spaced=spaced,
        links=[each.seen_from(ticket.number) for each in case.links],
        answers=case.desk.answers,
        forms=forms,
        merge_words=_merge_words(case, forms["merge"]),
        agreed_date=_agreed_date(case, forms["agree"]),
    )


def _customer_call(case: Case, now: datetime) -> ShownCustomerCall:
    with current_services().database.read() as connection:
        return shown_customer_call(connection, case.ticket, case.live, current_user().person, now)


def _writers(number: int, now: datetime) -> WritersPart:
    found = writers_beside(current_services().database, number, current_user(), now)
    return WritersPart(number, found[1] if found else ())


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


def _title(case: Case) -> MessageRef:
    ticket = case.ticket
    if ticket.subject:
        return ref("ticket_page.title", number=ticket.number, subject=ticket.subject)
    return ref("ticket_page.title_without_subject", number=ticket.number)


def _receiver(case: Case) -> str:
    """Return who reads the reply, as the button names them; "" where nobody is known."""
    contact = case.ticket.contact
    return contact.name or (case.customer.name if case.customer else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said or done, as it is drawn."""

    at: datetime
    comment: StoredComment | None = None
    event: MessageRef | None = None


def _entry(each: TicketEvent | StoredComment, case: Case, language: str) -> Entry:
    """Return what was said or done, as it is drawn."""
    if isinstance(each, TicketEvent):
        told = event_message(each.kind, each.who, each.facts, language, case.desk)
        return Entry(each.at, event=MessageRef(told.key, told.values))
    return Entry(each.at, comment=each)


def _told(call: StoredCall, case: Case, language: str) -> list[str]:
    renderer = transcript_context(call, case.live, current_services().texts, language)
    return transcript_lines(transcript_of(call), renderer)
