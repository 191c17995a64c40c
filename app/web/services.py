"""What the web has beside the services that every process has: the edge of the telephone."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

import structlog
from flask import current_app

from app import clock
from app.actions.calls.turn_service import TurnService
from app.composition import Services
from app.database_clock import DatabaseClock
from app.domain.calls.line_fallback import line_fallback_of
from app.domain.texts.catalogue import Texts
from app.gateways.twilio.addresses import Addresses
from app.gateways.twilio.signature import SignatureVerifier
from app.gateways.twilio.speech import RecordedPrompts, Speech
from app.offline.breaker import Breaker
from app.offline.facts import FactsFile
from app.offline.lifeline_file import Lifeline
from app.offline.refresher import OfflineRefresher
from app.settings import WebSettings
from app.settings.openid import OpenIdProviderSettings
from app.store import Database
from app.store.transaction_timeout import TransactionTimeout, limit_transactions
from app.voice_prompts import recordings_folder
from app.web.drawn_parts import DrawnParts
from app.web.metrics import OFFLINE_TURNS, WITHOUT_DATABASE
from app.web.offline_sync import OfflineSync

if TYPE_CHECKING:
    from app.gateways.openid import OpenIdProvider

log = structlog.get_logger(__name__)

EXTENSION: Final = "vakt"
# Of the 8 s that a turn may take, when the connection took its 2.
TRANSACTION_SECONDS: Final = 6.0
LANGUAGE: Final = "nb"  # of callers to a number that no desk has


@dataclass(frozen=True, slots=True)
class WebServices:
    """One web process: the services of every process, and the edge of the telephone."""

    settings: WebSettings
    services: Services
    database: Database
    texts: Texts
    recordings: RecordedPrompts
    addresses: Addresses
    signature_verifier: SignatureVerifier
    lifeline: Lifeline
    watch: TransactionTimeout
    turn_service: TurnService
    offline_sync: OfflineSync
    clock: DatabaseClock  # offline_sync compares it
    openid_settings: tuple[OpenIdProviderSettings, ...]
    openid: dict[str, "OpenIdProvider"]  # those that were asked already
    drawn_parts: DrawnParts

    def speech(self, now: datetime, time_zone: str) -> Speech:
        """Return the voice for one answer."""
        return Speech(self.texts, self.recordings, self.addresses, now, time_zone)

    def close(self) -> None:
        """Let go of the database."""
        self.offline_sync.stop()
        self.watch.stop()
        self.services.close()


def build_web_services(settings: WebSettings, services: Services) -> WebServices:
    """Build what the web has of its own; no connection is made yet."""
    texts, database = services.texts, services.database
    breaker = Breaker(on_change=WITHOUT_DATABASE.set)
    turn_service = TurnService(database, services.offline, breaker, OFFLINE_TURNS.inc)
    facts = FactsFile(services.offline.storage_dirs)
    refresher = OfflineRefresher(database, (facts, services.lifeline_file))
    WITHOUT_DATABASE.set(0)
    return WebServices(
        settings=settings,
        services=services,
        database=database,
        texts=texts,
        recordings=RecordedPrompts(recordings_folder()),
        addresses=Addresses(settings.public_url),
        signature_verifier=SignatureVerifier(settings.public_url, settings.twilio_auth_token),
        lifeline=Lifeline(settings.vakt_lifeline, line_fallback_of(texts, LANGUAGE, clock.now())),
        watch=limit_transactions(database, TRANSACTION_SECONDS),
        turn_service=turn_service,
        offline_sync=OfflineSync(turn_service, refresher, services.clock),
        clock=services.clock,
        openid_settings=settings.openid_providers,
        openid={},
        drawn_parts=DrawnParts(),
    )


def current_services() -> WebServices:
    """Return the services of the running application."""
    return cast(WebServices, current_app.extensions[EXTENSION])
