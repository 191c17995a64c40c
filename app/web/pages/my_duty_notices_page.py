"""`/my-duty/notices`: of what of one's own duty one wants to be told, by SMS and by mail."""

from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app.actions.roster.duty_notices import choose_notices, chosen_notices
from app.domain.access.permissions import Permission
from app.domain.message_refs import MessageRef
from app.domain.roster.duty_notices import NoticeKind
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.my_duty_page import PATH, own_roster
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_user

HERE: Final = f"{PATH}/notices"
KINDS: Final = tuple(Option(str(kind), MessageRef(f"notice_kind.{kind}")) for kind in NoticeKind)

my_duty_notices_page = Blueprint("my_duty_notices_page", __name__, url_prefix=PATH)


class Choices(BaseModel):
    """What somebody wants to be told, by channel."""

    sms: list[NoticeKind] = []
    mail: list[NoticeKind] = []


FORM: Final = Form(
    "notices_form",
    Choices,
    (
        Field("sms", Kind.CHECKBOXES, options=KINDS),
        Field("mail", Kind.CHECKBOXES, options=KINDS),
    ),
)


@my_duty_notices_page.get("/notices")
@needs(Permission.SEE_OWN_DUTY)
def notices() -> Response:
    """Show what one has chosen."""
    own_roster(Permission.SEE_OWN_DUTY)
    chosen = chosen_notices(current_services().database, current_user())
    typed = {"sms": tuple(map(str, chosen.sms)), "mail": tuple(map(str, chosen.mail))}
    return _show(FilledForm(FORM, typed, {}))


@my_duty_notices_page.post("/notices")
@needs(Permission.CHANGE_OWN_DUTY)
def choose() -> Response:
    """Choose anew."""
    own_roster(Permission.CHANGE_OWN_DUTY)
    form = FORM.read(request.form)
    if form.value is None:
        return _show(form, 422)
    sms, mail = frozenset(form.value.sms), frozenset(form.value.mail)
    user, by = current_user(), current_author()
    choose_notices(current_services().database, user, sms, mail, by)
    return redirect(f"{HERE}?saved=1#done", 303)


def _show(form: FilledForm[Choices], status: int = 200) -> Response:
    return page(
        "my_duty_notices.html",
        "notices_page.title",
        status=status,
        form=form,
        is_saved="saved" in request.args,
    )
