"""Messages after the tone, kept until they are deleted over REST."""

from dataclasses import dataclass
from datetime import datetime

from exchange.identifiers import API_VERSION
from exchange.sound.tone import recorded


@dataclass(frozen=True, slots=True)
class RecordingResource:
    """One recording: of which call, how long, when begun. The sound is made on demand.

    `loud` are the seconds in which somebody spoke.
    """

    sid: str
    account_sid: str
    call_sid: str
    started: datetime
    seconds: float
    status: str
    loud: float

    def media(self) -> bytes:
        """A WAV file of the recording's length."""
        return recorded(self.loud, self.seconds)

    @property
    def path(self) -> str:
        """Where the network keeps it, without host and ending."""
        return f"/{API_VERSION}/Accounts/{self.account_sid}/Recordings/{self.sid}"
