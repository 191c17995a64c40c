"""The network's list of errors, which a test can assert to be empty."""

import threading
from dataclasses import dataclass
from datetime import datetime

from exchange.error_codes import ErrorCode
from exchange.json_values import Json


@dataclass(frozen=True, slots=True)
class Alert:
    """One error: its number, in words, of which call, about which address. `by_fault`: a fault that
    was switched on caused it.
    """

    code: ErrorCode
    message: str
    call_sid: str
    url: str
    moment: datetime
    by_fault: bool = False

    def as_json(self) -> dict[str, Json]:
        """The alert as the control API gives it."""
        return {
            "code": self.code.value,
            "message": self.message,
            "call_sid": self.call_sid,
            "url": self.url,
            "moment": self.moment.isoformat(),
            "by_fault": self.by_fault,
        }


class Debugger:
    """Collects alerts from all calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alerts: list[Alert] = []

    def add(self, alert: Alert) -> None:
        """Writes one more."""
        with self._lock:
            self._alerts.append(alert)

    def alerts(self) -> tuple[Alert, ...]:
        """All so far, oldest first."""
        with self._lock:
            return tuple(self._alerts)

    def clear(self) -> None:
        """Forgets them."""
        with self._lock:
            self._alerts.clear()
