"""Shifts that people are asked to confirm: listed, and confirmed for somebody who has said yes."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import Field, RootModel

from app import clock
from app.actions.roster.confirm_shifts import confirm_at_desk, confirmations_of_desk
from app.api.v1.access import auth, writers_only
from app.api.v1.duty_requests import author_of_token, in_words, seen_desk
from app.api.v1.models import Model, ShortText
from app.api.v1.responses import in_zone
from app.api.v1.roster_models import SpanResponse
from app.api.v1.services import api_services
from app.domain.roles import Role
from app.domain.roster.plan import Roster
from app.domain.roster.shift_confirmations import AskedShift

shift_confirmations = APIBlueprint("shift_confirmations", __name__, tag="Roster")

LIST = "/desks/<desk>/roster/confirmations"


class ConfirmationWanted(Model):
    """Who has said that they take the shifts that they were asked about."""

    person: ShortText


class ConfirmationResponse(SpanResponse):
    """A shift that somebody was asked to confirm."""

    person: str
    role: Role
    asked_at: datetime
    alarm_at: datetime = Field(description="When others are told, if it is not confirmed by then")
    confirmed_at: datetime | None = Field(description="Null: not confirmed")


class ConfirmationsResponse(RootModel[list[ConfirmationResponse]]):
    """In the order in which they begin."""


@shift_confirmations.get(LIST)
@shift_confirmations.auth_required(auth)
@shift_confirmations.output(ConfirmationsResponse)
@shift_confirmations.doc(responses=[404])
def confirmations(desk: str) -> list[ConfirmationResponse]:
    """List the shifts that people were asked to confirm and still have, confirmed or not."""
    database, here = api_services().database, seen_desk(desk)
    return _responses(*in_words(lambda: confirmations_of_desk(database, here, clock.now())))


@shift_confirmations.post(LIST)
@shift_confirmations.auth_required(auth)
@writers_only
@shift_confirmations.input(ConfirmationWanted, arg_name="wanted")
@shift_confirmations.output(ConfirmationsResponse)
@shift_confirmations.doc(responses={403: "The token may only read", 404: "Not found"})
def confirm(desk: str, wanted: ConfirmationWanted) -> list[ConfirmationResponse]:
    """Confirm for somebody what they were asked about; 422 where nothing waits for them."""
    database, by, here = api_services().database, author_of_token(), seen_desk(desk)
    return _responses(*in_words(lambda: confirm_at_desk(database, here, wanted.person, by)))


def _responses(roster: Roster, found: tuple[AskedShift, ...]) -> list[ConfirmationResponse]:
    zone = roster.time_zone
    return [
        ConfirmationResponse(
            person=one.person,
            role=one.role,
            from_=in_zone(one.when.from_, zone),
            to=in_zone(one.when.to, zone),
            asked_at=in_zone(one.asked_at, zone),
            alarm_at=in_zone(one.alarm_at, zone),
            confirmed_at=in_zone(one.confirmed_at, zone) if one.confirmed_at else None,
        )
        for one in found
    ]
