"""Digits that may be a PIN become the event that they are: whose it is, without the digits."""

from dataclasses import replace
from typing import Final

from app.actions.access.password_hashes import HashingBusy
from app.actions.access.pins import PinTry, whose_pin
from app.domain.access.pins import SHORTEST
from app.domain.calls.call import Call, PinEntered, Pressed, Step
from app.domain.calls.events import PinKeyed
from app.domain.calls.turn_request import TurnRequest
from app.store import Database
from app.store.calls import load_call
from app.store.desks import desk_of_line
from app.store.people import find_customer

WHERE_ASKED: Final = (Step.STAFF_PIN, Step.CUSTOMER_NUMBER)


def with_owner(database: Database, request: TurnRequest, keyed: PinKeyed) -> TurnRequest:
    """Return the request that says whose PIN it is; it comes in as one that nobody looked at.

    DatabaseUnavailable. A turn that has been taken before counts no second try. Where the prompt
    has given way to that for a customer's number the digits are stored if they are one.
    """
    with database.read() as connection:
        call = load_call(connection, request.call)
        is_asked = call and call.step in WHERE_ASKED and request.number == call.turn + 1
        live = desk_of_line(connection, call.line) if call and is_asked else None
        if live and call and call.step is Step.CUSTOMER_NUMBER:
            is_number = find_customer(connection, live.desk.id, keyed.digits)
            pressed = Pressed(keyed.digits, keyed.finished)
            return replace(request, event=pressed if is_number else PinEntered())
    if call is None or live is None or live.roster is None or len(keyed.digits) < SHORTEST:
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
