"""The people and rotations of a desk's roster."""

from apiflask import APIBlueprint

from app.actions.roster.entries import EntryRefused
from app.actions.roster.live_roster import load_live_roster
from app.api.v1.access import access, auth
from app.api.v1.refusals import refuse, unsaid
from app.api.v1.rotation_models import RosterResponse
from app.api.v1.rotation_responses import roster_response
from app.api.v1.services import api_services
from app.domain.roster.entry_messages import refusal_message

rosters = APIBlueprint("rosters", __name__, tag="Roster")


@rosters.get("/desks/<desk>/roster")
@rosters.auth_required(auth)
@rosters.output(RosterResponse)
@rosters.doc(responses=[404])
def roster(desk: str) -> RosterResponse:
    """Tell the people and rotations of the desk's roster, with the keys of roster.toml."""
    seen = desk if access().may_see(desk) and "\0" not in desk else ""
    found = load_live_roster(api_services().database, seen)
    if isinstance(found, EntryRefused):
        refuse(404, unsaid(refusal_message(found.refusal, desk, 0, "en")))
    return roster_response(found)
