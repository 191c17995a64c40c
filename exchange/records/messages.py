"""Text messages in both directions and what becomes of them. The REST doors and the control API
write them down here.
"""

import re
import threading
from dataclasses import dataclass, field
from datetime import datetime

from exchange.identifiers import API_VERSION
from exchange.json_values import Json

ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


@dataclass(slots=True)
class MessageResource:
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
            "ApiVersion": API_VERSION,
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


_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """The number of parts: one of 160 (70), or several of 153 (67) each."""
    if set(text) <= _BASIC | _EXTENDED:
        length, one, many = sum(2 if char in _EXTENDED else 1 for char in text), 160, 153
    else:
        length, one, many = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= one else -(-length // many)
