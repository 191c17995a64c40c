"""`/portal`: which desks somebody is a customer of; and `/portal/DESK`, what they find there."""

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from app.domain.access.may import scopes_with
from app.domain.access.permissions import Permission
from app.store.desks import list_desks
from app.web.page_access import needs
from app.web.pages.portal_frame import ONE_PORTAL, PORTAL, customers_here, portal_desk
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

portal_home_page = Blueprint("portal_home_page", __name__)


@portal_home_page.get(PORTAL)
@needs(Permission.SEE_OWN_CASES)
def portals() -> Response:
    """Lead to the only desk, or list the desks that somebody is a customer of."""
    scopes = scopes_with(current_user(), Permission.SEE_OWN_CASES)
    theirs = sorted({each.desk for each in scopes if each.desk})
    if len(theirs) == 1:
        return redirect(f"{PORTAL}/{theirs[0]}", 303)
    with current_services().database.read() as connection:
        desks = [live.desk for live in list_desks(connection, theirs)]
    return page("portals.html", "portals.title", desks=desks)


@portal_home_page.get(ONE_PORTAL)
@needs(Permission.SEE_OWN_CASES)
def home(desk: str) -> Response:
    """Show what waits for somebody, and what they can do."""
    live = portal_desk(desk)
    customers = customers_here(desk, Permission.SEE_OWN_CASES)
    return page(
        "portal_home.html",
        "portal_home.title",
        time_zone=live.desk.time_zone,
        desk=live.desk,
        customers=customers,
    )
