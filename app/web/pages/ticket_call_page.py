"""Below `/tickets/NUMBER`: its customer is called, after the telephone of whoever asks for it."""

from uuid import uuid4

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.call_customer import CallRefused, CallRequest, call_customer
from app.web.page_access import needs
from app.web.pages.form_keys import sent_key
from app.web.pages.queue_place import and_from
from app.web.pages.ticket_page import ONE, PERMISSION
from app.web.pages.ticket_view import case_or_404, show
from app.web.services import current_services
from app.web.session import current_user

ticket_call_page = Blueprint("ticket_call_page", __name__, url_prefix="/tickets")


@ticket_call_page.post(f"{ONE}/call")
@needs(PERMISSION)
def call(number: int) -> Response:
    """Ring the user, and then the customer; while the desk is closed it is asked once more."""
    case, user = case_or_404(number), current_user()
    asked = CallRequest(
        number,
        user.actor,
        user.person,
        f"page {user.id}:{number}:{sent_key() or uuid4().hex}",
        (case.ticket.desk,),
        is_confirmed=request.form.get("confirmed") == "yes",
        on=request.form.get("on", ""),
    )
    answer = call_customer(current_services().database, asked, clock.now())
    if isinstance(answer, CallRefused):
        return show(case, status=409, call_refused=answer)
    return redirect(f"/tickets/{number}?done=called{and_from()}#done", 303)
