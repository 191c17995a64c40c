"""`/desks/ID/accounts`: who has asked for an account of the portal, to let in or to refuse."""

from typing import Final

from flask import Blueprint, abort, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app.actions.portal.accounts import (
    AccountRefusal,
    AccountRefused,
    accept_account,
    refuse_account,
)
from app.domain.access.permissions import AccessRole, Permission
from app.domain.message_refs import MessageRef, ref
from app.domain.portal.accounts import (
    LADDER,
    LONGEST_MESSAGE,
    AccountRequest,
    AccountState,
    CustomerRoles,
)
from app.store.account_requests import decided_requests, find_account_request, waiting_requests
from app.store.desks import LiveDesk
from app.store.people import customer_names
from app.web.page_access import needs
from app.web.pages.desks_page import ONE_DESK, desk_to_change
from app.web.pages.fields import Field, Kind, Option
from app.web.pages.forms import FilledForm, Form
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_author

accounts_page = Blueprint("accounts_page", __name__, url_prefix="/desks")

ACCOUNTS: Final = f"{ONE_DESK}/accounts"
ONE: Final = f"{ACCOUNTS}/<int:number>"
MOST_DECIDED: Final = 20
ACCEPT, REFUSE = "accept", "refuse"
FIELDS: Final = {AccountRefusal.UNKNOWN_CUSTOMER: "customer"}


class Accept(BaseModel):
    """Whose they are, and what they may do."""

    customer: str = Limits(max_length=8)
    role: AccessRole
    is_leader: bool = False


class Refuse(BaseModel):
    """Why not."""

    reason: str = Limits(max_length=LONGEST_MESSAGE)


ROLE_OPTIONS: Final = tuple(Option(each, MessageRef(f"customer_role.{each}")) for each in LADDER)
ACCEPT_FORM: Final = Form(
    "accept_account_form",
    Accept,
    (
        Field("customer", has_hint=True, width="short"),
        Field("role", Kind.RADIOS, options=ROLE_OPTIONS),
        Field("is_leader", Kind.CHECKBOX, has_hint=True),
    ),
)
REFUSE_FORM: Final = Form(
    "refuse_account_form", Refuse, (Field("reason", Kind.TEXTAREA, has_hint=True),)
)


@accounts_page.get(ACCOUNTS)
@needs(Permission.MANAGE_ACCOUNTS)
def accounts(desk: str) -> Response:
    """List who waits, and what was decided last."""
    live = desk_to_change(desk, Permission.MANAGE_ACCOUNTS)
    with current_services().database.read() as connection:
        waiting = waiting_requests(connection, desk)
        decided = decided_requests(connection, desk, MOST_DECIDED)
        numbers = sorted({each.customer for each in (*waiting, *decided) if each.customer})
        names = customer_names(connection, desk, numbers)
    return page(
        "accounts.html",
        ref("accounts_page.title", desk=live.desk.name),
        time_zone=live.desk.time_zone,
        waiting=waiting,
        decided=decided,
        names=names,
        address=f"/desks/{desk}/accounts",
        done=request.args.get("done", ""),
    )


@accounts_page.get(ONE)
@needs(Permission.MANAGE_ACCOUNTS)
def account(desk: str, number: int) -> Response:
    """Show somebody who waits, with what can be decided."""
    live, asked = _found(desk, number)
    return _show(live, asked, _known(asked), REFUSE_FORM.blank())


@accounts_page.post(ONE)
@needs(Permission.MANAGE_ACCOUNTS)
def decide(desk: str, number: int) -> Response:
    """Let somebody in, or refuse them."""
    live, asked = _found(desk, number)
    if request.form.get("act") == REFUSE:
        return _refuse(live, asked)
    form = ACCEPT_FORM.read(request.form)
    if form.value:
        wanted, roles = form.value, CustomerRoles(form.value.role, form.value.is_leader)
        try:
            accept_account(
                current_services().database, number, wanted.customer, roles, current_author()
            )
            return redirect(f"/desks/{desk}/accounts?done={ACCEPT}#done", 303)
        except AccountRefused as refused:
            form.refuse(refused.message, FIELDS.get(refused.refusal, ""))
    return _show(live, asked, form, REFUSE_FORM.blank(), 422)


def _refuse(live: LiveDesk, asked: AccountRequest) -> Response:
    form = REFUSE_FORM.read(request.form)
    if form.value:
        try:
            refuse_account(
                current_services().database, asked.id, form.value.reason, current_author()
            )
            return redirect(f"/desks/{live.desk.id}/accounts?done={REFUSE}#done", 303)
        except AccountRefused as refused:
            form.refuse(refused.message)
    return _show(live, asked, _known(asked), form, 422)


def _known(asked: AccountRequest) -> FilledForm[Accept]:
    return ACCEPT_FORM.blank(role=asked.roles.role, customer=asked.customer or "")


def _show(
    live: LiveDesk,
    asked: AccountRequest,
    accept: FilledForm[Accept],
    refuse: FilledForm[Refuse],
    status: int = 200,
) -> Response:
    desk = live.desk
    with current_services().database.read() as connection:
        number = asked.customer or ""
        names = customer_names(connection, desk.id, [number])
    return page(
        "account_request.html",
        ref("account_request_page.title", name=asked.name),
        status=status,
        time_zone=desk.time_zone,
        desk=desk,
        asked=asked,
        customer=names.get(number, ""),
        is_waiting=asked.state is AccountState.WAITING,
        accept=accept,
        refuse=refuse,
        address=f"/desks/{desk.id}/accounts",
    )


def _found(desk: str, number: int) -> tuple[LiveDesk, AccountRequest]:
    live = desk_to_change(desk, Permission.MANAGE_ACCOUNTS)
    with current_services().database.read() as connection:
        asked = find_account_request(connection, number)
    if asked is None or asked.desk != desk or asked.confirmed_at is None:
        abort(404)
    return live, asked
