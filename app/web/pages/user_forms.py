"""The forms by which users are added, changed and given roles, and what can be chosen in them."""

from collections.abc import Sequence
from typing import Final, Literal

from pydantic import BaseModel, field_validator
from sqlalchemy import Connection

from app.domain.access.permissions import STAFF_ROLES, AccessRole
from app.domain.access.scope import EVERYTHING
from app.domain.access.users import Grant, PersonLink, User, read_email, read_name
from app.domain.message_refs import MessageRef
from app.store.people import list_people
from app.store.users import list_scopes
from app.web.pages.account_page import LANGUAGE_OPTIONS
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import Form
from app.web.pages.scopes import read_scope, scope_ref, scope_value

PARTS: Final = "/"  # between a roster and a person


class Details(BaseModel):
    """What is known of a user."""

    email: str
    name: str
    language: Literal["nb", "nn", "en"]
    person: str = ""

    @field_validator("email")
    @classmethod
    def _reachable(cls, email: str) -> str:
        return read_email(email)

    @field_validator("name")
    @classmethod
    def _readable(cls, name: str) -> str:
        return read_name(name)

    @property
    def link(self) -> PersonLink | None:
        """Who they are on a roster."""
        roster, _, person = self.person.partition(PARTS)
        return PersonLink(roster, person) if person else None


class Role(BaseModel):
    """A role, and where it holds."""

    role: AccessRole
    where: str

    @property
    def grant(self) -> Grant:
        """The role as the domain knows it."""
        return Grant(self.role, read_scope(self.where))


class NewUserDetails(Details, Role):
    """A user with a first role."""


ROLE_OPTIONS: Final = tuple(Option(role, MessageRef(f"access_role.{role}")) for role in STAFF_ROLES)
_DETAILS: Final = (
    Field("email", Kind.EMAIL, autocomplete="off", has_hint=True),
    Field("name", autocomplete="off"),
    Field("language", Kind.SELECT, options=LANGUAGE_OPTIONS, width="medium"),
    Field("person", Kind.SELECT, has_hint=True, width="medium"),
)
_ROLE: Final = (
    Field("role", Kind.SELECT, options=ROLE_OPTIONS, width="medium"),
    Field("where", Kind.SELECT, width="medium"),
)
DETAILS_FORM: Final = Form("user_form", Details, _DETAILS)
ROLE_FORM: Final = Form("user_form", Role, _ROLE)
NEW_USER_FORM: Final = Form("user_form", NewUserDetails, (*_DETAILS, *_ROLE))


def options(connection: Connection) -> dict[str, Sequence[Option]]:
    """Return who is on a roster, and where a role can hold."""
    people = [
        Option(f"{each.roster}{PARTS}{each.id}", f"{each.name} ({each.roster})")
        for each in list_people(connection)
    ]
    scopes = (EVERYTHING, *list_scopes(connection))
    where = [Option(scope_value(each), scope_ref(each)) for each in scopes]
    return {"person": people, "where": where}


def own_roles(user: User) -> dict[str, Sequence[Option]]:
    """Return the roles that can be taken from a user, also those for a customer."""
    roles = [Option(each.role, MessageRef(f"access_role.{each.role}")) for each in user.grants]
    where = [Option(scope_value(each.scope), scope_ref(each.scope)) for each in user.grants]
    return {"role": roles, "where": where}


def known(user: User) -> dict[str, str]:
    """Return what a form about a user is filled with first."""
    person = f"{user.person.roster}{PARTS}{user.person.person}" if user.person else ""
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "person": person,
    }
