"""`/desks/ID/hours/change`: what somebody changes in a desk's hours; told first, then saved.

Nothing is kept between the two steps but what stands in the page. Saving names the version that
was looked at: whoever saves second sees what it would change now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.desks.change_hours import (
    EditRefusal,
    EditRefused,
    HoursRequest,
    change_hours,
    try_hours,
    undo_hours,
)
from app.domain.access.permissions import Permission
from app.domain.desks.desk_calendars import desk_calendars
from app.domain.desks.hours_edits import Day
from app.domain.desks.wanted_hours import TakeBack, Wanted
from app.domain.message_refs import MessageRef, ref
from app.domain.roster.hours_difference import hours_difference
from app.domain.roster.plan import Roster
from app.domain.time.calendars import parse_yearly_day
from app.domain.time.parsing import NotAMoment, read_date
from app.store.desks import LiveDesk
from app.web.page_access import needs
from app.web.pages.desk_hours_form import ChangeKind, HoursForm, carried
from app.web.pages.desks_page import ONE_DESK, desk_to_change
from app.web.pages.forms import FilledForm
from app.web.pages.hours_words import calendar_name, edit_day, entry_text, hours_text
from app.web.pages.render import page
from app.web.pages.roster_words import RosterWords
from app.web.services import current_services
from app.web.session import current_author

desk_hours_change_page = Blueprint("desk_hours_change_page", __name__, url_prefix="/desks")

TAKE_BACK: Final = "take_back"
LONGEST_NUMBER: Final = 9


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was read, with the fields that its second step sends once more."""

    live: LiveDesk
    calendars: tuple[str, ...]
    wanted: Wanted
    carried: list[tuple[str, str]]

    def request(self, seen: int | None = None) -> HoursRequest:
        """Ask for it."""
        return HoursRequest(self.live.desk.id, self.calendars, self.wanted, seen)


@desk_hours_change_page.get(f"{ONE_DESK}/hours/change")
@needs(Permission.CHANGE_DESK)
def change(desk: str) -> Response:
    """Show the form, filled in with what the address says; or what taking something back does."""
    live = desk_to_change(desk, Permission.CHANGE_DESK)
    if day := request.args.get(TAKE_BACK):
        return _check(_taken_back(live, day, request.args.get("calendar", "")))
    kind = _kind(request.args)
    return _form(live, kind, HoursForm(kind, live.desk, clock.now()).blank(request.args))


@desk_hours_change_page.post(f"{ONE_DESK}/hours/change")
@needs(Permission.CHANGE_DESK)
def send(desk: str) -> Response:
    """Read the form; tell what it would change, or save it."""
    live, step = desk_to_change(desk, Permission.CHANGE_DESK), request.form.get("step", "check")
    if day := request.form.get(TAKE_BACK):
        return _save(_taken_back(live, day, request.form.get("calendar", "")), None)
    kind = _kind(request.form)
    reader = HoursForm(kind, live.desk, clock.now())
    form, wanted = reader.read(request.form)
    if wanted is None:
        return _form(live, kind, form, 422)
    if step == "edit":
        return _form(live, kind, reader.blank(request.form, request.form.getlist("calendars")))
    fields = [("kind", str(kind)), *carried(form, wanted)]
    asked = Change(live, tuple(request.form.getlist("calendars")), wanted, fields)
    return _save(asked, form) if step == "save" else _check(asked, form)


@desk_hours_change_page.post(f"{ONE_DESK}/hours/undo")
@needs(Permission.CHANGE_DESK)
def undo(desk: str) -> Response:
    """Take back what one version has changed."""
    live, version = (
        desk_to_change(desk, Permission.CHANGE_DESK),
        _number(request.form.get("version", "")),
    )
    if version is None:
        abort(404)
    done = undo_hours(current_services().database, desk, version, current_author())
    if isinstance(done, EditRefused):
        if done.refusal is EditRefusal.NO_DESK:
            abort(404)
        return _cannot(live, done)
    return _told(desk, done)


def _form(
    live: LiveDesk, kind: ChangeKind, form: FilledForm[BaseModel], status: int = 200
) -> Response:
    calendar = form["calendars"].values[0] if form["calendars"].values else ""
    kinds = [
        (each, f"{_back(live)}/change?{urlencode({'kind': each, 'calendar': calendar})}")
        for each in ChangeKind
    ]
    return page(
        "desk_hours_change.html",
        ref(f"hours_change.title_{kind}", desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        kind=kind,
        kinds=kinds,
        form=form,
        has_one_calendar=len(desk_calendars(live.desk)) == 1,
        back=_back(live),
    )


def _check(asked: Change, form: FilledForm[BaseModel] | None = None, status: int = 200) -> Response:
    """Tell what a change does to the desk as it is now; after another's change, that too."""
    now, live = clock.now(), asked.live
    tried = try_hours(current_services().database, asked.request())
    if isinstance(tried, EditRefused):
        return _refused(asked, form, tried)
    told = hours_difference(live.desk, tried.desk, live.roster, tried.edits, now)
    plan = live.roster or Roster("", live.desk.time_zone)
    return page(
        "desk_hours_check.html",
        ref("hours_change.check_title", desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        edits=tried.edits,
        told=told,
        words=RosterWords(plan, {}),
        names={each.key: calendar_name(each) for each in desk_calendars(live.desk)},
        notice_days=plan.notice_days,
        is_changed_meanwhile=status == 409,
        live=tried.live,
        carried=asked.carried,
        is_take_back=form is None,
        back=_back(live),
        hours_text=hours_text,
        entry_text=entry_text,
        day_text=edit_day,
    )


def _save(asked: Change, form: FilledForm[BaseModel] | None) -> Response:
    seen = _number(request.form.get("version", ""))
    done = change_hours(current_services().database, asked.request(seen), current_author())
    if isinstance(done, EditRefused):
        if done.refusal is EditRefusal.CHANGED_MEANWHILE:
            return _check(asked, form, 409)
        return _refused(asked, form, done)
    return _told(asked.live.desk.id, done, asked.calendars[0], asked.wanted)


def _refused(asked: Change, form: FilledForm[BaseModel] | None, refused: EditRefused) -> Response:
    if form is None:
        return _cannot(asked.live, refused)
    for each in refused.messages:
        form.refuse(each)
    return _form(asked.live, _kind(dict(asked.carried)), form, 422)


def _cannot(live: LiveDesk, refused: EditRefused) -> Response:
    """Say why something cannot be taken back."""
    messages = refused.messages or (MessageRef(f"hours_change.refused_{refused.refusal}"),)
    return page(
        "desk_hours_refused.html",
        ref("hours_change.refused_title", desk=live.desk.name),
        status=409,
        messages=messages,
        back=_back(live),
    )


def _taken_back(live: LiveDesk, day: str, calendar: str) -> Change:
    found = _day(day)
    if found is None or calendar not in {each.key for each in desk_calendars(live.desk)}:
        abort(404)
    return Change(live, (calendar,), TakeBack(found), [(TAKE_BACK, day), ("calendar", calendar)])


def _day(text: str) -> Day | None:
    for read in (read_date, parse_yearly_day):
        try:
            return read(text)
        except (NotAMoment, ValueError):
            continue
    return None


def _told(desk: str, version: int, calendar: str = "", wanted: Wanted | None = None) -> Response:
    """Lead to the year in which something was changed, and tell it there."""
    first = getattr(wanted, "first", None) or getattr(wanted, "day", None)
    year = {"year": first.year} if isinstance(first, date) else {}
    shown = {"calendar": calendar, **year, "done": version}
    return redirect(f"/desks/{desk}/hours?{urlencode(shown)}#done", 303)


def _back(live: LiveDesk) -> str:
    return f"/desks/{live.desk.id}/hours"


def _kind(sent: Mapping[str, str]) -> ChangeKind:
    wanted = sent.get("kind", "")
    return ChangeKind(wanted) if wanted in set(ChangeKind) else ChangeKind.CLOSED


def _number(text: str) -> int | None:
    is_one = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_one else None
