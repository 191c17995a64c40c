"""`/my-duty/numbers`: on which numbers somebody is rung, in which order, and a ring as a test."""

from typing import Final

from flask import Blueprint, g, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.roster.own_duty import OwnRoster
from app.actions.roster.own_numbers import (
    add_own_number,
    move_own_number,
    remove_own_number,
    show_own_numbers,
)
from app.actions.roster.ring_numbers import WantedRing, own_verifications, ring_own_numbers
from app.domain.access.permissions import Permission
from app.domain.calls.flows.verify import VerificationPurpose
from app.domain.message_refs import MessageError, MessageRef, ref
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind
from app.web.pages.forms import FilledForm, Form
from app.web.pages.live_part import answer_live_part
from app.web.pages.my_duty_page import PATH, own_roster, whose
from app.web.pages.own_numbers_part import OwnNumbersPart
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

HERE: Final = f"{PATH}/numbers"
ADD, UP, DOWN, REMOVE, RING, TEST = "add", "up", "down", "remove", "ring", "test"
DONE: Final = (ADD, UP, DOWN, REMOVE, RING, TEST)

my_duty_numbers_page = Blueprint("my_duty_numbers_page", __name__, url_prefix=PATH)


class NewNumber(BaseModel):
    """A number on which somebody wants to be rung, as they write it."""

    number: str


FORM: Final = Form(
    "own_number_form",
    NewNumber,
    (Field("number", Kind.TEL, autocomplete="tel", has_hint=True, width="medium"),),
)


@my_duty_numbers_page.get("/numbers")
@needs(Permission.SEE_OWN_DUTY)
def numbers() -> Response:
    """Show one's own numbers, and those that wait to be confirmed."""
    done = request.args.get("done", "")
    return _show(own_roster(Permission.SEE_OWN_DUTY), done=done if done in DONE else "")


@my_duty_numbers_page.get("/numbers/now")
@needs(Permission.SEE_OWN_DUTY)
def numbers_now() -> Response:
    """Answer the numbers alone, or that nothing has changed."""
    return answer_live_part(_part(own_roster(Permission.SEE_OWN_DUTY)))


@my_duty_numbers_page.post("/numbers")
@needs(Permission.CHANGE_OWN_DUTY)
def change() -> Response:
    """Add a number, change something about one, or ring."""
    own, act = own_roster(Permission.CHANGE_OWN_DUTY), request.form.get("act", "")
    form = FORM.read(request.form) if act == ADD else FORM.blank()
    if act == ADD and form.value is None:
        return _show(own, form, status=422)
    try:
        _do(own, act, request.form.get("number", ""))
    except MessageError as refused:
        if act != ADD:
            return _show(own, refused=refused.message, status=422)
        form.refuse(refused.message, "number")
        return _show(own, form, status=422)
    return redirect(f"{HERE}?done={act}#done", 303)


def _do(own: OwnRoster, act: str, number: str) -> None:
    database, person, by = current_services().database, whose(own), current_author()
    match act:
        case "add":
            digits = add_own_number(database, person, number, by)
            _ring(own, (digits,), VerificationPurpose.JOINS)
        case "up" | "down":
            move_own_number(database, person, number, -1 if act == UP else 1, by)
        case "remove":
            remove_own_number(database, person, number, by)
        case "ring":
            waiting = show_own_numbers(database, person).waiting
            _ring(own, tuple(each for each in waiting if each == number), VerificationPurpose.JOINS)
        case "test":
            _ring(own, show_own_numbers(database, person).ringing, VerificationPurpose.TEST)
        case _:
            raise MessageError(ref("own_numbers.not_there"))


def _ring(own: OwnRoster, numbers: tuple[str, ...], purpose: VerificationPurpose) -> None:
    wanted = WantedRing(whose(own), numbers, purpose)
    ring_own_numbers(current_services().database, wanted, clock.now())


def _show(
    own: OwnRoster,
    form: FilledForm[NewNumber] | None = None,
    *,
    refused: MessageRef | None = None,
    done: str = "",
    status: int = 200,
) -> Response:
    return page(
        "my_duty_numbers.html",
        "own_numbers_page.title",
        status=status,
        time_zone=_zone(own),
        numbers=_part(own).render(),
        fetched_at=clock.now(),
        form=form or FORM.blank(),
        refused=refused,
        done=done,
    )


def _part(own: OwnRoster) -> OwnNumbersPart:
    database, now = current_services().database, clock.now()
    g.page_now, g.page_time_zone = now, _zone(own)
    shown = show_own_numbers(database, whose(own))
    rings = own_verifications(database, whose(own), now)
    return OwnNumbersPart(shown, rings, now, f"{HERE}/now")


def _zone(own: OwnRoster) -> str:
    return own.shown.roster.plan.time_zone
