"""`/rosters`: the rosters, and each one's timeline with what was changed in it and its gaps.

What is shown is calculated by the functions that the telephone asks; an address says all that
the page shows.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.confirm_shifts import confirm_shift, shifts_of_roster
from app.actions.roster.duty_requests import open_requests
from app.actions.roster.entries import EntryRefused, withdraw_entry
from app.actions.roster.shown_rosters import (
    ShownRoster,
    list_rosters,
    load_past_plans,
    show_roster,
)
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import PersonLink
from app.domain.message_refs import MessageError
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.plan import Roster
from app.domain.roster.request_notices import request_text
from app.web.page_access import needs, require
from app.web.pages.render import page, written
from app.web.pages.roster_view import RosterAsked, next_gap, roster_view
from app.web.services import current_services
from app.web.session import current_author, current_user

roster_page = Blueprint("roster_page", __name__, url_prefix="/rosters")

LONGEST_ID: Final = 64
ONE_ROSTER: Final = f"/<string(maxlength={LONGEST_ID}):roster>"


@roster_page.get("")
@needs(Permission.SEE_ROSTER)
def rosters() -> Response:
    """List the rosters that whoever is here may see, with who has duty and the next gap."""
    user, now = current_user(), clock.now()
    seen = [
        each
        for each in list_rosters(current_services().database)
        if may(user, Permission.SEE_ROSTER, Scope(roster=each.id)).is_allowed
    ]
    rows = [(each, next_gap(each, now)) for each in seen]
    return page("rosters.html", "rosters_page.title", rows=rows)


@roster_page.get(ONE_ROSTER)
@needs(Permission.SEE_ROSTER)
def roster(roster: str) -> Response:
    """Show a roster's timeline."""
    require(Permission.SEE_ROSTER, Scope(roster=roster))
    asked = RosterAsked.read(request.args)
    shown = show_roster(current_services().database, roster, asked.entry)
    if shown is None:
        abort(404)
    return _show(shown, asked, clock.now())


def _show(shown: ShownRoster, asked: RosterAsked, now: datetime) -> Response:
    plan: Roster = shown.roster.plan
    may_change = may(current_user(), Permission.CHANGE_ROSTER, Scope(roster=plan.id)).is_allowed
    database = current_services().database
    days = asked.span(ZoneInfo(plan.time_zone), now).interval
    past = load_past_plans(database, plan.id, days, now)
    view = roster_view(shown, asked, now, may_change=may_change, past=past)
    requests = open_requests(database, plan.id, now) if may_change else ()
    asked_shifts = shifts_of_roster(database, plan.id, now) if may_change else ()
    return page(
        "roster.html",
        view.title,
        time_zone=plan.time_zone,
        view=view,
        requests=requests,
        asked_shifts=asked_shifts,
        what=_what(plan),
    )


def _what(plan: Roster) -> Callable[[DutyRequest], str]:
    """Say which shifts a request is about, and whose."""
    return lambda each: written(request_text(each, plan))


@roster_page.post(f"{ONE_ROSTER}/shifts/<int:number>/confirm")
@needs(Permission.CHANGE_ROSTER)
def confirm(roster: str, number: int) -> Response:
    """Confirm a shift for whoever was asked about it and has said yes."""
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    whose = PersonLink(roster, request.form.get("person", ""))
    with suppress(MessageError):  # it is theirs no more: the page shows what is
        confirm_shift(current_services().database, whose, current_author(), number)
    return redirect(f"/rosters/{roster}#confirmations", 303)


@roster_page.post(f"{ONE_ROSTER}/entries/<int:entry>/withdraw")
@needs(Permission.CHANGE_ROSTER)
def withdraw(roster: str, entry: int) -> Response:
    """Take an entry back, and tell on the timeline what that has changed."""
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    database, by = current_services().database, current_author()
    shown = show_roster(database, roster, entry)
    if shown is None or shown.asked is None:
        abort(404)
    desk = shown.roster.desks[0].id
    done = withdraw_entry(database, desk, entry, by.actor, by.at, by.address)
    if isinstance(done, EntryRefused):
        abort(404)
    asked = RosterAsked.read(request.form)
    return redirect(asked.told(f"/rosters/{roster}", "withdrawn", entry), 303)
