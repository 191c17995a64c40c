"""`/account`: one's own name, language, password, roles and logins."""

from dataclasses import replace
from typing import Final, Literal

from flask import Blueprint, redirect, request
from pydantic import BaseModel, field_validator
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.passwords import change_password, confirm_by_password
from app.actions.access.sessions import end_one_session, end_other_sessions
from app.actions.access.users import change_user_details
from app.actions.roster.gap_notices import coordinates
from app.domain.access.browsers import browser_name
from app.domain.access.identities import is_only_of
from app.domain.access.users import read_name
from app.domain.message_refs import MessageError, MessageRef
from app.domain.texts.text_parts import LANGUAGES
from app.store.identities import list_identities
from app.store.passkeys import list_passkeys
from app.store.second_factors import second_factors_of
from app.store.users import password_hash_of
from app.store.web_sessions import list_sessions
from app.web.csrf import SAFE_METHODS
from app.web.kept_form import KEPT_FIELD, KeptForm, sent_form
from app.web.openid_providers import provider_settings
from app.web.page_access import for_users
from app.web.pages.access_answers import carried_fields, go_on, with_way_back
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.finish_login import refusal_of
from app.web.pages.forms import FilledForm, Form
from app.web.pages.login_page import NEW_PASSWORD_FORM, NewPassword
from app.web.pages.render import page
from app.web.pages.scopes import scope_ref
from app.web.services import current_services
from app.web.session import (
    current_author,
    current_client,
    current_login,
    current_session,
    current_user,
)

account_page = Blueprint("account_page", __name__, url_prefix="/account")

HERE: Final = "/account"
CONFIRM: Final = f"{HERE}/confirm"


class OwnDetails(BaseModel):
    """What a user may change of themself."""

    name: str
    language: Literal["nb", "nn", "en"]

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        return read_name(name)


class Proof(BaseModel):
    """What proves who somebody is."""

    password: str


LANGUAGE_OPTIONS: Final = tuple(
    Option(code, MessageRef(f"page.language_{code}")) for code in LANGUAGES
)
DETAILS_FORM: Final = Form(
    "own_details_form",
    OwnDetails,
    (
        Field("name", autocomplete="name"),
        Field("language", Kind.SELECT, options=LANGUAGE_OPTIONS, width="medium"),
    ),
)
PROOF_FORM: Final = Form(
    "proof_form",
    Proof,
    (Field("password", Kind.PASSWORD, autocomplete="current-password"),),
)


@account_page.get("")
@for_users()
def account() -> Response:
    """Show who one is here, and where one is logged in."""
    user = current_user()
    return _show(DETAILS_FORM.blank(name=user.name, language=user.language), 200)


@account_page.post("/details")
@for_users()
def change_details() -> Response:
    """Change one's own name and language."""
    form, user = DETAILS_FORM.read(request.form), current_user()
    if form.value is None:
        return _show(form, 422)
    wanted = replace(user, name=form.value.name, language=form.value.language)
    change_user_details(current_services().database, user.id, wanted, current_author())
    return redirect(f"{HERE}?saved=1", 303)


@account_page.get("/password")
@for_users(confirmed=True)
def ask_for_password() -> Response:
    """Ask for a new password."""
    return _password_page(NEW_PASSWORD_FORM.blank(), 200)


@account_page.post("/password")
@for_users(confirmed=True)
def set_password() -> Response:
    """Give oneself a new password; all other logins end."""
    form = NEW_PASSWORD_FORM.read(request.form)
    if form.value:
        database, session = current_services().database, current_session()
        try:
            refused = change_password(database, session, form.value.new_password, current_author())
            if refused is None:
                return redirect(f"{HERE}?password=1", 303)
            form.refuse(refusal_of(refused))
        except MessageError as wrong:
            form.refuse(wrong.message, "new_password")
    return _password_page(form, 422)


@account_page.post("/sessions/<int:session>/end")
@for_users()
def end_session(session: int) -> Response:
    """End one of one's own logins."""
    end_one_session(current_services().database, current_user(), session, current_author())
    return redirect(f"{HERE}#sessions", 303)


@account_page.post("/sessions/end")
@for_users()
def end_sessions() -> Response:
    """End every login but this one."""
    this = current_session().session.id
    end_other_sessions(current_services().database, current_user(), this, current_author())
    return redirect(f"{HERE}#sessions", 303)


@account_page.get("/confirm")
@for_users()
def ask_for_proof() -> Response:
    """Ask again who it is."""
    return _confirm_page(PROOF_FORM.blank(), None, 200)


@account_page.post("/confirm")
@for_users()
def prove() -> Response:
    """Prove again who one is, and go on to what asked for it."""
    form = PROOF_FORM.read(request.form)
    if form.value:
        refused = confirm_by_password(
            current_services().database,
            current_session(),
            form.value.password,
            current_client(),
            clock.now(),
        )
        if refused is None:
            return go_on()
        form.refuse(refusal_of(refused), "password")
    return _confirm_page(form, None, 422)


def keep_language(code: str) -> None:
    """Remember the language that the user has just chosen in the header."""
    login = current_login()
    if login and login.user.language != code:
        wanted = replace(login.user, language=code)
        change_user_details(current_services().database, wanted.id, wanted, current_author())


def ask_to_confirm() -> Response:
    """Let the user prove who they are first; a form that was sent is carried on."""
    if request.method in SAFE_METHODS:
        return redirect(with_way_back(CONFIRM), 303)
    return _confirm_page(PROOF_FORM.blank(), sent_form(), 401)


def _confirm_page(form: FilledForm[Proof], kept: KeptForm | None, status: int) -> Response:
    user, carried = current_user(), carried_fields(kept)
    with current_services().database.read() as connection:
        has_password = password_hash_of(connection, user.id) is not None
        theirs = {each.provider for each in list_identities(connection, user.id)}
    return page(
        "confirm.html",
        "confirm_page.title",
        status=status,
        form=form,
        carried=carried,
        has_kept=KEPT_FIELD in carried,
        providers=[each for each in provider_settings() if each.id in theirs],
        has_password=has_password,
        user=user,
    )


def _show(form: FilledForm[OwnDetails], status: int) -> Response:
    user, now = current_user(), clock.now()
    with current_services().database.read() as connection:
        sessions = list_sessions(connection, user.id, now)
        has_password = password_hash_of(connection, user.id) is not None
        factors = second_factors_of(connection, user.id)
        passkeys = list_passkeys(connection, user.id)
        theirs = {each.provider for each in list_identities(connection, user.id)}
    return page(
        "account.html",
        "account_page.title",
        status=status,
        form=form,
        user=user,
        may_choose_notices=coordinates(user) or user.person is not None,
        sessions=sessions,
        this=current_session().session.id,
        scope_ref=scope_ref,
        browser_name=browser_name,
        has_password=has_password,
        factors=factors,
        passkeys=passkeys,
        providers=[each for each in provider_settings() if each.id in theirs],
        own_providers=[each for each in provider_settings() if is_only_of(user, each.customers)],
        theirs=theirs,
        is_linked="linked" in request.args,
        is_saved="saved" in request.args,
        is_password_set="password" in request.args,
    )


def _password_page(form: FilledForm[NewPassword], status: int) -> Response:
    title, email = "account_password.title", current_user().email
    return page("account_password.html", title, status=status, form=form, email=email)
