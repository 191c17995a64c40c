"""The services of a web process, built once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

import structlog
from flask import current_app

from app import clock
from app.actions.calls.turn_service import TurnService
from app.database_clock import DatabaseClock
from app.domain.texts.catalogue import Texts
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.line_fallback import Lifeline, line_fallback_of, write_lifeline
from app.gateways.twilio.signature import SignatureVerifier
from app.gateways.twilio.speech import Recordings, Speech
from app.offline.breaker import Breaker
from app.offline.offline_store import open_offline_store
from app.offline.storage_dirs import storage_dirs
from app.settings import Settings
from app.store import Database, open_database
from app.store.desks import list_desks
from app.store.transaction_timeout import TransactionTimeout, limit_transactions
from app.voice_prompts import recordings_folder, texts
from app.web.coverage_forecast import CoverageForecast
from app.web.metrics import OFFLINE_TURNS, WITHOUT_DATABASE
from app.web.offline_sync import OfflineSync

log = structlog.get_logger(__name__)

EXTENSION: Final = "vakt"
# Of the 8 s that a turn may take, when the connection took its 2.
TRANSACTION_SECONDS: Final = 6.0
LANGUAGE: Final = "nb"  # of callers to a number that no desk has


@dataclass(frozen=True, slots=True)
class Services:
    """One web process: its settings, its database, and the edge of the telephone."""

    settings: Settings
    database: Database
    texts: Texts
    recordings: Recordings
    addresses: Addresses
    signature_verifier: SignatureVerifier
    lifeline: Lifeline
    watch: TransactionTimeout
    turn_service: TurnService
    offline_sync: OfflineSync
    coverage_forecast: CoverageForecast = field(default_factory=CoverageForecast)
    clock: DatabaseClock = field(default_factory=DatabaseClock)  # offline_sync compares it

    def speech(self, now: datetime, time_zone: str) -> Speech:
        """Return the voice for one answer."""
        return Speech(self.texts, self.recordings, self.addresses, now, time_zone)

    def close(self) -> None:
        """Let go of the database."""
        self.offline_sync.stop()
        self.watch.stop()
        self.turn_service.offline.close()
        self.database.close()


def build_services(settings: Settings) -> Services:
    """Build the services; no connection is made yet."""
    words, database = texts(), open_database(settings.database_url)
    offline_dir = settings.vakt_lifeline.parent / "offline"  # files that outlive the database
    offline = open_offline_store(storage_dirs(offline_dir, settings.database_url))
    turn_service = TurnService(
        database, offline, Breaker(on_change=WITHOUT_DATABASE.set), OFFLINE_TURNS.inc
    )
    WITHOUT_DATABASE.set(0)
    database_clock = DatabaseClock()
    return Services(
        settings=settings,
        database=database,
        texts=words,
        recordings=Recordings(recordings_folder()),
        addresses=Addresses(settings.public_url),
        signature_verifier=SignatureVerifier(settings.public_url, settings.twilio_auth_token),
        lifeline=Lifeline(settings.vakt_lifeline, line_fallback_of(words, LANGUAGE, clock.now())),
        watch=limit_transactions(database, TRANSACTION_SECONDS),
        turn_service=turn_service,
        offline_sync=OfflineSync(turn_service, database_clock),
        clock=database_clock,
    )


def refresh_lifeline(services: Services) -> None:
    """Write the lifeline's file from the live desks: an import elsewhere may not reach our disk.

    Where the database is away, the file that is there still holds.
    """
    try:
        with services.database.read() as connection:
            desks = [(live.desk, live.roster) for live in list_desks(connection)]
        if desks:
            write_lifeline(desks, services.texts, services.settings.vakt_lifeline, clock.now())
    except Exception:  # nothing at the start may keep the telephone from being answered
        log.warning("lifeline_not_written", exc_info=True)


def current_services() -> Services:
    """Return the services of the running application."""
    return cast(Services, current_app.extensions[EXTENSION])
