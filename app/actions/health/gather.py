"""Gathers what is judged about the installation, for whoever asks: auditor, web or preflight."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection

from app.domain.health.facts import (
    AskedPerson,
    DamagedJournal,
    Journal,
    OfflineSnapshot,
    Outbox,
    StaticFallback,
    SystemFacts,
)
from app.domain.health.opt_outs import OptedOut, OptOut, opt_outs_of
from app.domain.health.thresholds import HEARTBEAT_LASTS, LOOK_BACK, PUSH_WANTED_FOR
from app.domain.roster.shift_confirmations import AskedShift
from app.offline.offline_store import OfflineStore
from app.store.absence_feeds import failing_calendars
from app.store.desks import LiveDesk
from app.store.health_queries import worker_clock_skews, worker_heartbeats
from app.store.lifeline_pushes import LifelinePush, load_lifeline_pushes
from app.store.outbox import oldest_due_of
from app.store.tables import JobKind


def database_facts(connection: Connection, now: datetime) -> SystemFacts:
    """Ask the database what is judged of it, but for its desks' people."""
    return SystemFacts(
        database_answers=True,
        heartbeats=worker_heartbeats(connection),
        outbox=outbox(connection, now),
        clocks=worker_clock_skews(connection, now - HEARTBEAT_LASTS),
        fallbacks=wanted_fallbacks(load_lifeline_pushes(connection).values(), now),
        calendars=failing_calendars(connection),
    )


def opted_out(desks: Iterable[LiveDesk], opt_outs: Collection[OptOut]) -> tuple[OptedOut, ...]:
    """Name everybody of the desks who has written STOP to a line."""
    return tuple(one for each in desks for one in opt_outs_of(each.desk, each.roster, opt_outs))


def asked_people(
    desks: Iterable[LiveDesk], shifts: Iterable[AskedShift]
) -> tuple[AskedPerson, ...]:
    """Name whose shifts these are."""
    rosters = {each.desk.id: each.roster for each in desks}
    found = ((one, rosters.get(one.desk)) for one in shifts)
    return tuple(
        AskedPerson(one.desk, one.id, roster.name_of(one.person), one.when.from_)
        for one, roster in found
        if roster
    )


def outbox(connection: Connection, now: datetime) -> Outbox:
    """Ask since when jobs are due; a late deletion keeps nobody waiting, so it is apart."""
    due = oldest_due_of(connection, now)
    deletion = due.pop(JobKind.RECORDING_DELETE, None)
    return Outbox(min(due.values(), default=None), deletion)


def wanted_fallbacks(pushes: Iterable[LifelinePush], now: datetime) -> tuple[StaticFallback, ...]:
    """Return the desks' documents at the network, while somebody still puts them there."""
    return tuple(
        static_fallback(each)
        for each in pushes
        if each.next_at is not None and now - each.next_at < PUSH_WANTED_FOR
    )


def static_fallback(push: LifelinePush) -> StaticFallback:
    """Return what is judged of a desk's documents."""
    return StaticFallback(push.desk, push.valid_until, push.failing_since, push.error or "")


def snapshot(offline: OfflineStore) -> OfflineSnapshot:
    """Ask how old the copy on this machine is."""
    return OfflineSnapshot(offline.facts_written_at())


def journal(offline: OfflineStore, now: datetime) -> Journal:
    """Ask for the calls of an outage on this machine."""
    damaged = tuple(
        DamagedJournal(each.found_at, each.since, each.entries)
        for each in offline.damages(now - LOOK_BACK)
    )
    try:  # in this order: whoever reads a damaged journal sets it aside
        is_readable, waiting_since = not offline.is_unreadable(), offline.waiting_since()
    except Exception:  # whatever it is, what cannot be read is just what has to be told
        is_readable, waiting_since = False, None
    return Journal(waiting_since, is_readable, damaged)
