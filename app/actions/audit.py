"""The auditor: looks for what has gone wrong, and alarms the contacts of whose it is.

What it looks for stands in domain/findings.py.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from app.actions.alarm import clear_alarm, raise_alarm
from app.actions.tell_desk import TOLD_AFTER
from app.domain.alarms import MANNERS, Alarm, AlarmKind
from app.domain.desk import Desk
from app.domain.endings import Ending, ending
from app.domain.findings import LOOKS_BACK, SILENT, Damaged, Facts, findings
from app.domain.opted_out import unreached
from app.standby.standby import Standby
from app.store import Database, troubles
from app.store.alarms import OpenAlarm, open_alarms
from app.store.desks import list_desks
from app.store.outbox import oldest_due_of
from app.store.sms_senders import load_opt_outs
from app.store.tables import JobKind


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit has led to."""

    is_well: bool  # nothing is wrong, and nothing was that is not over
    raised: tuple[Alarm, ...]
    ended: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """One desk's alarm."""

    desk: Desk
    alarm: Alarm


def audit(database: Database, standby: Standby, now: datetime) -> Audited:
    """Look for everything that is wrong; tell what is new, and what is over.

    DatabaseUnavailable when the database is away.
    """
    with database.read() as connection:
        known = open_alarms(connection)
        facts = _facts(connection, standby, known, now)
    wrong = _wrong(facts, now)
    new = [each for each in wrong if not _is_known(each, known, now)]
    over = _over(facts, wrong, known, now)

    def tell(connection: Connection) -> tuple[Alarm, ...]:
        for each, end in over:
            clear_alarm(connection, each.desk, each.alarm, now, told=end.told)
        return tuple(
            each.alarm for each in new if raise_alarm(connection, each.desk, each.alarm, now)
        )

    raised = database.write(tell) if new or over else ()
    is_well = not wrong and len(known) == len(over)
    return Audited(is_well, raised, tuple(each.alarm for each, _ in over))


def _facts(
    connection: Connection, standby: Standby, known: tuple[OpenAlarm, ...], now: datetime
) -> Facts:
    since = now - LOOKS_BACK
    tickets = [each.alarm.ticket for each in known if each.alarm.ticket is not None]
    is_away = any(each.alarm.kind is AlarmKind.NETWORK_AWAY for each in known)
    due = oldest_due_of(connection, now)
    deletion_due_since = due.pop(JobKind.RECORDING_DELETE, None)
    live = list_desks(connection)
    opt_outs = load_opt_outs(connection)
    return Facts(
        desks=tuple(each.desk for each in live),
        unreached=tuple(
            one for each in live for one in unreached(each.desk, each.roster, opt_outs)
        ),
        told=troubles.last_told(connection),
        untaken=troubles.untaken_tickets(connection, since),
        taken=troubles.taken_of(connection, tickets) if tickets else (),
        failed=troubles.failed_calls(connection, since),
        open_calls=troubles.open_calls(connection, since),
        rate_limited=troubles.rate_limited(connection, since),
        given_up=troubles.given_up(connection, since),
        tried_often=troubles.tried_often(connection, TOLD_AFTER),
        sent_at=troubles.last_sent(connection) if is_away else None,
        due_since=min(due.values(), default=None),
        deletion_due_since=deletion_due_since,
        clocks=troubles.clocks(connection, now - SILENT),
        beats=troubles.beats(connection),
        copied_at=standby.facts_written_at(),
        journaled_since=standby.waiting_since(),
        damaged=tuple(
            Damaged(each.found_at, each.since, each.entries) for each in standby.damages(since)
        ),
        not_pushed=troubles.not_pushed(connection, now),
    )


def _wrong(facts: Facts, now: datetime) -> list[_Wrong]:
    """Return what is wrong, desk by desk: what is the house's is every desk's."""
    return [
        _Wrong(desk, found.alarm)
        for found in findings(facts, now)
        for desk in facts.desks
        if found.desk in (None, desk.id)
    ]


def _is_known(wrong: _Wrong, known: tuple[OpenAlarm, ...], now: datetime) -> bool:
    quiet = MANNERS[wrong.alarm.kind].quiet
    return any(
        (each.desk, each.alarm) == (wrong.desk.id, wrong.alarm) and now - each.told_at < quiet
        for each in known
    )


def _over(
    facts: Facts, wrong: list[_Wrong], known: tuple[OpenAlarm, ...], now: datetime
) -> list[tuple[_Wrong, Ending]]:
    still = {(each.desk.id, each.alarm) for each in wrong}
    desks = {desk.id: desk for desk in facts.desks}
    over = []
    for each in known:
        if (each.desk, each.alarm) in still or each.desk not in desks:
            continue
        end = ending(each.alarm, each.told_at, facts, now)
        if end is not None:
            over.append((_Wrong(desks[each.desk], replace(each.alarm, values=end.values)), end))
    return over
