"""Targets and escalation: previewed, held, and what was agreed or found meanwhile."""

from datetime import datetime
from typing import Final

from apiflask import APIBlueprint

from app import clock
from app.actions.tickets.change_targets import (
    AgreeDate,
    HoldEscalation,
    TargetChange,
    TargetRequest,
    change_targets,
)
from app.actions.tickets.preview_escalation import (
    ShownLevel,
    levels_of_desk,
    levels_of_ticket,
)
from app.actions.tickets.report_targets import read_month, report_targets
from app.api.v1.access import access, auth, writers_only
from app.api.v1.duty_requests import in_words
from app.api.v1.models import TicketResponse
from app.api.v1.refusals import NO_SUCH_DESK, NO_SUCH_TICKET, refuse
from app.api.v1.responses import in_zone
from app.api.v1.services import api_services
from app.api.v1.target_models import (
    AgreedDateRequest,
    EscalationLevelResponse,
    EscalationLevels,
    EscalationQuery,
    EscalationRequest,
    ReasonedRequest,
    TargetFigures,
    TargetReportQuery,
    TargetReportResponse,
    WorkaroundRequest,
)
from app.api.v1.tickets import MOVE_RESPONSES, ONE_TICKET, REFUSED, actor_of_token, the_ticket
from app.domain.message_refs import ref
from app.domain.tickets.moves import Refused
from app.domain.tickets.target_report import ReportRow
from app.domain.time.parsing import NotAMoment

ticket_targets = APIBlueprint("ticket_targets", __name__, tag="Tickets")

ESCALATION: Final = f"{ONE_TICKET}/escalation"


@ticket_targets.get(ESCALATION)
@ticket_targets.auth_required(auth)
@ticket_targets.output(EscalationLevels)
@ticket_targets.doc(responses=[404])
def escalation_of(number: int) -> list[EscalationLevelResponse]:
    """Tell when each level of a ticket's escalation is reached if nobody does anything."""
    with api_services().database.read() as connection:
        shown = levels_of_ticket(connection, number, access().desks)
    if shown is None:
        refuse(404, NO_SUCH_TICKET)
    return [level_response(each, shown.zone) for each in shown.levels]


@ticket_targets.get("/desks/<desk>/escalation")
@ticket_targets.auth_required(auth)
@ticket_targets.input(EscalationQuery, location="query", arg_name="asked")
@ticket_targets.output(EscalationLevels)
@ticket_targets.doc(responses=[404])
def escalation_at(desk: str, asked: EscalationQuery) -> list[EscalationLevelResponse]:
    """Tell when each level would be reached for a ticket opened then, or now."""
    if not access().may_see(desk) or "\0" in desk:
        refuse(404, NO_SUCH_DESK)
    try:
        with api_services().database.read() as connection:
            shown = levels_of_desk(connection, desk, asked.priority, asked.opened, clock.now())
    except NotAMoment as error:
        refuse(422, ref("api.bad_moment"), {"query": {"opened": [error.message]}})
    if shown is None:
        refuse(404, NO_SUCH_DESK)
    return [level_response(each, shown.zone) for each in shown.levels]


@ticket_targets.get("/desks/<desk>/targets")
@ticket_targets.auth_required(auth)
@ticket_targets.input(TargetReportQuery, location="query", arg_name="asked")
@ticket_targets.output(TargetReportResponse)
@ticket_targets.doc(responses=[404])
def targets_of(desk: str, asked: TargetReportQuery) -> list[TargetFigures]:
    """Tell how a desk's targets were kept: of the tickets that were opened in each month."""
    if not access().may_see(desk) or "\0" in desk:
        refuse(404, NO_SUCH_DESK)
    month = read_month(asked.month) if asked.month else None
    with api_services().database.read() as connection:
        found = report_targets(connection, desk, month, asked.months, clock.now())
    if found is None:
        refuse(404, NO_SUCH_DESK)
    return [_figures(row) for row in found.rows]


def _figures(row: ReportRow) -> TargetFigures:
    return TargetFigures(
        month=f"{row.month:%Y-%m}",
        agreement=row.agreement.id,
        agreement_name=row.agreement.name,
        target=row.kind,
        tickets=row.tickets,
        results=dict(row.results),
        met_percent=row.kept_percent,
        waited=row.pauses,
        waited_seconds=int(row.paused.total_seconds()),
    )


@ticket_targets.post(ESCALATION)
@ticket_targets.auth_required(auth)
@writers_only
@ticket_targets.input(EscalationRequest, arg_name="asked")
@ticket_targets.output(TicketResponse)
@ticket_targets.doc(responses=MOVE_RESPONSES)
def hold(number: int, asked: EscalationRequest) -> TicketResponse:
    """Hold a ticket's escalation back, with a reason, or let it go on."""
    hold = HoldEscalation(asked.until or "")
    return _changed(number, hold if asked.held else TargetChange.RELEASE_ESCALATION, asked)


@ticket_targets.post(f"{ONE_TICKET}/workaround")
@ticket_targets.auth_required(auth)
@writers_only
@ticket_targets.input(WorkaroundRequest, arg_name="asked")
@ticket_targets.output(TicketResponse)
@ticket_targets.doc(responses=MOVE_RESPONSES)
def workaround(number: int, asked: WorkaroundRequest) -> TicketResponse:
    """Note that a temporary solution is in place, or that it did not hold."""
    noted = TargetChange.NOTE_WORKAROUND if asked.in_place else TargetChange.WITHDRAW_WORKAROUND
    return _changed(number, noted, asked)


@ticket_targets.post(f"{ONE_TICKET}/agreed-date")
@ticket_targets.auth_required(auth)
@writers_only
@ticket_targets.input(AgreedDateRequest, arg_name="asked")
@ticket_targets.output(TicketResponse)
@ticket_targets.doc(responses=MOVE_RESPONSES)
def agreed_date(number: int, asked: AgreedDateRequest) -> TicketResponse:
    """Note a date that was agreed with the customer instead of the target, or take it back."""
    agreed = AgreeDate(asked.solve_by) if asked.solve_by else TargetChange.WITHDRAW_DATE
    return _changed(number, agreed, asked)


def _changed(
    number: int, change: TargetChange | AgreeDate | HoldEscalation, asked: ReasonedRequest
) -> TicketResponse:
    by, reason = actor_of_token(asked.by), asked.note.strip()
    if not reason:
        refuse(422, ref("api.invalid"), {"json": {"note": [ref("api.no_reason")]}})
    request = TargetRequest(number, change, by, reason, access().desks)
    outcome = in_words(lambda: change_targets(api_services().database, request, clock.now()))
    if outcome is None:
        refuse(404, NO_SUCH_TICKET)
    ticket = the_ticket(number)
    if isinstance(outcome, Refused):
        refuse(409, REFUSED[outcome.refusal], detail=ticket.model_dump(mode="json"))
    return ticket


def level_response(shown: ShownLevel, zone: str) -> EscalationLevelResponse:
    """Tell one level; moments on the desk's wall."""

    def wall(at: datetime | None) -> datetime | None:
        return in_zone(at, zone) if at else None

    row = shown.row
    escalation = row.escalation
    return EscalationLevelResponse(
        priority=shown.priority,
        target=escalation.kind,
        level=escalation.level,
        role=escalation.role,
        deadline=in_zone(escalation.deadline, zone),
        elapsed_at=wall(row.elapsed_at),
        overrun_at=wall(row.overrun_at),
        reached_at=in_zone(escalation.reached_at, zone),
        forewarning=escalation.is_forewarning,
        told=row.to.contact.role if row.to else None,
        told_at=wall(row.to.at if row.to else None),
        notified_at=wall(shown.notified_at),
    )
