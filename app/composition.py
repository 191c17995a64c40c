"""The composition root: what a process of the product works with, built in one place.

Web, API, worker and commands are handed these services; none opens its database or makes a
gateway by itself, nor does the demo, which starts such processes. (Preflight opens what it looks
at on its own.) What not every process needs is loaded and made when it is first asked for:
`vakt duty` reads no library that sends.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.settings import Settings
from app.store import Database, open_database

if TYPE_CHECKING:
    from app.actions.overview.live_overview import LiveOverview
    from app.database_clock import DatabaseClock
    from app.domain.texts.catalogue import Texts
    from app.gateways.calendar_fetcher import CalendarFetcher
    from app.gateways.heartbeat import Heartbeat
    from app.gateways.sender import Sender
    from app.gateways.static_host import StaticHost
    from app.offline.lifeline_file import LifelineFile
    from app.offline.offline_store import OfflineStore


@dataclass(frozen=True)
class Services:
    """One process: its settings, its database, its texts, its gateways, its offline store."""

    settings: Settings
    database: Database

    @cached_property
    def clock(self) -> DatabaseClock:
        """The time by the database's clock."""
        from app.database_clock import DatabaseClock

        return DatabaseClock()

    @cached_property
    def texts(self) -> Texts:
        """What is said and written, in every language."""
        from app.voice_prompts import texts

        return texts()

    @cached_property
    def overview(self) -> LiveOverview:
        """What is to be seen of all desks now, shared by everybody who looks."""
        from app.actions.overview.live_overview import LiveOverview

        return LiveOverview(self.database)

    @cached_property
    def offline(self) -> OfflineStore:
        """Where turns are taken while the database is away; nothing is written yet."""
        from app.offline.offline_store import open_offline_store
        from app.offline.storage_dirs import storage_dirs

        settings = self.settings
        return open_offline_store(storage_dirs(settings.offline_folder, settings.database_url))

    @cached_property
    def lifeline_file(self) -> LifelineFile:
        """What callers get when all else has failed, on this machine's disk."""
        from app.offline.lifeline_file import LifelineFile

        return LifelineFile(self.settings.vakt_lifeline, self.texts)

    @cached_property
    def sender(self) -> Sender:
        """What sends SMS and mail, posts to webhooks, and places calls."""
        from app.gateways.sender import Sender

        return Sender(self.settings)

    @cached_property
    def static_host(self) -> StaticHost:
        """Where Twilio reads documents while the whole site is down."""
        from app.gateways.static_host import StaticHost

        return StaticHost(self.settings, self.texts)

    @cached_property
    def calendars(self) -> CalendarFetcher:
        """What fetches calendars of absences."""
        from app.gateways.calendar_fetcher import CalendarFetcher

        return CalendarFetcher()

    @cached_property
    def heartbeat(self) -> Heartbeat:
        """The address that is fetched while all is well."""
        from app.gateways.heartbeat import Heartbeat

        return Heartbeat(self.settings.vakt_heartbeat_url)

    def close(self) -> None:
        """Let go of the database, and of the offline store where it was opened."""
        if "offline" in self.__dict__:
            self.offline.close()
        self.database.close()


def build_services(settings: Settings) -> Services:
    """Build the services of a process; no connection is made yet."""
    return Services(settings, open_database(settings.database_url))
