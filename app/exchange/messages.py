"""Text messages in both directions and what becomes of them. The REST doors and the control API
write them down here.
"""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError, fromstring

from app.exchange.attributes import Attributes, Code, DocumentError
from app.exchange.segments import segments
from app.exchange.transcript import Json

ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


@dataclass(slots=True)
class Message:
    """One text message; `direction` is inbound, outbound-api or outbound-reply."""

    sid: str
    account_sid: str
    sender: str
    to: str
    body: str
    direction: str
    created: datetime
    status: str = "queued"
    error_code: int | None = None
    updated: datetime | None = None
    settled: threading.Event = field(default_factory=threading.Event)

    def move(self, status: str, now: datetime, error_code: int | None = None) -> None:
        """Takes the message's next status."""
        self.status, self.updated, self.error_code = status, now, error_code

    def params(self) -> dict[str, str]:
        """What a request about this message carries."""
        params = {
            "MessageSid": self.sid,
            "SmsSid": self.sid,
            "AccountSid": self.account_sid,
            "From": self.sender,
            "To": self.to,
            "ApiVersion": "2010-04-01",
        }
        if self.direction == "inbound":
            return params | {
                "SmsMessageSid": self.sid,
                "SmsStatus": "received",
                "Body": self.body,
                "NumMedia": "0",
                "NumSegments": str(segments(self.body)),
            }
        params |= {"MessageStatus": self.status, "SmsStatus": self.status}
        return params | ({"ErrorCode": str(self.error_code)} if self.error_code else {})

    def as_json(self) -> dict[str, Json]:
        """The message as the control API gives it."""
        return {
            "sid": self.sid,
            "from": self.sender,
            "to": self.to,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error_code,
            "segments": segments(self.body),
            "created": self.created.isoformat(),
        }


class MessageBook:
    """All messages since the start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Message] = {}

    def add(self, message: Message) -> Message:
        """Enters a message."""
        with self._lock:
            self._kept[message.sid] = message
        return message

    def find(self, sid: str) -> Message | None:
        """A message by its sid."""
        with self._lock:
            return self._kept.get(sid)

    def all(self) -> list[Message]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._kept.values()))


def read_replies(body: bytes) -> list[str]:
    """The texts that an answer to an incoming message sends back.

    Raises DocumentError for anything but <Message> with text or <Body>.
    """
    if not body.strip():
        return []
    try:
        root = fromstring(body)
    except ParseError as error:
        raise DocumentError(Code.PARSE, f"not XML: {error}") from error
    if root.tag != "Response":
        raise DocumentError(Code.PARSE, f"the root is <{root.tag}>, not <Response>")
    return [_reply(element) for element in root]


def _reply(element: Element) -> str:
    if element.tag != "Message":
        raise DocumentError(Code.SCHEMA, f"unknown verb <{element.tag}> in a text message")
    Attributes(element, frozenset())
    if strange := [child.tag for child in element if child.tag != "Body"]:
        raise DocumentError(Code.SCHEMA, f"<{strange[0]}> cannot stand inside <Message>")
    text = "".join([element.text or "", *(child.text or "" for child in element)]).strip()
    if not text:
        raise DocumentError(Code.SCHEMA, "<Message> with nothing in it")
    return text
