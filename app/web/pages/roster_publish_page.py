"""`/rosters/ID/publish`: a roster published up to a day; who is told is shown before it is done."""

from datetime import date, datetime

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.publish import (
    PublishedState,
    publish,
    show_published,
    try_publication,
    undo_publication,
)
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageError, ref
from app.domain.roster.publication import border_after, last_day
from app.domain.texts.written_moments import long_day_ref
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_day
from app.web.page_access import needs, require
from app.web.pages.fields import Field
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_versions_page import VersionLinks, moment_of
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author

roster_publish_page = Blueprint("roster_publish_page", __name__, url_prefix="/rosters")


class Wanted(BaseModel):
    """The last day that is to be published."""

    day: str = Limits(max_length=60)


FORM = Form("publish_form", Wanted, (Field("day", has_hint=True, width="medium"),))


@roster_publish_page.get(f"{ONE_ROSTER}/publish")
@needs(Permission.CHANGE_ROSTER)
def show(roster: str) -> Response:
    """Show up to when it is published, and ask for a day."""
    return _show(_state(roster), FORM.blank())


@roster_publish_page.post(f"{ONE_ROSTER}/publish")
@needs(Permission.CHANGE_ROSTER)
def send(roster: str) -> Response:
    """Tell who would be told, or publish it."""
    state = _state(roster)
    form = FORM.read(request.form)
    day = _day(state, form)
    if day is None:
        return _show(state, form, 422)
    until = border_after(day, state.roster.plan.time_zone)
    try:
        if request.form.get("step") == "save":
            seen = moment_of(request.form.get("seen", ""))
            publish(current_services().database, roster, until, seen, current_author())
            return redirect(f"/rosters/{roster}/publish?done=1#done", 303)
        return _check(state, day, until)
    except MessageError as wrong:
        form.refuse(wrong.message, "day")
        return _show(_state(roster), form, 422)


@roster_publish_page.post(f"{ONE_ROSTER}/publish/undo")
@needs(Permission.CHANGE_ROSTER)
def undo(roster: str) -> Response:
    """Undo the newest publication."""
    state, number = _state(roster), request.form.get("number", "")
    if state.newest is None:
        abort(404)
    is_number = number.isascii() and number.isdecimal() and len(number) < 16
    database, by = current_services().database, current_author()
    if is_number and undo_publication(database, roster, int(number), by):
        return redirect(f"/rosters/{roster}/publish?undone=1#done", 303)
    form = FORM.blank()
    form.refuse(ref("roster_publish.meanwhile"))
    return _show(_state(roster), form, 409)


def _check(state: PublishedState, day: date, until: datetime) -> Response:
    plan = state.roster.plan
    told = try_publication(current_services().database, state, until, clock.now())
    names = {desk.id: desk.name for desk in state.roster.desks}
    return page(
        "roster_publish_check.html",
        ref("roster_publish.check_title", day=long_day_ref(day)),
        time_zone=plan.time_zone,
        told=told,
        words=RosterWords(plan, {}),
        desk_name=lambda desk: names.get(desk, desk),
        links=VersionLinks(plan.id),
        day=f"{day:%d.%m.%Y}",
        last_day=day,
        is_first=state.roster.published_until is None,
        seen=state.roster.published_until.isoformat() if state.roster.published_until else "",
    )


def _show(state: PublishedState, form: FilledForm[Wanted], status: int = 200) -> Response:
    plan, until = state.roster.plan, state.roster.published_until
    return page(
        "roster_publish.html",
        ref("roster_publish.title", desks=tuple(each.name for each in state.roster.desks)),
        status=status,
        time_zone=plan.time_zone,
        form=form,
        newest=state.newest,
        published_day=last_day(until, plan.time_zone) if until else None,
        links=VersionLinks(plan.id),
        is_done="done" in request.args and until is not None,
        is_undone="undone" in request.args,
    )


def _day(state: PublishedState, form: FilledForm[Wanted]) -> date | None:
    """Read the day, or say in the form what is wrong with it."""
    if form.value is None:
        return None
    field = TimeField(clock.now(), state.roster.plan.time_zone)
    day = read_typed_day(form.value.day, field)
    if isinstance(day, date):
        return day
    form.refuse(day.ref, "day")
    return None


def _state(roster: str) -> PublishedState:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    found = show_published(current_services().database, roster)
    if found is None:
        abort(404)
    return found
