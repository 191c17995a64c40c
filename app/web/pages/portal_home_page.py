"""`/portal`: which desks somebody is a customer of; `/portal/DESK`, what they find there; and the
desk's frequent questions.
"""

from typing import Final

from flask import Blueprint, redirect, request
from pydantic import BaseModel
from pydantic import Field as Limits
from werkzeug.wrappers import Response

from app import clock
from app.actions.portal.open_case import join_outage
from app.domain.access.may import scopes_with
from app.domain.access.permissions import Permission
from app.domain.desks.case_types import own_words
from app.domain.portal.suggestions import found_questions
from app.domain.workflow.workflow import WaitsFor, Workflow
from app.store.desks import list_desks
from app.store.outages import list_outages
from app.store.portal_cases import CasesAsked, is_subscribed, list_cases
from app.web.page_access import needs
from app.web.pages.fields import Field
from app.web.pages.forms import Form
from app.web.pages.language import page_language
from app.web.pages.maintenance_part import maintenance_for
from app.web.pages.portal_cases_view import case_lines
from app.web.pages.portal_frame import ONE_PORTAL, PORTAL, customers_here, portal_desk
from app.web.pages.questions_part import shown
from app.web.pages.render import page
from app.web.services import current_services
from app.web.session import current_user

portal_home_page = Blueprint("portal_home_page", __name__)

SHOWN_AT_HOME: Final = 10
FEW_QUESTIONS: Final = 4
NONE: Final = 0  # the id of no outage
LONGEST_SOUGHT: Final = 100


class Sought(BaseModel):
    """What is looked for among the questions."""

    q: str = Limits("", max_length=LONGEST_SOUGHT)


SEARCH: Final = Form("questions_form", Sought, (Field("q", width="medium"),))


@portal_home_page.get(PORTAL)
@needs(Permission.SEE_OWN_CASES)
def portals() -> Response:
    """Lead to the only desk, or list the desks that somebody is a customer of."""
    scopes = scopes_with(current_user(), Permission.SEE_OWN_CASES)
    theirs = sorted({each.desk for each in scopes if each.desk})
    if len(theirs) == 1:
        return redirect(f"{PORTAL}/{theirs[0]}", 303)
    with current_services().database.read() as connection:
        desks = [live.desk for live in list_desks(connection, theirs)]
    return page("portals.html", "portals.title", desks=desks)


@portal_home_page.get(ONE_PORTAL)
@needs(Permission.SEE_OWN_CASES)
def home(desk: str) -> Response:
    """Show what goes on, what waits for somebody, and their cases."""
    live = portal_desk(desk)
    customers = customers_here(desk, Permission.SEE_OWN_CASES)
    names = {each.number: each.name for each in customers}
    user = current_user()
    with current_services().database.read() as connection:
        outage = next(iter(list_outages(connection, [desk], is_open=True)), None)
        is_told = is_subscribed(connection, outage.known.id if outage else NONE, user.id)
        open_ones = list_cases(connection, CasesAsked(desk, names, open_only=True))
        own = list_cases(connection, CasesAsked(desk, names, user.id, limit=SHOWN_AT_HOME))
        theirs_to_do = CasesAsked(desk, names, user.id, True, _waits(live.desk.workflow))
        to_do = list_cases(connection, theirs_to_do)
    lines = case_lines(open_ones, live.desk, names)
    waiting = case_lines(to_do, live.desk, names)
    shown_above = {each.number for each in waiting}
    mine = case_lines(own, live.desk, names)
    known = shown_above | {each.number for each in mine}
    return page(
        "portal_home.html",
        "portal_home.title",
        time_zone=live.desk.time_zone,
        desk=live.desk,
        customers=customers,
        outage=outage,
        outage_words=own_words(outage.known.words, page_language()) if outage else "",
        is_told=is_told,
        maintenance=maintenance_for(live.desk, names, clock.now()),
        waiting=waiting,
        has_own=bool(mine),
        own=[each for each in mine if each.number not in shown_above],
        others=[each for each in lines if each.number not in known][:SHOWN_AT_HOME],
        questions=shown(live.desk.questions[:FEW_QUESTIONS]),
        has_more_questions=len(live.desk.questions) > FEW_QUESTIONS,
        search=SEARCH.blank(),
        done=request.args.get("done", ""),
        path=f"{PORTAL}/{live.desk.id}",
    )


@portal_home_page.get(f"{ONE_PORTAL}/cases")
@needs(Permission.SEE_ORGANISATION_CASES)
def cases(desk: str) -> Response:
    """List all the cases of somebody's customers, the newest first."""
    live = portal_desk(desk)
    customers = customers_here(desk, Permission.SEE_ORGANISATION_CASES)
    names = {each.number: each.name for each in customers}
    below = _number(request.args.get("below", ""))
    with current_services().database.read() as connection:
        found = list_cases(connection, CasesAsked(desk, names, below=below))
    return page(
        "portal_cases.html",
        "portal_cases.title",
        time_zone=live.desk.time_zone,
        lines=case_lines(found, live.desk, names),
        path=f"{PORTAL}/{live.desk.id}",
        next=found[-1].number if len(found) == CasesAsked(desk, names).limit else None,
        has_several=len(customers) > 1,
    )


@portal_home_page.get(f"{ONE_PORTAL}/questions")
@needs(Permission.SEE_OWN_CASES)
def questions(desk: str) -> Response:
    """List the frequent questions, or those that are looked for."""
    live = portal_desk(desk)
    customers_here(desk, Permission.SEE_OWN_CASES)
    form = SEARCH.read(request.args)
    sought = form.value.q if form.value else ""
    return page(
        "portal_questions.html",
        "portal_questions.title",
        form=form,
        questions=shown(found_questions(live.desk.questions, sought, page_language())),
        sought=sought,
        path=f"{PORTAL}/{live.desk.id}",
    )


@portal_home_page.post(f"{ONE_PORTAL}/affected")
@needs(Permission.OPEN_CASE)
def affected(desk: str) -> Response:
    """Note that the outage affects somebody too: they are told when it is over."""
    live = portal_desk(desk)
    customers_here(desk, Permission.OPEN_CASE)
    is_there = join_outage(current_services().database, desk, current_user(), clock.now())
    what = "affected" if is_there else "over"
    return redirect(f"{PORTAL}/{live.desk.id}?done={what}#done", 303)


def _waits(workflow: Workflow) -> tuple[str, ...]:
    """Return the states in which it is the customer's turn."""
    return tuple(each.id for each in workflow.states if each.waits_for is WaitsFor.CUSTOMER)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
