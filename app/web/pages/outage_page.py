"""`/desks/ID/outage`: what callers are told of an outage, put in words, and its end."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.desks.outages import (
    OutageRefused,
    OutageRequest,
    change_known_outage,
    end_known_outage,
    languages_of,
    mark_outage,
    outage_now,
)
from app.domain.access.permissions import Permission
from app.domain.desks.known_outage import MOST_WORDS
from app.domain.message_refs import ref
from app.domain.texts.typed_echo import occurrence_answers, occurrence_question
from app.domain.time.parsing import read_whole
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    WhichOccurrence,
    read_typed_moment,
)
from app.store.desks import LiveDesk
from app.store.outages import StoredOutage, list_outages
from app.web.page_access import needs
from app.web.pages.desks_page import ONE_DESK, desk_or_404
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.maintenance_part import maintenance_of
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

outage_page = Blueprint("outage_page", __name__, url_prefix="/desks")

LONGEST_TYPED: Final = 100
MOST_PAST: Final = 10
PERMISSION: Final = Permission.MARK_OUTAGE


class Known(BaseModel):
    """What is known of it. Each language of the desk has its words."""

    since: str = Limits("", max_length=LONGEST_TYPED)
    since_answer: str = ""
    words_nb: str = Limits("", max_length=MOST_WORDS)
    words_nn: str = Limits("", max_length=MOST_WORDS)
    words_en: str = Limits("", max_length=MOST_WORDS)


ANSWERS: Final = tuple(Option(value, label) for value, label in occurrence_answers().items())
FORM: Final = Form(
    "outage_form",
    Known,
    (
        Field("since", has_hint=True, width="medium"),
        Field("since_answer", Kind.RADIOS, options=ANSWERS),
        Field("words_nb", has_hint=True),
        Field("words_nn", has_hint=True),
        Field("words_en", has_hint=True),
    ),
)


@outage_page.get(f"{ONE_DESK}/outage")
@needs(PERMISSION)
def outage(desk: str) -> Response:
    """Show what callers hear now, with a form for it."""
    live = desk_or_404(desk, PERMISSION)
    there = outage_now(current_services().database, desk)
    return _show(live, there, _filled(live, there))


@outage_page.post(f"{ONE_DESK}/outage")
@needs(PERMISSION)
def mark(desk: str) -> Response:
    """Mark an outage, or say something else of the one that is named."""
    live, by = desk_or_404(desk, PERMISSION), current_author()
    database, form = current_services().database, FORM.read(request.form)
    since, number = _since(form, live, by.at), _number()
    if form.value is None:
        return _show(live, outage_now(database, desk), form, 422)
    words = {code: getattr(form.value, f"words_{code}") for code in languages_of(live.desk)}
    asked = OutageRequest(since, words)
    try:
        if number:
            change_known_outage(database, desk, number, asked, by)
        else:
            mark_outage(database, desk, asked, by)
    except OutageRefused as refused:
        form.refuse(refused.message)
        return _show(live, outage_now(database, desk), form, 409)
    return redirect(f"/desks/{desk}/outage?done={'changed' if number else 'marked'}#done", 303)


@outage_page.post(f"{ONE_DESK}/outage/end")
@needs(PERMISSION)
def end(desk: str) -> Response:
    """Say that it is over; whoever has pressed 8 is told."""
    live, by = desk_or_404(desk, PERMISSION), current_author()
    database = current_services().database
    try:
        ended = end_known_outage(database, desk, _number(), by)
    except OutageRefused as refused:
        there = outage_now(database, desk)
        form = _filled(live, there)
        form.refuse(refused.message)
        return _show(live, there, form, 422)
    return redirect(f"/desks/{desk}/outage?done=ended&told={ended.told}#done", 303)


def _number() -> int:
    """Which outage a form is about; 0 where it is about none."""
    text = request.form.get("outage", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < LONGEST_TYPED
    return (read_whole(text) or 0) if is_number else 0


def _show(
    live: LiveDesk, there: StoredOutage | None, form: FilledForm[Known], status: int = 200
) -> Response:
    with current_services().database.read() as connection:
        past = [each for each in list_outages(connection, [live.desk.id]) if each.ended_at]
    told = request.args.get("told", "")
    return page(
        "outage.html",
        ref("outage_page.title", desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        desk=live.desk,
        address=f"/desks/{live.desk.id}/outage",
        outage=there,
        maintenance=maintenance_of(live.desk, clock.now()),
        past=past[:MOST_PAST],
        form=form,
        shown={"since", *(f"words_{code}" for code in languages_of(live.desk))},
        done=request.args.get("done", ""),
        told=int(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0,
    )


def _filled(live: LiveDesk, there: StoredOutage | None) -> FilledForm[Known]:
    if there is None:
        return FORM.blank()
    since = there.known.since.astimezone(ZoneInfo(live.desk.time_zone))
    words = {f"words_{code}": text for code, text in there.known.words.by_language}
    return FORM.blank(None, since=f"{since:%d.%m.%Y %H.%M}", **words)


def _since(form: FilledForm[Known], live: LiveDesk, now: datetime) -> datetime | None:
    """Read since when; nothing typed is since now, or as it was."""
    text, zone = form["since"].value.strip(), live.desk.time_zone
    if not text:
        return None
    match read_typed_moment(text, TimeField(now, zone, answer=form["since_answer"].value)):
        case MomentRead(at):
            return at
        case WhichOccurrence() as which:
            form.refuse(occurrence_question(which, zone), "since_answer")
        case MomentRefused(reason):
            form.refuse(reason.ref, "since")
    return None
