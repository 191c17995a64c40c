"""The worker's auditor: looks whether all is well, and says so to whoever waits for it outside.

What it looks for and whom it tells stands in actions/health/audit.py.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.actions.health.audit import audit
from app.gateways.heartbeat import Heartbeat
from app.offline.offline_store import OfflineStore
from app.store import Database, DatabaseUnavailable

log = structlog.get_logger()

BEATS_EACH: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Auditor:
    """Looks when it is asked to; remembers when it last gave a sign of life."""

    database: Database
    offline: OfflineStore
    heartbeat: Heartbeat
    _beaten_at: datetime | None = None

    def look(self, now: datetime) -> None:
        """Run the audit; send the heartbeat each minute while nothing is wrong. Never fails."""
        try:
            is_well = audit(self.database, self.offline, now).is_well
        except DatabaseUnavailable as trouble:
            log.warning("database_away", error=str(trouble))
        except Exception:
            log.exception("audit_broken")
        else:
            if is_well and self._is_time(now):
                self._beaten_at = now
                self.heartbeat.beat()

    def _is_time(self, now: datetime) -> bool:
        return self._beaten_at is None or not timedelta(0) <= now - self._beaten_at < BEATS_EACH
