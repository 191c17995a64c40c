"""`/my-duty/pin`: the PIN by which somebody reaches the menu for those on duty, by telephone."""

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.password_hashes import HashingBusy
from app.actions.access.pins import pin_of, remove_pin, set_pin
from app.domain.access.permissions import Permission
from app.domain.message_refs import MessageError, ref
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind
from app.web.pages.forms import FilledForm, Form
from app.web.pages.my_duty_page import PATH, own_roster, whose
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

HERE = f"{PATH}/pin"
DONE = ("set", "removed")

my_duty_pin_page = Blueprint("my_duty_pin_page", __name__, url_prefix=PATH)


class NewPin(BaseModel):
    """A PIN, typed twice: nobody sees it while it is typed."""

    pin_code: str  # so named, they are kept in no form that is shown again
    pin_code_again: str


FORM = Form(
    "pin_form",
    NewPin,
    (
        Field("pin_code", Kind.PASSWORD, autocomplete="new-password", has_hint=True, width="short"),
        Field("pin_code_again", Kind.PASSWORD, autocomplete="new-password", width="short"),
    ),
)


@my_duty_pin_page.get("/pin")
@needs(Permission.SEE_OWN_DUTY, confirmed=True)
def pin() -> Response:
    """Tell how the menu is reached, and whether there is a PIN."""
    own_roster(Permission.SEE_OWN_DUTY)
    return _show(FORM.blank())


@my_duty_pin_page.post("/pin")
@needs(Permission.CHANGE_OWN_DUTY, confirmed=True)
def choose() -> Response:
    """Set a PIN."""
    own, form = own_roster(Permission.CHANGE_OWN_DUTY), FORM.read(request.form)
    if form.value is None:
        return _show(form, 422)
    if form.value.pin_code != form.value.pin_code_again:
        form.refuse(ref("pin.differ"), "pin_code_again")
        return _show(form, 422)
    try:
        set_pin(current_services().database, whose(own), form.value.pin_code, current_author())
    except MessageError as refused:
        form.refuse(refused.message, "pin_code")
        return _show(form, 422)
    except HashingBusy:
        form.refuse(ref("pin.busy"))
        return _show(form, 503)
    return redirect(f"{HERE}?done=set#done", 303)


@my_duty_pin_page.post("/pin/remove")
@needs(Permission.CHANGE_OWN_DUTY, confirmed=True)
def remove() -> Response:
    """Remove it; a second press finds none, which is what was wanted."""
    own = own_roster(Permission.CHANGE_OWN_DUTY)
    database = current_services().database
    if pin_of(database, whose(own)):
        remove_pin(database, whose(own), current_author())
    return redirect(f"{HERE}?done=removed#done", 303)


def _show(form: FilledForm[NewPin], status: int = 200) -> Response:
    own = own_roster(Permission.SEE_OWN_DUTY)
    there, now, done = pin_of(current_services().database, whose(own)), clock.now(), ""
    if request.args.get("done", "") in DONE:
        done = request.args["done"]
    desks = own.shown.roster.desks
    return page(
        "my_duty_pin.html",
        "pin_page.title",
        status=status,
        time_zone=own.shown.roster.plan.time_zone,
        form=form,
        pin=there,
        is_locked=there is not None and there.is_locked(now),
        phones=tuple(line.public_number for desk in desks for line in desk.lines),
        done=done,
    )
