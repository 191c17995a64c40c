"""Desks, and who is on duty at one."""

from apiflask import APIBlueprint, abort
from pydantic import BaseModel, Field

from app import clock
from app.actions.tell_duty import tell_duty
from app.api.access import access, auth
from app.api.house import house
from app.api.models import MOMENT_SCHEMA, DeskOut, Desks, DutyOut
from app.api.wording import desk_out, duty_out
from app.store.desks import list_desks

desks = APIBlueprint("desks", __name__, tag="Desks")


class When(BaseModel):
    """The moment that is asked about."""

    at: str | None = Field(
        default=None,
        max_length=64,
        description="ISO 8601; without an offset the desk's wall time. Now, if not given.",
        examples=["2026-11-21T23:10"],
        json_schema_extra=MOMENT_SCHEMA,
    )


@desks.get("/desks")
@desks.auth_required(auth)
@desks.output(Desks)
def all_desks() -> list[DeskOut]:
    """List the desks that the token may see, by id."""
    here, allowed = house(), access().desks
    with here.database.read() as connection:
        found = list_desks(connection, allowed)
    return [desk_out(live.desk, here.texts, clock.now()) for live in found]


@desks.get("/desks/<desk>/duty")
@desks.auth_required(auth)
@desks.input(When, location="query", arg_name="when")
@desks.output(DutyOut)
@desks.doc(responses=[404])
def on_duty(desk: str, when: When) -> DutyOut:
    """Tell who is on duty, in ringing order; nobody, with the reason, where there is no duty."""
    here = house()
    if not access().may_see(desk) or "\0" in desk:
        abort(404, "There is no such desk.")
    try:
        told = tell_duty(here.database, desk, when.at, clock.now())
    except ValueError as error:
        abort(422, "The moment cannot be read.", detail={"query": {"at": [str(error)]}})
    if told is None:
        abort(404, "There is no such desk.")
    return duty_out(told, here.texts)
