"""Below `/tickets/NUMBER`: the ticket linked with others, merged into one, copied."""

from uuid import uuid4

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.link_tickets import (
    CopyRequest,
    LinkAnswer,
    LinkRequest,
    MergeRequest,
    copy_ticket,
    link_tickets,
    merge_tickets,
)
from app.domain.message_refs import ref
from app.domain.tickets.links import LinkKind, shortened_subject
from app.domain.tickets.moves import Refusal, Refused
from app.web.page_access import needs
from app.web.pages.form_keys import sent_key
from app.web.pages.forms import FilledForm
from app.web.pages.queue_place import and_from
from app.web.pages.ticket_forms import LINK, MERGE, Linking
from app.web.pages.ticket_page import ONE, PERMISSION, sent_version
from app.web.pages.ticket_view import case_or_404, show, why
from app.web.services import current_services
from app.web.session import current_user

ticket_links_page = Blueprint("ticket_links_page", __name__, url_prefix="/tickets")


@ticket_links_page.post(f"{ONE}/link")
@needs(PERMISSION)
def link(number: int) -> Response:
    """Link it with another one of the desk."""
    case = case_or_404(number)
    form = LINK.read(request.form)
    if form.value is None:
        return show(case, form, 422)
    asked = LinkRequest(
        number,
        form.value.kind,
        form.value.other,
        current_user().actor,
        (case.ticket.desk,),
    )
    answer = link_tickets(current_services().database, asked, clock.now())
    return _answered(number, answer, form, "linked")


@ticket_links_page.post(f"{ONE}/merge")
@needs(PERMISSION)
def merge(number: int) -> Response:
    """Close it as a duplicate of another one."""
    case = case_or_404(number)
    form = MERGE.read(request.form)
    if form.value is None:
        return show(case, form, 422)
    asked = MergeRequest(
        number,
        form.value.into,
        current_user().actor,
        form.value.merge_words.strip(),
        sent_version(),
        (case.ticket.desk,),
    )
    answer = merge_tickets(current_services().database, asked, clock.now())
    if answer is None:
        form.refuse(ref("ticket_page.no_other", number=str(form.value.into)))
        return show(case, form, 422)
    if isinstance(answer, Refused):
        is_wordless = answer.refusal is Refusal.NEEDS_COMMENT
        form.refuse(why(answer), "merge_words" if is_wordless else "")
        return show(case_or_404(number), form, 409)
    return redirect(f"/tickets/{number}?done=merged{and_from()}#done", 303)


@ticket_links_page.post(f"{ONE}/copy")
@needs(PERMISSION)
def copy(number: int) -> Response:
    """Open a linked copy, whose times begin anew."""
    case_or_404(number)
    user = current_user()
    key = sent_key() or uuid4().hex
    asked = CopyRequest(number, LinkKind.CLONE_OF, user.actor, f"copy:{number}:{user.id}:{key}")
    opened = copy_ticket(current_services().database, asked, clock.now())
    if opened is None:
        abort(404)
    return redirect(f"/tickets/{opened.number}?done=copied{and_from()}#done", 303)


@ticket_links_page.post(f"{ONE}/split")
@needs(PERMISSION)
def split(number: int) -> Response:
    """Open a ticket of its own for what a comment says, linked with this one."""
    case, user = case_or_404(number), current_user()
    chosen = request.form.get("comment", "")
    stored = next((each for each in case.comments if str(each.id) == chosen), None)
    if stored is None:
        abort(404)
    words = stored.comment.body
    asked = CopyRequest(
        number,
        LinkKind.SPLIT_FROM,
        user.actor,
        f"split:{number}:{stored.id}",
        subject=shortened_subject(words),
        words=words,
    )
    opened = copy_ticket(current_services().database, asked, clock.now())
    if opened is None:
        abort(404)
    return redirect(f"/tickets/{opened.number}?done=copied{and_from()}#done", 303)


def _answered(number: int, answer: LinkAnswer, form: FilledForm[Linking], done: str) -> Response:
    if answer is None:
        form.refuse(ref("ticket_page.no_other", number=form["other"].value), "other")
        return show(case_or_404(number), form, 422)
    if isinstance(answer, Refused):
        form.refuse(why(answer), "other")
        return show(case_or_404(number), form, 409)
    return redirect(f"/tickets/{number}?done={done}{and_from()}#done", 303)
