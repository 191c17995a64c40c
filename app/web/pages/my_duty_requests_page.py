"""`/my-duty/cover`, `/my-duty/swap` and `/my-duty/requests`: one's own requests, and others'."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.domain.access.permissions import Permission
from app.domain.message_refs import ref
from app.web.page_access import needs
from app.web.pages.my_duty_page import PATH, own_roster, this_minute
from app.web.pages.request_forms import AskedAbout
from app.web.pages.request_pages import RequestPages
from app.web.pages.request_view import Reader

my_duty_requests_page = Blueprint("my_duty_requests_page", __name__, url_prefix=PATH)


@my_duty_requests_page.get("/cover")
@needs(Permission.CHANGE_OWN_DUTY)
def cover() -> Response:
    """Show whom to ask for cover of one's own shift."""
    pages = _pages()
    return pages.ask(_about(pages))


@my_duty_requests_page.post("/cover")
@needs(Permission.CHANGE_OWN_DUTY)
def ask() -> Response:
    """Ask them."""
    pages = _pages()
    return pages.ask(_about(pages))


@my_duty_requests_page.get("/swap")
@needs(Permission.CHANGE_OWN_DUTY)
def swap() -> Response:
    """Show for which shift one's own can be offered."""
    pages = _pages()
    return pages.offer(_about(pages))


@my_duty_requests_page.post("/swap")
@needs(Permission.CHANGE_OWN_DUTY)
def offer() -> Response:
    """Offer it."""
    pages = _pages()
    return pages.offer(_about(pages))


@my_duty_requests_page.get("/requests/<int:number>")
@needs(Permission.CHANGE_OWN_DUTY)
def show(number: int) -> Response:
    """Show a request that one has made, or that waits for one's answer."""
    return _pages().show(number)


@my_duty_requests_page.post("/requests/<int:number>")
@needs(Permission.CHANGE_OWN_DUTY)
def move(number: int) -> Response:
    """Answer, withdraw or undo it."""
    return _pages().move(number)


def _pages() -> RequestPages:
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    reader, title = Reader(own.person.id), ref("my_duty.title")
    return RequestPages(own.shown, reader, PATH, title, this_minute())


def _about(pages: RequestPages) -> AskedAbout:
    return AskedAbout(pages.roster, pages.reader.person, request.values.to_dict(), pages.now)
