"""The overview as the API's models: moments on each desk's wall, reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.api.v1.models import OnDutyResponse, ReasonResponse
from app.api.v1.overview_models import (
    AnsweringResponse,
    CalleeResponse,
    DeskOverviewResponse,
    DutyNowResponse,
    LineStatusResponse,
    OpeningResponse,
    SpanResponse,
    TroubleResponse,
    WaitingTicketResponse,
    WaitingTicketsResponse,
)
from app.api.v1.responses import in_zone, on_duty_response, reason_response
from app.domain.hunts.hunt import Callee
from app.domain.overview.answering import Answer
from app.domain.overview.answering_times import Answering
from app.domain.overview.desk_row import DeskRow
from app.domain.overview.duty_now import DutyNow
from app.domain.overview.opening import LineStatus, Opening
from app.domain.overview.trouble import Trouble
from app.domain.overview.waiting_tickets import WaitingTicket
from app.domain.reasons import Reason
from app.domain.roster.on_duty import OnDuty
from app.domain.texts.catalogue import Texts
from app.domain.time.intervals import Interval


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes a desk's row in a language, on the desk's wall."""

    texts: Texts
    language: str
    time_zone: str

    def row(self, row: DeskRow) -> DeskOverviewResponse:
        """Tell everything of a desk."""
        return DeskOverviewResponse(
            desk=row.desk.id,
            name=row.desk.name,
            severity=row.severity,
            troubles=[self._trouble(each) for each in row.troubles],
            answering=[self._answering(each) for each in row.answering],
            lines=[self._line(each) for each in row.lines],
            duty=self._duty(row.duty) if row.duty else None,
            tickets=WaitingTicketsResponse(
                count=row.waiting.count,
                longest=[self._ticket(each) for each in row.waiting.longest],
            ),
        )

    def _trouble(self, trouble: Trouble) -> TroubleResponse:
        reason = self._reason(trouble.reason)
        return TroubleResponse(
            code=reason.code,
            text=reason.text,
            severity=trouble.severity,
            gap=self._span(trouble.gap),
        )

    def _answering(self, told: Answering) -> AnsweringResponse:
        return AnsweringResponse(
            lines=[line.number for line in told.lines],
            agreements=[agreement.id for agreement in told.agreements],
            rings=_callees(told.now),
            since=self._at(told.since),
            until=self._at(told.until),
            next=_callees(told.then) if told.then else [],
            reasons=self._reasons(told.now.why),
        )

    def _line(self, status: LineStatus) -> LineStatusResponse:
        line = status.line
        return LineStatusResponse(
            number=line.number,
            public_number=line.public_number,
            kind=line.kind,
            open=status.is_open,
            openings=[self._opening(each) for each in status.openings],
        )

    def _opening(self, opening: Opening) -> OpeningResponse:
        return OpeningResponse(
            agreements=[agreement.id for agreement in opening.agreements],
            open=opening.is_open,
            reason=self._reason(opening.why),
            changes_at=self._at(opening.changes_at),
            then=self._reason(opening.then) if opening.then else None,
        )

    def _duty(self, duty: DutyNow) -> DutyNowResponse:
        return DutyNowResponse(
            in_hours=duty.in_hours,
            on_duty=self._people(duty.ringing),
            confirmed=duty.has_confirmed,
            next_handover=self._at(duty.handover),
            next=self._people(duty.after),
            reasons=self._reasons(duty.reasons),
            first_gap=self._span(duty.first_gap),
        )

    def _ticket(self, ticket: WaitingTicket) -> WaitingTicketResponse:
        return WaitingTicketResponse(
            number=ticket.number,
            priority=ticket.priority,
            since=in_zone(ticket.since, self.time_zone),
            call_outs_made=ticket.call_outs_made,
            next_call_out_at=self._at(ticket.next_at),
            never=self._reason(ticket.never) if ticket.never else None,
        )

    def _people(self, people: Iterable[OnDuty]) -> list[OnDutyResponse]:
        return [on_duty_response(each, self.time_zone) for each in people]

    def _reasons(self, reasons: Iterable[Reason]) -> list[ReasonResponse]:
        return [self._reason(each) for each in reasons]

    def _reason(self, reason: Reason) -> ReasonResponse:
        return reason_response(reason, self.texts, self.language, self.time_zone)

    def _span(self, span: Interval | None) -> SpanResponse | None:
        if span is None:
            return None
        from_, to = (in_zone(at, self.time_zone) for at in (span.from_, span.to))
        return SpanResponse(from_=from_, to=to)

    def _at(self, at: datetime | None) -> datetime | None:
        return in_zone(at, self.time_zone) if at else None


def _callees(answer: Answer) -> list[CalleeResponse]:
    return [_callee(each) for each in answer.callees]


def _callee(callee: Callee) -> CalleeResponse:
    return CalleeResponse(
        person=callee.person, name=callee.name, number=callee.number, role=callee.role
    )
