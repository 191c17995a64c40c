"""Below `/tickets/NUMBER`: the escalation held, a temporary solution, a date that was agreed."""

from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from app import clock
from app.actions.tickets.case import Case
from app.actions.tickets.change_targets import (
    AgreeDate,
    HoldEscalation,
    TargetChange,
    TargetRequest,
    change_targets,
)
from app.domain.tickets.moves import Refusal, Refused
from app.web.page_access import needs
from app.web.pages.queue_place import and_from
from app.web.pages.ticket_page import ONE, PERMISSION, sent_version
from app.web.pages.ticket_target_forms import (
    AGREE,
    HOLD,
    REASONS,
    WORKAROUND,
    TargetForm,
    read_when,
)
from app.web.pages.ticket_view import case_or_404, show, why
from app.web.services import current_services
from app.web.session import current_user

ticket_targets_page = Blueprint("ticket_targets_page", __name__, url_prefix="/tickets")

# The field that is wrong where a date cannot be.
OF_A_DATE: Final = {Refusal.NO_DATE: "agreed_date", Refusal.NOT_AHEAD: "hold_until"}


@ticket_targets_page.post(f"{ONE}/hold")
@needs(PERMISSION)
def hold(number: int) -> Response:
    """Tell nobody of it as it grows older, or let that go on."""
    case = case_or_404(number)
    form = HOLD.read(request.form)
    if request.form.get("held") == "off":
        return _done(case, TargetChange.RELEASE_ESCALATION, form, "released")
    typed = form["hold_until"].value.strip()
    until = read_when(form, "hold_until", case, clock.now()) if typed else ""
    return _done(case, HoldEscalation(until), form, "held")


@ticket_targets_page.post(f"{ONE}/workaround")
@needs(PERMISSION)
def workaround(number: int) -> Response:
    """Note that a temporary solution is in place, or that it did not hold."""
    case = case_or_404(number)
    form = WORKAROUND.read(request.form)
    if request.form.get("in_place") == "off":
        return _done(case, TargetChange.WITHDRAW_WORKAROUND, form, "no_workaround")
    return _done(case, TargetChange.NOTE_WORKAROUND, form, "workaround")


@ticket_targets_page.post(f"{ONE}/agreed-date")
@needs(PERMISSION)
def agreed_date(number: int) -> Response:
    """Note a date that was agreed with the customer, or take it back."""
    case = case_or_404(number)
    form = AGREE.read(request.form)
    if request.form.get("agreed") == "off":
        return _done(case, TargetChange.WITHDRAW_DATE, form, "date_withdrawn")
    when = read_when(form, "agreed_date", case, clock.now())
    return _done(case, AgreeDate(when), form, "date_agreed")


def _done(
    case: Case, change: TargetChange | AgreeDate | HoldEscalation, form: TargetForm, done: str
) -> Response:
    """Do it once, on the version that was seen; else show why not, with what was typed."""
    if form.value is None:
        return show(case, form, 422)
    number, reason = case.ticket.number, form[REASONS[form.form.name]].value.strip()
    asked = TargetRequest(
        number, change, current_user().actor, reason, (case.ticket.desk,), sent_version()
    )
    outcome = change_targets(current_services().database, asked, clock.now())
    if isinstance(outcome, Refused):
        form.refuse(why(outcome), OF_A_DATE.get(outcome.refusal, ""))
        status = 422 if outcome.refusal in OF_A_DATE else 409
        return show(case_or_404(number), form, status)
    return redirect(f"/tickets/{number}?done={done}{and_from()}#done", 303)
