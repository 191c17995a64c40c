"""What the API says and hears of requests for cover and swaps. No rules, no queries."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, RootModel, StringConstraints

from app.api.v1.models import MOMENT_SCHEMA, Model, ShortText
from app.api.v1.roster_models import ActorResponse, Moment, SpanResponse
from app.domain.roles import RotationRole
from app.domain.roster.duty_requests import RequestKind, RequestMove, RequestState

Why = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]


class DutyRequestsWanted(BaseModel):
    """Which requests: those that wait for an answer, or all of them."""

    all: bool = False


class ShiftWanted(Model):
    """Somebody's shifts of a time; without a role those of every role."""

    person: ShortText
    role: RotationRole | None = None
    from_: Moment = Field(
        alias="from",
        description="ISO 8601; without an offset the roster's wall time.",
        json_schema_extra=MOMENT_SCHEMA,
    )
    to: Moment = Field(json_schema_extra=MOMENT_SCHEMA)


class DutyRequestWanted(Model):
    """Cover that is asked of `people`; or with `wanted` a swap of one shift for another."""

    shift: ShiftWanted
    people: list[ShortText] = Field(default_factory=list, max_length=100)
    wanted: ShiftWanted | None = None
    reason: Why = ""


class DutyRequestMoveWanted(Model):
    """What is done with a request; `person`: for whom a yes or no is said."""

    move: RequestMove
    person: ShortText | None = None


class SlotResponse(SpanResponse):
    """Whose shift, and in which role."""

    person: str
    role: RotationRole


class AnswerResponse(Model):
    """What somebody has said; null while they have said nothing."""

    person: str
    yes: bool | None
    by: ActorResponse | None
    at: datetime | None


class DutyRequestResponse(Model):
    """A request for cover, or a swap; `entries` are the roster entries that it has become."""

    id: int
    kind: RequestKind
    state: RequestState
    shift: SlotResponse
    wanted: SlotResponse | None
    reason: str
    asked_by: ActorResponse
    asked_at: datetime
    expires_at: datetime
    answers: list[AnswerResponse]
    entries: list[int]


class DutyRequestsResponse(RootModel[list[DutyRequestResponse]]):
    """Requests, the oldest first."""
