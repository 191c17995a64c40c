"""`/my-duty/notices`: of what one wants to be told, by SMS and mail: one's own duty, and gaps."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app.actions.roster.duty_notices import choose_notices, chosen_notices
from app.actions.roster.gap_notices import coordinates
from app.actions.roster.own_duty import show_own_roster
from app.domain.access.permissions import Permission
from app.domain.access.users import User
from app.domain.message_refs import MessageRef
from app.domain.roster.duty_notices import FOR_COORDINATORS, NoticeKind
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.my_duty_page import PATH, own_roster
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_user

HERE: Final = f"{PATH}/notices"
my_duty_notices_page = Blueprint("my_duty_notices_page", __name__, url_prefix=PATH)


class Choices(BaseModel):
    """What somebody wants to be told, by channel."""

    sms: list[NoticeKind] = []
    mail: list[NoticeKind] = []


def _options(kinds: Iterable[NoticeKind]) -> tuple[Option, ...]:
    return tuple(Option(str(kind), MessageRef(f"notice_kind.{kind}")) for kind in kinds)


FORM: Final = Form(
    "notices_form",
    Choices,
    (
        Field("sms", Kind.CHECKBOXES, options=_options(NoticeKind)),
        Field("mail", Kind.CHECKBOXES, options=_options(NoticeKind)),
    ),
)


def offered_to(user: User) -> tuple[NoticeKind, ...]:
    """What somebody can choose: of their own duty, of the rosters that they plan, or of both."""
    own = show_own_roster(current_services().database, user) is not None
    return tuple(
        kind for kind in NoticeKind if (coordinates(user) if kind in FOR_COORDINATORS else own)
    )


def form_of(offered: tuple[NoticeKind, ...]) -> Form[Choices]:
    """The form with what is offered."""
    kinds = _options(offered)
    return replace(FORM, fields=tuple(replace(each, options=kinds) for each in FORM.fields))


@my_duty_notices_page.get("/notices")
@needs(Permission.SEE_OWN_DUTY)
def notices() -> Response:
    """Show what one has chosen."""
    form = form_of(_offered(Permission.SEE_OWN_DUTY))
    chosen = chosen_notices(current_services().database, current_user())
    typed = {"sms": tuple(map(str, chosen.sms)), "mail": tuple(map(str, chosen.mail))}
    return _show(FilledForm(form, typed, {}))


@my_duty_notices_page.post("/notices")
@needs(Permission.CHANGE_OWN_DUTY)
def choose() -> Response:
    """Choose anew."""
    offered = _offered(Permission.CHANGE_OWN_DUTY)
    form = form_of(offered).read(request.form)
    if form.value is None:
        return _show(form, 422)
    sms, mail = (frozenset(each) & {*offered} for each in (form.value.sms, form.value.mail))
    user, by = current_user(), current_author()
    choose_notices(current_services().database, user, sms, mail, by)
    return redirect(f"{HERE}?saved=1#done", 303)


def _offered(permission: Permission) -> tuple[NoticeKind, ...]:
    """What whoever is here can choose; Forbidden where that is nothing."""
    user = current_user()
    if not coordinates(user):
        own_roster(permission)
    return offered_to(user)


def _show(form: FilledForm[Choices], status: int = 200) -> Response:
    return page(
        "my_duty_notices.html",
        "notices_page.title",
        status=status,
        form=form,
        is_saved="saved" in request.args,
    )
