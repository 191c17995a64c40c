"""`/desks/ID/customers/NUMBER/people`: the desk manages the people of a customer."""

from typing import Final

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from app.domain.access.permissions import Permission
from app.store.people import find_customer
from app.web.page_access import needs
from app.web.pages.customers_page import ONE as ONE_CUSTOMER
from app.web.pages.desks_page import desk_to_change
from app.web.pages.people_view import (
    PeopleOf,
    change_person,
    invite_one,
    show_people,
    show_person,
    withdraw,
)
from app.web.services import current_services

customer_people_page = Blueprint("customer_people_page", __name__, url_prefix="/desks")

PEOPLE: Final = f"{ONE_CUSTOMER}/people"
ONE: Final = f"{PEOPLE}/<int:user_id>"


@customer_people_page.get(PEOPLE)
@needs(Permission.MANAGE_ACCOUNTS)
def people(desk: str, number: str) -> Response:
    """List the people."""
    return show_people(_of(desk, number))


@customer_people_page.post(PEOPLE)
@needs(Permission.MANAGE_ACCOUNTS)
def add(desk: str, number: str) -> Response:
    """Invite one more."""
    return invite_one(_of(desk, number))


@customer_people_page.get(ONE)
@needs(Permission.MANAGE_ACCOUNTS)
def person(desk: str, number: str, user_id: int) -> Response:
    """Show one of them."""
    return show_person(_of(desk, number), user_id)


@customer_people_page.post(ONE)
@needs(Permission.MANAGE_ACCOUNTS)
def change(desk: str, number: str, user_id: int) -> Response:
    """Give one of them other roles, or remove them."""
    return change_person(_of(desk, number), user_id)


@customer_people_page.post(f"{PEOPLE}/invitations/<int:invitation>")
@needs(Permission.MANAGE_ACCOUNTS)
def take_back(desk: str, number: str, invitation: int) -> Response:
    """Take an invitation back."""
    return withdraw(_of(desk, number), invitation)


def _of(desk: str, number: str) -> PeopleOf:
    live = desk_to_change(desk, Permission.MANAGE_ACCOUNTS)
    with current_services().database.read() as connection:
        customer = find_customer(connection, desk, number)
    if customer is None:
        abort(404)
    path = f"/desks/{desk}/customers/{number}/people"
    return PeopleOf(live.desk, customer, path, is_staff=True)
