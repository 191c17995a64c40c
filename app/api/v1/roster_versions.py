"""The versions of a roster: listed, and two compared."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import BaseModel, Field, RootModel

from app import clock
from app.actions.roster.versions import (
    ComparedVersions,
    compare_versions_of_desk,
    list_versions_of_desk,
)
from app.api.v1.access import auth
from app.api.v1.duty_requests import in_words, seen_desk
from app.api.v1.models import Model
from app.api.v1.pagination import Page, Paging, page
from app.api.v1.responses import in_zone
from app.api.v1.roster_models import (
    ActorResponse,
    GapResponse,
    Moment,
    RosterEntryResponse,
)
from app.api.v1.roster_responses import actor_response, entry_response, gap_responses
from app.api.v1.services import api_services
from app.domain.roster.versions import RosterChange

roster_versions = APIBlueprint("roster_versions", __name__, tag="Roster")

LIST = "/desks/<desk>/roster/versions"


class VersionsWanted(Paging):
    """Which page: what was changed before a moment."""

    before: Moment | None = Field(default=None, description="The `at` of the last one read.")


class DifferenceWanted(BaseModel):
    """Which two versions: the roster as it stood right after two moments."""

    from_: Moment | None = Field(
        default=None, alias="from", description="The first version, where it is missing."
    )
    to: Moment | None = Field(default=None, description="Now, where it is missing.")


class RosterVersionResponse(Model):
    """What was changed at one moment. `document` is the number of a new version of roster.toml."""

    at: datetime
    author: ActorResponse
    document: int | None
    remark: str
    added: list[RosterEntryResponse]
    withdrawn: list[RosterEntryResponse]


class RosterVersionsResponse(RootModel[list[RosterVersionResponse]]):
    """The newest first."""


class PersonDifferenceResponse(Model):
    """What somebody has before and after; those with the same are left out."""

    person: str
    shifts_before: int
    shifts_after: int
    hours_before: float
    hours_after: float


class RosterDifferenceResponse(Model):
    """What differs between two versions. Shifts, hours and gaps are those of `from` to `to`."""

    from_: datetime = Field(alias="from")
    to: datetime
    added: list[RosterEntryResponse]
    withdrawn: list[RosterEntryResponse]
    people: list[PersonDifferenceResponse]
    opened: list[GapResponse]
    closed: list[GapResponse]
    text: list[str] = Field(description="Lines with a sign before them: ' ', '+' or '-'.")


@roster_versions.get(LIST)
@roster_versions.auth_required(auth)
@roster_versions.input(VersionsWanted, location="query", arg_name="wanted")
@roster_versions.output(RosterVersionsResponse)
@roster_versions.doc(responses=[404])
def versions(desk: str, wanted: VersionsWanted) -> Page:
    """List what was changed in the desk's roster: by whom, when and why."""
    database, here = api_services().database, seen_desk(desk)

    def find() -> Page:
        roster, found = list_versions_of_desk(database, here, wanted.before, wanted.limit + 1)
        shown = found[: wanted.limit]
        cursor = shown[-1].at.isoformat() if len(found) > wanted.limit else None
        return page([_response(each, roster.time_zone) for each in shown], wanted.limit, cursor)

    return in_words(find)


@roster_versions.get(f"{LIST}/difference")
@roster_versions.auth_required(auth)
@roster_versions.input(DifferenceWanted, location="query", arg_name="wanted")
@roster_versions.output(RosterDifferenceResponse)
@roster_versions.doc(responses=[404])
def difference(desk: str, wanted: DifferenceWanted) -> RosterDifferenceResponse:
    """Compare the desk's roster as it stood at two moments, the earlier one first."""
    database, here, now = api_services().database, seen_desk(desk), clock.now()
    from_, to = wanted.from_, wanted.to
    return _difference(in_words(lambda: compare_versions_of_desk(database, here, from_, to, now)))


def _response(change: RosterChange, zone: str) -> RosterVersionResponse:
    return RosterVersionResponse(
        at=change.at,
        author=actor_response(change.author),
        document=change.document.number if change.document else None,
        remark=change.document.remark if change.document else "",
        added=[entry_response(each, zone) for each in change.added],
        withdrawn=[entry_response(each, zone) for each in change.withdrawn],
    )


def _difference(told: ComparedVersions) -> RosterDifferenceResponse:
    zone, span = told.roster.plan.time_zone, told.plan.span
    return RosterDifferenceResponse(
        from_=in_zone(span.from_, zone),
        to=in_zone(span.to, zone),
        added=[entry_response(each, zone) for each in told.added],
        withdrawn=[entry_response(each, zone) for each in told.withdrawn],
        people=[
            PersonDifferenceResponse(
                person=each.person,
                shifts_before=each.shifts_before,
                shifts_after=each.shifts_after,
                hours_before=each.before.total_seconds() / 3600,
                hours_after=each.after.total_seconds() / 3600,
            )
            for each in told.plan.people
        ],
        opened=list(gap_responses(told.plan.opened, zone)),
        closed=list(gap_responses(told.plan.closed, zone)),
        text=[f"{line.sign}{line.text}" for hunk in told.lines for line in hunk],
    )
