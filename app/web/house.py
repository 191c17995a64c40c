"""Everything the doors need, put together once per process."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

import structlog
from flask import current_app

from app import clock
from app.actions.corridor import Corridor
from app.database_clock import DatabaseClock
from app.domain.words.texts import Texts
from app.phone.addresses import Addresses
from app.phone.lifeline import Lifeline, rope_of, write_lifeline
from app.phone.signature import Seal
from app.phone.speech import Recordings, Speech
from app.settings import Settings
from app.standby.breaker import Breaker
from app.standby.places import places
from app.standby.standby import open_standby
from app.store import Database, open_database
from app.store.desks import list_desks
from app.store.watch import Watch, keep_short
from app.voice_prompts import recordings_folder, texts
from app.web.ahead import Ahead
from app.web.caretaker import Caretaker
from app.web.metrics import STANDBY_TURNS, WITHOUT_DATABASE

log = structlog.get_logger(__name__)

EXTENSION: Final = "vakt"
# Of the 8 s that a turn may take, when the connection took its 2 (house.md, rule 6).
TRANSACTION_SECONDS: Final = 6.0
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
    watch: Watch
    corridor: Corridor
    caretaker: Caretaker
    ahead: Ahead = field(default_factory=Ahead)
    clock: DatabaseClock = field(default_factory=DatabaseClock)  # the caretaker compares it

    def speech(self, now: datetime, time_zone: str) -> Speech:
        """Return the voice for one answer."""
        return Speech(self.texts, self.recordings, self.addresses, now, time_zone)

    def close(self) -> None:
        """Let go of the database."""
        self.caretaker.stop()
        self.watch.stop()
        self.corridor.standby.close()
        self.database.close()


def build(settings: Settings) -> House:
    """Put a house together; no connection is made yet."""
    words, database = texts(), open_database(settings.database_url)
    beside = settings.vakt_lifeline.parent / "standby"  # files that outlive the database
    standby = open_standby(places(beside, settings.database_url))
    corridor = Corridor(database, standby, Breaker(tell=WITHOUT_DATABASE.set), STANDBY_TURNS.inc)
    WITHOUT_DATABASE.set(0)
    time_there = DatabaseClock()
    return House(
        settings=settings,
        database=database,
        texts=words,
        recordings=Recordings(recordings_folder()),
        addresses=Addresses(settings.public_url),
        seal=Seal(settings.public_url, settings.twilio_auth_token),
        lifeline=Lifeline(settings.vakt_lifeline, rope_of(words, LANGUAGE, clock.now())),
        watch=keep_short(database, TRANSACTION_SECONDS),
        corridor=corridor,
        caretaker=Caretaker(corridor, time_there),
        clock=time_there,
    )


def refresh_lifeline(here: House) -> None:
    """Write the lifeline's file from the live desks: an import elsewhere may not reach our disk.

    Where the database is away, the file that is there still holds.
    """
    try:
        with here.database.read() as connection:
            desks = [(live.desk, live.roster) for live in list_desks(connection)]
        if desks:
            write_lifeline(desks, here.texts, here.settings.vakt_lifeline, clock.now())
    except Exception:  # nothing at the start may keep the telephone from being answered
        log.warning("lifeline_not_written", exc_info=True)


def house() -> House:
    """Return the house of the running application."""
    return cast(House, current_app.extensions[EXTENSION])
