"""The REST API's frame: who may ask, what errors look like, lists in pages, faults switched on.
The resources stand in the files beside this one.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from exchange.clock import pause_really, wall_now
from exchange.exchange import Exchange
from exchange.identifiers import API_VERSION, can_be_dialled
from exchange.json_values import JsonObject

Thing = TypeVar("Thing")
PAGE_SIZE, MAX_PAGE_SIZE = 50, 1000


@dataclass(frozen=True)
class RestError(Exception):
    """A refusal in Twilio's words: HTTP status, error number, message."""

    status: int
    code: int
    message: str


NOT_FOUND = RestError(404, 20404, "The requested resource was not found")


def error_response(error: RestError) -> tuple[Response, int]:
    """The body of a refusal."""
    return jsonify(
        code=error.code,
        message=error.message,
        more_info=f"https://www.twilio.com/docs/errors/{error.code}",
        status=error.status,
    ), error.status


def frame(exchange: Exchange, name: str = "rest", under: str = "/<account>") -> Blueprint:
    """A guarded blueprint under one account."""
    doors = Blueprint(name, __name__, url_prefix=f"/{API_VERSION}/Accounts{under}")

    @doors.url_value_preprocessor
    def _forget_account(_endpoint: str | None, values: dict[str, str] | None) -> None:
        request.environ["exchange.account"] = (values or {}).pop("account", "")

    return guarded(doors, exchange)


def guarded(doors: Blueprint, exchange: Exchange) -> Blueprint:
    """The blueprint, which now checks credentials, commits faults and tells the network's time."""
    ours = exchange.config.account_sid

    @doors.before_request
    def _check() -> tuple[Response, int] | None:
        if not _may_enter(exchange):
            return error_response(RestError(401, 20003, "Authenticate"))
        if request.environ.get("exchange.account", ours) != ours:
            return error_response(NOT_FOUND)
        fault = exchange.network.faults.rest(request.path, request.form.get("To", ""))
        if fault is None:
            return None
        pause_really(fault.seconds)
        return error_response(RestError(fault.status, fault.code, fault.message))

    @doors.after_request
    def _tell_time(response: Response) -> Response:
        ahead = timedelta(seconds=exchange.network.faults.faults.clock_ahead)
        response.date = wall_now() + ahead
        return response

    doors.register_error_handler(RestError, error_response)
    return doors


def _may_enter(exchange: Exchange) -> bool:
    given = request.authorization
    if given is None or given.type != "basic":
        return False
    config = exchange.config
    secret = {config.account_sid: config.auth_token, **config.api_keys}.get(given.username or "")
    return secret is not None and hmac.compare_digest(
        secret.encode(), (given.password or "").encode()
    )


def form(known: frozenset[str]) -> Mapping[str, str]:
    """The posted parameters.

    Raises RestError for one that this network does not carry out.
    """
    for name in request.form:
        if name not in known:
            raise RestError(400, 20001, f"the exchange does not know the parameter {name}")
    return request.form


def wanted(name: str, code: int) -> str:
    """A parameter that must be there.

    Raises RestError with this number when it is not.
    """
    value = request.form.get(name, "")
    if not value:
        raise RestError(400, code, f"{name} is required")
    return value


def check_number(to: str) -> None:
    """Refuses what is no telephone number in international form.

    Raises RestError.
    """
    if not can_be_dialled(to):
        raise RestError(400, 21211, f"Invalid 'To' Phone Number: {to}")


def found(thing: Thing | None) -> Thing:
    """What was looked up.

    Raises RestError when it is not there.
    """
    if thing is None:
        raise NOT_FOUND
    return thing


def is_asked_for(**facts: str | None) -> bool:
    """Whether a row fits the filters in the address: those of these names that are given."""
    return all(request.args.get(name, value) == value for name, value in facts.items())


def page_of(key: str, rows: Sequence[JsonObject]) -> Response:
    """One page of a list, as PageSize and Page ask."""
    size = min(max(1, request.args.get("PageSize", PAGE_SIZE, type=int)), MAX_PAGE_SIZE)
    page = max(0, request.args.get("Page", 0, type=int))
    start = page * size
    shown = rows[start : start + size]
    has_more = start + size < len(rows)
    return jsonify(
        {
            key: list(shown),
            "page": page,
            "page_size": size,
            "start": start,
            "end": max(start, start + len(shown) - 1),
            "uri": _page_uri(page, size),
            "first_page_uri": _page_uri(0, size),
            "previous_page_uri": _page_uri(page - 1, size) if page else None,
            "next_page_uri": _page_uri(page + 1, size) if has_more else None,
        }
    )


def _page_uri(page: int, size: int) -> str:
    kept = [
        (name, value)
        for name, value in request.args.items(multi=True)
        if name not in ("Page", "PageSize", "PageToken")
    ]
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', page)])}"
