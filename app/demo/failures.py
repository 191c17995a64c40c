"""The parts of the system that the demo breaks in front of a visitor, and how: really, and back."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from app.demo.choices import DemoPart
from app.demo.environment import DemoEnvironment
from app.domain.message_refs import MessageRef, ref

LOCK_SECONDS: Final = 30  # whoever writes at this moment is done long before


@dataclass(frozen=True, slots=True)
class DemoFailure:
    """One part: how it breaks and comes back, in deed and in words."""

    inject: Callable[[DemoEnvironment], AbstractContextManager[None]]
    name: MessageRef
    soon: MessageRef
    breaks: MessageRef
    back: MessageRef


@contextmanager
def _database(environment: DemoEnvironment) -> Iterator[None]:
    """Hold it as a stuck backup would: whoever wants to write waits, and gets nothing."""
    file = str(environment.services.database.engine.url.database)
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield
        holder.execute("ROLLBACK")


@contextmanager
def _worker(environment: DemoEnvironment) -> Iterator[None]:
    """Kill it on the spot; it finishes nothing."""
    environment.processes.kill("worker")
    yield
    environment.processes.restart("worker")


@contextmanager
def _twilio(environment: DemoEnvironment) -> Iterator[None]:
    """Refuse every REST request, as Twilio does on a bad day; calls still come in."""
    refuses: dict[str, Any] = {"status": 503, "code": 20503, "times": 0}
    environment.network.set_faults({"rest": [refuses]})
    yield
    environment.network.set_faults({})


FAILURES: Final[Mapping[DemoPart, DemoFailure]] = {
    DemoPart.DATABASE: DemoFailure(
        _database,
        ref("demo.database"),
        ref("demo.database_soon"),
        ref("demo.database_breaks"),
        ref("demo.database_back"),
    ),
    DemoPart.WORKER: DemoFailure(
        _worker,
        ref("demo.worker"),
        ref("demo.worker_soon"),
        ref("demo.worker_breaks"),
        ref("demo.worker_back"),
    ),
    DemoPart.TWILIO: DemoFailure(
        _twilio,
        ref("demo.twilio"),
        ref("demo.twilio_soon"),
        ref("demo.twilio_breaks"),
        ref("demo.twilio_back"),
    ),
}
