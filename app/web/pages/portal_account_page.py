"""`/portal/DESK/account`: somebody asks for an account; and the link by which they confirm it.

Opening the link shows a button: programs that look at the links of every mail press none.
"""

from typing import Final, Literal

from flask import Blueprint, redirect, request
from pydantic import BaseModel, field_validator
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.portal.accounts import (
    Joined,
    ask_for_account,
    confirm_account,
    request_of_link,
)
from app.domain.access.users import read_email
from app.domain.message_refs import ref
from app.domain.portal.accounts import (
    LONGEST_CUSTOMER,
    LONGEST_MESSAGE,
    NewAccountRequest,
    read_typed_name,
)
from app.domain.texts.text_parts import LANGUAGES
from app.web.page_access import open_to_all
from app.web.pages.account_page import LANGUAGE_OPTIONS
from app.web.pages.fields import Field, Kind
from app.web.pages.finish_login import finish_login
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.portal_frame import ONE_PORTAL, PORTAL, portal_desk
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_client

portal_account_page = Blueprint("portal_account_page", __name__)

ACCOUNT: Final = f"{ONE_PORTAL}/account"
LINK: Final = "/login/account/<string(maxlength=100):secret>"


class Wanted(BaseModel):
    """Who asks for an account, and whose they are."""

    name: str
    email: str
    customer: str = Limits(max_length=LONGEST_CUSTOMER)
    language: Literal["nb", "nn", "en"]
    message: str = Limits("", max_length=LONGEST_MESSAGE)

    @field_validator("email")
    @classmethod
    def _reachable(cls, email: str) -> str:
        return read_email(email)

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        return read_typed_name(name)


FORM: Final = Form(
    "account_request_form",
    Wanted,
    (
        Field("name", autocomplete="name"),
        Field("email", Kind.EMAIL, autocomplete="email", has_hint=True),
        Field("customer", autocomplete="organization", has_hint=True),
        Field("language", Kind.RADIOS, options=LANGUAGE_OPTIONS),
        Field("message", Kind.TEXTAREA, has_hint=True),
    ),
)


@portal_account_page.get(ACCOUNT)
@open_to_all
def ask(desk: str) -> Response:
    """Ask who wants an account."""
    portal_desk(desk)
    language = page_language()
    return _show(FORM.blank(language=language if language in LANGUAGES else "nb"), 200)


@portal_account_page.post(ACCOUNT)
@open_to_all
def send(desk: str) -> Response:
    """Have a link sent; the answer is the same whoever asks, and for whom."""
    portal_desk(desk)
    form = FORM.read(request.form)
    if form.value is None:
        return _show(form, 422)
    given = form.value
    new = NewAccountRequest(
        desk, given.email, given.name, given.language, given.customer, given.message
    )
    again_at = ask_for_account(current_services().database, new, current_client(), clock.now())
    if again_at:
        form.refuse(ref("account_request.too_many", again=again_at))
        return _show(form, 422)
    return page("portal_account_sent.html", "portal_account_sent.title", email=given.email)


@portal_account_page.get(LINK)
@open_to_all
def look_at_link(secret: str) -> Response:
    """Show a button; the link is not used yet."""
    found = request_of_link(current_services().database, secret, clock.now())
    if found is None:
        return _over()
    live = portal_desk(found.desk)
    return page("portal_confirm.html", "portal_confirm.title", asked=found, desk=live.desk.name)


@portal_account_page.post(LINK)
@open_to_all
def use_link(secret: str) -> Response:
    """Confirm an address, once: in at once, or before the desk."""
    done = confirm_account(current_services().database, secret, current_client(), clock.now())
    if done is None:
        return _over()
    if not isinstance(done, Joined):
        live = portal_desk(done.request.desk)
        return page("portal_waits.html", "portal_waits.title", desk=live.desk.name)
    way = f"{PORTAL}/{done.desk}"
    return finish_login(done.login, way) if done.login else redirect(way, 303)


def _over() -> Response:
    return page("portal_confirm_over.html", "portal_confirm_over.title", status=404)


def _show(form: FilledForm[Wanted], status: int) -> Response:
    return page("portal_account.html", "portal_account.title", status=status, form=form)
