"""`/account/authenticator` and recovery codes: one's own second factor, set up and switched off."""

from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.login_outcomes import LoginRefused
from app.actions.access.second_factors import (
    begin_authenticator,
    finish_authenticator,
    remove_authenticator,
    renew_recovery_codes,
)
from app.domain.access.authenticator import Authenticator, enrolment_address, in_groups
from app.domain.access.recovery_codes import written_code
from app.store.second_factors import find_authenticator
from app.web.page_access import for_users
from app.web.pages.fields import Field
from app.web.pages.finish_login import refusal_of
from app.web.pages.forms import FilledForm, Form
from app.web.pages.qr_code import qr_code
from app.web.pages.render import page, say
from app.web.services import current_services
from app.web.session import current_author, current_user

second_factors_page = Blueprint("second_factors_page", __name__, url_prefix="/account")

ACCOUNT: Final = "/account#second-factor"


class FirstCode(BaseModel):
    """What the app shows."""

    code: str


FIRST_CODE_FORM: Final = Form(
    "first_code_form", FirstCode, (Field("code", autocomplete="one-time-code", width="short"),)
)


@second_factors_page.post("/authenticator/begin")
@for_users(confirmed=True)
def begin() -> Response:
    """Make a secret for an app."""
    begin_authenticator(current_services().database, current_user(), current_author())
    return redirect("/account/authenticator", 303)


@second_factors_page.get("/authenticator")
@for_users(confirmed=True)
def enrol() -> Response:
    """Show the secret that an app is to take."""
    app = _to_be_confirmed()
    return _enrolment(app, FIRST_CODE_FORM.blank(), 200) if app else redirect(ACCOUNT, 303)


@second_factors_page.post("/authenticator")
@for_users(confirmed=True)
def finish() -> Response:
    """Let the app count when it shows the right code, and show the recovery codes."""
    app = _to_be_confirmed()
    if app is None:
        return redirect(ACCOUNT, 303)
    form = FIRST_CODE_FORM.read(request.form)
    if form.value:
        database, user = current_services().database, current_user()
        found = finish_authenticator(database, user, form.value.code, current_author())
        if not isinstance(found, LoginRefused):
            return codes_page(found, is_new=True)
        form.refuse(refusal_of(found), "code")
    return _enrolment(app, form, 422)


@second_factors_page.post("/authenticator/remove")
@for_users(confirmed=True)
def remove() -> Response:
    """Log in without a code again."""
    remove_authenticator(current_services().database, current_user(), current_author())
    return redirect(ACCOUNT, 303)


@second_factors_page.post("/recovery-codes")
@for_users(confirmed=True)
def renew() -> Response:
    """Make new recovery codes; those from before count no more."""
    codes = renew_recovery_codes(current_services().database, current_user(), current_author())
    return codes_page(codes, is_new=False) if codes else redirect(ACCOUNT, 303)


def _to_be_confirmed() -> Authenticator | None:
    with current_services().database.read() as connection:
        app = find_authenticator(connection, current_user().id)
    return app if app and not app.is_confirmed else None


def _enrolment(app: Authenticator, form: FilledForm[FirstCode], status: int) -> Response:
    address = enrolment_address(app.secret, current_user().email, say("page.product"))
    return page(
        "authenticator.html",
        "authenticator_page.title",
        status=status,
        form=form,
        qr_code=qr_code(address),
        address=address,
        secret=in_groups(app.secret),
    )


def codes_page(codes: tuple[str, ...], *, is_new: bool) -> Response:
    """Show recovery codes, this once."""
    written = [written_code(each) for each in codes]
    title, at = "recovery_codes_page.title", clock.now()
    return page("recovery_codes.html", title, codes=written, is_new=is_new, at=at)
