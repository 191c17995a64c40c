"""`/portal/DESK/cases/NUMBER`: where a case stands, what was said, and what its customer may do.

Whoever may not see a case is answered as if there were none.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app import clock
from app.actions.calls.listen import listen
from app.actions.portal.attach_files import Attached, attach_files
from app.actions.portal.change_case import change_case
from app.actions.portal.sending_limits import SentTooMuch
from app.actions.portal.watch_case import unwatch, watch
from app.actions.tickets.move_ticket import MakeMove, MoveRequest, WriteComment
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.portal.attachments import FileRefusal
from app.domain.portal.case_form import LONGEST_TEXT
from app.domain.portal.secrets import mask_passwords
from app.domain.tickets.comments import Comment, Side, Visibility
from app.domain.tickets.moves import Refusal, Refused
from app.domain.tickets.opening import agreement_of
from app.domain.tickets.ticket import LARGEST_NUMBER, Ticket
from app.domain.tickets.workflow_moves import MoveAsked, moves_of, state_of
from app.domain.workflow.workflow import Mover, Requirement, StateMove
from app.store.attachments import attachments_on, find_attachment
from app.store.call_lists import calls_about
from app.store.comments import comments_on
from app.store.portal_cases import find_case, watchers_of_case
from app.store.recording_accesses import AccessChannel
from app.store.recordings import recordings_of_ticket
from app.web.page_access import needs
from app.web.pages.audio import wav_answer
from app.web.pages.fields import Field, Kind
from app.web.pages.form_keys import sent_key
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.portal_cases_view import subject_of
from app.web.pages.portal_frame import ONE_PORTAL, PORTAL, customers_here, portal_desk
from app.web.pages.render import page
from app.web.pages.uploaded_files import FIELD as FILES
from app.web.pages.uploaded_files import file_response, read_files, why
from app.web.services import current_services
from app.web.session import current_user

portal_case_page = Blueprint("portal_case_page", __name__)

ONE: Final = f"{ONE_PORTAL}/cases/<int(max={LARGEST_NUMBER}):number>"
DONE: Final = frozenset({"opened", "moved", "written", "attached", "watched", "unwatched"})
MOST_CALLS: Final = 5  # the last ones


class Words(BaseModel):
    """What somebody writes on a case."""

    comment: str = Limits("", max_length=LONGEST_TEXT)


WORDS: Final = Form("case_words_form", Words, (Field("comment", Kind.TEXTAREA),))


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its desk and its customer, for whoever may see it."""

    desk: Desk
    customer: Customer
    ticket: Ticket

    @property
    def address(self) -> str:
        """Return the address of its page."""
        return f"{PORTAL}/{self.desk.id}/cases/{self.ticket.number}"

    @property
    def movers(self) -> frozenset[Mover]:
        """Return in what capacities whoever looks at it may move it."""
        where = Scope(self.desk.id, customer=self.customer.number)
        user = current_user()
        may_approve = may(user, Permission.APPROVE, where).is_allowed
        return frozenset({Mover.CUSTOMER, Mover.APPROVER} if may_approve else {Mover.CUSTOMER})


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A move as a button; `needs_words`: something must be written with it."""

    id: str
    name: MessageRef
    needs_words: bool


@portal_case_page.get(ONE)
@needs(Permission.SEE_OWN_CASES)
def case(desk: str, number: int) -> Response:
    """Show a case."""
    return _show(_opened(desk, number), WORDS.blank())


@portal_case_page.post(f"{ONE}/moves")
@needs(Permission.OPEN_CASE)
def move(desk: str, number: int) -> Response:
    """Make a move, once; what was written stays where it cannot be made."""
    opened = _opened(desk, number)
    form = WORDS.read(request.form)
    if form.value is None:
        return _show(opened, form, 422)
    words = mask_passwords(form.value.comment.strip())
    asked = MoveAsked(request.form.get("move", ""), opened.movers, comment=words.text)
    done = _change(opened, MakeMove(asked), words.text)
    if isinstance(done, SentTooMuch):
        form.refuse(done.message)
        return _show(opened, form, 429)
    if isinstance(done, Refused):
        status = 409 if done.refusal in STALE else 422
        form.refuse(_why(done), "comment" if done.refusal is Refusal.NEEDS_COMMENT else "")
        return _show(_opened(desk, number), form, status)
    return _done(opened, "moved", has_masked=words.has_found)


@portal_case_page.post(f"{ONE}/comments")
@needs(Permission.OPEN_CASE)
def write(desk: str, number: int) -> Response:
    """Write on a case, once."""
    opened = _opened(desk, number)
    form = WORDS.read(request.form)
    words = mask_passwords(form.value.comment.strip() if form.value else "")
    if not words.text:
        form.refuse(ref("portal_case.no_words"), "comment")
        return _show(opened, form, 422)
    comment = WriteComment(Comment(words.text, Side.CUSTOMER))
    done = _change(opened, comment, words.text)
    if isinstance(done, SentTooMuch):
        form.refuse(done.message)
        return _show(opened, form, 429)
    if isinstance(done, Refused):
        form.refuse(_why(done))
        return _show(_opened(desk, number), form, 409)
    return _done(opened, "written", has_masked=words.has_found)


@portal_case_page.post(f"{ONE}/files")
@needs(Permission.OPEN_CASE)
def attach(desk: str, number: int) -> Response:
    """Put files on a case, the same one once."""
    opened, uploaded = _opened(desk, number), read_files()
    form = WORDS.blank()
    wrong = uploaded.wrong
    if wrong is None and not uploaded.files:
        wrong = why(FileRefusal.EMPTY, "")
    if wrong is None:
        database, now = current_services().database, clock.now()
        try:
            attached = attach_files(database, number, uploaded.files, current_user(), now)
        except SentTooMuch as refused:
            form.refuse(refused.message, FILES)
            return _show(opened, form, 429)
        match attached:
            case Attached.DONE:
                return _done(opened, "attached")
            case Attached.NO_SUCH_TICKET:
                abort(404)
            case Attached.CLOSED:
                form.refuse(ref(f"portal_case_refused.{Refusal.ALREADY_CLOSED}"))
                return _show(_opened(desk, number), form, 409)
            case Attached.FULL:
                wrong = why(FileRefusal.TICKET_FULL, "")
    form.refuse(wrong, FILES)
    return _show(opened, form, 422)


@portal_case_page.get(f"{ONE}/files/<int(max={LARGEST_NUMBER}):attachment>")
@needs(Permission.SEE_OWN_CASES)
def fetch(desk: str, number: int, attachment: int) -> Response:
    """Give a file out, always as a file: nothing that somebody sent is shown inside a page."""
    _opened(desk, number)
    with current_services().database.read() as connection:
        found = find_attachment(connection, number, attachment)
    return file_response(found) if found else abort(404)


@portal_case_page.get(f"{ONE}/recordings/<string(maxlength=64):sid>")
@needs(Permission.SEE_OWN_CASES)
def recording(desk: str, number: int, sid: str) -> Response:
    """Send what was spoken, where the desk lets its customers hear it; who hears it is noted."""
    opened, database = _opened(desk, number), current_services().database
    with database.read() as connection:
        theirs = _recordings(connection, opened)
    if sid not in theirs:
        abort(404)
    who = current_user().name
    found = listen(database, sid, who, AccessChannel.PORTAL, clock.now(), (opened.desk.id,))
    return wav_answer(found.media) if found else abort(404)


@portal_case_page.post(f"{ONE}/watch")
@needs(Permission.SEE_OWN_CASES)
def follow(desk: str, number: int) -> Response:
    """Follow a case, or follow it no more."""
    opened = _opened(desk, number)
    is_on = request.form.get("watch") == "on"
    (watch if is_on else unwatch)(current_services().database, number, current_user(), clock.now())
    return _done(opened, "watched" if is_on else "unwatched")


STALE: Final = frozenset(
    {Refusal.CHANGED_MEANWHILE, Refusal.NO_SUCH_MOVE, Refusal.ALREADY_CLOSED, Refusal.NOT_THEIRS}
)


def _change(opened: Opened, change: MakeMove | WriteComment, words: str) -> object:
    """Carry a change out in the name of whoever is logged in.

    `key` makes a form with the same words one: whoever goes back and writes others is heard.
    """
    user, sent = current_user(), sent_key()
    said = sha256(words.encode()).hexdigest()[:16]
    asked = MoveRequest(
        opened.ticket.number,
        change,
        user.actor,
        desks=(opened.desk.id,),
        version=_version() if isinstance(change, MakeMove) else None,
        key=f"portal:{user.id}:{sent}:{said}" if sent else None,
    )
    try:
        return change_case(current_services().database, asked, user, clock.now())
    except SentTooMuch as refused:
        return refused


def _recordings(connection: Connection, opened: Opened) -> tuple[str, ...]:
    """Return the recordings that the customer may hear."""
    if not opened.desk.portal_recordings:
        return ()
    return recordings_of_ticket(connection, opened.ticket.number)


def _version() -> int | None:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _why(refused: Refused) -> MessageRef:
    key = refused.refusal if refused.refusal in (*STALE, Refusal.NEEDS_COMMENT) else "other"
    return ref(f"portal_case_refused.{key}")


def _done(opened: Opened, what: str, *, has_masked: bool = False) -> Response:
    masked = "&masked=1" if has_masked else ""
    return redirect(f"{opened.address}?done={what}{masked}#done", 303)


def _show(opened: Opened, form: FilledForm[Words], status: int = 200) -> Response:
    desk, ticket, language = opened.desk, opened.ticket, page_language()
    state = state_of(ticket, desk.workflow)
    with current_services().database.read() as connection:
        comments = comments_on(connection, ticket.number, (Visibility.PUBLIC,))
        watchers = watchers_of_case(connection, ticket.number)
        files = attachments_on(connection, ticket.number)
        calls = calls_about(connection, ticket.number, MOST_CALLS)
        recordings = _recordings(connection, opened)
    moves = moves_of(ticket, desk.workflow, opened.movers)
    done = request.args.get("done", "")
    return page(
        "portal_case.html",
        ref("portal_case.title", number=ticket.number, subject=subject_of(ticket)),
        status=status,
        time_zone=desk.time_zone,
        desk=desk,
        ticket=ticket,
        customer=opened.customer,
        state=state,
        state_name=state.name_in(language),
        sentence=state.sentence_in(language),
        since=ticket.work.since or ticket.opened_at,
        agreement=agreement_of(desk, ticket.agreement),
        moves=[_shown(each, language) for each in moves],
        is_closed=ticket.closed is not None,
        comments=comments,
        watchers=watchers,
        files=files,
        calls=calls,
        recordings=recordings,
        file_error=form.errors.get(FILES),
        is_watching=current_user().id in dict(watchers),
        form=form,
        is_stale=status == 409,
        done=done if done in DONE else "",
        has_masked="masked" in request.args,
        address=opened.address,
        path=f"{PORTAL}/{desk.id}",
        key=secrets.token_urlsafe(16),
    )


def _shown(of: StateMove, language: str) -> ShownMove:
    return ShownMove(of.id, of.name_in(language), Requirement.COMMENT in of.requires)


def _opened(desk: str, number: int) -> Opened:
    """Return a case of one of somebody's customers; 404 for any other."""
    live = portal_desk(desk)
    customers = {each.number: each for each in customers_here(desk, Permission.SEE_OWN_CASES)}
    with current_services().database.read() as connection:
        ticket = find_case(connection, live.desk.id, customers, number)
    if ticket is None:
        abort(404)
    return Opened(live.desk, customers[ticket.customer or ""], ticket)
