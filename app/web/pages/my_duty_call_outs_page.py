"""`/my-duty/call-outs`: what happened tonight; when one was called out, confirmed or corrected."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.confirm_call_outs import (
    OwnCallOut,
    SaidCallOut,
    confirm_call_out,
    own_call_outs,
)
from app.actions.roster.own_duty import OwnRoster
from app.domain.access.permissions import Permission
from app.domain.message_refs import MessageError
from app.domain.roster.working_hours.call_out_confirmation import LONGEST_REASON, to_the_minute
from app.domain.texts.typed_echo import occurrence_answers, occurrence_question
from app.domain.time.intervals import Interval
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    WhichOccurrence,
    read_typed_moment,
)
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.my_duty_page import PATH, own_roster, whose
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

HERE: Final = f"{PATH}/call-outs"
ONE: Final = "/call-outs/<string(maxlength=64):about>"
LONGEST_TYPED: Final = 120
HALF_A_DAY: Final = timedelta(hours=12)
ANSWERS: Final = tuple(Option(value, label) for value, label in occurrence_answers().items())

my_duty_call_outs_page = Blueprint("my_duty_call_outs_page", __name__, url_prefix=PATH)


class Said(BaseModel):
    """When somebody was called out."""

    since: str = Limits(max_length=LONGEST_TYPED)
    until: str = Limits(max_length=LONGEST_TYPED)
    since_answer: str = ""
    until_answer: str = ""
    why: str = Limits("", max_length=LONGEST_REASON)


FORM: Final = Form(
    "call_out_form",
    Said,
    (
        Field("since", width="medium"),
        Field("since_answer", Kind.RADIOS, options=ANSWERS),
        Field("until", has_hint=True, width="medium"),
        Field("until_answer", Kind.RADIOS, options=ANSWERS),
        Field("why", has_hint=True),
    ),
)


@my_duty_call_outs_page.get("/call-outs")
@needs(Permission.SEE_OWN_DUTY)
def call_outs() -> Response:
    """List the calls that one took, with what was measured and said."""
    own = own_roster(Permission.SEE_OWN_DUTY)
    return page(
        "my_duty_call_outs.html",
        "call_outs_page.title",
        time_zone=_zone(own),
        found=_own(own),
        is_saved="saved" in request.args,
    )


@my_duty_call_outs_page.post("/call-outs")
@needs(Permission.CHANGE_OWN_DUTY)
def confirm() -> Response:
    """Confirm what was measured of one call."""
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    one = _one(own, request.form.get("about", ""))
    if one.said is None:  # what was said before stays: the button stood on an old page
        said = SaidCallOut(one.measured.about, one.measured.interval)
        confirm_call_out(current_services().database, whose(own), said, current_author())
    return redirect(f"{HERE}?saved=1#done", 303)


@my_duty_call_outs_page.get(ONE)
@needs(Permission.SEE_OWN_DUTY)
def look(about: str) -> Response:
    """Show the form in which the time of one call is corrected."""
    own = own_roster(Permission.SEE_OWN_DUTY)
    one = _one(own, about)
    shown = one.said.interval if one.said else to_the_minute(one.measured.interval)
    zone = ZoneInfo(_zone(own))
    since, until = _typed(shown.from_, zone), _typed(shown.to, zone)
    why = one.said.reason if one.said else ""
    return _show(own, one, FORM.blank(since=since, until=until, why=why))


@my_duty_call_outs_page.post(ONE)
@needs(Permission.CHANGE_OWN_DUTY)
def correct(about: str) -> Response:
    """Save another time than was measured."""
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    one = _one(own, about)
    form = FORM.read(request.form)
    when = _read(form, one, _zone(own)) if form.value else None
    if form.value is None or when is None:
        return _show(own, one, form, 422)
    said = SaidCallOut(about, when, form.value.why)
    try:
        confirm_call_out(current_services().database, whose(own), said, current_author())
    except MessageError as refused:
        is_reason = refused.message.key.endswith(".needs_reason")
        form.refuse(refused.message, "why" if is_reason else "until")
        return _show(own, one, form, 422)
    return redirect(f"{HERE}?saved=1#done", 303)


def _own(own: OwnRoster) -> tuple[OwnCallOut, ...]:
    database, in_use = current_services().database, own.shown.roster
    return own_call_outs(database, in_use, own.person.id, clock.now())


def _one(own: OwnRoster, about: str) -> OwnCallOut:
    """The call of theirs that is meant; 404 for any other."""
    found = next((each for each in _own(own) if each.measured.about == about), None)
    if found is None:
        raise NotFound
    return found


def _read(form: FilledForm[Said], one: OwnCallOut, zone: str) -> Interval | None:
    """The time as it was typed; a clock time alone is the one next to the call."""
    measured = one.measured.interval
    since = _moment(form, "since", measured.from_ - HALF_A_DAY, zone)
    until = _moment(form, "until", since or measured.from_, zone)
    return Interval(since, until) if since and until else None


def _moment(form: FilledForm[Said], name: str, start: datetime, zone: str) -> datetime | None:
    answer = form[f"{name}_answer"].value
    asked = TimeField(clock.now(), zone, start=start, answer=answer)
    match read_typed_moment(form[name].value, asked):
        case MomentRead(at):
            return at
        case WhichOccurrence() as which:
            form.refuse(occurrence_question(which, zone), f"{name}_answer")
        case MomentRefused(reason):
            form.refuse(reason.ref, name)
    return None


def _show(own: OwnRoster, one: OwnCallOut, form: FilledForm[Said], status: int = 200) -> Response:
    return page(
        "my_duty_call_out.html",
        "call_outs_page.correct",
        status=status,
        time_zone=_zone(own),
        one=one,
        form=form,
        address=f"{HERE}/{one.measured.about}",
    )


def _typed(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%d.%m.%Y %H.%M}"


def _zone(own: OwnRoster) -> str:
    return own.shown.roster.plan.time_zone
