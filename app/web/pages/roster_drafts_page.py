"""`/rosters/ID/drafts`: a period copied to another one, seen beside the roster before it counts."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.drafts import (
    DraftAct,
    WantedAct,
    WantedCopy,
    act_on_draft,
    copy_period,
)
from app.actions.roster.shown_drafts import ShownDraft, drafts_of, show_draft
from app.actions.roster.shown_rosters import RosterInUse
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageError, MessageRef, ref
from app.domain.roster.period_copy import Alignment, RowFate
from app.domain.roster.timeline import timeline
from app.domain.roster.timeline_days import holidays_of
from app.domain.roster.timeline_span import span_of_days
from app.domain.time.typed_days import TimeField
from app.domain.time.typed_parts import read_typed_day
from app.store.roster_drafts import RosterDraft
from app.web.page_access import needs, require
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.pages.roster_drawing import Drawer
from app.web.pages.roster_links import RosterLinks
from app.web.pages.roster_page import ONE_ROSTER
from app.web.pages.roster_versions_page import VersionLinks
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author

roster_drafts_page = Blueprint("roster_drafts_page", __name__, url_prefix="/rosters")

LONGEST_NAME: Final = 80
LONGEST_TYPED: Final = 60
MOST_DIGITS: Final = 15


class Wanted(BaseModel):
    """A period, and where it goes."""

    first: str = Limits(max_length=LONGEST_TYPED)
    last: str = Limits(max_length=LONGEST_TYPED)
    target: str = Limits(max_length=LONGEST_TYPED)
    alignment: Alignment
    name: str = Limits("", max_length=LONGEST_NAME)


ALIGNMENTS: Final = tuple(
    Option(str(each), MessageRef(f"roster_draft.align_{each}")) for each in Alignment
)
FORM: Final = Form(
    "draft_form",
    Wanted,
    (
        Field("first", has_hint=True, width="medium"),
        Field("last", width="medium"),
        Field("target", has_hint=True, width="medium"),
        Field("alignment", Kind.RADIOS, options=ALIGNMENTS),
        Field("name", has_hint=True, width="medium"),
    ),
)


@roster_drafts_page.get(f"{ONE_ROSTER}/drafts")
@needs(Permission.CHANGE_ROSTER)
def drafts(roster: str) -> Response:
    """List the drafts, and ask for another one."""
    return _list(roster, FORM.blank(alignment=str(Alignment.WEEKDAY)))


@roster_drafts_page.post(f"{ONE_ROSTER}/drafts")
@needs(Permission.CHANGE_ROSTER)
def copy(roster: str) -> Response:
    """Copy a period."""
    in_use, _ = _drafts(roster)
    form = FORM.read(request.form)
    wanted = _wanted(in_use, form)
    if wanted is None:
        return _list(roster, form, 422)
    try:
        number = copy_period(current_services().database, in_use, wanted, current_author())
    except MessageError as wrong:
        form.refuse(wrong.message)
        return _list(roster, form, 422)
    return redirect(f"/rosters/{roster}/drafts/{number}", 303)


@roster_drafts_page.get(f"{ONE_ROSTER}/drafts/<int:number>")
@needs(Permission.CHANGE_ROSTER)
def draft(roster: str, number: int) -> Response:
    """Show a draft beside the roster."""
    return _show(_draft(roster, number))


@roster_drafts_page.post(f"{ONE_ROSTER}/drafts/<int:number>")
@needs(Permission.CHANGE_ROSTER)
def act(roster: str, number: int) -> Response:
    """Apply it, undo that, throw it away, or take one row out."""
    _draft(roster, number)
    sent = request.form.get("act", "")
    if sent not in set(DraftAct):
        abort(422)
    seen = request.form.get("version", "")
    wanted = WantedAct(number, DraftAct(sent), seen, _number("entry"))
    try:
        act_on_draft(current_services().database, roster, wanted, current_author())
    except MessageError as wrong:
        return _show(_draft(roster, number), wrong.message)
    return redirect(f"/rosters/{roster}/drafts/{number}#state", 303)


def _show(shown: ShownDraft, wrong: MessageRef | None = None) -> Response:
    plan, desks = shown.plan, shown.roster.desks
    zone = ZoneInfo(plan.time_zone)
    span = span_of_days(shown.draft.target, zone)
    words = RosterWords(shown.names, holidays_of(desks, span.days))
    names = {desk.id: desk.name for desk in desks}
    drawer = Drawer(plan, span, words, RosterLinks(plan.id, zone, True, {}, {}))
    return page(
        "roster_draft.html",
        ref("roster_draft.title", name=_name(shown.draft)),
        status=409 if wrong else 200,
        time_zone=plan.time_zone,
        shown=shown,
        draft=shown.draft,
        leavers=shown.rows_that(RowFate.NOT_THERE),
        entered=len(shown.rows_that(RowFate.ENTERED)),
        counting=len(shown.rows_that(RowFate.COUNTS)),
        drawing=drawer.draw(timeline(plan, desks, span.interval), clock.now()),
        words=words,
        desk_name=lambda desk: names.get(desk, desk),
        links=VersionLinks(plan.id),
        wrong=wrong,
    )


def _name(draft: RosterDraft) -> str | MessageRef:
    return draft.name or ref("roster_draft.number", number=draft.id)


def _list(roster: str, form: FilledForm[Wanted], status: int = 200) -> Response:
    in_use, found = _drafts(roster)
    return page(
        "roster_drafts.html",
        ref("roster_draft.list_title", desks=tuple(each.name for each in in_use.desks)),
        status=status,
        time_zone=in_use.plan.time_zone,
        form=form,
        drafts=found,
        name_of=_name,
        words=RosterWords(in_use.plan, {}),
        links=VersionLinks(in_use.id),
    )


def _wanted(roster: RosterInUse, form: FilledForm[Wanted]) -> WantedCopy | None:
    """Read the days, or say in the form what is wrong with them."""
    if form.value is None:
        return None
    sent, now = form.value, clock.now()
    first = _day(roster, form, "first", now, None)
    last = _day(roster, form, "last", now, first)
    target = _day(roster, form, "target", now, None)
    if first is None or last is None or target is None:
        return None
    return WantedCopy(first, last, target, sent.alignment, sent.name)


def _day(
    roster: RosterInUse, form: FilledForm[Wanted], name: str, now: datetime, after: date | None
) -> date | None:
    field = TimeField(now, roster.plan.time_zone, day=after)
    day = read_typed_day(form[name].value, field)
    if isinstance(day, date):
        return day
    form.refuse(day.ref, name)
    return None


def _draft(roster: str, number: int) -> ShownDraft:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    found = show_draft(current_services().database, roster, number, clock.now())
    if found is None:
        abort(404)
    return found


def _drafts(roster: str) -> tuple[RosterInUse, tuple[RosterDraft, ...]]:
    require(Permission.CHANGE_ROSTER, Scope(roster=roster))
    found = drafts_of(current_services().database, roster)
    if found is None:
        abort(404)
    return found


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0
