"""Sends text messages on their way: from the product to telephones with the status callbacks, and
from telephones to the product with its answer.
"""

import threading
from datetime import datetime

from exchange.calls.network_state import NetworkState
from exchange.clock import pause_really, wall_now
from exchange.documents.attributes import DocumentError
from exchange.documents.read_document import read_replies
from exchange.identifiers import new_sid
from exchange.product.http import OutgoingWebhook
from exchange.product.webhooks import WebhookFailed
from exchange.records.messages import MessageResource

_STEP_SECONDS = 1.0


def deliver(network: NetworkState, message: MessageResource, callback: str | None) -> None:
    """Takes an accepted message to its fate in the background, telling the callback each step."""
    threading.Thread(
        target=_travel, args=(network, message, callback), name="sms", daemon=True
    ).start()


def _travel(network: NetworkState, message: MessageResource, callback: str | None) -> None:
    fate, faults = network.faults.sms_fate(message.to), network.faults.faults
    told: list[dict[str, str]] = []
    for status in [fate.status] if fate.status in ("sent", "failed") else ["sent", fate.status]:
        speed = network.config.speed
        pause_really(max(network.config.poll_seconds, _STEP_SECONDS / speed if speed else 0.0))
        message.move(status, wall_now(), fate.error_code if status == fate.status else None)
        told += [message.params()] * (1 + faults.duplicate_callbacks)
        if callback and not faults.reorder_callbacks:
            _send_status(network, message, callback, told)
            told = []
    if callback:
        _send_status(network, message, callback, told[::-1])
    network.webhooks.close()
    message.settled.set()


def _send_status(
    network: NetworkState, message: MessageResource, callback: str, told: list[dict[str, str]]
) -> None:
    for params in told:
        try:
            network.webhooks.ask(OutgoingWebhook(callback, params, {}), network.faults)
        except WebhookFailed as failed:
            network.debugger.add(failed.alert(message.sid, message.created))


def receive(
    network: NetworkState, sender: str, to: str, body: str, at: datetime | None
) -> MessageResource:
    """A telephone sends a text message to one of the product's numbers; gives it when the product
    has answered, its replies written down beside it.
    """
    message = _message(network, sender, to, body, "inbound", at)
    message.move("received", message.created)
    doors = network.config.numbers.get(to)
    if doors is not None and doors.sms_url is not None:
        try:
            for text in _replies(network, message, doors.sms_url):
                reply = _message(network, to, sender, text, "outbound-reply", at)
                reply.move("delivered", message.created)
                reply.settled.set()
        except WebhookFailed as failed:
            network.debugger.add(failed.alert(message.sid, message.created))
    message.settled.set()
    return message


def _replies(network: NetworkState, message: MessageResource, url: str) -> list[str]:
    moment = {"ExchangeMoment": message.created.isoformat()}
    extra = moment if network.config.send_moment else {}
    reply = network.webhooks.ask(OutgoingWebhook(url, message.params(), extra), network.faults)
    try:
        return read_replies(reply.body)
    except DocumentError as error:
        raise WebhookFailed(error.code, url, error.message) from error


def _message(
    network: NetworkState, sender: str, to: str, body: str, direction: str, at: datetime | None
) -> MessageResource:
    account, now = network.config.account_sid, at or wall_now()
    return network.messages.add(
        MessageResource(new_sid("SM"), account, sender, to, body, direction, now)
    )
