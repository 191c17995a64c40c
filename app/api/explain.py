"""What would happen in a call: the same decisions as a live one, and nothing is changed."""

from apiflask import APIBlueprint, abort

from app import clock
from app.actions.foresee import WhatIf, foresee
from app.api.access import access, auth
from app.api.house import house
from app.api.models import ExplainIn, ExplainOut
from app.api.wording import explained

explain = APIBlueprint("explain", __name__, tag="Explain")


@explain.post("/explain")
@explain.auth_required(auth)
@explain.input(ExplainIn, arg_name="asked")
@explain.output(ExplainOut)
@explain.doc(responses={400: "The body is not JSON", 413: "The body is too large"})
def what_would_happen(asked: ExplainIn) -> ExplainOut:
    """Tell what would happen in a call, and why; changes nothing."""
    here = house()
    now = clock.now()
    at = asked.at or now.isoformat()
    what_if = WhatIf(asked.line, asked.from_, at, asked.keys, asked.ringing)
    try:
        foreseen = foresee(here.database, what_if, now, access().desks)
    except ValueError as error:
        abort(422, "The moment cannot be read.", detail={"json": {"at": [str(error)]}})
    return explained(foreseen, here.texts, asked.wording, asked.language)
