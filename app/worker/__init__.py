"""The worker's loops: outbox, call-outs, audit, purge and recovery; stops cleanly on a signal.

What a job is and how it is done stands in actions/outbox/outbox_worker.py.
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

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.recover_voicemails import VoicemailRecovery
from app.actions.lifeline.push_lifeline import push_lifelines
from app.actions.notifications.send_digests import put_due_digests
from app.actions.outbox.delete_recordings import delete_recordings
from app.actions.outbox.outbox_worker import TELEPHONE, do_next_job, has_due_job
from app.actions.privacy.purge import purge_batch
from app.database_clock import DatabaseClock
from app.domain.texts.catalogue import Texts
from app.domain.time.public_holidays import warm
from app.gateways.files.static_host import StaticHost
from app.gateways.heartbeat import Heartbeat
from app.gateways.twilio.sender import Sender, SendFailure
from app.gateways.twilio.voicemails import ProviderVoicemails
from app.offline.offline_store import OfflineStore, open_offline_store
from app.store import Database, DatabaseUnavailable
from app.store.heartbeats import delete_heartbeat, record_heartbeat
from app.store.outbox import EVERY_KIND
from app.store.tables import JobKind
from app.worker.auditor import Auditor

log = structlog.get_logger()

SLOTS: Final = 4  # jobs at the same time: most of a job is waiting for the provider
IDLE_SECONDS: Final = 0.25  # somebody may be listening to silence until a leg is placed
BEAT_SECONDS: Final = 5.0
AFTER_TROUBLE_SECONDS: Final = 2.0
PURGE_SECONDS: Final = 600.0  # how often is looked for what is kept no longer
AUDIT_SECONDS: Final = 15.0
RECOVER_SECONDS: Final = 300.0  # how often the network is asked for messages that nobody knows
DELETE_SECONDS: Final = 2.0
PUSH_SECONDS: Final = 10.0  # how late a handover may stand in the documents at the network
CALL_OUT_SECONDS: Final = 1.0  # how often is looked for tickets that nobody has taken
DIGEST_SECONDS: Final = 20.0
BETWEEN_BATCHES_SECONDS: Final = 0.5  # calls pass between two of them


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker process: its slots share the database and the way out."""

    database: Database
    sender: Sender
    texts: Texts
    offline: OfflineStore = field(
        default_factory=lambda: open_offline_store(())
    )  # of the web beside it
    heartbeat: Heartbeat = field(default_factory=Heartbeat)
    static_host: StaticHost | None = None  # where the network keeps documents for us
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
        threads.append(threading.Thread(target=self._purge, name="purge"))
        threads.append(threading.Thread(target=self._audit, name="audit"))
        threads.append(threading.Thread(target=self._recover_voicemails, name="recover-voicemails"))
        threads.append(threading.Thread(target=self._delete, name="delete"))
        if self.static_host and self.static_host.is_there:
            threads.append(
                threading.Thread(target=self._push, args=(self.static_host,), name="push")
            )
        threads.append(threading.Thread(target=self._call_outs, name="call-outs"))
        threads.append(threading.Thread(target=self._digests, name="digests"))
        for thread in threads:
            thread.start()
        log.info("worker_started", worker=self.name, slots=slots)
        while not self._stop.is_set():
            self._compare_clocks()
            now, clock_skew = self.clock.now(), self.clock.clock_skew
            beat_now = partial(
                record_heartbeat,
                worker=self.name,
                started_at=started_at,
                now=now,
                clock_skew=clock_skew,
            )
            self._try(beat_now)
            self._stop.wait(BEAT_SECONDS)
        for thread in threads:
            thread.join()
        self._try(partial(delete_heartbeat, worker=self.name))
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

    def _purge(self) -> None:
        """Purge what is past its retention, a little at a time."""
        while not self._stop.is_set():
            pause = PURGE_SECONDS
            try:
                if purge_batch(self.database, self._now()):
                    pause = BETWEEN_BATCHES_SECONDS
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("purge_broken")
            self._stop.wait(pause)

    def _audit(self) -> None:
        """Look whether all is well, in a thread of its own: it must hold up nobody."""
        auditor = Auditor(self.database, self.offline, self.heartbeat)
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

    def _recover_voicemails(self) -> None:
        """Look for messages of an outage; not at once: calls in a journal come first."""
        recovery = VoicemailRecovery(self.database, ProviderVoicemails(self.sender))
        while not self._stop.wait(RECOVER_SECONDS):
            try:
                recovery.recover(self._now(), frozenset(self.offline.waiting_calls()))
            except (DatabaseUnavailable, SendFailure) as trouble:
                log.warning("recovery_failed", error=str(trouble))
            except Exception:
                log.exception("recovery_broken")

    def _push(self, static_host: StaticHost) -> None:
        """Keep what the network plays without us as it is now."""
        while not self._stop.is_set():
            try:
                push_lifelines(self.database, static_host, self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
            except Exception:
                log.exception("pushing_broken")
            self._stop.wait(PUSH_SECONDS)

    def _call_outs(self) -> None:
        """Ring the duty again about tickets that nobody has taken."""
        while not self._stop.is_set():
            try:
                begin_due_call_outs(self.database, self._now())
            except DatabaseUnavailable as trouble:
                log.warning("database_away", error=str(trouble))
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            except Exception:
                log.exception("call_outs_broken")
                self._stop.wait(AFTER_TROUBLE_SECONDS)
            self._stop.wait(CALL_OUT_SECONDS)

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
