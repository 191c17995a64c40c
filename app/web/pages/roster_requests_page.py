"""`/rosters/ID/cover` and `/rosters/ID/requests`: coordinators ask, answer for others, approve."""

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app.actions.roster.shown_rosters import show_roster
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import ref
from app.web.page_access import needs, require
from app.web.pages.my_duty_page import this_minute
from app.web.pages.request_forms import AskedAbout
from app.web.pages.request_pages import RequestPages
from app.web.pages.request_view import Reader
from app.web.pages.roster_page import ONE_ROSTER
from app.web.services import current_services

roster_requests_page = Blueprint("roster_requests_page", __name__, url_prefix="/rosters")


@roster_requests_page.get(f"{ONE_ROSTER}/cover")
@needs(Permission.CHANGE_ROSTER)
def cover(roster: str) -> Response:
    """Show whom to ask for cover of somebody's shifts."""
    return _ask(_pages(roster))


@roster_requests_page.post(f"{ONE_ROSTER}/cover")
@needs(Permission.CHANGE_ROSTER)
def ask(roster: str) -> Response:
    """Ask them."""
    return _ask(_pages(roster))


@roster_requests_page.get(f"{ONE_ROSTER}/requests/<int:number>")
@needs(Permission.CHANGE_ROSTER)
def show(roster: str, number: int) -> Response:
    """Show a request; with `person` what a yes of theirs would change."""
    return _pages(roster).show(number)


@roster_requests_page.post(f"{ONE_ROSTER}/requests/<int:number>")
@needs(Permission.CHANGE_ROSTER)
def move(roster: str, number: int) -> Response:
    """Answer for somebody, approve, withdraw or undo it."""
    return _pages(roster).move(number)


def _ask(pages: RequestPages) -> Response:
    given = request.values.to_dict()
    return pages.ask(AskedAbout(pages.roster, pages.reader.person, given, pages.now))


def _pages(roster: str) -> RequestPages:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    shown = show_roster(current_services().database, roster)
    if shown is None:
        abort(404)
    reader = Reader(request.values.get("person", ""), is_coordinator=True)
    path, title = f"/rosters/{roster}", ref("roster_change.back")
    return RequestPages(shown, reader, path, title, this_minute())
