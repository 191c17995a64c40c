"""The sign of life that somebody outside waits for: an address fetched while all is well."""

from dataclasses import dataclass, field
from typing import Final

import requests
import structlog

SECONDS: Final = 5.0  # for the connection, and again for the answer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Where the sign of life is given; nowhere without an address."""

    url: str = field(default="", repr=False)

    def beat(self) -> bool:
        """Give one sign of life; False where it was not taken. Never fails, and never hangs."""
        if not self.url:
            return False
        try:
            with requests.get(self.url, timeout=SECONDS, stream=True) as answer:
                if answer.ok:
                    return True
                log.warning("heartbeat_refused", status=answer.status_code)
        except requests.RequestException as trouble:  # its words may tell the address
            log.warning("heartbeat_not_taken", error=type(trouble).__name__)
        return False
