"""Tells stories to a house, batch by batch, and keeps the smallest one that breaks a rule."""

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

from app.web.house import EXTENSION, refresh_lifeline
from app.web.house import House as WebHouse
from tests.a_house import move_in
from tests.hostile.all_doors import Door, telephone_doors
from tests.hostile.forms import STORIES, Story
from tests.hostile.posts import InProcess, Line, Post
from tests.hostile.rules import Faults, Rows, Rules
from tests.hostile.telephone import Telephone
from tests.hostile.two_desks import folders
from tests.web import a_network
from tests.web.breaks import BREAKS

STANDS_STILL: Final = 60.0  # seconds in which no call comes into the database


@dataclass
class Listener:
    """Somebody else's server on this machine: whoever knocks there is noted."""

    port: int
    asked: int = 0


@dataclass
class Stage:
    """A house with two desks, and the way to it."""

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
            self.line, rules, self.doors, self._fresh, a_network.PUBLIC, self.hostile.port
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
        here: WebHouse = self.app.extensions[EXTENSION]
        with BREAKS[how](here):
            self.faults.is_away = True
            yield
        self.faults.is_away = False
        self._until_back(here)
        self.rows.look()

    def _until_back(self, here: WebHouse) -> None:
        """Wait while calls come into the database, however many there are."""
        corridor = here.corridor
        fewest, moved_at = inf, time.monotonic()
        while (waiting := len(corridor.standby.waiting_calls())) or corridor.breaker.is_tripped:
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
    how = a_network.settings(url, folder)
    with (
        a_network.a_web(how, moved_in=False) as app,
        listening() as faults,
        a_listener() as hostile,
    ):
        here: WebHouse = app.extensions[EXTENSION]
        move_in(here.database, *folders())
        here.corridor.standby.write_facts(here.database)
        refresh_lifeline(here)
        line = InProcess(app, a_network.PUBLIC, a_network.TOKEN)
        yield Stage(app, line, Rows(here.database), faults, hostile)


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
