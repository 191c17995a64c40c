"""Everything the doors need, put together once per process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar, cast

from flask import current_app

from app import clock
from app.domain.texts import Texts
from app.phone.addresses import Addresses
from app.phone.lifeline import Lifeline, rope_of
from app.phone.signature import Seal
from app.phone.speech import Recordings, Speech
from app.settings import Settings
from app.store import Database, open_database
from app.voice_prompts import recordings_folder, texts
from app.web.budget import within

T = TypeVar("T")

EXTENSION: Final = "vakt"
TURN_SECONDS: Final = 8  # of Twilio's 15: house.md, rule 6
TURNS_AT_ONCE: Final = 16  # a process; more than it has threads, so that stuck ones leave room
LANGUAGE: Final = "nb"  # of callers to a number that no desk has


@dataclass(frozen=True, slots=True)
class House:
    """One web process: its settings, its database, and the edge of the telephone."""

    settings: Settings
    database: Database
    texts: Texts
    recordings: Recordings
    addresses: Addresses
    seal: Seal
    lifeline: Lifeline
    turn_seconds: float = TURN_SECONDS
    _turns: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(TURNS_AT_ONCE, "turn"), repr=False
    )

    def in_time(self, work: Callable[[], T]) -> T:
        """Return what a turn's work returns; TooSlow when its budget is spent."""
        return within(self.turn_seconds, self._turns, work)

    def speech(self, now: datetime, time_zone: str) -> Speech:
        """Return the voice for one answer."""
        return Speech(self.texts, self.recordings, self.addresses, now, time_zone)

    def close(self) -> None:
        """Let go of the database and of the threads."""
        self._turns.shutdown(wait=False, cancel_futures=True)
        self.database.close()


def build(settings: Settings) -> House:
    """Put a house together; no connection is made yet."""
    words = texts()
    return House(
        settings=settings,
        database=open_database(settings.database_url),
        texts=words,
        recordings=Recordings(recordings_folder()),
        addresses=Addresses(settings.public_url),
        seal=Seal(settings.public_url, settings.twilio_auth_token),
        lifeline=Lifeline(settings.vakt_lifeline, rope_of(words, LANGUAGE, clock.now())),
    )


def house() -> House:
    """Return the house of the running application."""
    return cast(House, current_app.extensions[EXTENSION])
