"""Known outages of a desk: listed, marked, changed, ended."""

from apiflask import APIBlueprint

from app.actions.desks.outages import (
    OutageRequest,
    change_known_outage,
    end_known_outage,
    mark_outage,
)
from app.api.v1.access import auth, writers_only
from app.api.v1.duty_requests import author_of_token, in_words, seen_desk
from app.api.v1.outage_models import (
    OutageEndedResponse,
    OutageResponse,
    OutagesResponse,
    OutageWanted,
)
from app.api.v1.refusals import refuse
from app.api.v1.responses import in_zone
from app.api.v1.roster_responses import actor_response
from app.api.v1.services import api_services
from app.domain.message_refs import ref
from app.domain.texts.operator_input import read_when
from app.domain.tickets.ticket import LARGEST_NUMBER
from app.store.desks import find_desk
from app.store.outages import StoredOutage, list_outages

outages = APIBlueprint("outages", __name__, tag="Desks")

LIST = "/desks/<desk>/outages"
ONE = f"{LIST}/<int(max={LARGEST_NUMBER}):outage>"
RESPONSES: dict[int, str] = {403: "The token may only read", 404: "Not found"}


@outages.get(LIST)
@outages.auth_required(auth)
@outages.output(OutagesResponse)
@outages.doc(responses=[404])
def all_outages(desk: str) -> list[OutageResponse]:
    """List the outages that the desk knew of, the newest first; the one that is open has no end."""
    return _listed(seen_desk(desk))


@outages.post(LIST)
@outages.auth_required(auth)
@writers_only
@outages.input(OutageWanted, arg_name="wanted")
@outages.output(OutageResponse)
@outages.doc(responses=RESPONSES)
def mark(desk: str, wanted: OutageWanted) -> OutageResponse:
    """Mark an outage: callers hear of it from now on. The same again is the one that is there."""
    here, by = seen_desk(desk), author_of_token()
    asked = _asked(here, wanted)
    number = in_words(lambda: mark_outage(api_services().database, here, asked, by))
    return _one(here, number)


@outages.post(f"{ONE}/change")
@outages.auth_required(auth)
@writers_only
@outages.input(OutageWanted, arg_name="wanted")
@outages.output(OutageResponse)
@outages.doc(responses=RESPONSES)
def change(desk: str, outage: int, wanted: OutageWanted) -> OutageResponse:
    """Say something else of the outage that is open."""
    here, by = seen_desk(desk), author_of_token()
    _one(here, outage)
    asked = _asked(here, wanted)
    in_words(lambda: change_known_outage(api_services().database, here, outage, asked, by))
    return _one(here, outage)


@outages.post(f"{ONE}/end")
@outages.auth_required(auth)
@writers_only
@outages.output(OutageEndedResponse)
@outages.doc(responses=RESPONSES)
def end(desk: str, outage: int) -> OutageEndedResponse:
    """Say that it is over: whoever has pressed 8 gets an SMS. Once; again changes nothing."""
    here, by = seen_desk(desk), author_of_token()
    _one(here, outage)
    ended = in_words(lambda: end_known_outage(api_services().database, here, outage, by))
    return OutageEndedResponse(told=ended.told, changed=ended.is_done)


def _asked(desk: str, wanted: OutageWanted) -> OutageRequest:
    text, zone = wanted.since, _zone(desk)
    since = in_words(lambda: read_when(text, zone)) if text else None
    return OutageRequest(since, wanted.words)


def _zone(desk: str) -> str:
    with api_services().database.read() as connection:
        live = find_desk(connection, desk)
    return live.desk.time_zone if live else "UTC"


def _listed(desk: str) -> list[OutageResponse]:
    zone = _zone(desk)
    with api_services().database.read() as connection:
        found = list_outages(connection, [desk])
    return [_response(each, zone) for each in found]


def _one(desk: str, outage: int) -> OutageResponse:
    found = next((each for each in _listed(desk) if each.id == outage), None)
    if found is None:
        refuse(404, ref("outage_refused.unknown"))
    return found


def _response(outage: StoredOutage, zone: str) -> OutageResponse:
    return OutageResponse(
        id=outage.known.id,
        since=in_zone(outage.known.since, zone),
        words=dict(outage.known.words.by_language),
        by=actor_response(outage.author),
        at=in_zone(outage.at, zone),
        ended_at=in_zone(outage.ended_at, zone) if outage.ended_at else None,
        ended_by=actor_response(outage.ended_by) if outage.ended_by else None,
        watchers=outage.watchers,
    )
