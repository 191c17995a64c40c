"""`/tickets/NUMBER/writing`: who else is writing on a ticket, asked for anew while it is open.

A page tells it while somebody types (writing.js); without the script it is seen when a page is
opened. Nobody is kept from writing.
"""

from typing import Final

from flask import Blueprint, Response, abort, g, request

from app import clock
from app.actions.tickets.writing import tell_writing, writers_beside
from app.domain.tickets.writing import Writing
from app.web.page_access import needs
from app.web.pages.live_part import answer_live_part
from app.web.pages.ticket_page import ONE, PERMISSION
from app.web.pages.ticket_writers_part import WritersPart
from app.web.services import current_services
from app.web.session import current_user

ticket_writers_page = Blueprint("ticket_writers_page", __name__, url_prefix="/tickets")

WRITING: Final = f"{ONE}/writing"


@ticket_writers_page.get(WRITING)
@needs(PERMISSION)
def writers(number: int) -> Response:
    """Answer who else writes, or that nothing has changed."""
    found = writers_beside(current_services().database, number, current_user(), clock.now())
    if found is None:
        abort(404)
    live, writing = found
    g.page_time_zone = live.desk.time_zone
    return answer_live_part(WritersPart(number, writing))


@ticket_writers_page.post(WRITING)
@needs(PERMISSION)
def write(number: int) -> Response:
    """Note that the user writes a reply or a note."""
    sent = request.form.get("what", "")
    what = next((each for each in Writing if each == sent), None)
    database, user = current_services().database, current_user()
    if what is None:
        abort(404 if writers_beside(database, number, user, clock.now()) is None else 422)
    if not tell_writing(database, number, user, what, clock.now()):
        abort(404)
    return Response(status=204)
