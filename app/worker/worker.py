"""The worker's loops: outbox, call-outs, audit, purge and recovery; stops cleanly on a signal.

One loop looks five times a second what is due and wakes those who do it; all others sleep.
What a job is and how it is done stands in actions/outbox.
"""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import FrameType
from typing import Final

import structlog

from app.actions.callouts.call_outs import begin_due_call_outs
from app.actions.calls.recover_voicemails import VoicemailRecovery
from app.actions.notifications.send_digests import put_due_digests
from app.actions.notifications.send_handovers import put_due_handovers
from app.actions.outbox.delete_recordings import delete_recordings
from app.actions.outbox.outbox_worker import do_next_job, has_due_job
from app.actions.privacy.purge import purge_batch
from app.actions.roster.absence_feeds import read_next_feed
from app.actions.roster.confirm_shifts import look_after_confirmations
from app.actions.roster.duty_notices import send_duty_notices
from app.actions.roster.duty_requests import expire_next_request
from app.actions.roster.gap_notices import send_gap_notices
from app.actions.tickets.recompute_targets import recompute_next_targets
from app.actions.tickets.review_targets import review_due_targets
from app.composition import Services
from app.database_clock import DatabaseClock
from app.domain.texts.catalogue import Texts
from app.domain.time.public_holidays import warm
from app.gateways.calendar_fetcher import CalendarFetcher
from app.gateways.heartbeat import Heartbeat
from app.gateways.send_failures import SendFailure
from app.gateways.sender import Sender
from app.gateways.static_host import StaticHost
from app.gateways.twilio.voicemails import ProviderVoicemails
from app.offline.offline_store import OfflineStore, open_offline_store
from app.offline.refresher import OfflineRefresher
from app.offline.site_outage_documents import StaticDocuments
from app.store import Database, DatabaseUnavailable
from app.store.due_work import DueLook
from app.store.outbox import EVERY_KIND, TELEPHONE
from app.store.tables import JobKind
from app.worker.auditor import Auditor
from app.worker.loop import Loop, Wakeups, run_loop
from app.worker.worker_heartbeat import HeartbeatRecorder, compare_clocks

log = structlog.get_logger()

SLOTS: Final = 4  # jobs at the same time: most of a job is waiting for the provider
LOOK_SECONDS: Final = 0.2  # somebody may be listening to silence until a leg is placed
UNASKED_SECONDS: Final = 10.0  # who is woken looks by itself too: a broken look delays, no more
BEAT_SECONDS: Final = 5.0
PURGE_SECONDS: Final = 600.0  # how often is looked for what is kept no longer
BETWEEN_BATCHES_SECONDS: Final = 0.5  # calls pass between two of them
AUDIT_SECONDS: Final = 15.0
RECOVER_SECONDS: Final = 300.0  # how often the network is asked for messages that nobody knows
DELETIONS_REST_SECONDS: Final = 2.0  # many are deleted at once
PUSH_SECONDS: Final = 10.0  # how late a handover may stand in the documents at the network
CALL_OUTS_REST_SECONDS: Final = 0.3  # while one goes on, others of its desk are due and must wait
DIGEST_SECONDS: Final = 20.0
TARGETS_SECONDS: Final = 10.0  # how late somebody is told that a target is missed
REQUESTS_SECONDS: Final = 20.0  # how late somebody hears that nobody has taken their shift
CONFIRMATIONS_SECONDS: Final = 30.0  # how late somebody is asked to confirm, or others are told
NOTICES_SECONDS: Final = 60.0  # how late somebody is told of their own duty
FEED_SECONDS: Final = 30.0  # how often is looked whether a calendar is to be read again


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
    calendars: CalendarFetcher = field(default_factory=CalendarFetcher)
    static_host: StaticHost | None = None  # where the network keeps documents for us
    clock: DatabaseClock = field(default_factory=DatabaseClock)
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")
    jobs: Wakeups = field(default_factory=Wakeups)
    telephone: Wakeups = field(default_factory=Wakeups)
    deletions: Wakeups = field(default_factory=Wakeups)
    call_outs: Wakeups = field(default_factory=Wakeups)
    timetable: Wakeups = field(default_factory=Wakeups)  # of what only the clock asks for

    def run(self, slots: int = SLOTS) -> None:
        """Work until `stop`; every job that was begun is finished first."""
        compare_clocks(self.clock, self.database)
        started_at = self.clock.now()
        heartbeat = HeartbeatRecorder(self.database, self.clock, self.name, started_at)
        warm("NO", started_at.year, started_at.year + 1)
        look = DueLook(self.database)
        threads = [
            threading.Thread(target=run_loop, args=(loop,), name=loop.name)
            for loop in (*self._woken(slots, look), *self._timed())
        ]
        for thread in threads:
            thread.start()
        log.info("worker_started", worker=self.name, slots=slots)
        run_loop(Loop("beat", BEAT_SECONDS, heartbeat.record, self.timetable))
        for thread in threads:
            thread.join()
        look.close()
        heartbeat.sign_off()
        log.info("worker_stopped", worker=self.name)

    def stop(self) -> None:
        """Take no new job."""
        of_work = (self.jobs, self.telephone, self.deletions, self.call_outs)
        for wakeups in (*of_work, self.timetable):
            wakeups.stop()

    def stop_on_signals(self) -> None:
        """Stop politely on SIGTERM and SIGINT."""

        def heard(_number: int, _frame: FrameType | None) -> None:
            # The handler runs inside whatever this thread does, perhaps inside a lock that
            # stopping needs: from here it could wait for itself.
            threading.Thread(target=self.stop).start()

        signal.signal(signal.SIGTERM, heard)
        signal.signal(signal.SIGINT, heard)

    def _woken(self, slots: int, look: DueLook) -> Iterator[Loop]:
        """What is done as soon as it is due, and the look that finds it."""
        yield Loop("due", LOOK_SECONDS, partial(self.wake_for_due_work, look), self.timetable)
        for slot in range(slots):
            yield Loop(f"slot-{slot}", UNASKED_SECONDS, self._do_job, self.jobs)
        of_telephone = partial(self._do_job, TELEPHONE)
        yield Loop("slot-telephone", UNASKED_SECONDS, of_telephone, self.telephone)
        begin, rest = self.begin_call_outs, CALL_OUTS_REST_SECONDS
        yield Loop("call-outs", UNASKED_SECONDS, begin, self.call_outs, rest=rest)
        delete, rest = self._delete, DELETIONS_REST_SECONDS
        yield Loop("delete", UNASKED_SECONDS, delete, self.deletions, rest=rest)

    def _timed(self) -> Iterator[Loop]:
        """What is done by the clock."""
        by_clock = self.timetable
        yield Loop("purge", PURGE_SECONDS, self._purge, by_clock, again=BETWEEN_BATCHES_SECONDS)
        audit = partial(self._audit, Auditor(self.database, self.offline, self.heartbeat))
        yield Loop("audit", AUDIT_SECONDS, audit, by_clock, waits_first=True)
        recovery = VoicemailRecovery(self.database, ProviderVoicemails(self.sender))
        recover = partial(self._recover_voicemails, recovery)
        # Not at once: calls in a journal come first.
        yield Loop("recover", RECOVER_SECONDS, recover, by_clock, waits_first=True)
        yield Loop("digests", DIGEST_SECONDS, self._put_digests, by_clock)
        yield Loop("targets", TARGETS_SECONDS, self._review_targets, by_clock)
        yield Loop("absences", FEED_SECONDS, self._read_feed, by_clock, waits_first=True)
        yield Loop("confirmations", CONFIRMATIONS_SECONDS, self._ask_to_confirm, by_clock)
        yield Loop("notices", NOTICES_SECONDS, self._send_notices, by_clock)
        yield Loop("requests", REQUESTS_SECONDS, self._expire_request, by_clock)
        if self.static_host and self.static_host.is_there:
            documents = StaticDocuments(self.static_host)
            push = partial(self._push, OfflineRefresher(self.database, (documents,)))
            yield Loop("push", PUSH_SECONDS, push, by_clock)

    def wake_for_due_work(self, look: DueLook) -> None:
        """Wake as many as have something to do now."""
        due = look.look(self._now())
        if due.jobs:
            self.jobs.wake(due.jobs)
        if due.telephone:
            self.telephone.wake()
        if due.call_outs:
            self.call_outs.wake()
        if due.deletions:
            self.deletions.wake()

    def begin_call_outs(self) -> int:
        """Begin the call-outs that are due, and let them ring without waiting for the next look."""
        begun = begin_due_call_outs(self.database, self._now())
        if begun:
            self.telephone.wake()
        return begun

    def _do_job(self, kinds: tuple[JobKind, ...] = EVERY_KIND) -> bool:
        """Do one job of these kinds; False when none is due."""
        now = self._now()
        return has_due_job(self.database, now, kinds) and do_next_job(
            self.database, self.sender, self.texts, now, kinds
        )

    def _delete(self) -> int:
        return delete_recordings(self.database, self.sender, self._now)

    def _purge(self) -> int:
        return purge_batch(self.database, self._now())

    def _audit(self, auditor: Auditor) -> None:
        auditor.look(self._now())

    def _recover_voicemails(self, recovery: VoicemailRecovery) -> None:
        try:
            recovery.recover(self._now(), frozenset(self.offline.waiting_calls()))
        except SendFailure as trouble:
            log.warning("recovery_failed", error=str(trouble))

    def _put_digests(self) -> None:
        put_due_digests(self.database, self._now())
        put_due_handovers(self.database, self._now())

    def _review_targets(self) -> int:
        now = self._now()
        return self._recompute_targets(now) + review_due_targets(self.database, now)

    def _recompute_targets(self, now: datetime) -> int:
        """A desk whose deadlines cannot be set anew must not keep any from being escalated."""
        try:
            return recompute_next_targets(self.database, now)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("targets_recompute_stuck")
            return 0

    def _read_feed(self) -> bool:
        return read_next_feed(self.database, self.calendars.fetch, self._now())

    def _ask_to_confirm(self) -> None:
        look_after_confirmations(self.database, self._now())

    def _send_notices(self) -> None:
        send_duty_notices(self.database, self._now())
        send_gap_notices(self.database, self._now())

    def _expire_request(self) -> bool:
        return expire_next_request(self.database, self._now())

    def _push(self, refresher: OfflineRefresher) -> None:
        refresher.refresh(self._now())

    def _now(self) -> datetime:
        """Tell the database's time: by our own, something might be sent too late or too early."""
        if not self.clock.is_compared:
            self.clock.compare(self.database)
        return self.clock.now()


def build_worker(services: Services) -> Worker:
    """Build the worker of an installation."""
    return Worker(
        services.database,
        services.sender,
        services.texts,
        services.offline,
        services.heartbeat,
        services.calendars,
        services.static_host,
        services.clock,
    )
