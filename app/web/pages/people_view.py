"""A customer's people as a page shows them: the same for their administrator and for the desk."""

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from flask import abort, redirect, request
from pydantic import BaseModel, field_validator
from werkzeug.wrappers import Response

from app import clock
from app.actions.portal.people import (
    CustomerPerson,
    Manager,
    PeopleRefusal,
    PeopleRefused,
    change_roles,
    invite,
    people_of,
    remove_person,
    withdraw_invitation,
)
from app.domain.access.permissions import AccessRole
from app.domain.access.scope import Scope
from app.domain.access.users import read_email
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.message_refs import ref
from app.domain.portal.accounts import CustomerRoles, NewAccountRequest, read_typed_name
from app.store.account_requests import open_invitations
from app.web.pages.account_page import LANGUAGE_OPTIONS
from app.web.pages.accounts_page import ROLE_OPTIONS
from app.web.pages.fields import Field, Kind
from app.web.pages.forms import FilledForm, Form
from app.web.pages.language import page_language
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author, current_client, current_user

REMOVE: Final = "remove"
AT_EMAIL: Final = frozenset({PeopleRefusal.IS_ONE_ALREADY})


class Roles(BaseModel):
    """What somebody may do for a customer."""

    role: AccessRole
    is_leader: bool = False

    @property
    def wanted(self) -> CustomerRoles:
        """Return the roles as the domain knows them."""
        return CustomerRoles(self.role, self.is_leader)


class Invitation(Roles):
    """Who is invited."""

    name: str
    email: str
    language: Literal["nb", "nn", "en"]

    @field_validator("email")
    @classmethod
    def _reachable(cls, email: str) -> str:
        return read_email(email)

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        return read_typed_name(name)


_ROLES: Final = (
    Field("role", Kind.RADIOS, options=ROLE_OPTIONS),
    Field("is_leader", Kind.CHECKBOX, has_hint=True),
)
ROLES_FORM: Final = Form("people_form", Roles, _ROLES)
INVITATION_FORM: Final = Form(
    "people_form",
    Invitation,
    (
        Field("name", autocomplete="off"),
        Field("email", Kind.EMAIL, autocomplete="off"),
        Field("language", Kind.RADIOS, options=LANGUAGE_OPTIONS),
        *_ROLES,
    ),
)


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """Whose people they are, where the page is, and who looks at it.

    `others`: for which customers of the desk the same person may do this too.
    """

    desk: Desk
    customer: Customer
    path: str
    is_staff: bool
    others: tuple[Customer, ...] = ()

    @property
    def scope(self) -> Scope:
        """Return what a role for the customer is for."""
        return Scope(self.desk.id, customer=self.customer.number)

    @property
    def query(self) -> str:
        """Return what tells the customer from others in an address."""
        return "" if self.is_staff else urlencode({"customer": self.customer.number})

    def address(self, below: str = "", **more: str) -> str:
        """Return the address of the page, or of one below it."""
        query = "&".join(filter(None, (self.query, urlencode(more))))
        return f"{self.path}{below}{f'?{query}' if query else ''}"

    @property
    def manager(self) -> Manager:
        """Return who manages them on this page."""
        return Manager(current_author(), self.is_staff)


def show_people(of: PeopleOf, form: FilledForm[Invitation] | None = None) -> Response:
    """List the people and the open invitations, with the form that invites one more."""
    with current_services().database.read() as connection:
        people = people_of(connection, of.scope)
        desk, number = of.desk.id, of.customer.number
        invited = open_invitations(connection, desk, number, clock.now())
    blank = INVITATION_FORM.blank(language=page_language(), role=AccessRole.CUSTOMER_MEMBER)
    return page(
        "customer_people.html",
        ref("people_page.title", name=of.customer.name)
        if of.is_staff
        else ref("people_page.own_title", name=of.customer.name),
        status=422 if form else 200,
        time_zone=of.desk.time_zone,
        of=of,
        people=people,
        invited=invited,
        form=form or blank,
        done=request.args.get("done", ""),
        own_id=current_user().id,
    )


def invite_one(of: PeopleOf) -> Response:
    """Invite somebody by mail."""
    form = INVITATION_FORM.read(request.form)
    if form.value is None:
        return show_people(of, form)
    given, by = form.value, current_author()
    new = NewAccountRequest(
        of.desk.id,
        given.email,
        given.name,
        given.language,
        of.customer.name,
        customer=of.customer.number,
        roles=given.wanted,
        invited_by=by.actor,
    )
    try:
        invite(current_services().database, new, current_client(), by)
    except PeopleRefused as refused:
        form.refuse(refused.message, "email" if refused.refusal in AT_EMAIL else "")
        return show_people(of, form)
    return redirect(of.address(done="invited"), 303)


def show_person(of: PeopleOf, user_id: int, form: FilledForm[Roles] | None = None) -> Response:
    """Show one of the people, with what they may do."""
    person = _person(of, user_id)
    is_leader = "true" if person.roles.is_leader else ""
    return page(
        "customer_person.html",
        ref("person_page.title", name=person.user.name, customer=of.customer.name)
        if of.is_staff
        else ref("person_page.own_title", name=person.user.name),
        status=422 if form else 200,
        of=of,
        person=person,
        form=form or ROLES_FORM.blank(role=person.roles.role, is_leader=is_leader),
    )


def change_person(of: PeopleOf, user_id: int) -> Response:
    """Give one of the people other roles, or remove them."""
    _person(of, user_id)
    database, form = current_services().database, ROLES_FORM.read(request.form)
    is_removal = request.form.get("act") == REMOVE
    try:
        if is_removal:
            form = _person_form(of, user_id)
            remove_person(database, user_id, of.scope, of.manager)
            return redirect(of.address(done="removed"), 303)
        if form.value:
            change_roles(database, user_id, of.scope, form.value.wanted, of.manager)
            return redirect(of.address(done="changed"), 303)
    except PeopleRefused as refused:
        if refused.refusal is PeopleRefusal.NO_SUCH:
            abort(404)
        form.refuse(refused.message)
    return show_person(of, user_id, form)


def withdraw(of: PeopleOf, number: int) -> Response:
    """Take an invitation back."""
    try:
        withdraw_invitation(current_services().database, of.scope, number, current_author())
    except PeopleRefused:
        abort(404)
    return redirect(of.address(done="withdrawn"), 303)


def _person_form(of: PeopleOf, user_id: int) -> FilledForm[Roles]:
    roles = _person(of, user_id).roles
    return ROLES_FORM.blank(role=roles.role, is_leader="true" if roles.is_leader else "")


def _person(of: PeopleOf, user_id: int) -> CustomerPerson:
    """Return one of the people; 404 for anybody else."""
    with current_services().database.read() as connection:
        people = people_of(connection, of.scope)
    found = next((each for each in people if each.user.id == user_id), None)
    return found or abort(404)
