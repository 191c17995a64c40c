"""What the pages of the customers' portal share: their desk, their header, and whose they are.

A page of the portal shows its desk's name and never what the staff's pages lead to.
"""

from dataclasses import dataclass
from typing import Final

from flask import abort, g, request

from app.domain.access.may import may_somewhere, scopes_with
from app.domain.access.permissions import CUSTOMER_ROLES, Permission
from app.domain.access.users import User
from app.domain.desks.customer import Customer
from app.domain.reasons import AccessCode, because
from app.store.desks import LiveDesk, find_desk
from app.store.people import find_customer
from app.web.page_access import Forbidden
from app.web.services import current_services
from app.web.session import current_login, current_user

PORTAL: Final = "/portal"
ONE_PORTAL: Final = f"{PORTAL}/<string(maxlength=64):desk>"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the portal's navigation: its text and its address."""

    key: str
    path: str

    @property
    def is_current(self) -> bool:
        """Tell whether the open page is this one."""
        return request.path == self.path


@dataclass(frozen=True, slots=True)
class PortalFrame:
    """What stands around a page for customers; without a desk where it is of none."""

    name: str = ""
    path: str = PORTAL
    entries: tuple[Entry, ...] = ()
    is_staff: bool = False


def portal_frame() -> PortalFrame | None:
    """Return what stands around this page; None where it is the staff's frame."""
    desk: tuple[str, str] | None = g.get("portal_desk")
    login = current_login()
    user = login.user if login else None
    if desk is None:
        is_customer = user is not None and is_only_customer(user)
        return PortalFrame() if is_customer else None
    id_, name = desk
    path = f"{PORTAL}/{id_}"
    entries = tuple(_entries(user, id_, path)) if user else ()
    is_staff = user is not None and may_somewhere(user, Permission.SEE_NOW).is_allowed
    return PortalFrame(name, path, entries, is_staff)


def is_only_customer(user: User) -> bool:
    """Tell whether somebody has roles for customers, and none of the staff's."""
    return bool(user.grants) and all(each.role in CUSTOMER_ROLES for each in user.grants)


def portal_desk(desk: str) -> LiveDesk:
    """Return the desk whose portal it is; 404 without it."""
    with current_services().database.read() as connection:
        live = find_desk(connection, desk)
    if live is None:
        abort(404)
    g.portal_desk = (live.desk.id, live.desk.name)
    return live


def customers_here(desk: str, permission: Permission) -> tuple[Customer, ...]:
    """Return the customers of a desk for whom somebody may do this; Forbidden for none.

    A customer that the desk's register has no more opens nothing.
    """
    scopes = scopes_with(current_user(), permission)
    numbers = sorted({each.customer for each in scopes if each.desk == desk and each.customer})
    with current_services().database.read() as connection:
        found = [find_customer(connection, desk, number) for number in numbers]
    there = tuple(each for each in found if each is not None)
    if not there:
        raise Forbidden(because(AccessCode.ONLY_ELSEWHERE))
    return there


def one_of(there: tuple[Customer, ...], number: str) -> Customer:
    """Return the customer that is asked for, or the first; 404 for another's as for none."""
    if not number:
        return there[0]
    found = next((each for each in there if each.number == number), None)
    return found or abort(404)


def _entries(user: User, desk: str, path: str) -> list[Entry]:
    def may_here(permission: Permission) -> bool:
        return any(each.desk == desk for each in scopes_with(user, permission))

    offered = (
        (Entry("portal.home", path), Permission.SEE_OWN_CASES),
        (Entry("portal.new", f"{path}/new"), Permission.OPEN_CASE),
        (Entry("portal.questions", f"{path}/questions"), Permission.SEE_OWN_CASES),
        (Entry("portal.people", f"{path}/people"), Permission.MANAGE_CUSTOMER_USERS),
    )
    return [entry for entry, permission in offered if may_here(permission)]
