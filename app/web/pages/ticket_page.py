"""`/tickets/NUMBER`: a ticket to work on. What the customer reads and what the desk alone reads are
written in two boxes that cannot be mistaken for each other.
"""

from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.calls.listen import listen
from app.actions.tickets.case import Case
from app.actions.tickets.move_ticket import (
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
from app.actions.tickets.writing import stop_writing
from app.domain.access.permissions import Permission
from app.domain.message_refs import ref
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.moves import Refused
from app.domain.tickets.ticket import LARGEST_NUMBER, LONGEST_NOTE, Assignee
from app.domain.tickets.workflow_moves import MoveAsked
from app.store.recording_accesses import AccessChannel
from app.web.page_access import needs
from app.web.pages.audio import wav_answer
from app.web.pages.form_keys import sent_key
from app.web.pages.queue_place import and_from
from app.web.pages.ticket_forms import (
    ASSIGN,
    BY_AGENT,
    NOTE,
    PRIORITY,
    REPLY,
    ROUTE,
    AnyForm,
    ever_offered,
)
from app.web.pages.ticket_view import case_or_404, show, why
from app.web.services import current_services
from app.web.session import current_user

ticket_page = Blueprint("ticket_page", __name__, url_prefix="/tickets")

ONE: Final = f"/<int(max={LARGEST_NUMBER}):number>"
PERMISSION: Final = Permission.WORK_ON_TICKETS


@ticket_page.get(ONE)
@needs(PERMISSION)
def ticket(number: int) -> Response:
    """Show a ticket with all that was said and done."""
    return show(case_or_404(number))


@ticket_page.post(f"{ONE}/reply")
@needs(PERMISSION)
def reply(number: int) -> Response:
    """Answer the customer; a move that needs a comment may go with it."""
    case = case_or_404(number)
    form = REPLY.read(request.form, ever_offered(case))
    if form.value is None:
        return show(case, form, 422)
    words, move = form.value.reply, form.value.reply_move
    change: TicketChange = WriteComment(Comment(words, Side.DESK))
    if move:
        change = MakeMove(MoveAsked(move, BY_AGENT, words))
    return _done(case, change, form, "reply")


@ticket_page.post(f"{ONE}/note")
@needs(PERMISSION)
def note(number: int) -> Response:
    """Write for the desk alone; a move that needs a reason may go with it."""
    case = case_or_404(number)
    form = NOTE.read(request.form, ever_offered(case))
    if form.value is None:
        return show(case, form, 422)
    words, move = form.value.note, form.value.note_move
    change: TicketChange = WriteComment(Comment(words, Side.DESK, Visibility.INTERNAL))
    if move and len(words) > LONGEST_NOTE:
        form.refuse(ref("ticket_page.note_too_long", most=LONGEST_NOTE), "note")
        return show(case, form, 422)
    if move:
        change = MakeMove(MoveAsked(move, BY_AGENT, reason=words))
    return _done(case, change, form, "note")


@ticket_page.post(f"{ONE}/move")
@needs(PERMISSION)
def move(number: int) -> Response:
    """Make a move for which nothing must be said."""
    case = case_or_404(number)
    asked = MoveAsked(request.form.get("move", ""), BY_AGENT)
    return _done(case, MakeMove(asked), REPLY.blank(), "moved")


@ticket_page.post(f"{ONE}/take")
@needs(PERMISSION)
def take(number: int) -> Response:
    """Take it: it is the user's, and they are responsible for it."""
    case, user = case_or_404(number), current_user()
    return _done(case, Assign(Assignee(user.name, str(user.id))), ASSIGN.blank(), "taken")


@ticket_page.post(f"{ONE}/assign")
@needs(PERMISSION)
def assign(number: int) -> Response:
    """Say who works on it."""
    case = case_or_404(number)
    form = ASSIGN.read(request.form, ever_offered(case))
    if form.value is None:
        return show(case, form, 422)
    user = next((each for each in case.colleagues if str(each.id) == form.value.to), None)
    to = Assignee(user.name, str(user.id)) if user else None
    return _done(case, Assign(to), form, "assigned")


@ticket_page.post(f"{ONE}/route")
@needs(PERMISSION)
def route(number: int) -> Response:
    """Pass it on to a group of the desk."""
    case = case_or_404(number)
    form = ROUTE.read(request.form, ever_offered(case))
    if form.value is None:
        return show(case, form, 422)
    return _done(case, Route(form.value.group), form, "routed", form.value.routing_note)


@ticket_page.post(f"{ONE}/priority")
@needs(PERMISSION)
def priority(number: int) -> Response:
    """Give it another priority, with a reason."""
    case = case_or_404(number)
    form = PRIORITY.read(request.form, ever_offered(case))
    if form.value is None:
        return show(case, form, 422)
    change = SetPriority(form.value.priority)
    return _done(case, change, form, "priority", form.value.priority_reason)


@ticket_page.post(f"{ONE}/undo")
@needs(PERMISSION)
def undo(number: int) -> Response:
    """Undo the user's last change, made a few seconds ago."""
    case = case_or_404(number)
    return _done(case, Undo(), REPLY.blank(), "undone")


@ticket_page.get(f"{ONE}/recordings/<string(maxlength=64):sid>")
@needs(PERMISSION)
def recording(number: int, sid: str) -> Response:
    """Send a message that the caller spoke, having noted who hears it."""
    case, user = case_or_404(number), current_user()
    if sid not in case.recordings:
        abort(404)
    desks = (case.ticket.desk,)
    database = current_services().database
    found = listen(database, sid, user.name, AccessChannel.PAGE, clock.now(), desks)
    if found is None:
        abort(404)
    return wav_answer(found.media)


def _done(case: Case, change: TicketChange, form: AnyForm, done: str, note: str = "") -> Response:
    """Do it once, on the version that was seen; else show why not, with what was typed."""
    number = case.ticket.number
    made = MoveRequest(
        number,
        change,
        current_user().actor,
        note,
        (case.ticket.desk,),
        version=sent_version(),
        key=_sent_key(),
    )
    outcome = move_ticket(current_services().database, made, clock.now())
    if isinstance(outcome, Refused):
        form.refuse(why(outcome))
        return show(case_or_404(number), form, 409)
    if form.form in (REPLY, NOTE):
        stop_writing(current_services().database, number, current_user())
    return redirect(f"/tickets/{number}?done={done}{and_from()}#done", 303)


def sent_version() -> int | None:
    """Return which version of the ticket whoever sends the form has seen."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _sent_key() -> str | None:
    key = sent_key()
    return f"page {current_user().id}:{key}" if key else None
