"""Recovers voicemails that only the provider has: each becomes a ticket.

The site was down and its callers met static documents, or its answer to a message was lost.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from app.actions.calls.take_turn import take_recovered_message
from app.domain.calls.call import Recorded
from app.domain.calls.turn_request import ClockReading, Dialled
from app.domain.health.provider_records import ProviderCall, ProviderRecording
from app.domain.numbers import parse_number
from app.domain.roster.on_duty import Roster
from app.store import Database
from app.store.calls import first_call_at
from app.store.desks import desk_of_line
from app.store.recordings import is_recording_known

LOOKS_BACK: Final = timedelta(days=7)  # no outage is longer, and kept for longer than that
SETTLE_TIME: Final = timedelta(minutes=10)  # until then our own way may still bring it

log = structlog.get_logger()


class RecordingSource(Protocol):
    """Who keeps the recordings (gateways/twilio/voicemails.py)."""

    def messages(self, since: datetime) -> tuple[ProviderRecording, ...]:
        """List what was spoken after a tone since an instant."""
        ...

    def call(self, sid: str) -> ProviderCall | None:
        """Look a call up; None where it is none of our callers'."""
        ...


@dataclass(frozen=True, slots=True)
class VoicemailRecovery:
    """One worker's recovery: a message that was judged is not asked for again."""

    database: Database
    network: RecordingSource
    _judged: set[str] = field(default_factory=set)

    def recover(self, now: datetime, waiting: frozenset[str] = frozenset()) -> int:
        """Open a ticket for each unknown message; return how many there were.

        Calls in the journal of a database that was away are `waiting`: they know theirs.
        """
        messages = [
            message
            for message in self.network.messages(now - LOOKS_BACK)
            if message.recording not in self._judged
            and message.at + timedelta(seconds=message.seconds) + SETTLE_TIME <= now
            and message.call_sid not in waiting
        ]
        return sum(self._judge(message, now) for message in messages)

    def _judge(self, message: ProviderRecording, now: datetime) -> bool:
        is_new = self._take(message, now)
        self._judged.add(message.recording)
        return is_new

    def _take(self, message: ProviderRecording, now: datetime) -> bool:
        with self.database.read() as connection:
            if is_recording_known(connection, message.recording, message.call_sid):
                return False
        call = self.network.call(message.call_sid)
        if call is None:
            return False
        line = parse_number(call.line).digits
        with self.database.read() as connection:
            live = desk_of_line(connection, line)
            began_at = first_call_at(connection, live.desk.id) if live else None
        if live is None or began_at is None or message.at < began_at:
            return False  # another service on the account, or whoever had the number before us
        rang_duty = bool(live.roster and _numbers(live.roster) & set(call.rung))
        spoken = Recorded(message.seconds, message.recording, True, rang_duty=rang_duty)
        dialled = Dialled(line, parse_number(call.caller))
        clock = ClockReading(now, message.at, is_past=True)
        take_recovered_message(self.database, message.call_sid, dialled, spoken, clock)
        log.warning("voicemail_recovered", call_sid=message.call_sid, recording=message.recording)
        return True


def _numbers(roster: Roster) -> set[str]:
    people = {number for person in roster.people for number in person.numbers}
    return people | set(roster.last_resort_numbers)
