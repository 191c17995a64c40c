"""The auditor: looks for what has gone wrong, and alarms the contacts of whose it is.

What it looks for stands in domain/health: checks.py and incidents.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from app.actions.health import gather
from app.actions.health.alarm import clear_alarm, raise_alarm
from app.domain.desks.desk import Desk
from app.domain.health.alarms import ALARM_POLICIES, Alarm, AlarmKind
from app.domain.health.alarms_from_checks import system_alarms
from app.domain.health.checks import judge
from app.domain.health.facts import HealthFacts
from app.domain.health.incidents import FoundAlarm, find_incidents
from app.domain.health.resolution import Resolution, resolution
from app.domain.health.thresholds import ALARM_AFTER_ATTEMPTS, LOOK_BACK
from app.offline.offline_store import OfflineStore
from app.store import Database, health_queries
from app.store.alarms import OpenAlarm, open_alarms
from app.store.desks import list_desks
from app.store.shift_confirmations import confirmed_of, late_shifts
from app.store.sms_senders import load_opt_outs


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What an audit has led to."""

    is_well: bool  # nothing is wrong, and nothing was that is not over
    raised: tuple[Alarm, ...]
    ended: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class _Problem:
    """One desk's alarm."""

    desk: Desk
    alarm: Alarm

    @property
    def order(self) -> tuple[str, str, str]:
        """Return by what all audits sort: two that lock the same rows then wait for each other."""
        return self.desk.id, self.alarm.kind, self.alarm.subject


def audit(database: Database, offline: OfflineStore, now: datetime) -> AuditResult:
    """Look for everything that is wrong; tell what is new, and what is over.

    DatabaseUnavailable when the database is away.
    """
    with database.read() as connection:
        known = open_alarms(connection)
        facts = _facts(connection, offline, known, now)
    wrong = sorted(_wrong(facts, now), key=lambda each: each.order)
    new = [each for each in wrong if not _is_known(each, known, now)]
    over = sorted(_over(facts, wrong, known, now), key=lambda each: each[0].order)

    def tell(connection: Connection) -> tuple[Alarm, ...]:
        for each, end in over:
            clear_alarm(connection, each.desk, each.alarm, now, notified=end.notified)
        return tuple(
            each.alarm for each in new if raise_alarm(connection, each.desk, each.alarm, now)
        )

    raised = database.write(tell) if new or over else ()
    is_well = not _is_broken(each.alarm for each in wrong) and not _is_broken(
        each.alarm for each in known if each.alarm not in {one.alarm for one, _ in over}
    )
    return AuditResult(is_well, raised, tuple(each.alarm for each, _ in over))


def _is_broken(alarms: Iterable[Alarm]) -> bool:
    """Whether one of them says that a part of the service does not work."""
    return any(alarm.kind is not AlarmKind.SHIFT_UNCONFIRMED for alarm in alarms)


def _facts(
    connection: Connection, offline: OfflineStore, known: tuple[OpenAlarm, ...], now: datetime
) -> HealthFacts:
    since = now - LOOK_BACK
    tickets = [each.alarm.ticket for each in known if each.alarm.ticket is not None]
    shifts = [int(a.alarm.subject) for a in known if a.alarm.kind is AlarmKind.SHIFT_UNCONFIRMED]
    is_away = any(each.alarm.kind is AlarmKind.NETWORK_AWAY for each in known)
    live = list_desks(connection)
    system = replace(
        gather.database_facts(connection, now),
        opted_out=gather.opted_out(live, load_opt_outs(connection)),
        snapshot=gather.snapshot(offline),
        journal=gather.journal(offline, now),
    )
    return HealthFacts(
        desks=tuple(each.desk for each in live),
        system=system,
        notified=health_queries.last_notified(connection),
        unacknowledged=health_queries.unacknowledged_tickets(connection, since),
        acknowledged=health_queries.acknowledgements_of(connection, tickets) if tickets else (),
        failed=health_queries.failed_calls(connection, since),
        open_calls=health_queries.open_calls(connection, since),
        rate_limited=health_queries.rate_limited_calls(connection, since),
        given_up=health_queries.failed_jobs(connection, since),
        tried_often=health_queries.often_retried_jobs(connection, ALARM_AFTER_ATTEMPTS),
        sent_at=health_queries.last_sent(connection) if is_away else None,
        unconfirmed=gather.asked_people(live, late_shifts(connection, now)),
        confirmed=gather.asked_people(live, confirmed_of(connection, shifts)) if shifts else (),
    )


def _wrong(facts: HealthFacts, now: datetime) -> list[_Problem]:
    """Return what is wrong, desk by desk: what is not one desk's is every desk's."""
    return [
        _Problem(desk, found.alarm)
        for found in _found(facts, now)
        for desk in facts.desks
        if found.desk in (None, desk.id)
    ]


def _found(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    yield from find_incidents(facts, now)
    yield from system_alarms(judge(facts.system, now), facts, now)


def _is_known(wrong: _Problem, known: tuple[OpenAlarm, ...], now: datetime) -> bool:
    repeat_interval = ALARM_POLICIES[wrong.alarm.kind].repeat_interval
    return any(
        (each.desk, each.alarm) == (wrong.desk.id, wrong.alarm)
        and now - each.notified_at < repeat_interval
        for each in known
    )


def _over(
    facts: HealthFacts, wrong: list[_Problem], known: tuple[OpenAlarm, ...], now: datetime
) -> list[tuple[_Problem, Resolution]]:
    still = {(each.desk.id, each.alarm) for each in wrong}
    desks = {desk.id: desk for desk in facts.desks}
    over = []
    for each in known:
        if (each.desk, each.alarm) in still or each.desk not in desks:
            continue
        end = resolution(each.alarm, each.notified_at, facts, now)
        if end is not None:
            over.append((_Problem(desks[each.desk], replace(each.alarm, values=end.values)), end))
    return over
