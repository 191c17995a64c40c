"""Hours of duty of a desk."""

from apiflask import APIBlueprint

from app import clock
from app.actions.roster.report_hours import AskedPeriod, HoursOf, HoursRefusal, report_hours
from app.api.v1.access import access, auth
from app.api.v1.hours_models import HoursQuery, HoursResponse
from app.api.v1.hours_responses import hours_response
from app.api.v1.refusals import NO_SUCH_DESK, refuse
from app.api.v1.services import api_services
from app.domain.message_refs import ref
from app.domain.roster.working_hours.period import WrongPeriod

hours = APIBlueprint("hours", __name__, tag="Roster")


@hours.get("/desks/<desk>/hours")
@hours.auth_required(auth)
@hours.input(HoursQuery, location="query", arg_name="asked")
@hours.output(HoursResponse)
@hours.doc(responses=[404])
def hours_of_desk(desk: str, asked: HoursQuery) -> HoursResponse:
    """Tell who had duty for how long in a period, each figure with how it was counted."""
    services = api_services()
    if not access().may_see(desk) or "\0" in desk:
        refuse(404, NO_SUCH_DESK)
    period = AskedPeriod(asked.from_, asked.to)
    try:
        found = report_hours(services.database, HoursOf(desk), period, clock.now())
    except WrongPeriod as wrong:
        refuse(422, ref("api.invalid"), {"query": {wrong.field: [wrong.message]}})
    if found is HoursRefusal.NO_ROSTER:
        refuse(404, ref("working_hours.no_roster", name=desk))
    if isinstance(found, HoursRefusal) or desk not in found.desks:
        refuse(404, NO_SUCH_DESK)
    return hours_response(found, services.texts, asked.language)
