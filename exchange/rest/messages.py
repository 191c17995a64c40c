"""The Messages resource: send, look up and list text messages."""

from flask import Blueprint, Response, jsonify

from exchange.clock import wall_now
from exchange.exchange import Exchange
from exchange.identifiers import new_sid
from exchange.records.messages import ALPHANUMERIC, MessageResource
from exchange.rest import frame
from exchange.rest.shapes import message_shape
from exchange.sms_delivery import deliver

MAX_BODY = 1600
_CREATE = frozenset({"To", "From", "Body", "StatusCallback"})


def message_doors(doors: Blueprint, exchange: Exchange) -> None:
    """Adds the resource's doors."""

    @doors.post("/Messages.json", endpoint="messages_create")
    def _create() -> tuple[Response, int]:
        given = frame.form(_CREATE)
        to, sender, body = (
            frame.wanted("To", 21604),
            frame.wanted("From", 21603),
            frame.wanted("Body", 21602),
        )
        _check(exchange, to, sender, body)
        account = exchange.config.account_sid
        message = MessageResource(
            new_sid("SM"), account, sender, to, body, "outbound-api", wall_now()
        )
        exchange.network.messages.add(message)
        shape = message_shape(message)
        deliver(exchange.network, message, given.get("StatusCallback"))
        return jsonify(shape), 201

    @doors.get("/Messages.json", endpoint="messages_list")
    def _list() -> Response:
        messages = exchange.network.messages.all()
        return frame.page_of("messages", [message_shape(m) for m in messages if _fits(m)])

    @doors.get("/Messages/<sid>.json", endpoint="messages_fetch")
    def _fetch(sid: str) -> Response:
        return jsonify(message_shape(frame.found(exchange.network.messages.find(sid))))


def _check(exchange: Exchange, to: str, sender: str, body: str) -> None:
    frame.check_number(to)
    if sender not in exchange.config.numbers and not ALPHANUMERIC.fullmatch(sender):
        raise frame.RestError(
            400, 21606, f"{sender} is not a message-capable number of this account"
        )
    if len(body) > MAX_BODY:
        raise frame.RestError(
            400, 21617, f"The concatenated message body exceeds {MAX_BODY} characters"
        )


def _fits(message: MessageResource) -> bool:
    return frame.is_asked_for(To=message.to, From=message.sender)
