"""`/tickets/NUMBER/files/ID`: a file on a ticket, for whoever may work on it."""

from typing import Final

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from app.actions.tickets.case import load_case
from app.domain.access.permissions import Permission
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.store.attachments import find_attachment
from app.web.page_access import needs
from app.web.pages.uploaded_files import file_response
from app.web.services import current_services
from app.web.session import current_user

ticket_files_page = Blueprint("ticket_files_page", __name__, url_prefix="/tickets")

ONE: Final = f"/<int(max={LARGEST_NUMBER}):number>/files/<int(max={LARGEST_NUMBER}):attachment>"


@ticket_files_page.get(ONE)
@needs(Permission.WORK_ON_TICKETS)
def fetch(number: int, attachment: int) -> Response:
    """Give a file out, always as a file: nothing that somebody sent is shown inside a page."""
    with current_services().database.read() as connection:
        case = load_case(connection, number, current_user())
        found = find_attachment(connection, number, attachment) if case else None
    return file_response(found) if found else abort(404)
