"""Tells stories to an installation, batch by batch, and keeps the smallest one that breaks a
rule.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Final

import hypothesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from app import clock
from app.web.services import EXTENSION, WebServices
from tests.support import fake_twilio
from tests.support.database_faults import DATABASE_FAULTS
from tests.support.sample_desk import import_sample_desks
from tests.tools.fuzz.endpoints import Door, telephone_doors
from tests.tools.fuzz.forms import STORIES, Story
from tests.tools.fuzz.posts import InProcess, Line, Post
from tests.tools.fuzz.rules import Faults, Rows, Rules
from tests.tools.fuzz.telephone import Telephone
from tests.tools.fuzz.two_desks import folders

STANDS_STILL: Final = 60.0  # seconds in which no call comes into the database


@dataclass
class Listener:
    """Somebody else's server on this machine: whoever knocks there is noted."""

    port: int
    asked: int = 0


@dataclass
class Stage:
    """An installation with two desks, and the way to it."""

    app: Flask
    line: Line
    rows: Rows
    faults: Faults
    hostile: Listener
    told: int = 0  # posts that were sent
    calls: int = 0
    failing: tuple[Post, ...] = ()
    doors: tuple[Door, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.doors = telephone_doors(self.app)

    def tell(self, story: Story) -> None:
        """Go through one story; what breaks a rule is remembered."""
        first, rules = self.calls, Rules(self.faults)
        telephone = Telephone(
            self.line, rules, self.doors, self._fresh, fake_twilio.PUBLIC, self.hostile.port
        )
        try:
            telephone.play(story)
            if not self.faults.is_away:
                self.rows.look((f"CA{first:032}", f"CA{self.calls:032}"))
            assert not self.hostile.asked, "an address from a form was fetched"
        except Exception:
            self.failing = tuple(telephone.posts)
            raise
        finally:
            self.told += len(telephone.posts)

    @contextmanager
    def away(self, how: str) -> Iterator[None]:
        """The database is away in this manner; afterwards everything must be in it, once."""
        services: WebServices = self.app.extensions[EXTENSION]
        with DATABASE_FAULTS[how](services):
            self.faults.is_away = True
            yield
        self.faults.is_away = False
        self._until_back(services)
        self.rows.look()

    def _until_back(self, services: WebServices) -> None:
        """Wait while calls come into the database, however many there are."""
        turn_service = services.turn_service
        fewest, moved_at = inf, time.monotonic()
        while (
            waiting := len(turn_service.offline.waiting_calls())
        ) or turn_service.breaker.is_tripped:
            if waiting < fewest:
                fewest, moved_at = waiting, time.monotonic()
            stands_for = time.monotonic() - moved_at
            assert stands_for < STANDS_STILL, f"{waiting} calls do not come into the database"
            time.sleep(0.05)
        assert not self.faults.found, "".join(self.faults.found)

    def _fresh(self) -> int:
        self.calls += 1
        return self.calls


def tell_many(stage: Stage, count: int, *seed: object) -> None:
    """Tell so many stories, the same ones for the same seed; raise what the smallest breaks."""

    @hypothesis.seed(zlib.crc32(repr(seed).encode()))
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(STORIES)
    def tell(story: Story) -> None:
        stage.tell(story)

    tell()


@contextmanager
def a_stage(url: str, folder: Path) -> Iterator[Stage]:
    """The application on a migrated database, asked in this process."""
    how = fake_twilio.settings(url, folder)
    with (
        fake_twilio.a_web(how, moved_in=False) as app,
        listening() as faults,
        a_listener() as hostile,
    ):
        services: WebServices = app.extensions[EXTENSION]
        import_sample_desks(services.database, *folders())
        services.turn_service.offline.write_facts(services.database)
        services.offline_sync.refresher.refresh(clock.now())
        line = InProcess(app, fake_twilio.PUBLIC, fake_twilio.TOKEN)
        yield Stage(app, line, Rows(services.database), faults, hostile)


@contextmanager
def a_listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])

        def listen() -> None:
            try:
                while True:
                    server.accept()[0].close()
                    listener.asked += 1
            except OSError:
                return  # it was shut down

        threading.Thread(target=listen, daemon=True).start()
        yield listener
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def listening() -> Iterator[Faults]:
    """Hear every log line of this process."""
    faults, root = Faults(), logging.getLogger()
    root.addHandler(faults)
    try:
        yield faults
    finally:
        root.removeHandler(faults)
