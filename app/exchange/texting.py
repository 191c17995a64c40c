"""Sends text messages on their way: from the product to telephones with the status callbacks, and
from telephones to the product with its answer.
"""

import threading
from datetime import datetime

from app.exchange.clock import pause_really, wall_now
from app.exchange.documents.attributes import DocumentError
from app.exchange.documents.read_replies import read_replies
from app.exchange.identifiers import new_sid
from app.exchange.lines.office import Office
from app.exchange.product.post import Ask
from app.exchange.product.webhooks import WebhookFailed
from app.exchange.records.messages import Message

_STEP_SECONDS = 1.0


def deliver(office: Office, message: Message, callback: str | None) -> None:
    """Takes an accepted message to its fate in the background, telling the callback each step."""
    threading.Thread(
        target=_travel, args=(office, message, callback), name="sms", daemon=True
    ).start()


def _travel(office: Office, message: Message, callback: str | None) -> None:
    fate, faults = office.faults.sms_fate(message.to), office.faults.faults
    told: list[dict[str, str]] = []
    for status in [fate.status] if fate.status in ("sent", "failed") else ["sent", fate.status]:
        speed = office.config.speed
        pause_really(max(office.config.poll_seconds, _STEP_SECONDS / speed if speed else 0.0))
        message.move(status, wall_now(), fate.error_code if status == fate.status else None)
        told += [message.params()] * (1 + faults.duplicate_callbacks)
        if callback and not faults.reorder_callbacks:
            _tell(office, message, callback, told)
            told = []
    if callback:
        _tell(office, message, callback, told[::-1])
    office.webhooks.close()
    message.settled.set()


def _tell(office: Office, message: Message, callback: str, told: list[dict[str, str]]) -> None:
    for params in told:
        try:
            office.webhooks.ask(Ask(callback, params, {}), office.faults)
        except WebhookFailed as failed:
            office.debugger.add(failed.alert(message.sid, message.created))


def receive(office: Office, sender: str, to: str, body: str, at: datetime | None) -> Message:
    """A telephone sends a text message to one of the product's numbers; gives it when the product
    has answered, its replies written down beside it.
    """
    message = _message(office, sender, to, body, "inbound", at)
    message.move("received", message.created)
    doors = office.config.numbers.get(to)
    if doors is not None and doors.sms_url is not None:
        try:
            for text in _replies(office, message, doors.sms_url):
                reply = _message(office, to, sender, text, "outbound-reply", at)
                reply.move("delivered", message.created)
        except WebhookFailed as failed:
            office.debugger.add(failed.alert(message.sid, message.created))
    message.settled.set()
    return message


def _replies(office: Office, message: Message, url: str) -> list[str]:
    moment = {"ExchangeMoment": message.created.isoformat()}
    extra = moment if office.config.send_moment else {}
    reply = office.webhooks.ask(Ask(url, message.params(), extra), office.faults)
    try:
        return read_replies(reply.body)
    except DocumentError as error:
        raise WebhookFailed(error.code, url, error.message) from error


def _message(
    office: Office, sender: str, to: str, body: str, direction: str, at: datetime | None
) -> Message:
    account, now = office.config.account_sid, at or wall_now()
    return office.messages.add(Message(new_sid("SM"), account, sender, to, body, direction, now))
