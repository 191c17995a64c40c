"""Everything the doors need, put together once per process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final, TypeVar, cast

import structlog
from flask import current_app

from app import clock
from app.domain.words.texts import Texts
from app.phone.addresses import Addresses
from app.phone.lifeline import Lifeline, rope_of, write_lifeline
from app.phone.signature import Seal
from app.phone.speech import Recordings, Speech
from app.settings import Settings
from app.store import Database, open_database
from app.store.desks import LiveDesk, list_desks
from app.voice_prompts import recordings_folder, texts
from app.web.budget import within

T = TypeVar("T")
log = structlog.get_logger(__name__)

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


def refresh_lifeline(here: House) -> None:
    """Write the lifeline's file from the live desks: an import elsewhere may not reach our disk.

    Where the database is away, the file that is there still holds.
    """
    try:
        live = here.in_time(partial(_live_desks, here.database))
        if live:
            desks = [(each.desk, each.roster) for each in live]
            write_lifeline(desks, here.texts, here.settings.vakt_lifeline, clock.now())
    except Exception:  # nothing at the start may keep the telephone from being answered
        log.warning("lifeline_not_written", exc_info=True)


def _live_desks(database: Database) -> tuple[LiveDesk, ...]:
    with database.read() as connection:
        return list_desks(connection)


def house() -> House:
    """Return the house of the running application."""
    return cast(House, current_app.extensions[EXTENSION])
