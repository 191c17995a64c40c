"""`/desks/ID/blocked`: numbers whose calls a desk does not take; added and taken off."""

from datetime import datetime
from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.desks.block_numbers import (
    Blocked,
    NotBlocked,
    about_number,
    block_number,
    read_number_to_block,
    unblock_number,
)
from app.actions.desks.withheld_numbers import WithheldRequest, open_desk
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.message_refs import MessageRef, ref
from app.domain.texts.typed_echo import occurrence_answers, occurrence_question
from app.domain.texts.written_moments import spaced
from app.domain.time.typed_moments import (
    MomentRead,
    MomentRefused,
    TimeField,
    WhichOccurrence,
    read_typed_moment,
)
from app.store.blocked_numbers import WITHHELD, Block, list_blocks
from app.store.desks import LiveDesk
from app.web.page_access import needs
from app.web.pages.desks_page import ONE_DESK, desk_to_change
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_user

blocked_page = Blueprint("blocked_page", __name__, url_prefix="/desks")

LONGEST_TYPED: Final = 100
LONGEST_REASON: Final = 500


class NewBlock(BaseModel):
    """A number that is to be blocked."""

    number: str = Limits(max_length=LONGEST_TYPED)
    why: str = Limits(max_length=LONGEST_REASON)
    until: str = Limits("", max_length=LONGEST_TYPED)
    until_answer: str = ""


ANSWERS: Final = tuple(Option(value, label) for value, label in occurrence_answers().items())
FORM: Final = Form(
    "block_form",
    NewBlock,
    (
        Field("number", Kind.TEL, width="medium"),
        Field("why", has_hint=True),
        Field("until", has_hint=True, width="medium"),
        Field("until_answer", Kind.RADIOS, options=ANSWERS),
    ),
)


@blocked_page.get(f"{ONE_DESK}/blocked")
@needs(Permission.SEE_CUSTOMERS)
def blocked(desk: str) -> Response:
    """List a desk's blocked numbers, with a form for one more."""
    live = desk_to_change(desk, Permission.SEE_CUSTOMERS)
    return _show(live, FORM.blank())


@blocked_page.post(f"{ONE_DESK}/blocked")
@needs(Permission.CHANGE_DESK)
def add(desk: str) -> Response:
    """Block a number."""
    live, by = desk_to_change(desk, Permission.CHANGE_DESK), current_author()
    form = FORM.read(request.form)
    digits, until = _digits(form), _until(form, live, by.at)
    if form.value is None:
        return _show(live, form, 422)
    block = Block(desk, digits, form.value.why, until, by.actor.name, by.at)
    try:
        block_number(current_services().database, block, by)
    except NotBlocked as refused:
        form.refuse(refused.message, "until" if until else "number")
        return _show(live, form, 422)
    return redirect(f"/desks/{desk}/blocked?added=1#done", 303)


@blocked_page.post(f"{ONE_DESK}/blocked/remove")
@needs(Permission.CHANGE_DESK)
def remove(desk: str) -> Response:
    """Answer a number again; of callers who withhold theirs, the contacts are told."""
    live, by = desk_to_change(desk, Permission.CHANGE_DESK), current_author()
    database, digits = current_services().database, request.form.get("digits")
    if digits is None:
        return _show(live, FORM.blank(), 422)
    if digits == WITHHELD:
        open_desk(database, desk, WithheldRequest(by.actor.name, by.at, f"{by.at:%Y%m%dT%H%M%S}"))
    else:
        unblock_number(database, desk, digits, by)
    return redirect(f"/desks/{desk}/blocked?removed=1#done", 303)


def _show(live: LiveDesk, form: FilledForm[NewBlock], status: int = 200) -> Response:
    now = clock.now()
    about: Blocked | None = None
    with current_services().database.read() as connection:
        blocks = list_blocks(connection, [live.desk.id])
        # The address does not say which: proxies write addresses down.
        newest = max(blocks, key=lambda each: each.at, default=None)
        if newest and newest.digits and request.args.get("added") == "1":
            about = about_number(connection, live, newest.digits, now)
    may_change = may(current_user(), Permission.CHANGE_DESK, Scope(desk=live.desk.id)).is_allowed
    return page(
        "blocked.html",
        ref("blocked_page.title", desk=live.desk.name),
        status=status,
        time_zone=live.desk.time_zone,
        desk=live.desk,
        address=f"/desks/{live.desk.id}/blocked",
        blocks=blocks,
        number_text=_number_text,
        reason_text=_reason_text,
        now=now,
        form=form,
        may_change=may_change,
        about=about,
        is_removed=request.args.get("removed") == "1",
    )


def _number_text(block: Block) -> MessageRef | str:
    return spaced(block.digits) if block.digits else MessageRef("command.withheld_numbers")


def _reason_text(block: Block) -> MessageRef | str:
    return block.reason if block.digits else MessageRef("command.closed_to_withheld")


def _digits(form: FilledForm[NewBlock]) -> str:
    text = form["number"].value.strip()
    if not text:
        return ""  # the form has said it already
    try:
        return read_number_to_block(text)
    except NotBlocked as refused:
        form.refuse(refused.message, "number")
        return ""


def _until(form: FilledForm[NewBlock], live: LiveDesk, now: datetime) -> datetime | None:
    text, zone = form["until"].value.strip(), live.desk.time_zone
    if not text:
        return None
    read = read_typed_moment(text, TimeField(now, zone, answer=form["until_answer"].value))
    match read:
        case MomentRead(at):
            return at
        case WhichOccurrence() as which:
            form.refuse(occurrence_question(which, zone), "until_answer")
        case MomentRefused(reason):
            form.refuse(reason.ref, "until")
    return None
