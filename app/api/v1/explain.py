"""What would happen in a call: the same decisions as a live one, and nothing is changed."""

from apiflask import APIBlueprint

from app import clock
from app.actions.simulate.simulate_call import SimulationRequest, simulate_call
from app.api.v1.access import access, auth
from app.api.v1.models import ExplainRequest, ExplainResponse
from app.api.v1.refusals import refuse
from app.api.v1.responses import explain_response
from app.api.v1.services import api_services
from app.domain.message_refs import ref
from app.domain.time.parsing import NotAMoment

explain = APIBlueprint("explain", __name__, tag="Explain")


@explain.post("/explain")
@explain.auth_required(auth)
@explain.input(ExplainRequest, arg_name="asked")
@explain.output(ExplainResponse)
@explain.doc(responses={400: "The body is not JSON", 413: "The body is too large"})
def what_would_happen(asked: ExplainRequest) -> ExplainResponse:
    """Tell what would happen in a call, and why; changes nothing."""
    services = api_services()
    now = clock.now()
    at = asked.at or now.isoformat()
    request = SimulationRequest(asked.line, asked.from_, at, asked.keys, asked.ringing)
    try:
        simulation = simulate_call(services.database, request, now, access().desks)
    except NotAMoment as error:
        refuse(422, ref("api.bad_moment"), {"json": {"at": [error.message]}})
    return explain_response(simulation, services.texts, asked.wording, asked.language)
