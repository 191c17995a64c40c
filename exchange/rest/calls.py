"""The Calls resource: place, look up, list, end and redirect calls."""

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify, request

from exchange.calls.notices import StatusCallbacks
from exchange.documents.schema import LEG_EVENTS
from exchange.exchange import Exchange
from exchange.identifiers import EMERGENCY
from exchange.records.calls import CallResource, CallStatus, Direction
from exchange.records.signals import RedirectTarget
from exchange.rest.frame import (
    RestError,
    check_number,
    form,
    found,
    is_asked_for,
    page_of,
    wanted,
)
from exchange.rest.shapes import call_shape
from exchange.runs import Order

MAX_TWIML = 4000
_CREATE = frozenset(
    {"To", "From", "Url", "Twiml", "Method", "FallbackUrl", "FallbackMethod", "Timeout"}
    | {"StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod"}
)
_UPDATE = frozenset({"Url", "Twiml", "Method", "Status", "FallbackUrl", "FallbackMethod"})


def call_doors(doors: Blueprint, exchange: Exchange) -> None:
    """Adds the resource's doors."""
    book = exchange.network.calls

    @doors.post("/Calls.json", endpoint="calls_create")
    def _create() -> tuple[Response, int]:
        given = form(_CREATE)
        to, from_ = wanted("To", 21201), wanted("From", 21213)
        _check_numbers(exchange, to, from_)
        call, start = exchange.place(from_, to, _order(exchange, to, given))
        shape = call_shape(call)  # taken while it is still queued
        start()
        return jsonify(shape), 201

    @doors.get("/Calls.json", endpoint="calls_list")
    def _list() -> Response:
        return page_of("calls", [call_shape(call) for call in book.all() if _fits(call)])

    @doors.get("/Calls/<sid>.json", endpoint="calls_fetch")
    def _fetch(sid: str) -> Response:
        return jsonify(call_shape(found(book.find(sid))))

    @doors.post("/Calls/<sid>.json", endpoint="calls_update")
    def _update(sid: str) -> Response:
        call, given = found(book.find(sid)), form(_UPDATE)
        if status := given.get("Status"):
            _end(exchange, call, status)
        else:
            _redirect(exchange, call, _target(given))
        return jsonify(call_shape(call))


def _check_numbers(exchange: Exchange, to: str, from_: str) -> None:
    check_number(to)
    if to in EMERGENCY:
        raise RestError(400, 21216, f"Account not authorized to call {to}")
    if not exchange.network.owns(from_):
        raise RestError(400, 21210, f"{from_} is not a number of this account")


def _order(exchange: Exchange, to: str, given: Mapping[str, str]) -> Order:
    return Order(
        target=_target(given),
        notices=_notices(given),
        timeout=_seconds(given.get("Timeout", "60")),
        persona=exchange.network.personas.take(to),
        delay=exchange.network.pace.delay(),
    )


def _target(given: Mapping[str, str]) -> RedirectTarget:
    url, twiml = given.get("Url", ""), given.get("Twiml", "")
    if not url and not twiml:
        raise RestError(400, 21205, "Url or Twiml is required")
    if len(twiml) > MAX_TWIML:
        raise RestError(400, 21218, f"Twiml has {len(twiml)} characters; {MAX_TWIML} at most")
    method, fallback = given.get("Method", "POST"), given.get("FallbackUrl")
    return RedirectTarget("" if twiml else url, method, twiml, fallback)


def _notices(given: Mapping[str, str]) -> StatusCallbacks:
    events = frozenset(request.form.getlist("StatusCallbackEvent")) or frozenset({"completed"})
    if strange := events - set(LEG_EVENTS):
        raise RestError(400, 21626, f"unknown events {sorted(strange)}")
    url, method = given.get("StatusCallback"), given.get("StatusCallbackMethod", "POST")
    return StatusCallbacks(url, method, events)


def _seconds(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 600:
        raise RestError(400, 21219, f"Timeout cannot be {text!r}")
    return int(text)


def _fits(call: CallResource) -> bool:
    return is_asked_for(
        Status=call.status.value,
        To=call.called,
        From=call.caller,
        ParentCallSid=call.parent_sid,
    )


def _end(exchange: Exchange, call: CallResource, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise RestError(400, 21224, f"Status cannot be set to {status!r}")
    is_too_late = status == "canceled" and call.status is CallStatus.IN_PROGRESS
    if call.status.is_over or is_too_late:
        raise RestError(400, 21220, f"Invalid call state: {call.status.value}")
    exchange.hang_up(call.sid)


def _redirect(exchange: Exchange, call: CallResource, target: RedirectTarget) -> None:
    if call.status is not CallStatus.IN_PROGRESS:
        raise RestError(400, 21220, "Call is not in-progress. Cannot redirect.")
    if call.direction is Direction.OUTBOUND_DIAL:
        raise RestError(400, 20001, "the exchange does not redirect the legs of a Dial")
    exchange.redirect(call.sid, target)
