"""`/users`: who may log in, and with which roles. For administrators."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from app.actions.access.login_links import PASSWORD_PATH
from app.actions.access.passwords import make_password_link
from app.actions.access.second_factors import remove_second_factors
from app.actions.access.users import (
    UserRefusal,
    UserRefused,
    add_user,
    change_user_details,
    disable_user,
    enable_user,
    give_role,
    take_role,
)
from app.domain.access.audit import Author
from app.domain.access.permissions import Permission
from app.domain.access.users import User
from app.domain.message_refs import ref
from app.store import Database
from app.store.second_factors import second_factors_of
from app.store.users import NewUser, find_user, list_users
from app.web.page_access import needs
from app.web.pages import user_forms
from app.web.pages.forms import FilledForm
from app.web.pages.render import page
from app.web.pages.scopes import scope_ref, scope_value
from app.web.pages.user_forms import DETAILS_FORM, NEW_USER_FORM, ROLE_FORM, Details, Role
from app.web.services import current_services
from app.web.session import current_author

users_page = Blueprint("users_page", __name__, url_prefix="/users")

ONE: Final = "/<int:user_id>"
# At which field a refusal stands.
FIELDS: Final = {
    UserRefusal.EMAIL_TAKEN: "email",
    UserRefusal.UNKNOWN_PERSON: "person",
    UserRefusal.UNKNOWN_DESK: "where",
    UserRefusal.UNKNOWN_ROSTER: "where",
    UserRefusal.ONLY_EVERYWHERE: "where",
    UserRefusal.ONLY_FOR_CUSTOMER: "where",
}


@users_page.get("")
@needs(Permission.MANAGE_USERS)
def users() -> Response:
    """List everybody who may log in."""
    with _database().read() as connection:
        found = list_users(connection)
    return page("users.html", "users_page.title", users=found, scope_ref=scope_ref)


@users_page.get("/new")
@needs(Permission.MANAGE_USERS)
def ask_for_user() -> Response:
    """Ask who is to be added."""
    with _database().read() as connection:
        form = NEW_USER_FORM.blank(user_forms.options(connection), language="nb")
    return page("user_new.html", "new_user_page.title", form=form)


@users_page.post("/new")
@needs(Permission.MANAGE_USERS)
def add() -> Response:
    """Add a user with a first role."""
    with _database().read() as connection:
        form = NEW_USER_FORM.read(request.form, user_forms.options(connection))
    if form.value:
        wanted = form.value
        new = NewUser(wanted.email, wanted.name, wanted.language, wanted.link)
        try:
            user = add_user(_database(), new, (wanted.grant,), current_author())
            return redirect(_address(user.id, "added"), 303)
        except UserRefused as refused:
            form.refuse(refused.message, FIELDS.get(refused.refusal, ""))
    return page("user_new.html", "new_user_page.title", status=422, form=form)


@users_page.get(ONE)
@needs(Permission.MANAGE_USERS)
def show(user_id: int) -> Response:
    """Show a user, with what can be changed."""
    return _show(_found(user_id))


@users_page.post(f"{ONE}/details")
@needs(Permission.MANAGE_USERS, confirmed=True)
def change(user_id: int) -> Response:
    """Change a user's name, address, language or person."""
    user = _found(user_id)
    with _database().read() as connection:
        form = DETAILS_FORM.read(request.form, user_forms.options(connection))
    if form.value:
        given = form.value
        wanted = replace(
            user, email=given.email, name=given.name, language=given.language, person=given.link
        )
        try:
            change_user_details(_database(), user.id, wanted, current_author())
            return redirect(_address(user.id, "saved"), 303)
        except UserRefused as refused:
            form.refuse(refused.message, FIELDS.get(refused.refusal, ""))
    return _show(user, details=form)


@users_page.post(f"{ONE}/roles")
@needs(Permission.MANAGE_USERS, confirmed=True)
def give(user_id: int) -> Response:
    """Give a user a role."""
    user = _found(user_id)
    with _database().read() as connection:
        form = ROLE_FORM.read(request.form, user_forms.options(connection))
    if form.value:
        try:
            give_role(_database(), user.id, form.value.grant, current_author())
            return redirect(_address(user.id, "saved"), 303)
        except UserRefused as refused:
            form.refuse(refused.message, FIELDS.get(refused.refusal, ""))
    return _show(user, role=form)


@users_page.post(f"{ONE}/roles/take")
@needs(Permission.MANAGE_USERS)
def take(user_id: int) -> Response:
    """Take a role from a user."""
    user = _found(user_id)
    form = ROLE_FORM.read(request.form, user_forms.own_roles(user))
    if form.value is None:
        return _show(user, role=form)
    grant = form.value.grant
    return _done(user, lambda database, by: take_role(database, user.id, grant, by))


@users_page.post(f"{ONE}/disable")
@needs(Permission.MANAGE_USERS)
def disable(user_id: int) -> Response:
    """Let a user log in no more."""
    user = _found(user_id)
    return _done(user, lambda database, by: disable_user(database, user.id, by))


@users_page.post(f"{ONE}/enable")
@needs(Permission.MANAGE_USERS, confirmed=True)
def enable(user_id: int) -> Response:
    """Let a user log in again."""
    user = _found(user_id)
    return _done(user, lambda database, by: enable_user(database, user.id, by))


@users_page.post(f"{ONE}/password-link")
@needs(Permission.MANAGE_USERS, confirmed=True)
def password_link(user_id: int) -> Response:
    """Make a link by which a user sets a password, and show it once."""
    user = _found(user_id)
    secret = make_password_link(_database(), user, current_author())
    link = f"{current_services().settings.public_url}{PASSWORD_PATH}/{secret}"
    return page("user_link.html", "user_link_page.title", user=user, link=link)


@users_page.post(f"{ONE}/second-factor/remove")
@needs(Permission.MANAGE_USERS, confirmed=True)
def remove_second_factor(user_id: int) -> Response:
    """Take the second factors from a user who has lost one."""
    user = _found(user_id)
    return _done(user, lambda database, by: remove_second_factors(database, user.id, by))


def _done(user: User, change: Callable[[Database, Author], User]) -> Response:
    """Make a change that asks for nothing, and show the user after it."""
    try:
        change(_database(), current_author())
    except UserRefused as refused:
        form = ROLE_FORM.blank()
        form.refuse(refused.message)
        return _show(user, role=form)
    return redirect(_address(user.id, "saved"), 303)


def _show(
    user: User,
    details: FilledForm[Details] | None = None,
    role: FilledForm[Role] | None = None,
) -> Response:
    with _database().read() as connection:
        options = user_forms.options(connection)
        factors = second_factors_of(connection, user.id)
    wrong = details or role
    if role is not None:
        role.options = options
    return page(
        "user.html",
        ref("user_page.title", name=user.name),
        status=422 if wrong else 200,
        user=user,
        details=details or DETAILS_FORM.blank(options, **user_forms.known(user)),
        role=role or ROLE_FORM.blank(options),
        scope_ref=scope_ref,
        scope_value=scope_value,
        has_second_factor=factors.are_asked_for,
        is_added="added" in request.args,
        is_saved="saved" in request.args,
    )


def _found(user_id: int) -> User:
    with _database().read() as connection:
        user = find_user(connection, user_id)
    return user or abort(404)


def _address(user_id: int, what: str) -> str:
    return f"/users/{user_id}?{what}=1"


def _database() -> Database:
    return current_services().database
