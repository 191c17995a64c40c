"""The faults in force and how often each has struck."""

import threading

from exchange.faults.rules import Faults, RestFault, SmsFate, WebhookFault


class FaultRegistry:
    """The faults in force and how often each has struck."""

    def __init__(self, faults: Faults) -> None:
        self._lock = threading.Lock()
        self._seen: dict[int, int] = {}
        self.faults = faults

    def replace(self, faults: Faults) -> None:
        """Other faults from now on; the counters begin again."""
        with self._lock:
            self.faults = faults
            self._seen.clear()

    def webhook(self, url: str) -> WebhookFault | None:
        """The fault that strikes this request, counted."""
        for at, rule in enumerate(self.faults.webhooks):
            if rule.match in url and self._strikes(at, rule.skip, rule.times):
                return rule
        return None

    def rest(self, path: str, number: str) -> RestFault | None:
        """The fault that strikes this REST request, counted."""
        for at, rule in enumerate(self.faults.rest):
            fits = rule.match in path and rule.number in ("", number)
            if fits and self._strikes(-1 - at, rule.skip, rule.times):
                return rule
        return None

    def sms_fate(self, number: str) -> SmsFate:
        """What becomes of a message to this number."""
        fates = self.faults.sms
        return fates.get(number) or fates.get("*") or SmsFate()

    def _strikes(self, rule: int, skip: int, times: int) -> bool:
        with self._lock:
            seen = self._seen.get(rule, 0)
            self._seen[rule] = seen + 1
        return seen >= skip and (times == 0 or seen < skip + times)
