"""What the API says of hours of duty, field by field. No rules, no queries."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.api.v1.language import AnswerLanguage
from app.api.v1.models import Model, ReasonResponse
from app.api.v1.roster_models import RosterEntryResponse, SpanResponse
from app.domain.reasons import FigureKind
from app.domain.roles import RotationRole
from app.domain.roster.working_hours.rest import RestKind

DayOrMoment = Annotated[
    str | None,
    Field(
        max_length=64,
        description="A date, which is included, or ISO 8601; without an offset the roster's wall "
        "time. Else the month that the other one lies in, or this month.",
        examples=["2026-11-01", "2026-11-01T08:00"],
    ),
]


class HoursQuery(BaseModel):
    """The period, and the language of texts."""

    from_: DayOrMoment = Field(default=None, alias="from")
    to: DayOrMoment = None
    language: AnswerLanguage


class FigureResponse(Model):
    """One figure, in hours or as a count, and how it was counted."""

    kind: FigureKind
    hours: float | None
    count: int | None
    converted_hours: float | None = Field(description="What home duty in these hours comes to.")
    why: ReasonResponse


class DutyTimeResponse(SpanResponse):
    """Some time on duty, and why it was theirs."""

    role: RotationRole
    why: ReasonResponse


class CallOutTimeResponse(SpanResponse):
    """Work about a call or a ticket."""

    confirmed: bool = Field(description="By the person, and not only measured by the telephone.")
    measured_from: datetime = Field(description="What the telephone measured.")
    measured_to: datetime
    reason: str = Field(description="Why the person says another time; empty for none.")
    call: str = Field(description="The sid; empty where none is known.")


class PersonsHoursResponse(Model):
    """One person's hours in the period."""

    person: str
    name: str
    figures: list[FigureResponse]
    duty: list[DutyTimeResponse]
    call_outs: list[CallOutTimeResponse]


class BrokenRestResponse(SpanResponse):
    """A day or a week in which call-outs left no rest that is long enough."""

    person: str
    name: str
    kind: RestKind
    longest_hours: float
    call_outs: list[CallOutTimeResponse]
    why: ReasonResponse


class ComparedResponse(Model):
    """A figure of the year beside an equal share of it; no share for whoever takes no turns."""

    kind: FigureKind
    amount: float
    share: float | None
    percent: int | None


class BalanceResponse(Model):
    """One person's year."""

    person: str
    name: str
    weight: float = Field(description="Their part of all shares, from 0 to 1.")
    compared: list[ComparedResponse]
    why: ReasonResponse


class YearResponse(SpanResponse):
    """The calendar year in which the period ends, planned duty included."""

    people: list[BalanceResponse]


class HoursResponse(SpanResponse):
    """Hours of duty as they were counted: a report, and no legal advice."""

    desks: list[str]
    roster: str
    time_zone: str
    people: list[PersonsHoursResponse]
    broken_rest: list[BrokenRestResponse]
    corrections: list[RosterEntryResponse] = Field(
        description="Entries that were made afterwards, for time that was gone; they count."
    )
    year: YearResponse
