"""The loops beside the web: sends what is due, looks whether all is well, goes home politely.

What a job is and how it is done stands in actions/tick.py.
"""

import os
import signal
import socket
import threading
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Final

import structlog

from app.actions.delete_recordings import delete_recordings
from app.actions.gather_messages import Gathering
from app.actions.keep import keep_some
from app.actions.push_lifeline import push_lifelines
from app.actions.rounds import begin_due_rounds
from app.actions.send_digests import put_due_digests
from app.actions.tick import TELEPHONE, do_next_job, has_due_job
from app.auditor import Auditor
from app.database_clock import DatabaseClock
from app.domain.time.red_days import warm
from app.domain.words.texts import Texts
from app.phone.heartbeat import Heartbeat
from app.phone.left_there import Network
from app.phone.sender import NotSent, Sender
from app.phone.shelf import Shelf
from app.standby.standby import Standby, open_standby
from app.store import Database, DatabaseUnavailable
from app.store.heartbeats import beat, leave
from app.store.outbox import EVERY_KIND
from app.store.tables import JobKind

log = structlog.get_logger()

SLOTS: Final = 4  # jobs at the same time: most of a job is waiting for the provider
IDLE_SECONDS: Final = 0.25  # somebody may be listening to silence until a leg is placed
BEAT_SECONDS: Final = 5.0
AFTER_TROUBLE_SECONDS: Final = 2.0
KEEP_SECONDS: Final = 600.0  # how often is looked for what is kept no longer
AUDIT_SECONDS: Final = 15.0
GATHER_SECONDS: Final = 300.0  # how often the network is asked for messages that nobody knows
DELETE_SECONDS: Final = 2.0
PUSH_SECONDS: Final = 10.0  # how late a handover may stand in the documents at the network
ROUNDS_SECONDS: Final = 1.0  # how often is looked for tickets that nobody has taken
DIGEST_SECONDS: Final = 20.0
BETWEEN_BATCHES_SECONDS: Final = 0.5  # calls pass between two of them


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process: its slots share the database and the way out."""

    database: Database
    sender: Sender
    texts: Texts
    standby: Standby = field(default_factory=lambda: open_standby(()))  # of the web beside it
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    shelf: Shelf | None = None  # where the network keeps documents for us
    clock: DatabaseClock = field(default_factory=DatabaseClock)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self, slots: int = SLOTS) -> None:
        """Work until `stop`; every job that was begun is finished first."""
        self._compare_clocks()
        started_at = self.clock.now()
        warm("NO", started_at.year, started_at.year + 1)
        threads = [
            threading.Thread(target=self._work, name=f"slot-{slot}") for slot in range(slots)
        ]
        telephone = threading.Thread(target=self._work, args=(TELEPHONE,), name="slot-telephone")
        threads.append(telephone)
        threads.append(threading.Thread(target=self._keep, name="keep"))
        threads.append(threading.Thread(target=self._audit, name="audit"))
        threads.append(threading.Thread(target=self._gather, name="gather"))
        threads.append(threading.Thread(target=self._delete, name="delete"))
        if self.shelf and self.shelf.is_there:
            threads.append(threading.Thread(target=self._push, args=(self.shelf,), name="push"))
        threads.append(threading.Thread(target=self._rounds, name="rounds"))
        threads.append(threading.Thread(target=self._digests, name="digests"))
        for thread in threads:
            thread.start()
        log.info("worker_started", worker=self.name, slots=slots)
        while not self._stop.is_set():
            self._compare_clocks()
            now, ahead = self.clock.now(), self.clock.ahead
            told = partial(beat, worker=self.name, started_at=started_at, now=now, ahead=ahead)
            self._try(told)
            self._stop.wait(BEAT_SECONDS)
        for thread in threads:
            thread.join()
        self._try(partial(leave, worker=self.name))
        log.info("worker_stopped", worker=self.name)

    def stop(self) -> None:
        """Take no new job."""
        self._stop.set()

    def stop_on_signals(self) -> None:
        """Stop politely on SIGTERM and SIGINT."""

        def heard(_number: int, _frame: FrameType | None) -> None:
            # The handler runs inside whatever this thread does, perhaps inside the event's
            # own lock: setting it from here could wait for itself.
            threading.Thread(target=self.stop).start()

        signal.signal(signal.SIGTERM, heard)
        signal.signal(signal.SIGINT, heard)

    def _work(self, kinds: tuple[JobKind, ...] = EVERY_KIND) -> None:
        """One slot: one job of these kinds at a time, as long as there is one."""
        while not self._stop.is_set():
            try:
                is_busy = has_due_job(self.database, self._now(), kinds) and do_next_job(
                    self.database, self.sender, self.texts, self._now(), kinds
                )
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            except Exception:
                log.exception("slot_broken")
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            else:
                if not is_busy:
                    self._stop.wait(IDLE_SECONDS)

    def _keep(self) -> None:
        """Let go what is kept no longer, a little at a time."""
        while not self._stop.is_set():
            pause = KEEP_SECONDS
            try:
                if keep_some(self.database, self._now()):
                    pause = BETWEEN_BATCHES_SECONDS
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("keeping_broken")
            self._stop.wait(pause)

    def _audit(self) -> None:
        """Look whether all is well, in a thread of its own: it must hold up nobody."""
        auditor = Auditor(self.database, self.standby, self.heartbeat)
        while not self._stop.wait(AUDIT_SECONDS):
            try:
                auditor.look(self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))

    def _delete(self) -> None:
        """Delete at the network what is stored here, however busy the slots are."""
        while not self._stop.is_set():
            pause = DELETE_SECONDS
            try:
                if delete_recordings(self.database, self.sender, self._now):
                    pause = 0.0
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("deleting_broken")
            self._stop.wait(pause)

    def _gather(self) -> None:
        """Look for messages of an outage; not at once: calls in a journal come first."""
        gathering = Gathering(self.database, Network(self.sender))
        while not self._stop.wait(GATHER_SECONDS):
            try:
                gathering.gather(self._now(), frozenset(self.standby.waiting_calls()))
            except (DatabaseUnavailable, NotSent) as trouble:
                log.warning("nothing_gathered", error=str(trouble))
            except Exception:
                log.exception("gathering_broken")

    def _push(self, shelf: Shelf) -> None:
        """Keep what the network plays without us as it is now."""
        while not self._stop.is_set():
            try:
                push_lifelines(self.database, shelf, self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("pushing_broken")
            self._stop.wait(PUSH_SECONDS)

    def _rounds(self) -> None:
        """Ring the duty again about tickets that nobody has taken."""
        while not self._stop.is_set():
            try:
                begin_due_rounds(self.database, self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            except Exception:
                log.exception("rounds_broken")
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            self._stop.wait(ROUNDS_SECONDS)

    def _digests(self) -> None:
        """Send each desk its digest of what is still open, when it opens and before it closes."""
        while not self._stop.is_set():
            try:
                put_due_digests(self.database, self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("digests_broken")
            self._stop.wait(DIGEST_SECONDS)

    def _now(self) -> datetime:
        """Tell the database's time: by our own, something might be sent too late or too early."""
        if not self.clock.is_compared:
            self.clock.compare(self.database)
        return self.clock.now()

    def _compare_clocks(self) -> None:
        try:
            self.clock.compare(self.database)
        except DatabaseUnavailable as trouble:
            log.warning("clock_not_compared", error=str(trouble))

    def _try(self, work: partial[None]) -> None:
        try:
            self.database.write(work)
        except DatabaseUnavailable as trouble:
            log.warning("no_heartbeat", error=str(trouble))
