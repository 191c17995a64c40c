"""What the API says and hears of targets and escalation, field by field."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, RootModel, StringConstraints

from app.api.v1.models import MOMENT_SCHEMA, ONE_LINE, Model, MomentOrNow
from app.domain.desks.desk import Priority
from app.domain.tickets.target_report import Result
from app.domain.tickets.targets import TargetKind

Reason = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=ONE_LINE)]


class ReasonedRequest(Model):
    """Who decides it, if not whoever the token is named after, and why: that is needed."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] | None = None
    note: Reason


class EscalationRequest(ReasonedRequest):
    """Whether nobody is told of the ticket as it grows older, and until when."""

    held: bool
    until: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        default=None,
        description="ISO 8601; without an offset the desk's wall time.",
        examples=["2026-12-10T12:00"],
        json_schema_extra=MOMENT_SCHEMA,
    )


class WorkaroundRequest(ReasonedRequest):
    """Whether a temporary solution is in place."""

    in_place: bool


class AgreedDateRequest(ReasonedRequest):
    """By when the customer is content to have a solution; null takes an agreed date back."""

    solve_by: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = Field(
        description="ISO 8601; without an offset the desk's wall time.",
        examples=["2026-12-10T12:00"],
        json_schema_extra=MOMENT_SCHEMA,
    )


class EscalationQuery(BaseModel):
    """Of which priority, and when the ticket would be opened."""

    priority: Priority | None = None
    opened: MomentOrNow = None


class EscalationLevelResponse(Model):
    """One level: when it is reached by either basis, and whom the desk's own tells, and when.

    `forewarning`: before the target is missed. `notified_at` is null where nobody was told yet.
    """

    priority: Priority
    target: TargetKind
    level: int
    role: str
    deadline: datetime
    elapsed_at: datetime | None
    overrun_at: datetime | None
    reached_at: datetime
    forewarning: bool
    told: str | None
    told_at: datetime | None
    notified_at: datetime | None


class EscalationLevels(RootModel[list[EscalationLevelResponse]]):
    """The levels, in the order of priorities, clocks and levels."""


class TargetReportQuery(BaseModel):
    """Up to which month, this one where none is named, and how many."""

    month: Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")] | None = None
    months: int = Field(default=1, ge=1, le=24)


class TargetFigures(Model):
    """One clock of one agreement in one month.

    `met_percent`: of those that were met or missed, null where there are none. `waited_seconds`:
    how long tickets waited in all, by the clock on the wall; `waited` is how many did.
    """

    month: str
    agreement: str
    agreement_name: str
    target: TargetKind
    tickets: int
    results: dict[Result, int]
    met_percent: int | None
    waited: int
    waited_seconds: int


class TargetReportResponse(RootModel[list[TargetFigures]]):
    """Figures by month, the newest first, and in the desk's order of agreements."""
