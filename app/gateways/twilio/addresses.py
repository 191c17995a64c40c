"""The webhooks' addresses as the network is told them: absolute, never with a personal number."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from app.gateways.twilio.inbound import HEARD_NOTHING, MEASURED, SECRET

# Below PUBLIC_URL: where a number's calls and messages are posted (docs/install.md).
ROOT: Final = "/twilio"
VOICE: Final = f"{ROOT}/voice"
VOICE_FALLBACK: Final = f"{VOICE}/fallback"
STATUS: Final = f"{ROOT}/status"
SMS: Final = f"{ROOT}/sms"

# The network asks once more, with the same keys, when a process of ours dies on the way.
# Whatever is asked twice is done once. It is neither sent nor signed.
ASKED_AGAIN: Final = "#rc=2&rp=ct,rt,5xx"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Every address that we hand out, below PUBLIC_URL; a webhook that fails is asked again."""

    public_url: str

    def turn(self, number: int) -> str:
        """Return where the answer of this turn is asked for."""
        return self._webhook(f"voice/turn/{number}")

    def turn_secret(self, number: int) -> str:
        """Return the same for keys that may be a PIN."""
        return self._webhook(f"voice/turn/{number}?{SECRET}")

    def turn_measured(self, number: int) -> str:
        """Return the same for a recording whose sound decides what follows."""
        return self._webhook(f"voice/turn/{number}?{MEASURED}")

    def turn_after_nothing_heard(self, number: int) -> str:
        """Return the same for an empty recording, which posts no action."""
        return self._webhook(f"voice/turn/{number}?{HEARD_NOTHING}")

    def leg(self, call_sid: str, leg: int, path: str) -> str:
        """Return a leg's webhook: whisper, status, or key/<how often the whisper was heard>."""
        return self._webhook(f"leg/{quote(call_sid, safe='')}/{leg}/{path}")

    def wait(self, turn: int) -> str:
        """Return where the queue asks again and again what the caller shall hear."""
        return self._webhook(f"wait/{turn}")

    def verification(self, verification: int, path: str) -> str:
        """Return a number verification's webhook: whisper, status, or key/<its prompt>."""
        return self._webhook(f"verification/{verification}/{path}")

    def customer_call(self, call: int, path: str) -> str:
        """Return a webhook of a call to a ticket's customer: whisper, key/<its prompt>, talk …"""
        return self._webhook(f"customer-call/{call}/{path}")

    @property
    def recording(self) -> str:
        """Return where the network tells that a recording is finished."""
        return self._webhook("recording")

    @property
    def sms_status(self) -> str:
        """Return where the network tells how a message fares."""
        return self._webhook("sms/status")

    def recorded_prompt(self, language: str, key: str) -> str:
        """Return where a recorded sentence is played from."""
        return f"{self.public_url}{ROOT}/prompt/{quote(language)}/{quote(key)}.mp3"

    def message(self, token: str) -> str:
        """Return where a caller's message is played from; the token says whose, and to whom."""
        return f"{self.public_url}{ROOT}/message/{quote(token, safe='.-_')}"

    @property
    def ringing_tone(self) -> str:
        """Return the tone for callers who wait in a queue."""
        return f"{self.public_url}{ROOT}/prompt/ringing.wav"

    def lifeline(self, path: str) -> str:
        """Return one of the lifeline's webhooks."""
        return self._webhook(f"lifeline/{path}")

    def _webhook(self, path: str) -> str:
        return f"{self.public_url}{ROOT}/{path}{ASKED_AGAIN}"
