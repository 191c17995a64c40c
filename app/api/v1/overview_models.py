"""What the overview of all desks says, field by field."""

from datetime import datetime

from pydantic import Field

from app.api.v1.models import Model, OnDutyResponse, ReasonResponse
from app.domain.desks.desk import LineKind, Priority
from app.domain.overview.trouble import Severity
from app.domain.roles import Role


class SpanResponse(Model):
    """From when to when."""

    from_: datetime = Field(alias="from")
    to: datetime


class TroubleResponse(ReasonResponse):
    """One thing that is wrong, or that nothing is; `gap` is the time that nobody covers."""

    severity: Severity
    gap: SpanResponse | None


class CalleeResponse(Model):
    """Somebody who would be rung: one number of one person, or a telephone."""

    person: str
    name: str
    number: str
    role: Role


class AnsweringResponse(Model):
    """Who is rung, in order, for a critical call on these lines under these agreements.

    Nobody: a message is taken. `since` and `until` are by the documents; null is further away than
    100 days. `next` is who is rung from `until` on.
    """

    lines: list[str]
    agreements: list[str]
    rings: list[CalleeResponse]
    since: datetime | None
    until: datetime | None
    next: list[CalleeResponse]
    reasons: list[ReasonResponse]


class OpeningResponse(Model):
    """Whether a telephone is open under these agreements; without any, if the duty is there."""

    agreements: list[str]
    open: bool
    reason: ReasonResponse
    changes_at: datetime | None
    then: ReasonResponse | None


class LineStatusResponse(Model):
    """A line and its hours; open where any of them is."""

    number: str
    public_number: str
    kind: LineKind
    open: bool
    openings: list[OpeningResponse]


class DutyNowResponse(Model):
    """The duty, also outside its hours. `confirmed` is null where nobody was asked to confirm."""

    in_hours: bool
    on_duty: list[OnDutyResponse]
    confirmed: bool | None
    next_handover: datetime | None
    next: list[OnDutyResponse]
    reasons: list[ReasonResponse]
    first_gap: SpanResponse | None = Field(
        description="The first time within 90 days that nobody covers."
    )


class WaitingTicketResponse(Model):
    """A ticket that nobody has acknowledged. Without a next call-out, `never` may say why."""

    number: int
    priority: Priority
    since: datetime
    call_outs_made: int
    next_call_out_at: datetime | None
    never: ReasonResponse | None


class WaitingTicketsResponse(Model):
    """How many urgent tickets nobody has acknowledged, and the longest waiting."""

    count: int
    longest: list[WaitingTicketResponse]


class DeskOverviewResponse(Model):
    """One desk at this moment."""

    desk: str
    name: str
    severity: Severity
    troubles: list[TroubleResponse]
    answering: list[AnsweringResponse]
    lines: list[LineStatusResponse]
    duty: DutyNowResponse | None
    tickets: WaitingTicketsResponse


class OverviewResponse(Model):
    """Every desk that the token may see, the worst first."""

    at: datetime
    changes_at: datetime | None  # nothing changes before of itself
    desks: list[DeskOverviewResponse]
