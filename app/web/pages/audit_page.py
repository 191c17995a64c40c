"""`/audit`: who changed what, when, from what, to what, and from which address."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final, assert_never
from urllib.parse import urlencode

from flask import Blueprint, request
from pydantic import BaseModel
from werkzeug.wrappers import Response

from app.domain.access.audit import AuditEvent, AuditKind, Subject, SubjectKind, Value
from app.domain.access.permissions import Permission
from app.domain.time.parsing import read_whole
from app.store.audit import AuditFilter, list_audit_events
from app.store.pagination import PAGE
from app.store.users import list_users
from app.web.page_access import needs
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import full_moment, page, say
from app.web.services import current_services

# Values that are words of ours, and what their texts' keys begin with.
VALUE_TEXTS: Final = {
    "role": "access_role.",
    "language": "page.language_",
    "by": "login_kind.",
    "second": "second_factor.",
    "duty_role": "role.",
    "entry_kind": "entry_kind.",
    "wanted_duty_role": "role.",
    "request_kind": "duty_request_kind.",
}

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?[+-]\d\d:\d\d")  # in a value

audit_page = Blueprint("audit_page", __name__, url_prefix="/audit")


class Wanted(BaseModel):
    """Which events are looked for."""

    kind: AuditKind | None = None
    who: str = ""
    user: str = ""


FORM: Final = Form(
    "audit_form",
    Wanted,
    (
        Field("kind", Kind.SELECT, width="medium"),
        Field("who", has_hint=True, width="medium"),
        Field("user", Kind.SELECT, width="medium"),
    ),
)


@audit_page.get("")
@needs(Permission.SEE_AUDIT)
def audit() -> Response:
    """List what was changed, the newest first; more by `below`."""
    with current_services().database.read() as connection:
        users = list_users(connection)
        names = {str(user.id): user.name for user in users}
        named = sorted((say(f"audit.{kind}"), kind) for kind in AuditKind)
        kinds = [Option(kind, name) for name, kind in named]
        options = [Option(str(user.id), f"{user.name} ({user.email})") for user in users]
        form = FORM.read(request.args, {"kind": kinds, "user": options})
        events = list_audit_events(connection, _filter(form))
    shown = events[:PAGE]
    more = shown[-1].id if len(events) > PAGE else 0
    return page(
        "audit.html",
        "audit_page.title",
        form=form,
        events=shown,
        names=names,
        older=_older(more),
        is_filtered=any(request.args.get(name) for name in FORM.names),
        value_names=_value_names,
        value_text=_value_text,
        subject_link=_subject_link,
    )


def _filter(form: FilledForm[Wanted]) -> AuditFilter:
    wanted, below = form.value, request.args.get("below", "")
    return AuditFilter(
        kind=wanted.kind if wanted else None,
        who=wanted.who if wanted else "",
        subject=Subject(SubjectKind.USER, wanted.user) if wanted and wanted.user else None,
        below=read_whole(below) if below.isascii() and below.isdecimal() else None,
        limit=PAGE + 1,
    )


def _subject_link(subject: Subject, names: Mapping[str, str]) -> tuple[str, str]:
    """Say what was changed, and where it stands."""
    match subject.kind:
        case SubjectKind.USER:
            return names.get(subject.id, subject.id), f"/users/{subject.id}"
        case SubjectKind.ROSTER:
            return say("audit_page.roster", roster=subject.id), f"/rosters/{subject.id}"
        case SubjectKind.DESK:
            return say("audit_page.desk", desk=subject.id), f"/desks/{subject.id}/hours"
        case SubjectKind.WALL_SCREEN:
            return say("audit_page.wall_screen", name=subject.id), "/docs/now.md"
        case _:
            assert_never(subject.kind)


def _value_names(event: AuditEvent) -> list[str]:
    """Return what was changed, in its order."""
    return list({**event.before, **event.after})


def _value_text(name: str, value: Value) -> str:
    """Say how something was, or is, in the page's language."""
    if value is None:
        return say("audit_page.none")
    kind = VALUE_TEXTS.get(name)
    if isinstance(value, list):
        return ", ".join(value)
    if kind:
        return say(f"{kind}{value}")
    return (
        full_moment(datetime.fromisoformat(str(value)))
        if MOMENT.fullmatch(str(value))
        else str(value)
    )


def _older(below: int) -> str:
    """Return the address of what is older; "" where there is no more."""
    if not below:
        return ""
    asked = {name: value for name in FORM.names if (value := request.args.get(name))}
    return f"/audit?{urlencode({**asked, 'below': below})}"
