"""A wall screen: every desk that its address is for, read from afar, without numbers or login."""

from typing import Final

from flask import Blueprint, Response, g

from app import clock
from app.actions.overview.live_overview import Overview
from app.actions.overview.wall_screens import LONGEST_SECRET, open_wall_screen
from app.store.wall_screens import WallScreen
from app.web.page_access import without_login
from app.web.pages.live_part import answer_live_part
from app.web.pages.overview_part import OverviewPart, glanced_at, seen_now
from app.web.pages.render import page
from app.web.services import current_services

PATH: Final = "/wall"
OF_NOBODY: Final = "nb"  # the language where the address is nobody's
SECRET: Final = f"/<string(maxlength={LONGEST_SECRET}):secret>"

wall_page = Blueprint("wall_page", __name__, url_prefix=PATH)


@wall_page.get(SECRET)
@without_login
def wall(secret: str) -> Response:
    """Answer the screen."""
    screen = _screen(secret)
    if screen is None:
        return _gone()
    desks = _part(screen, secret, seen_now(clock.now())).render()
    return _told_to_nobody(
        page(
            "wall.html",
            "overview.wall_title",
            language=screen.language,
            desks=desks,
            fetched_at=clock.now(),
        )
    )


@wall_page.get(f"{SECRET}/desks")
@without_login
def desks(secret: str) -> Response:
    """Answer the desks alone, or that nothing has changed."""
    screen = _screen(secret)
    if screen is None:
        return _gone()
    return answer_live_part(_part(screen, secret, glanced_at(clock.now())))


def _screen(secret: str) -> WallScreen | None:
    return open_wall_screen(current_services().database, secret, clock.now())


def _part(screen: WallScreen, secret: str, overview: Overview) -> OverviewPart:
    g.page_language = screen.language
    rows = overview.of_desks(screen.desks or None)
    return OverviewPart(overview, rows, f"{PATH}/{secret}/desks", "overview/wall_desk.html")


def _gone() -> Response:
    gone = page("wall_gone.html", "overview.wall_gone", status=404, language=OF_NOBODY)
    return _told_to_nobody(gone)


def _told_to_nobody(response: Response) -> Response:
    """The address is a secret: nothing that the page leads to is told it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
