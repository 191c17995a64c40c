"""`/`: every desk that the reader may see at this moment, the worst first.

The desks are asked for anew while the page is open (live.js), at an address of their own.
"""

from typing import Final

from flask import Blueprint, Response

from app import clock
from app.actions.overview.live_overview import Overview
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.web.page_access import needs
from app.web.pages.live_part import answer_live_part
from app.web.pages.overview_part import OverviewPart, glanced_at, seen_now
from app.web.pages.render import page
from app.web.session import current_user

now_page = Blueprint("now_page", __name__)

DESKS: Final = "/now/desks"


@now_page.get("/")
@needs(Permission.SEE_NOW)
def now() -> Response:
    """Answer the page."""
    part = _part(seen_now(clock.now()))
    return page("now.html", "overview.title", desks=part.render(), fetched_at=clock.now())


@now_page.get(DESKS)
@needs(Permission.SEE_NOW)
def desks() -> Response:
    """Answer the desks alone, or that nothing has changed."""
    return answer_live_part(_part(glanced_at(clock.now())))


def _part(overview: Overview) -> OverviewPart:
    """The desks that the reader has a role for."""
    user = current_user()
    mine = tuple(
        row
        for row in overview.rows
        if may(user, Permission.SEE_NOW, Scope(row.desk.id, row.desk.roster)).is_allowed
    )
    fillable = frozenset(
        row.desk.id
        for row in mine
        if row.desk.roster
        and may(user, Permission.CHANGE_ROSTER, Scope(roster=row.desk.roster)).is_allowed
    )
    work = Permission.WORK_ON_TICKETS
    workable = frozenset(
        row.desk.id
        for row in mine
        if may(user, work, Scope(row.desk.id, row.desk.roster)).is_allowed
    )
    return OverviewPart(overview, mine, DESKS, "overview/desk.html", fillable, workable)
