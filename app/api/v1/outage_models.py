"""What the API says and hears of known outages, field by field."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints

from app.api.v1.models import MOMENT_SCHEMA, Model
from app.api.v1.roster_models import ActorResponse, Moment
from app.domain.desks.known_outage import MOST_WORDS

Words = Annotated[str, StringConstraints(max_length=MOST_WORDS, pattern=r"^[^\x00]*$")]
Language = Annotated[str, StringConstraints(max_length=8, pattern=r"^[a-z]+$")]


class OutageWanted(Model):
    """An outage: since when, and what is said of it, by language (`nb`, `nn`, `en`)."""

    since: Moment | None = Field(
        default=None,
        description="ISO 8601; without an offset the desk's wall time. Without it: now.",
        json_schema_extra=MOMENT_SCHEMA,
    )
    words: dict[Language, Words] = Field(default_factory=dict, max_length=8)


class OutageResponse(Model):
    """An outage that a desk knows of, or knew of; `watchers` are told when it is over."""

    id: int
    since: datetime
    words: dict[str, str]
    by: ActorResponse
    at: datetime
    ended_at: datetime | None
    ended_by: ActorResponse | None
    watchers: int


class OutagesResponse(RootModel[list[OutageResponse]]):
    """Outages, the newest first."""


class OutageEndedResponse(Model):
    """How many are sent an SMS; not `changed` where it was over before."""

    told: int
    changed: bool
