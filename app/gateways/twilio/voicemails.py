"""Asks the network what callers left there while nobody of us answered (docs/outage.md)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.health.provider_records import ProviderCall, ProviderRecording
from app.gateways.send_failures import PermanentFailure
from app.gateways.twilio.fields import SID
from app.gateways.twilio.rest_client import NOT_THERE, TwilioRest

MOST: Final = 1000  # recordings looked at in one go
MOST_LEGS: Final = 50
SPOKEN: Final = "RecordVerb"  # after a tone, not a call that somebody else records


@dataclass(frozen=True, slots=True)
class ProviderVoicemails:
    """The network's lists; SendFailure (send_failures.py) when it does not tell."""

    twilio: TwilioRest

    def messages(self, since: datetime) -> tuple[ProviderRecording, ...]:
        """List what was spoken after a tone since an instant, the oldest first."""
        found = self.twilio.asked(
            lambda client: client.recordings.list(
                date_created_after=since, page_size=MOST, limit=MOST
            )
        )
        messages = [_message(each) for each in found if _is_message(each)]
        return tuple(sorted(messages, key=lambda message: message.at))

    def call(self, sid: str) -> ProviderCall | None:
        """Look a call up; None for one that the network does not have any more."""
        try:
            found = self.twilio.asked(lambda client: client.calls(sid).fetch())
        except PermanentFailure as failure:
            if failure.code == NOT_THERE:
                return None
            raise
        if found.direction != "inbound":
            return None
        legs = self.twilio.asked(
            lambda client: client.calls.list(parent_call_sid=sid, limit=MOST_LEGS)
        )
        rung = tuple(str(leg.to) for leg in legs)
        began = found.start_time or found.date_created
        return ProviderCall(str(found.to), str(found._from or ""), began, rung)


def _is_message(recording: Any) -> bool:
    is_spoken = recording.source == SPOKEN and recording.status == "completed"
    known = SID.fullmatch(str(recording.sid)) and SID.fullmatch(str(recording.call_sid))
    return bool(is_spoken and known and recording.start_time)


def _message(recording: Any) -> ProviderRecording:
    seconds = int(recording.duration or 0)
    return ProviderRecording(
        str(recording.sid), str(recording.call_sid), seconds, recording.start_time
    )
