"""`/desks`: the desks that whoever is here may see, and the hours of one, a year at a time."""

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.desks.change_hours import edits_of_version
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.access.users import User
from app.domain.desks.desk import Desk
from app.domain.desks.hours_edits import HoursEdit
from app.domain.message_refs import ref
from app.store.desks import LiveDesk, find_desk, list_desks
from app.web.page_access import needs, require
from app.web.pages.desk_hours_view import HoursAsked, desk_hours_view
from app.web.pages.hours_words import (
    calendar_name,
    clock_text,
    edit_day,
    entry_text,
    hours_text,
    usual_days,
    yearly_day_text,
)
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

desks_page = Blueprint("desks_page", __name__, url_prefix="/desks")

LONGEST_ID: Final = 64
ONE_DESK: Final = f"/<string(maxlength={LONGEST_ID}):desk>"


@desks_page.get("")
@needs(Permission.SEE_NOW)
def desks() -> Response:
    """List the desks, with what there is of each."""
    user = current_user()
    with current_services().database.read() as connection:
        live = list_desks(connection)
    seen = [each for each in live if may(user, Permission.SEE_NOW, scope_of(each)).is_allowed]
    by_name = sorted((each.desk for each in seen), key=lambda each: each.name.casefold())
    return page(
        "desks.html",
        "desks_page.title",
        desks=by_name,
        with_customers=_allowed(user, Permission.SEE_CUSTOMERS, by_name),
        with_accounts=_allowed(user, Permission.MANAGE_ACCOUNTS, by_name),
        with_outage=frozenset(
            each.desk.id
            for each in seen
            if may(user, Permission.MARK_OUTAGE, scope_of(each)).is_allowed
        ),
        may_change=_allowed(user, Permission.CHANGE_DESK, by_name),
    )


def _allowed(user: User, permission: Permission, desks: Iterable[Desk]) -> frozenset[str]:
    """At which desks the user may do something."""
    return frozenset(
        each.id for each in desks if may(user, permission, Scope(desk=each.id)).is_allowed
    )


@desks_page.get(f"{ONE_DESK}/hours")
@needs(Permission.SEE_NOW)
def hours(desk: str) -> Response:
    """Show a year of a desk's hours."""
    live = desk_or_404(desk, Permission.SEE_NOW)
    may_change = may(current_user(), Permission.CHANGE_DESK, Scope(desk=desk)).is_allowed
    asked = HoursAsked.read(request.args)
    done = _edits(desk, asked.done) if asked.done and may_change else ()
    view = desk_hours_view(live.desk, asked, clock.now(), may_change=may_change)
    names = {each.key: calendar_name(each) for each in view.calendars}
    return page(
        "desk_hours.html",
        ref("desk_hours.title", desk=live.desk.name, year=str(view.year)),
        time_zone=live.desk.time_zone,
        view=view,
        done=tuple(each for each in done if each.calendar in names),
        done_version=asked.done,
        names=names,
        entry_text=entry_text,
        day_text=edit_day,
        clock_text=clock_text,
        hours_text=hours_text,
        usual_days=usual_days,
        yearly_day_text=yearly_day_text,
    )


def _edits(desk: str, version: int) -> tuple[HoursEdit, ...]:
    """What a version has changed."""
    with current_services().database.read() as connection:
        return edits_of_version(connection, desk, version)


def desk_or_404(desk: str, permission: Permission) -> LiveDesk:
    """Return a desk for whoever may do this there; one that there is not is nobody's."""
    with current_services().database.read() as connection:
        live = find_desk(connection, desk)
    require(permission, scope_of(live) if live else Scope(desk=desk))
    if live is None:
        abort(404)
    return live


def desk_to_change(desk: str, permission: Permission) -> LiveDesk:
    """Return a desk for whoever may do this by a role for the desk itself."""
    require(permission, Scope(desk=desk))
    with current_services().database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        abort(404)
    return live


def scope_of(live: LiveDesk) -> Scope:
    """Return what a question about seeing a desk is about: whoever has its roster sees it too."""
    return Scope(desk=live.desk.id, roster=live.roster.id if live.roster else None)
