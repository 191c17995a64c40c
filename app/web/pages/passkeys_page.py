"""Passkeys: added and removed on `/account`, and used as the second half of a login.

Only a script can ask a device for one. Without it the code of an app is the way.
"""

from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel, field_validator
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.login_outcomes import (
    HALF_LOGIN_IS_OVER,
    WRONG_PASSKEY,
    LoginRefusal,
    LoginRefused,
    NewLogin,
)
from app.actions.access.passkeys import enrol_passkey, log_in_by_passkey, remove_passkey
from app.actions.access.second_factor import user_of_half_login
from app.domain.access.passkeys import read_passkey_name
from app.web.page_access import for_users, open_to_all
from app.web.pages.fields import Field, Kind
from app.web.pages.finish_login import CODE_FORM, code_page, finish_login, refusal_of
from app.web.pages.forms import FilledForm, Form
from app.web.pages.login_page import ask_anew
from app.web.pages.render import page
from app.web.pages.second_factors_page import ACCOUNT, codes_page
from app.web.passkey_questions import answer_of, question_for_new_passkey
from app.web.services import current_services
from app.web.session import (
    current_author,
    current_client,
    current_user,
    half_login_secret,
    session_secret,
)

passkeys_page = Blueprint("passkeys_page", __name__)

NEW: Final = "/account/passkeys/new"


class NewPasskey(BaseModel):
    """What a user calls a key, and what their device says of it."""

    name: str
    credential: str = ""

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        return read_passkey_name(name)


PASSKEY_FORM: Final = Form(
    "passkey_form",
    NewPasskey,
    (Field("name", has_hint=True, width="medium"), Field("credential", Kind.HIDDEN)),
)


@passkeys_page.get(NEW)
@for_users(confirmed=True)
def ask_for_passkey() -> Response:
    """Ask what the key is to be called; the script asks the device."""
    return _page(PASSKEY_FORM.blank(), 200)


@passkeys_page.post(NEW)
@for_users(confirmed=True)
def add() -> Response:
    """Add a key, and show recovery codes with the first factor."""
    form = PASSKEY_FORM.read(request.form)
    if form.value:
        found = _enrolled(form.value)
        if not isinstance(found, LoginRefused):
            return codes_page(found, is_new=True) if found else redirect(ACCOUNT, 303)
        form.refuse(refusal_of(found))
    return _page(form, 422)


@passkeys_page.post("/account/passkeys/<int:passkey>/remove")
@for_users(confirmed=True)
def remove(passkey: int) -> Response:
    """Remove a key of one's own."""
    remove_passkey(current_services().database, current_user(), passkey, current_author())
    return redirect(ACCOUNT, 303)


@passkeys_page.post("/login/passkey")
@open_to_all
def log_in() -> Response:
    """Finish the login by a key."""
    database, secret, now = current_services().database, half_login_secret(), clock.now()
    user = user_of_half_login(database, secret, now)
    if user is None:
        return ask_anew(HALF_LOGIN_IS_OVER)
    answer = answer_of(request.form.get("credential", ""), secret)
    found = log_in_by_passkey(database, secret, answer, current_client(), now)
    if isinstance(found, NewLogin):
        return finish_login(found)
    if found.refusal is LoginRefusal.HALF_LOGIN_IS_OVER:
        return ask_anew(found)
    form = CODE_FORM.blank()
    form.refuse(refusal_of(found))
    return code_page(user, form, 422, secret)


def _enrolled(wanted: NewPasskey) -> tuple[str, ...] | LoginRefused:
    if not wanted.credential:
        return WRONG_PASSKEY
    database, answer = current_services().database, answer_of(wanted.credential, session_secret())
    return enrol_passkey(database, current_user(), wanted.name, answer, current_author())


def _page(form: FilledForm[NewPasskey], status: int) -> Response:
    question = question_for_new_passkey(current_user(), session_secret())
    title = "passkey_page.title"
    return page("passkey.html", title, status=status, form=form, question=question)
