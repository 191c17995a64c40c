"""The account, its numbers and its queues: what can be looked at."""

from flask import Blueprint, Response, jsonify, request

from exchange.exchange import Exchange
from exchange.rest.calls import call_doors
from exchange.rest.frame import found, frame, guarded, page_of
from exchange.rest.messages import message_doors
from exchange.rest.recordings import recording_doors
from exchange.rest.shapes import account_shape, number_shape, number_sid, profile_shape, queue_shape


def account_door(exchange: Exchange) -> Blueprint:
    """The account itself, whose address ends where those of its resources go on."""
    doors = frame(exchange, "account", "")

    @doors.get("/<account>.json", endpoint="fetch")
    def _fetch() -> Response:
        return jsonify(account_shape(exchange.config.account_sid, exchange.config.account))

    return doors


def rest_doors(exchange: Exchange) -> Blueprint:
    """Everything under the account that this network offers."""
    doors = frame(exchange)
    call_doors(doors, exchange)
    message_doors(doors, exchange)
    recording_doors(doors, exchange)
    _account_doors(doors, exchange)
    _queue_doors(doors, exchange)
    return doors


def _account_doors(doors: Blueprint, exchange: Exchange) -> None:
    account, numbers = exchange.config.account_sid, exchange.config.numbers

    @doors.get("/IncomingPhoneNumbers.json", endpoint="numbers_list")
    def _numbers() -> Response:
        asked = request.args.get("PhoneNumber")
        rows = [number_shape(account, n, d) for n, d in numbers.items() if asked in (None, n)]
        return page_of("incoming_phone_numbers", rows)

    @doors.get("/IncomingPhoneNumbers/<sid>.json", endpoint="numbers_fetch")
    def _number(sid: str) -> Response:
        number = found(next((n for n in numbers if number_sid(n) == sid), None))
        return jsonify(number_shape(account, number, numbers[number]))


def _queue_doors(doors: Blueprint, exchange: Exchange) -> None:
    account = exchange.config.account_sid

    @doors.get("/Queues.json", endpoint="queues_list")
    def _queues() -> Response:
        queues = exchange.network.queues.all()
        return page_of("queues", [queue_shape(account, queue) for queue in queues])

    @doors.get("/Queues/<sid>.json", endpoint="queues_fetch")
    def _queue(sid: str) -> Response:
        return jsonify(queue_shape(account, found(exchange.network.queues.find(sid))))


def trust_hub_doors(exchange: Exchange) -> Blueprint:
    """The account's customer profiles, in one page."""
    doors = guarded(Blueprint("trust_hub", __name__, url_prefix="/v1"), exchange)
    config = exchange.config

    @doors.get("/CustomerProfiles", endpoint="profiles_list")
    def _profiles() -> Response:
        rows = [
            profile_shape(config.account_sid, profile, exchange.address)
            for profile in config.account.profiles
        ]
        meta = {"page": 0, "page_size": 50, "key": "results", "next_page_url": None}
        return jsonify(results=rows, meta={**meta, "url": request.url})

    return doors
