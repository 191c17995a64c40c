"""`/login/code`: the second half of a login, for whoever has a second factor."""

from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.access.login_outcomes import HALF_LOGIN_IS_OVER, LoginRefusal, NewLogin
from app.actions.access.second_factor import log_in_by_code, user_of_half_login
from app.web.page_access import open_to_all
from app.web.pages.access_answers import to_login
from app.web.pages.finish_login import CODE_FORM, code_page, finish_login, refusal_of
from app.web.pages.login_page import LOGIN, ask_anew
from app.web.services import current_services
from app.web.session import current_client, half_login_secret

login_code_page = Blueprint("login_code_page", __name__)

CODE: Final = "/login/code"


@login_code_page.get(CODE)
@open_to_all
def ask_for_code() -> Response:
    """Ask again for the second factor; whoever has not proved the first half begins with it."""
    secret = half_login_secret()
    user = user_of_half_login(current_services().database, secret, clock.now())
    return code_page(user, CODE_FORM.blank(), 200, secret) if user else to_login(LOGIN)


@login_code_page.post(CODE)
@open_to_all
def send_code() -> Response:
    """Finish the login by a code."""
    database, secret, now = current_services().database, half_login_secret(), clock.now()
    user = user_of_half_login(database, secret, now)
    if user is None:
        return ask_anew(HALF_LOGIN_IS_OVER)
    form = CODE_FORM.read(request.form)
    if form.value:
        found = log_in_by_code(database, secret, form.value.code, current_client(), now)
        if isinstance(found, NewLogin):
            return finish_login(found)
        if found.refusal is LoginRefusal.HALF_LOGIN_IS_OVER:
            return ask_anew(found)
        form.refuse(refusal_of(found), "code")
    return code_page(user, form, 422, secret)
