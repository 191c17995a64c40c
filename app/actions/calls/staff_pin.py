"""A PIN that was keyed in a call becomes the event that it is: whose it is, without its digits."""

from dataclasses import replace

from app.actions.access.password_hashes import HashingBusy
from app.actions.access.pins import PinTry, whose_pin
from app.domain.calls.call import Call, PinEntered, Step
from app.domain.calls.events import PinKeyed
from app.domain.calls.turn_request import TurnRequest
from app.store import Database
from app.store.calls import load_call
from app.store.desks import desk_of_line


def with_owner(database: Database, request: TurnRequest, keyed: PinKeyed) -> TurnRequest:
    """Return the request that says whose PIN it is; it comes in as one that nobody looked at.

    DatabaseUnavailable.
    A turn that has been taken before counts no second try.
    """
    with database.read() as connection:
        call = load_call(connection, request.call)
        is_asked = call and call.step is Step.STAFF_PIN and request.number == call.turn + 1
        live = desk_of_line(connection, call.line) if call and is_asked else None
    if call is None or live is None or live.roster is None:
        return replace(request, event=PinEntered())
    people = tuple(each.id for each in live.roster.people if _has(each.numbers, call))
    now = request.clock.real
    tried = PinTry(keyed.digits, call.caller.digits, live.roster.id, people, now)
    try:
        return replace(request, event=PinEntered(whose_pin(database, tried)))
    except HashingBusy:
        return request


def _has(numbers: tuple[str, ...], call: Call) -> bool:
    return bool(call.caller.digits) and call.caller.digits in numbers
