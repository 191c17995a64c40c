"""`/portal/DESK/people`: a customer's administrator sees and manages the customer's people."""

from typing import Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.domain.access.permissions import Permission
from app.web.page_access import needs
from app.web.pages.people_view import (
    PeopleOf,
    change_person,
    invite_one,
    show_people,
    show_person,
    withdraw,
)
from app.web.pages.portal_frame import ONE_PORTAL, PORTAL, customers_here, one_of, portal_desk

portal_people_page = Blueprint("portal_people_page", __name__)

PEOPLE: Final = f"{ONE_PORTAL}/people"
ONE: Final = f"{PEOPLE}/<int:user_id>"


@portal_people_page.get(PEOPLE)
@needs(Permission.MANAGE_CUSTOMER_USERS)
def people(desk: str) -> Response:
    """List the people."""
    return show_people(_of(desk))


@portal_people_page.post(PEOPLE)
@needs(Permission.MANAGE_CUSTOMER_USERS)
def add(desk: str) -> Response:
    """Invite one more."""
    return invite_one(_of(desk))


@portal_people_page.get(ONE)
@needs(Permission.MANAGE_CUSTOMER_USERS)
def person(desk: str, user_id: int) -> Response:
    """Show one of them."""
    return show_person(_of(desk), user_id)


@portal_people_page.post(ONE)
@needs(Permission.MANAGE_CUSTOMER_USERS)
def change(desk: str, user_id: int) -> Response:
    """Give one of them other roles, or remove them."""
    return change_person(_of(desk), user_id)


@portal_people_page.post(f"{PEOPLE}/invitations/<int:invitation>")
@needs(Permission.MANAGE_CUSTOMER_USERS)
def take_back(desk: str, invitation: int) -> Response:
    """Take an invitation back."""
    return withdraw(_of(desk), invitation)


def _of(desk: str) -> PeopleOf:
    live = portal_desk(desk)
    there = customers_here(desk, Permission.MANAGE_CUSTOMER_USERS)
    customer = one_of(there, request.args.get("customer", ""))
    return PeopleOf(live.desk, customer, f"{PORTAL}/{live.desk.id}/people", False, there)
