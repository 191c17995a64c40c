"""Requests for cover and swaps: listed, made, and answered for somebody, as a coordinator does."""

from collections.abc import Callable
from typing import TypeVar

from apiflask import APIBlueprint

from app import clock
from app.actions.roster.requests_of_desk import (
    RequestsOfDesk,
    ShiftOf,
    ask_at_desk,
    find_at_desk,
    move_at_desk,
    offer_at_desk,
    requests_of_desk,
)
from app.api.v1.access import access, auth, user_token, writers_only
from app.api.v1.duty_request_models import (
    AnswerResponse,
    DutyRequestMoveWanted,
    DutyRequestResponse,
    DutyRequestsResponse,
    DutyRequestsWanted,
    DutyRequestWanted,
    ShiftWanted,
    SlotResponse,
)
from app.api.v1.refusals import NO_SUCH_DESK, refuse
from app.api.v1.responses import in_zone
from app.api.v1.roster_responses import actor_response
from app.api.v1.services import api_services
from app.domain.access.actor import Actor, ActorKind
from app.domain.access.audit import Author
from app.domain.message_refs import MessageError, ref
from app.domain.roster.duty_requests import DutyRequest
from app.domain.roster.duty_slots import DutySlot
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.store.desks import find_desk

duty_requests = APIBlueprint("duty_requests", __name__, tag="Roster")

T = TypeVar("T")

LIST = "/desks/<desk>/roster/requests"
RESPONSES: dict[int, str] = {
    403: "The token may only read",
    404: "Not found",
    409: "Too late, or not possible any more",
}


@duty_requests.get(LIST)
@duty_requests.auth_required(auth)
@duty_requests.input(DutyRequestsWanted, location="query", arg_name="wanted")
@duty_requests.output(DutyRequestsResponse)
@duty_requests.doc(responses=[404])
def all_requests(desk: str, wanted: DutyRequestsWanted) -> list[DutyRequestResponse]:
    """List the requests of the desk's roster that wait for an answer, or all of them."""
    database, here = api_services().database, seen_desk(desk)
    return _responses(in_words(lambda: requests_of_desk(database, here, every=wanted.all)))


@duty_requests.post(LIST)
@duty_requests.auth_required(auth)
@writers_only
@duty_requests.input(DutyRequestWanted, arg_name="wanted")
@duty_requests.output(DutyRequestsResponse)
@duty_requests.doc(responses=RESPONSES)
def ask(desk: str, wanted: DutyRequestWanted) -> list[DutyRequestResponse]:
    """Ask several people for cover of each shift of a time, or offer a shift for another."""
    database, by, here = api_services().database, author_of_token(), seen_desk(desk)
    shift, why = _shift(wanted.shift), wanted.reason
    theirs = _shift(wanted.wanted) if wanted.wanted else None
    if theirs is None:
        people = tuple(wanted.people)
        return _responses(in_words(lambda: ask_at_desk(database, here, shift, people, why, by)))
    return _responses(in_words(lambda: offer_at_desk(database, here, shift, theirs, why, by)))


@duty_requests.post(f"{LIST}/<int(max={LARGEST_NUMBER}):duty_request>/move")
@duty_requests.auth_required(auth)
@writers_only
@duty_requests.input(DutyRequestMoveWanted, arg_name="wanted")
@duty_requests.output(DutyRequestResponse)
@duty_requests.doc(responses=RESPONSES)
def move(desk: str, duty_request: int, wanted: DutyRequestMoveWanted) -> DutyRequestResponse:
    """Say yes or no for somebody, approve or refuse a swap, withdraw or undo a request."""
    database, by, here, person = (
        api_services().database,
        author_of_token(),
        seen_desk(desk),
        wanted.person,
    )
    if in_words(lambda: find_at_desk(database, here, duty_request)) is None:
        refuse(404, ref("duty_request_refused.unknown", number=duty_request, desk=desk))
    roster, moved = in_words(
        lambda: move_at_desk(database, here, duty_request, wanted.move, person or "", by)
    )
    if moved.refused:
        refuse(409, moved.refused)
    return _response(moved.request, roster.time_zone)


def in_words(work: Callable[[], T]) -> T:
    """Do it, or say what is wrong with what was asked."""
    try:
        return work()
    except MessageError as wrong:
        refuse(422, wrong.message)


def seen_desk(desk: str) -> str:
    """The desk, where there is one and the token may see it."""
    if not access().may_see(desk) or "\0" in desk:
        refuse(404, NO_SUCH_DESK)
    with api_services().database.read() as connection:
        if find_desk(connection, desk) is None:
            refuse(404, NO_SUCH_DESK)
    return desk


def author_of_token() -> Author:
    """Whoever asks, as the audit trail names them."""
    token = user_token()
    return Author(Actor(ActorKind.TOKEN, token.name, str(token.id)), clock.now())


def _shift(wanted: ShiftWanted) -> ShiftOf:
    return ShiftOf(wanted.person, wanted.from_, wanted.to, wanted.role)


def _responses(found: RequestsOfDesk) -> list[DutyRequestResponse]:
    return [_response(each, found.roster.time_zone) for each in found.requests]


def _response(request: DutyRequest, zone: str) -> DutyRequestResponse:
    """Tell one request; moments on the roster's wall."""
    return DutyRequestResponse(
        id=request.id,
        kind=request.kind,
        state=request.state,
        shift=_slot(request.slot, zone),
        wanted=_slot(request.wanted, zone) if request.wanted else None,
        reason=request.reason,
        asked_by=actor_response(request.asked_by),
        asked_at=in_zone(request.asked_at, zone),
        expires_at=in_zone(request.expires_at, zone),
        answers=[
            AnswerResponse(
                person=each.person,
                yes=each.is_yes,
                by=actor_response(each.by) if each.by else None,
                at=in_zone(each.at, zone) if each.at else None,
            )
            for each in request.answers
        ],
        entries=list(request.entries),
    )


def _slot(slot: DutySlot, zone: str) -> SlotResponse:
    from_, to = (in_zone(at, zone) for at in (slot.when.from_, slot.when.to))
    return SlotResponse(person=slot.person, role=slot.role, from_=from_, to=to)
