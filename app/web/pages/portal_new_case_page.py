"""`/portal/DESK/new`: a new case in two steps: what it is, and then what has to be known of it."""

import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, request
from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from app import clock
from app.actions.portal.open_case import IdeaSent, NewCase, open_case
from app.actions.portal.sending_limits import SentTooMuch
from app.actions.tickets.open_ticket import KeyReused
from app.domain.access.may import may
from app.domain.access.permissions import Permission
from app.domain.access.scope import Scope
from app.domain.desks.case_types import CaseKind, CaseType, own_words
from app.domain.desks.customer import Customer
from app.domain.desks.desk import Desk
from app.domain.message_refs import MessageRef, ref
from app.domain.portal.case_form import DESCRIPTION, SUBJECT, CaseRead, may_open, read_case
from app.domain.portal.suggestions import suggested_questions
from app.domain.tickets.comments import Visibility
from app.store.comments import comments_on
from app.store.outages import list_outages
from app.store.portal_cases import find_case, find_portal_case, is_subscribed
from app.web.page_access import needs
from app.web.pages.case_form import CaseForm, typed_in
from app.web.pages.form_keys import sent_key
from app.web.pages.language import page_language
from app.web.pages.maintenance_part import maintenance_for
from app.web.pages.portal_frame import (
    ONE_PORTAL,
    PORTAL,
    customers_here,
    one_of,
    portal_desk,
)
from app.web.pages.questions_part import shown
from app.web.pages.render import environment, page
from app.web.pages.uploaded_files import read_files
from app.web.services import current_services
from app.web.session import current_user

portal_new_case_page = Blueprint("portal_new_case_page", __name__)

NEW: Final = f"{ONE_PORTAL}/new"
BETWEEN: Final = "/"
NO_OUTAGE: Final = 0


@dataclass(frozen=True, slots=True)
class Picked:
    """What was chosen in the first step, by whom, and for which customer."""

    desk: Desk
    customers: tuple[Customer, ...]
    customer: Customer
    project: str
    of: CaseType

    @property
    def address(self) -> str:
        """Return the address of the second step."""
        pick = f"{self.project}{BETWEEN}{self.of.id}"
        query = urlencode({"pick": pick, "customer": self.customer.number})
        return f"{PORTAL}/{self.desk.id}/new/case?{query}"

    @property
    def title(self) -> MessageRef:
        """Return what the case is called."""
        return self.of.name_in(page_language())


@dataclass(frozen=True, slots=True)
class Group:
    """The types that can be chosen for a project; without a name where the desk has none."""

    name: str
    choices: tuple[tuple[str, CaseType], ...]


@portal_new_case_page.get(NEW)
@needs(Permission.OPEN_CASE)
def pick(desk: str) -> Response:
    """Ask what it is about."""
    live = portal_desk(desk)
    customers = customers_here(desk, Permission.OPEN_CASE)
    customer = one_of(customers, request.args.get("customer", ""))
    groups = _groups(live.desk, is_leader=_is_leader(live.desk, customer))
    with current_services().database.read() as connection:
        outage = next(iter(list_outages(connection, [desk], is_open=True)), None)
        number = outage.known.id if outage else NO_OUTAGE
        is_told = is_subscribed(connection, number, current_user().id)
    return page(
        "portal_new.html",
        "portal_new.title",
        time_zone=live.desk.time_zone,
        outage=outage,
        outage_words=own_words(outage.known.words, page_language()) if outage else "",
        is_told=is_told,
        maintenance=maintenance_for(live.desk, (customer.number,), clock.now()),
        groups=groups,
        is_only_choice=sum(len(each.choices) for each in groups) == 1,
        customers=customers,
        customer=customer,
        has_leaders_only=any(
            each.kind is CaseKind.USER_ADMINISTRATION for each in live.desk.case_types
        )
        and not _is_leader(live.desk, customer),
        path=f"{PORTAL}/{live.desk.id}",
        clone=request.args.get("clone", ""),
    )


@portal_new_case_page.get(f"{NEW}/case")
@needs(Permission.OPEN_CASE)
def ask(desk: str) -> Response:
    """Ask what has to be known of it; of a copy what the first one said."""
    picked = _picked(desk)
    if isinstance(picked, Response):
        return picked
    typed = _copied(picked, request.args.get("clone", ""))
    return _show(picked, CaseForm(picked.of, page_language(), typed), secrets.token_urlsafe(16))


@portal_new_case_page.post(f"{NEW}/case")
@needs(Permission.OPEN_CASE)
def send(desk: str) -> Response:
    """Open the case, once, whatever is pressed how often."""
    picked = _picked(desk)
    if isinstance(picked, Response):
        return picked
    now, language = clock.now(), page_language()
    typed = typed_in(request.form)
    today = now.astimezone(ZoneInfo(picked.desk.time_zone)).date()
    uploaded = read_files()
    has_files = bool(uploaded.files)
    read = read_case(picked.of, typed, language, today, has_files=has_files)
    key = sent_key() or secrets.token_urlsafe(16)
    if uploaded.wrong or not isinstance(read, CaseRead):
        errors = {} if isinstance(read, CaseRead) else read
        form = CaseForm(picked.of, language, typed, errors)
        form.file_error = uploaded.wrong
        return _show(picked, form, key, 422)
    new = NewCase(
        picked.desk,
        picked.customer,
        current_user(),
        picked.project,
        picked.of,
        read,
        key,
        uploaded.files,
    )
    try:
        done = open_case(current_services().database, new, now)
    except SentTooMuch as refused:
        form = CaseForm(picked.of, language, typed, {"": refused.message})
        return _show(picked, form, key, 429)
    if isinstance(done, KeyReused):
        wrong = {"": ref("new_case.sent_already", number=done.number)}
        form = CaseForm(picked.of, language, typed, wrong)
        return _show(picked, form, secrets.token_urlsafe(16), 409)
    if isinstance(done, IdeaSent):
        return page(
            "portal_idea_sent.html",
            "portal_idea_sent.title",
            count=done.count,
            customer=picked.customer.name,
            has_masked=read.has_masked,
            path=f"{PORTAL}/{picked.desk.id}",
        )
    masked = "&masked=1" if read.has_masked else ""
    return redirect(f"{PORTAL}/{desk}/cases/{done.number}?done=opened{masked}#done", 303)


@portal_new_case_page.get(f"{ONE_PORTAL}/suggestions")
@needs(Permission.OPEN_CASE)
def suggestions(desk: str) -> Response:
    """Answer the few questions that fit what somebody has begun to write."""
    live = portal_desk(desk)
    customers_here(desk, Permission.OPEN_CASE)
    written = request.args.get(SUBJECT, "")[:200]
    found = suggested_questions(live.desk.questions, written, page_language())
    part = environment().get_template("portal_suggestions.html")
    return FlaskResponse(part.render(questions=shown(found)))


def _show(picked: Picked, form: CaseForm, key: str, status: int = 200) -> Response:
    desk = picked.desk
    return page(
        "portal_new_case.html",
        ref("portal_new_case.title", type=picked.title),
        status=status,
        time_zone=desk.time_zone,
        picked=picked,
        maintenance=maintenance_for(desk, (picked.customer.number,), clock.now(), picked.project),
        form=form,
        key=key,
        project=_project_name(desk, picked.project),
        path=f"{PORTAL}/{desk.id}",
        has_questions=bool(desk.questions),
    )


def _picked(desk: str) -> Picked | Response:
    """Return what was chosen; back to the first step where that cannot be chosen (any more)."""
    live = portal_desk(desk)
    customers = customers_here(desk, Permission.OPEN_CASE)
    customer = one_of(customers, request.args.get("customer", ""))
    project, _, wanted = request.args.get("pick", "").partition(BETWEEN)
    is_leader = _is_leader(live.desk, customer)
    offered = {
        choice: of
        for group in _groups(live.desk, is_leader=is_leader)
        for choice, of in group.choices
    }
    of = offered.get(f"{project}{BETWEEN}{wanted}")
    if of is None:
        return redirect(f"{PORTAL}/{live.desk.id}/new", 303)
    return Picked(live.desk, customers, customer, project, of)


def _groups(desk: Desk, *, is_leader: bool) -> tuple[Group, ...]:
    """Return what can be chosen, by project."""
    types = tuple(each for each in desk.case_types if may_open(each.kind, is_leader=is_leader))
    if not desk.projects:
        return (Group("", tuple((f"{BETWEEN}{each.id}", each) for each in types)),)
    language = page_language()
    found = (
        Group(
            own_words(project.name, language),
            tuple(
                (f"{project.id}{BETWEEN}{each.id}", each)
                for each in types
                if each.is_for(project.id)
            ),
        )
        for project in desk.projects
    )
    return tuple(each for each in found if each.choices)


def _is_leader(desk: Desk, customer: Customer) -> bool:
    where = Scope(desk.id, customer=customer.number)
    return may(current_user(), Permission.ORDER_USERS, where).is_allowed


def _project_name(desk: Desk, project: str) -> str:
    found = next((each for each in desk.projects if each.id == project), None)
    return own_words(found.name, page_language()) if found else ""


def _copied(picked: Picked, number: str) -> dict[str, list[str]]:
    """Return what a case says of which this is to be a copy; nothing of another's."""
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return {}
    numbers = [each.number for each in picked.customers]
    with current_services().database.read() as connection:
        ticket = find_case(connection, picked.desk.id, numbers, int(number))
        if ticket is None:
            abort(404)
        first = next(iter(comments_on(connection, ticket.number, (Visibility.PUBLIC,))), None)
        is_portals = find_portal_case(connection, ticket.number) is not None
    body = first.comment.body if first and is_portals else ""
    refers = f"{ticket.number}: {ticket.subject}" if ticket.subject else str(ticket.number)
    return {SUBJECT: [ticket.subject], DESCRIPTION: [f"{body}\n\n({refers})".strip()]}
