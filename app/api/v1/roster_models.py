"""What the API says and hears of roster entries, field by field. No rules, no queries."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from app.actions.roster.entries import EntryScope
from app.api.v1.language import AnswerLanguage
from app.api.v1.models import MOMENT_SCHEMA, Model, ReasonResponse, ShortText
from app.domain.access.actor import ActorKind
from app.domain.roles import RotationRole
from app.domain.roster.entries import EntryKind
from app.domain.tickets.ticket import LARGEST_NUMBER

Moment = Annotated[str, StringConstraints(max_length=64)]


class EntryLanguage(BaseModel):
    """The language of texts."""

    language: AnswerLanguage


class EntriesWanted(BaseModel):
    """Which entries."""

    scope: EntryScope = EntryScope.COMING
    revision: int | None = Field(
        default=None,
        ge=0,
        le=LARGEST_NUMBER,
        description="Those in force at this revision, such as a turn's roster_revision.",
    )


class RosterEntryRequest(Model):
    """An override or an absence, with what roster.toml has for it."""

    kind: EntryKind
    person: ShortText
    role: RotationRole | None = None
    instead_of: ShortText | None = None
    from_: Moment = Field(
        alias="from",
        description="ISO 8601; without an offset the roster's wall time.",
        json_schema_extra=MOMENT_SCHEMA,
    )
    to: Moment = Field(json_schema_extra=MOMENT_SCHEMA)
    fills: bool = Field(default=True, description="Also the time that nobody has.")
    reason: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    agreed: list[ShortText] = Field(
        default=[], max_length=200, description="Who was asked, at short notice, and has said yes."
    )
    dry_run: bool = Field(default=False, description="Only tell what it would change.")


class ActorResponse(Model):
    """Who did something: a person, a token, a telephone, or the system."""

    kind: ActorKind
    id: str
    name: str


class RosterEntryResponse(Model):
    """A roster entry. Withdrawn ones stay."""

    id: int
    kind: EntryKind
    person: str
    role: RotationRole | None
    instead_of: str | None
    fills: bool
    from_: datetime = Field(alias="from")
    to: datetime
    reason: str
    author: ActorResponse
    made_at: datetime
    withdrawn_by: ActorResponse | None
    withdrawn_at: datetime | None
    is_correction: bool = Field(description="Made for time that was gone already.")
    agreed: list[str] = Field(description="Whose duty it changed at short notice, and agreed.")
    not_asked: list[str] = Field(description="Whose duty it changed at short notice, the others.")


class RosterEntriesResponse(Model):
    """The entries of a roster in their order; the revision counts its changes."""

    roster: str
    revision: int
    entries: list[RosterEntryResponse]


class SpanResponse(Model):
    """From when to when."""

    from_: datetime = Field(alias="from")
    to: datetime


class GapResponse(SpanResponse):
    """Duty hours of a desk that a change leaves to nobody, or to one person alone."""

    desk: str


class EffectResponse(Model):
    """What a change of an entry does on duty."""

    changed: list[SpanResponse]  # empty: everybody is on duty as before
    uncovered: list[GapResponse]
    without_backup: list[GapResponse]
    remarks: list[ReasonResponse]


class RosterEntryChange(Model):
    """What became of an entry; `done` is false where it had been done before, or in a dry run."""

    done: bool
    message: str
    entry: RosterEntryResponse | None
    revision: int
    effect: EffectResponse
