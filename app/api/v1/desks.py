"""Desks, and who is on duty at one."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from app import clock
from app.actions.roster.report_on_duty import report_on_duty
from app.api.v1.access import access, auth
from app.api.v1.language import answer_language
from app.api.v1.models import DeskResponse, Desks, DutyResponse, MomentOrNow
from app.api.v1.refusals import NO_SUCH_DESK, refuse
from app.api.v1.responses import desk_response, duty_response
from app.api.v1.services import api_services
from app.domain.message_refs import ref
from app.domain.time.parsing import NotAMoment
from app.store.desks import list_desks

desks = APIBlueprint("desks", __name__, tag="Desks")


class DutyQuery(BaseModel):
    """The moment that is asked about."""

    at: MomentOrNow = None


@desks.get("/desks")
@desks.auth_required(auth)
@desks.output(Desks)
def all_desks() -> list[DeskResponse]:
    """List the desks that the token may see, by id."""
    services, allowed = api_services(), access().desks
    with services.database.read() as connection:
        found = list_desks(connection, allowed)
    return [desk_response(live.desk, services.texts, clock.now()) for live in found]


@desks.get("/desks/<desk>/duty")
@desks.auth_required(auth)
@desks.input(DutyQuery, location="query", arg_name="when")
@desks.output(DutyResponse)
@desks.doc(responses=[404])
def on_duty(desk: str, when: DutyQuery) -> DutyResponse:
    """Tell who is on duty, in ringing order; nobody, with the reason, where there is no duty."""
    services = api_services()
    if not access().may_see(desk) or "\0" in desk:
        refuse(404, NO_SUCH_DESK)
    try:
        told = report_on_duty(services.database, desk, when.at, clock.now())
    except NotAMoment as error:
        refuse(422, ref("api.bad_moment"), {"query": {"at": [error.message]}})
    if told is None:
        refuse(404, NO_SUCH_DESK)
    return duty_response(told, services.texts, answer_language())
