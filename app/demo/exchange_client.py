"""The telephone network of a demo over its control API: phone, press, look. Knows no product."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import requests

from app.domain.message_refs import MessageError, ref

WAIT_SECONDS: Final = 20
TIMEOUT: Final = 30

Event = Mapping[str, Any]


class ExchangeClientRefused(MessageError):
    """The network cannot do that, in its words, or it answers no more."""


@dataclass(frozen=True, slots=True)
class ExchangeClient:
    """One exchange, found at its address."""

    address: str
    secret: str

    def phone(self, caller: str, line: str, **asked: object) -> str:
        """Let somebody phone a line; return the call's sid. `asked` is docs/exchange.md's."""
        return str(self._post("calls", {"from": caller, "to": line, **asked})["sid"])

    def events(self, sid: str) -> Iterator[Event]:
        """Give the call's events as they happen, until it is over."""
        seen, over = 0, False
        while not over:
            found = self._get(f"calls/{sid}", after=seen, wait=WAIT_SECONDS)
            over = bool(found["ended"]) and found["count"] == seen + len(found["events"])
            seen = int(found["count"])
            yield from found["events"]

    def calls(self) -> list[dict[str, Any]]:
        """List every call and leg so far."""
        found: list[dict[str, Any]] = self._ask("GET", "calls").json()
        return found

    def assign(self, personas: Mapping[str, object]) -> None:
        """Say who sits at these numbers from now on."""
        self._ask("PUT", "personas", json=dict(personas))

    def set_faults(self, faults: Mapping[str, object]) -> None:
        """Say what goes wrong from now on; nothing, where nothing is said (docs/exchange.md)."""
        self._ask("PUT", "faults", json=dict(faults))

    def press(self, kind: str, sid: str, keys: str) -> None:
        """Press keys on a call's telephone, or on a leg's."""
        self._post(f"{kind}/{sid}/press", {"keys": keys})

    def speak(self, kind: str, sid: str, seconds: float) -> None:
        """Speak for so many seconds."""
        self._post(f"{kind}/{sid}/speak", {"seconds": seconds})

    def do(self, kind: str, sid: str, deed: str) -> None:
        """Hang up, answer or decline."""
        self._post(f"{kind}/{sid}/{deed}", {})

    def messages(self) -> list[dict[str, Any]]:
        """List the SMS so far, the oldest first."""
        found: list[dict[str, Any]] = self._ask("GET", "messages").json()
        return found

    def alerts(self) -> list[dict[str, Any]]:
        """List what the network had to complain of."""
        found: list[dict[str, Any]] = self._ask("GET", "debugger").json()
        return found

    def _get(self, path: str, **asked: object) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("GET", path, params=asked).json()
        return found

    def _post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        answer = self._ask("POST", path, json=dict(body))
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def _ask(self, method: str, path: str, **asked: Any) -> requests.Response:
        headers = {"X-Exchange-Secret": self.secret}
        url = f"{self.address}/exchange/{path}"
        try:
            answer = requests.request(method, url, headers=headers, timeout=TIMEOUT, **asked)
        except requests.RequestException:
            raise ExchangeClientRefused(ref("demo.network_gone")) from None
        if not answer.ok:
            try:
                words = str(answer.json()["error"])
            except (ValueError, KeyError):
                words = answer.text
            raise ExchangeClientRefused(ref("demo.network_refuses", words=words))
        return answer
