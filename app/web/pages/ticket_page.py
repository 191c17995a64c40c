"""`/tickets/NUMBER`: a ticket to work on. What the customer reads and what the desk alone reads are
written in two boxes that cannot be mistaken for each other.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Final
from uuid import uuid4

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.calls.listen import listen
from app.actions.calls.transcripts import transcript_context, transcript_of
from app.actions.tickets.case import Case, load_case
from app.actions.tickets.move_ticket import (
    Acknowledge,
    Assign,
    MakeMove,
    MoveRequest,
    Route,
    SetPriority,
    TicketChange,
    Undo,
    WriteComment,
    move_ticket,
)
from app.domain.access.permissions import Permission
from app.domain.desks.desk import Priority
from app.domain.desks.priority_names import priority_name
from app.domain.message_refs import MessageRef, ref
from app.domain.simulate.transcript import transcript_lines
from app.domain.texts.written_moments import spaced
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.event_messages import event_message
from app.domain.tickets.events import TicketEvent
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.promises import promises
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_COMMENT, LONGEST_NOTE, Assignee
from app.domain.tickets.workflow_moves import MoveAsked, moves_of, state_of
from app.domain.workflow.workflow import Mover, Requirement, StateMove
from app.store.call_lists import StoredCall
from app.store.comments import StoredComment
from app.store.recording_accesses import AccessChannel
from app.web.page_access import needs
from app.web.pages.audio import wav_answer
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

ticket_page = Blueprint("ticket_page", __name__, url_prefix="/tickets")

ONE: Final = f"/<int(max={LARGEST_NUMBER}):number>"
BY_AGENT: Final = frozenset({Mover.AGENT})
PERMISSION: Final = Permission.WORK_ON_TICKETS
LONGEST_KEY: Final = 64
DONE: Final = ("reply", "note", "moved", "assigned", "routed", "priority", "undone", "taken")

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
AnyForm = (
    FilledForm[Reply]
    | FilledForm[Note]
    | FilledForm[Assigning]
    | FilledForm[Routing]
    | FilledForm[Prioritising]
)


@ticket_page.get(ONE)
@needs(PERMISSION)
def ticket(number: int) -> Response:
    """Show a ticket with all that was said and done."""
    return _show(_case_or_404(number))


@ticket_page.post(f"{ONE}/reply")
@needs(PERMISSION)
def reply(number: int) -> Response:
    """Answer the customer; a move that needs a comment may go with it."""
    case = _case_or_404(number)
    form = REPLY.read(request.form, _ever_offered(case))
    if form.value is None:
        return _show(case, form, 422)
    words, move = form.value.reply, form.value.reply_move
    change: TicketChange = WriteComment(Comment(words, Side.DESK))
    if move:
        change = MakeMove(MoveAsked(move, BY_AGENT, words))
    return _done(case, change, form, "reply")


@ticket_page.post(f"{ONE}/note")
@needs(PERMISSION)
def note(number: int) -> Response:
    """Write for the desk alone; a move that needs a reason may go with it."""
    case = _case_or_404(number)
    form = NOTE.read(request.form, _ever_offered(case))
    if form.value is None:
        return _show(case, form, 422)
    words, move = form.value.note, form.value.note_move
    change: TicketChange = WriteComment(Comment(words, Side.DESK, Visibility.INTERNAL))
    if move:
        change = MakeMove(MoveAsked(move, BY_AGENT, reason=words[:LONGEST_NOTE]))
    return _done(case, change, form, "note")


@ticket_page.post(f"{ONE}/move")
@needs(PERMISSION)
def move(number: int) -> Response:
    """Make a move for which nothing must be said."""
    case = _case_or_404(number)
    asked = MoveAsked(request.form.get("move", ""), BY_AGENT)
    return _done(case, MakeMove(asked), REPLY.blank(), "moved")


@ticket_page.post(f"{ONE}/take")
@needs(PERMISSION)
def take(number: int) -> Response:
    """Take it: it is the user's, and they are responsible for it."""
    case, user = _case_or_404(number), current_user()
    return _done(case, Assign(Assignee(user.name, str(user.id))), ASSIGN.blank(), "taken")


@ticket_page.post(f"{ONE}/acknowledge")
@needs(PERMISSION)
def acknowledge(number: int) -> Response:
    """Take responsibility for it: nobody is rung about it any more."""
    case = _case_or_404(number)
    return _done(case, Acknowledge(), ASSIGN.blank(), "taken")


@ticket_page.post(f"{ONE}/assign")
@needs(PERMISSION)
def assign(number: int) -> Response:
    """Say who works on it."""
    case = _case_or_404(number)
    form = ASSIGN.read(request.form, _ever_offered(case))
    if form.value is None:
        return _show(case, form, 422)
    user = next((each for each in case.colleagues if str(each.id) == form.value.to), None)
    to = Assignee(user.name, str(user.id)) if user else None
    return _done(case, Assign(to), form, "assigned")


@ticket_page.post(f"{ONE}/route")
@needs(PERMISSION)
def route(number: int) -> Response:
    """Pass it on to a group of the desk."""
    case = _case_or_404(number)
    form = ROUTE.read(request.form, _ever_offered(case))
    if form.value is None:
        return _show(case, form, 422)
    return _done(case, Route(form.value.group), form, "routed", form.value.routing_note)


@ticket_page.post(f"{ONE}/priority")
@needs(PERMISSION)
def priority(number: int) -> Response:
    """Give it another priority, with a reason."""
    case = _case_or_404(number)
    form = PRIORITY.read(request.form, _ever_offered(case))
    if form.value is None:
        return _show(case, form, 422)
    change = SetPriority(form.value.priority)
    return _done(case, change, form, "priority", form.value.priority_reason)


@ticket_page.post(f"{ONE}/undo")
@needs(PERMISSION)
def undo(number: int) -> Response:
    """Undo the user's last change, made a few seconds ago."""
    case = _case_or_404(number)
    return _done(case, Undo(), REPLY.blank(), "undone")


@ticket_page.get(f"{ONE}/recordings/<string(maxlength=64):sid>")
@needs(PERMISSION)
def recording(number: int, sid: str) -> Response:
    """Send a message that the caller spoke, having noted who hears it."""
    case, user = _case_or_404(number), current_user()
    if sid not in case.recordings:
        abort(404)
    desks = (case.ticket.desk,)
    database = current_services().database
    found = listen(database, sid, user.name, AccessChannel.PAGE, clock.now(), desks)
    if found is None:
        abort(404)
    response = wav_answer(found.media)
    response.headers["Cache-Control"] = "no-store"
    return response


def _case_or_404(number: int) -> Case:
    with current_services().database.read() as connection:
        case = load_case(connection, number, current_user())
    if case is None:
        abort(404)
    return case


def _done(case: Case, change: TicketChange, form: AnyForm, done: str, note: str = "") -> Response:
    """Do it once, on the version that was seen; else show why not, with what was typed."""
    number = case.ticket.number
    made = MoveRequest(
        number,
        change,
        current_user().actor,
        note,
        (case.ticket.desk,),
        version=_sent_version(),
        key=_sent_key(),
    )
    outcome = move_ticket(current_services().database, made, clock.now())
    if isinstance(outcome, Refused):
        form.refuse(_why(outcome))
        return _show(_case_or_404(number), form, 409)
    return redirect(f"/tickets/{number}?done={done}#done", 303)


def _sent_version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _sent_key() -> str | None:
    key = request.form.get("key", "")[:LONGEST_KEY]
    return f"page {current_user().id}:{key}" if key else None


def _why(refused: Refused) -> MessageRef:
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


def _ever_offered(case: Case) -> dict[str, tuple[Option, ...]]:
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
        "reply": REPLY.blank(options),
        "note": NOTE.blank(options),
        "assign": ASSIGN.blank(options, to=assignee.id if assignee else ""),
        "route": ROUTE.blank(options),
        "priority": PRIORITY.blank(options),
    }
    if sent is not None:
        names = {REPLY.name: "reply", NOTE.name: "note", ASSIGN.name: "assign"}
        names |= {ROUTE.name: "route", PRIORITY.name: "priority"}
        # What can be chosen may be something else by now; what was typed stays.
        shown[names[sent.form.name]] = replace(sent, options=options)
    return shown


def _show(case: Case, sent: AnyForm | None = None, status: int = 200) -> Response:
    ticket, language, now = case.ticket, page_language(), clock.now()
    done = request.args.get("done", "")
    return page(
        "ticket.html",
        _title(case),
        status=status,
        time_zone=case.desk.time_zone,
        case=case,
        ticket=ticket,
        desk=case.desk,
        state=state_of(ticket, case.desk.workflow),
        language=language,
        level=_level(case, ticket.priority),
        group=next((each.name for each in case.desk.groups if each.id == ticket.work.group), ""),
        customer_name=case.desk.customer_name(case.customer) if case.customer else "",
        receiver=_receiver(case),
        promises=promises(ticket, now),
        entries=[_entry(each, case, language) for each in case.entries()],
        told=[(call, _told(call, case, language)) for call in case.calls],
        forms=_forms(case, sent),
        sent=sent,
        silent=_silent_moves(case),
        key=uuid4().hex,
        done=done if done in DONE else "",
        may_undo=case.may_undo(current_user(), now),
        me=str(current_user().id),
        spaced=spaced,
    )


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
