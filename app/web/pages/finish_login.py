"""What follows a login: on to the page that was wanted, or first to the second factor."""

from typing import Final

from flask import g
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.login_outcomes import HalfLogin, LoginRefused, NewLogin
from app.actions.access.sessions import log_out
from app.domain.access.users import User
from app.domain.message_refs import MessageRef, ref
from app.web.pages.access_answers import carried_fields, go_on, way_back
from app.web.pages.fields import Field
from app.web.pages.forms import FilledForm, Form
from app.web.pages.portal_frame import PORTAL, is_only_customer
from app.web.pages.render import page
from app.web.passkey_questions import question_for_login
from app.web.services import current_services
from app.web.session import current_login, forget_half_login, keep_half_login, keep_session


class SecondHalf(BaseModel):
    """A code of an app, or one from paper."""

    code: str


CODE_FORM: Final = Form(
    "login_code_form",
    SecondHalf,
    (Field("code", autocomplete="one-time-code", has_hint=True, width="medium"),),
)


def finish_login(found: NewLogin | HalfLogin, way: str = "") -> Response:
    """Go on as the user who has logged in, or ask them for their second factor.

    `way` is where to, where neither address nor form says it.
    """
    if isinstance(found, HalfLogin):
        asked = code_page(found.user, CODE_FORM.blank(), 200, found.secret)
        return keep_half_login(asked, found.secret)
    return forget_half_login(_logged_in(found, way))


def code_page(user: User, form: FilledForm[SecondHalf], status: int, secret: str) -> Response:
    """Ask for the second factor; what the login carries on is carried on."""
    g.user_language = user.language
    return page(
        "login_code.html",
        "login_code_page.title",
        status=status,
        form=form,
        carried=carried_fields(None),
        question=question_for_login(user, secret),
    )


def refusal_of(refused: LoginRefused) -> MessageRef:
    """Say why nobody was logged in."""
    key = f"login_refused.{refused.refusal}"
    return ref(key, again=refused.again_at) if refused.again_at else ref(key)


def _logged_in(login: NewLogin, way: str) -> Response:
    """Go on as the user who has just logged in; an older login of this browser is over."""
    before = current_login()
    if before:
        log_out(current_services().database, before, clock.now())
    g.new_secret = login.secret
    g.user_name, g.user_language = login.user.name, login.user.language
    if not way and way_back() == "/" and is_only_customer(login.user):
        way = PORTAL
    return keep_session(go_on(way), login.secret)
