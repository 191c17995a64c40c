"""What the API says and hears, field by field. No rules, no queries."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StringConstraints
from pydantic.config import JsonDict

from app.api.v1.language import AnswerLanguage
from app.domain.calls.call import CallOutcome
from app.domain.desks.desk import LineKind, Priority
from app.domain.hunts.hunt import LegOutcome
from app.domain.message_refs import MessageError, ref
from app.domain.roles import DutyRole, Role
from app.domain.simulate.transcript import Wording
from app.domain.simulate.what_if import Ringing
from app.domain.texts.operator_input import check_keys, read_keys
from app.domain.tickets.comments import Side, Visibility
from app.domain.tickets.ticket import (
    LARGEST_NUMBER,
    LONGEST_COMMENT,
    LONGEST_EMAIL,
    LONGEST_NAME,
    LONGEST_NOTE,
    LONGEST_SUBJECT,
    Source,
)
from app.domain.workflow.status import Status
from app.domain.workflow.workflow import Requirement

ShortText = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00]+$")]
CommentText = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=LONGEST_COMMENT,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


# What ISO 8601 looks like here; whether there is such a day is asked afterwards.
MOMENT_SCHEMA: JsonDict = {
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?"
    r"([+-][0-9]{2}:[0-9]{2}|Z)?$"
}
# A moment that is asked about, as it was written.
MomentOrNow = Annotated[
    str | None,
    Field(
        max_length=64,
        description="ISO 8601; without an offset the desk's wall time. Now, if not given.",
        examples=["2026-11-21T23:10"],
        json_schema_extra=MOMENT_SCHEMA,
    ),
]


def _keys(value: Any) -> Any:
    """Take the answers as one text, `1001#,1,1`, or as a list."""
    if isinstance(value, str):
        return read_keys(value)
    if isinstance(value, list) and all(isinstance(key, str) for key in value):
        return check_keys(tuple(value))
    raise MessageError(ref("api.bad_keys"))


class Model(BaseModel):
    """A body whose fields may be given by name or by alias; others are refused."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")


class ReasonResponse(Model):
    """Why: a code for programs and a text for people."""

    code: str
    text: str


class LineResponse(Model):
    """A number of the desk, as the network posts it."""

    number: str
    kind: LineKind
    public_number: str


class NamedItem(Model):
    """Something with an id and a name."""

    id: str
    name: str


class DeskResponse(Model):
    """A desk."""

    id: str
    name: str
    lines: list[LineResponse]
    agreements: list[NamedItem]
    priorities: list[NamedItem]


class OnDutyResponse(Model):
    """Somebody who would be rung; a last resort is no person."""

    person: str | None
    name: str | None
    role: DutyRole
    phone: str
    phones: list[str]
    from_: datetime | None = Field(alias="from")
    to: datetime | None


class ShadowResponse(Model):
    """Somebody who gets the duty's SMS, is never rung, and covers nothing."""

    person: str
    name: str
    from_: datetime = Field(alias="from")
    to: datetime


class DutyResponse(Model):
    """Who is on duty at a moment, in ringing order."""

    at: datetime
    on_duty: list[OnDutyResponse]
    shadows: list[ShadowResponse]
    reasons: list[ReasonResponse]
    next_handover: datetime | None


class LegResponse(Model):
    """One attempt to reach somebody, in a call or in a call-out."""

    leg: int
    person: str
    name: str
    number: str
    role: Role
    outcome: LegOutcome
    at: datetime


class CallBackResponse(LegResponse):
    """The caller of a ticket, called back in a call that was over."""

    call_sid: str


class CallOutResponse(Model):
    """A call-out about a ticket, and everybody who was rung in it."""

    sid: str
    number: int
    started_at: datetime
    legs: list[LegResponse]


class ContactResponse(Model):
    """Whom to answer about a ticket; null is what is not known."""

    number: str | None
    name: str | None
    email: str | None


class TicketResponse(Model):
    """A ticket. A target that was never agreed is null; so is the number of a foreseen one."""

    number: int | None
    desk: str
    customer: str | None
    agreement: str | None
    source: Source
    subject: str | None  # what somebody wrote that it is about
    caller: str | None
    contact: ContactResponse
    priority: Priority
    status: Status  # what the state counts as, on every desk
    state: str  # of the desk's workflow
    version: int  # grows with every change
    assigned_to: str | None
    group: str | None
    created_at: datetime
    respond_by: datetime | None
    solve_by: datetime | None
    responded_at: datetime | None  # the first answer of a human to the customer
    paused_since: datetime | None  # its clocks stand
    workaround_at: datetime | None  # a temporary solution is in place
    agreed_solve_by: datetime | None  # agreed with the customer instead of the target
    escalation_held_at: datetime | None
    escalation_held_until: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    closed_by: str | None
    closed_at: datetime | None
    call_sid: str | None
    calls: int  # that have been about it
    unacknowledged: bool  # urgent, and nobody has acknowledged it
    call_outs_made: int  # call-outs begun about it
    next_call_out_at: datetime | None  # null: no further call-out
    call_outs: list[CallOutResponse]
    legs: list[CallBackResponse]  # call-backs


class TicketEventResponse(Model):
    """Something that happened to a ticket; `facts` are what is known beside it."""

    at: datetime
    kind: str
    who: str | None
    text: str
    facts: dict[str, Any]


class TicketMoveRequest(Model):
    """Who does it, if not whoever the token is named after, and why."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] | None = None
    note: Annotated[str, StringConstraints(max_length=500, pattern=ONE_LINE)] = ""
    version: int | None = Field(
        default=None,
        ge=1,
        description="The ticket's version that you saw: 409 where it has changed since.",
    )
    key: Annotated[str, StringConstraints(max_length=150, pattern=r"^[!-~]*$")] = Field(
        default="", description="Two requests with one key write one comment."
    )


class TicketCloseRequest(TicketMoveRequest):
    """How a ticket is closed; the reason is `note`."""

    comment: CommentText = Field(default="", description="Public: the customer reads it.")


class StateMoveRequest(TicketMoveRequest):
    """A move of the desk's workflow, with what it requires; the reason is `note`."""

    move: ShortText
    comment: CommentText = Field(default="", description="Public: the customer reads it.")
    estimate_hours: float | None = Field(default=None, gt=0, le=10_000)


class CommentRequest(TicketMoveRequest):
    """What shall stand on a ticket."""

    body: Annotated[CommentText, StringConstraints(min_length=1)]
    visibility: Visibility


class CallCustomerRequest(TicketMoveRequest):
    """Who is rung first: `person` of the desk's roster, or `telephone` of its first line.

    They press 1 and are connected. Two requests with one key are one call. `confirmed`: also while
    the desk is closed.
    """

    person: ShortText | None = None
    telephone: ShortText | None = None
    confirmed: bool = False


class AssignRequest(TicketMoveRequest):
    """Who works on a ticket; null: nobody."""

    to: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)] | None


class RouteRequest(TicketMoveRequest):
    """The id of the group that shall have a ticket."""

    group: ShortText


class LinkRequestBody(Model):
    """Which ticket this one is something of: a part, a follow-up, or related."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] | None = None
    kind: Literal["related", "child_of", "follows"]
    other: int = Field(ge=1, le=LARGEST_NUMBER)


class MergeRequestBody(Model):
    """The ticket that stays; this one is closed as its duplicate."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] | None = None
    into: int = Field(ge=1, le=LARGEST_NUMBER)
    words: Annotated[CommentText, StringConstraints(max_length=LONGEST_NOTE)] = Field(
        default="",
        description="For the customer where the closing move requires a comment; else internal.",
    )
    version: int | None = Field(
        default=None,
        ge=1,
        description="The ticket's version that you saw: 409 where it has changed since.",
    )


class CopyRequestBody(Model):
    """A linked copy, whose times begin anew: a clone, or a part that is split off."""

    by: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] | None = None
    kind: Literal["clone_of", "split_from"]
    key: Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=r"^[!-~]+$")]
    subject: Annotated[str, StringConstraints(max_length=LONGEST_SUBJECT, pattern=ONE_LINE)] = ""
    words: CommentText = ""


class LinkResponse(Model):
    """What another ticket is to this one."""

    kind: str
    other: int


class Links(RootModel[list[LinkResponse]]):
    """Links of a ticket."""


class StateMoveResponse(Model):
    """A move of the desk's workflow that is possible from the ticket's state."""

    id: str
    name: str
    to: str
    to_name: str
    requires: list[Requirement]


class StateMoves(RootModel[list[StateMoveResponse]]):
    """Moves, in the order of the workflow's table."""


class CommentResponse(Model):
    """What somebody wrote on a ticket."""

    at: datetime
    author: str
    side: Side
    visibility: Visibility
    body: str


class Comments(RootModel[list[CommentResponse]]):
    """Comments, in order."""


class ContactRequest(Model):
    """Whom to answer; any part may be left out."""

    number: Annotated[str, StringConstraints(max_length=64, pattern=ONE_LINE)] = Field(
        default="", description="A telephone number as people write it.", examples=["+4749002001"]
    )
    name: Annotated[str, StringConstraints(max_length=LONGEST_NAME, pattern=ONE_LINE)] = ""
    email: Annotated[str, StringConstraints(max_length=LONGEST_EMAIL, pattern=ONE_LINE)] = ""


class TicketOpenRequest(TicketMoveRequest):
    """A ticket that no call opens."""

    desk: ShortText
    priority: Priority
    subject: Annotated[
        str, StringConstraints(min_length=1, max_length=LONGEST_SUBJECT, pattern=ONE_LINE)
    ] = Field(description="What it is about, in a few words: the duty hears them.")
    customer: ShortText | None = Field(default=None, description="The customer's number.")
    contact: ContactRequest = ContactRequest()


class IdempotencyHeaders(BaseModel):
    """What makes a request one ticket, however often it is sent."""

    model_config = ConfigDict(populate_by_name=True)

    idempotency_key: Annotated[
        str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")
    ] = Field(
        alias="Idempotency-Key",
        description="Any text that the token has not used for another ticket, such as a UUID.",
        examples=["0b7f2a3e-5f5c-4a51-9d0c-4b9a3c1d7e10"],
    )


class TicketPriorityRequest(TicketMoveRequest):
    """The ticket's new priority."""

    priority: Priority


class TurnResponse(Model):
    """One event of a call; `leg` 0 is the caller's own, `event` what happened in a word."""

    leg: int
    turn: str
    at: datetime
    event: str
    reasons: list[ReasonResponse]
    roster_revision: int | None  # of the entries that it knew: GET …/roster/entries?revision=


class CallResponse(Model):
    """A call: its turns, its reasons, its legs and how it ended."""

    sid: str
    desk: str | None
    line: str
    caller: str | None
    started_at: datetime
    ended_at: datetime | None
    outcome: CallOutcome | None
    priority: Priority | None
    customer: str | None
    ticket: int | None
    reasons: list[ReasonResponse]
    legs: list[LegResponse]
    turns: list[TurnResponse]
    told: list[str]


class CallOutDetailsResponse(CallOutResponse):
    """A call-out with its turns, its reasons and how it was heard."""

    desk: str
    ticket: int
    ended_at: datetime | None
    reasons: list[ReasonResponse]
    turns: list[TurnResponse]
    told: list[str]


class ExplainRequest(Model):
    """A call that nobody makes."""

    line: ShortText
    from_: Annotated[str, StringConstraints(max_length=64)] = Field(alias="from")
    at: MomentOrNow = None
    keys: Annotated[tuple[str, ...], BeforeValidator(_keys)] = Field(
        default=(),
        json_schema_extra={
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
    )
    ringing: Ringing = Ringing.ANSWERED
    wording: Wording = Wording.SPOKEN
    language: AnswerLanguage


class ExplainResponse(Model):
    """What would happen in the call, as a transcript, and why."""

    told: list[str]
    outcome: CallOutcome
    rings: list[str]
    ticket: TicketResponse | None
    reasons: list[ReasonResponse]


class RecordingResponse(Model):
    """A recording of a ticket; what was said is at /recordings/{sid} as long as it is kept."""

    sid: str
    fetched_at: datetime


class Desks(RootModel[list[DeskResponse]]):
    """Desks, by id."""


class TicketEvents(RootModel[list[TicketEventResponse]]):
    """What happened to a ticket, in order."""


class Tickets(RootModel[list[TicketResponse]]):
    """Tickets, the newest first."""


class Calls(RootModel[list[CallResponse]]):
    """Calls, the newest first."""


class RecordingsResponse(RootModel[list[RecordingResponse]]):
    """A ticket's recordings, the oldest first."""
