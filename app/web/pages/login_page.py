"""`/login`: by mail address and password, or by a link that is sent by mail; and `/logout`.

Opening a link from a mail shows a button: programs that look at the links of every mail press none.
"""

from typing import Final

from flask import Blueprint, g, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.log_in import log_in_by_link, log_in_by_password, user_of_link
from app.actions.access.login_links import LOGIN_PATH, PASSWORD_PATH, send_login_link
from app.actions.access.login_outcomes import LoginRefused
from app.actions.access.passwords import set_password_by_link
from app.actions.access.sessions import log_out
from app.domain.access.login_token import TokenPurpose
from app.domain.message_refs import MessageError
from app.web.csrf import SAFE_METHODS
from app.web.kept_form import KEPT_FIELD, KeptForm, sent_form
from app.web.openid_providers import provider_settings
from app.web.page_access import open_to_all
from app.web.pages.access_answers import carried_fields, way_back, with_way_back
from app.web.pages.fields import Field, Kind
from app.web.pages.finish_login import finish_login, refusal_of
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_client, current_login, forget_session

login_page = Blueprint("login_page", __name__)

LOGIN: Final = "/login"
LONGEST_SECRET: Final = 100
TOKEN: Final = f"<string(maxlength={LONGEST_SECRET}):secret>"


class Login(BaseModel):
    """Who wants in, and by what."""

    email: str
    password: str


class LinkWanted(BaseModel):
    """Where a link is to be sent."""

    email: str


class NewPassword(BaseModel):
    """A password that somebody chooses."""

    new_password: str


EMAIL: Final = Field("email", Kind.EMAIL, autocomplete="username")
LOGIN_FORM: Final = Form(
    "login_form",
    Login,
    (EMAIL, Field("password", Kind.PASSWORD, autocomplete="current-password")),
)
LINK_FORM: Final = Form("link_form", LinkWanted, (EMAIL,))
NEW_PASSWORD_FORM: Final = Form(
    "new_password_form",
    NewPassword,
    (Field("new_password", Kind.PASSWORD, autocomplete="new-password", has_hint=True),),
)


@login_page.get(LOGIN)
@open_to_all
def login() -> Response:
    """Ask who it is; whoever is logged in goes on."""
    if current_login():
        return redirect(way_back(), 303)
    is_over = bool(request.args.get("over"))
    return _login_page(LOGIN_FORM.blank(), None, is_over=is_over, status=200)


@login_page.post(LOGIN)
@open_to_all
def log_in() -> Response:
    """Log in by mail address and password."""
    form = LOGIN_FORM.read(request.form)
    if form.value:
        found = log_in_by_password(
            current_services().database,
            form.value.email,
            form.value.password,
            current_client(),
            clock.now(),
        )
        if not isinstance(found, LoginRefused):
            return finish_login(found)
        form.refuse(refusal_of(found))
    return _login_page(form, None, is_over=False, status=422)


@login_page.get("/login/mail")
@open_to_all
def ask_for_link() -> Response:
    """Ask where a link is to be sent."""
    form = LINK_FORM.blank(email=request.args.get("email", ""))
    return page("login_mail.html", "login_mail_page.title", form=form)


@login_page.post("/login/mail")
@open_to_all
def send_link() -> Response:
    """Have a link sent, and tell nobody whether there is such a user."""
    form = LINK_FORM.read(request.form)
    if form.value:
        email, database = form.value.email, current_services().database
        refused = send_login_link(database, email, current_client(), clock.now())
        if refused is None:
            return page("login_mail_sent.html", "login_mail_sent.title", email=email)
        form.refuse(refusal_of(refused))
    return page("login_mail.html", "login_mail_page.title", status=422, form=form)


@login_page.get(f"{LOGIN_PATH}/{TOKEN}")
@open_to_all
def look_at_link(secret: str) -> Response:
    """Show a button; the link is not used yet."""
    database = current_services().database
    user = user_of_link(database, TokenPurpose.LOGIN_LINK, secret, clock.now())
    if user is None:
        return _link_is_over()
    return page("login_link.html", "login_link_page.title", user=user)


@login_page.post(f"{LOGIN_PATH}/{TOKEN}")
@open_to_all
def use_link(secret: str) -> Response:
    """Log in by a link from a mail, once."""
    database = current_services().database
    found = log_in_by_link(database, secret, current_client(), clock.now())
    return _link_is_over() if isinstance(found, LoginRefused) else finish_login(found)


@login_page.get(f"{PASSWORD_PATH}/{TOKEN}")
@open_to_all
def ask_for_password(secret: str) -> Response:
    """Ask whoever has the link for a password."""
    return _password_page(secret, NEW_PASSWORD_FORM.blank(), 200)


@login_page.post(f"{PASSWORD_PATH}/{TOKEN}")
@open_to_all
def set_password(secret: str) -> Response:
    """Set a password by a link, once, and log in."""
    form = NEW_PASSWORD_FORM.read(request.form)
    if form.value:
        database, password = current_services().database, form.value.new_password
        try:
            found = set_password_by_link(database, secret, password, current_client(), clock.now())
            if not isinstance(found, LoginRefused):
                return finish_login(found)
            form.refuse(refusal_of(found))
        except MessageError as refused:
            form.refuse(refused.message, "new_password")
    return _password_page(secret, form, 422)


@login_page.post("/logout")
@open_to_all
def leave() -> Response:
    """Log out; whoever is logged out already only sees that they are."""
    login = current_login()
    if login:
        log_out(current_services().database, login, clock.now())
    g.login, g.user_name = None, ""
    return forget_session(page("logged_out.html", "logged_out.title"))


def ask_to_log_in(was_logged_in: bool) -> Response:
    """Lead to the login and back; a form that was sent is carried on."""
    if request.headers.get("HX-Request"):  # a part of a page that is open: all of it goes
        return Response(status=401, headers={"HX-Redirect": LOGIN})
    if request.method in SAFE_METHODS:
        return redirect(with_way_back(LOGIN, is_over=was_logged_in), 303)
    return _login_page(LOGIN_FORM.blank(), sent_form(), is_over=was_logged_in, status=401)


def ask_anew(refused: LoginRefused) -> Response:
    """Ask for the first half of a login again, and say why; what is carried on stays."""
    form = LOGIN_FORM.blank()
    form.refuse(refusal_of(refused))
    return _login_page(form, None, is_over=False, status=422)


def _login_page(
    form: FilledForm[Login], kept: KeptForm | None, *, is_over: bool, status: int
) -> Response:
    carried = carried_fields(kept)
    return page(
        "login.html",
        "login_page.title",
        status=status,
        form=form,
        carried=carried,
        is_over=is_over,
        has_kept=KEPT_FIELD in carried,
        providers=provider_settings(),
        has_mail=bool(current_services().settings.smtp_url),
    )


def _password_page(secret: str, form: FilledForm[NewPassword], status: int) -> Response:
    database = current_services().database
    user = user_of_link(database, TokenPurpose.PASSWORD_LINK, secret, clock.now())
    if user is None:
        return _link_is_over()
    title = "password_link_page.title"
    return page("password_link.html", title, status=status, form=form, user=user)


def _link_is_over() -> Response:
    return page("login_link_over.html", "login_link_over.title", status=404)
