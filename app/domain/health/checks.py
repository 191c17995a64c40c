"""What the auditor looks for: a table of checks over facts. When it is over is resolution.py.

Pure: the facts are gathered in the store's health queries, alarms are raised by the audit.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.calls.opt_outs import OptedOut
from app.domain.desks.desk import Desk
from app.domain.health.alarms import DAY, Alarm, AlarmKind, masked, ticket_unacknowledged
from app.domain.hunts.hunt import RateLimit
from app.domain.numbers import mask
from app.domain.texts.message import Value
from app.domain.tickets.ticket import Ticket
from app.domain.time.clock_skew import is_wrong

LOOK_BACK: Final = DAY  # what is older was found before, or the system was not there
UNACKNOWLEDGED_FOR: Final = timedelta(minutes=15)  # a critical ticket about which nobody is rung
CALL_OUT_OVERDUE: Final = timedelta(minutes=10)  # so late is the next call-out: it does not come
IN_PLACE: Final = timedelta(minutes=10)  # longer than any ringing, menu or queue
LATE: Final = timedelta(minutes=5)
DELETED_WITHIN: Final = timedelta(hours=1)  # at the network, once a recording is stored here
FACTS_WRITTEN_EVERY: Final = timedelta(minutes=5)
FACTS_OLD_AFTER: Final = 3 * FACTS_WRITTEN_EVERY
JOURNAL_LASTS: Final = timedelta(minutes=10)  # it is brought in within seconds
WORKER_SILENT_AFTER: Final = timedelta(minutes=1)  # it tells every few seconds that it lives
PUSH_LASTS: Final = timedelta(minutes=2)  # several tries
PUSH_WANTED_FOR: Final = timedelta(hours=1)  # after its last try: it is not wanted any more


@dataclass(frozen=True, slots=True)
class UnacknowledgedTicket:
    """An urgent ticket that nobody has acknowledged. `since` is real time, as everywhere here."""

    ticket: Ticket
    since: datetime
    customer: str | None  # the customer's name


@dataclass(frozen=True, slots=True)
class FailedItem:
    """A call that ended without help or hangs, or a job that was given up for its reason."""

    desk: str
    at: datetime
    caller: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose end was not reported yet, and when it last moved."""

    desk: str
    sid: str
    moved_at: datetime
    caller: str
    talks: bool


@dataclass(frozen=True, slots=True)
class DamagedJournal:
    """What of the journal of an outage could not be read, and how many entries are lost."""

    found_at: datetime
    since: datetime
    lost: int


@dataclass(frozen=True, slots=True)
class HealthFacts:
    """What the auditor knows. None where something is not there to be asked."""

    desks: tuple[Desk, ...]
    notified: dict[
        tuple[str, AlarmKind], datetime
    ]  # when the contacts were last notified of what happens
    unacknowledged: tuple[UnacknowledgedTicket, ...] = ()
    acknowledged: tuple[tuple[int, str], ...] = ()  # tickets with an alarm, and who has them now
    failed: tuple[FailedItem, ...] = ()
    open_calls: tuple[OpenCall, ...] = ()
    rate_limited: tuple[tuple[RateLimit, FailedItem], ...] = ()  # calls, by whose limit it was
    unreached: tuple[OptedOut, ...] = ()  # of the desks' people, by SMS
    given_up: tuple[FailedItem, ...] = ()
    tried_often: tuple[FailedItem, ...] = ()  # waits although the network was asked several times
    sent_at: datetime | None = None  # when the network last took something
    due_since: datetime | None = None
    deletion_due_since: datetime | None = None
    clocks: tuple[tuple[str, timedelta], ...] = ()  # of living workers: ahead of the database's
    beats: tuple[tuple[str, datetime], ...] = ()  # of every worker that has not signed off
    copied_at: datetime | None = None
    journaled_since: datetime | None = None
    damaged: tuple[DamagedJournal, ...] = ()
    not_pushed: tuple[FailedItem, ...] = ()  # what the network keeps of a desk is old, since when


@dataclass(frozen=True, slots=True)
class FoundAlarm:
    """Something wrong, and whose it is; None is every desk's."""

    desk: str | None
    alarm: Alarm


Check = Callable[[HealthFacts, datetime], Iterator[FoundAlarm]]


def run_checks(facts: HealthFacts, now: datetime) -> tuple[FoundAlarm, ...]:
    """Return everything that is wrong now."""
    return tuple(found for check in CHECKS for found in check(facts, now))


def unacknowledged_tickets(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """A critical ticket that nobody acknowledges, and about which nobody is rung any more."""
    for found in facts.unacknowledged:
        ticket = found.ticket
        # None were made: the duty was not there to be rung.
        is_rung_about = _goes_on(ticket.next_call_out_at, now) and ticket.call_outs_made > 0
        if now - found.since > UNACKNOWLEDGED_FOR and not is_rung_about:
            yield FoundAlarm(
                ticket.desk, ticket_unacknowledged(ticket, found.customer, found.since)
            )


def _goes_on(looked_at: datetime | None, now: datetime) -> bool:
    return looked_at is not None and now - looked_at < CALL_OUT_OVERDUE


def failed_calls(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Callers who got no help since the contacts were last notified."""
    yield from _since_notified(facts, AlarmKind.CALLS_FAILED, facts.failed)


def stranger_flood(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """So many strangers call that nobody is rung for them any more, since last notified."""
    yield from _limited(facts, RateLimit.STRANGERS, AlarmKind.STRANGER_FLOOD)


def rings_used_up(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """So many known customers call that nobody is rung for them any more, since last notified."""
    yield from _limited(facts, RateLimit.CUSTOMERS, AlarmKind.RINGS_USED_UP)


def opted_out(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Somebody on the roster or a contact has sent STOP: no SMS of the night reaches them."""
    for each in facts.unreached:
        about = f"{mask(each.number)} {each.line}"
        values = (("who", each.who), ("line", each.line), ("number", mask(each.number)))
        yield FoundAlarm(each.desk, Alarm(AlarmKind.SMS_OPTED_OUT, about, values))


def _limited(facts: HealthFacts, limit: RateLimit, kind: AlarmKind) -> Iterator[FoundAlarm]:
    calls = tuple(call for whose, call in facts.rate_limited if whose is limit)
    yield from _since_notified(facts, kind, calls)


def given_up(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """What will not be sent, since the contacts were last notified."""
    yield from _since_notified(facts, AlarmKind.MESSAGE_GIVEN_UP, facts.given_up)


def hanging_calls(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Calls that have not moved for longer than where they stand can last, since last notified.

    Together: where the network never tells of an end, every call hangs.
    """
    over = ((call, call.moved_at + _may_last(facts, call)) for call in facts.open_calls)
    hang = (FailedItem(call.desk, at, call.caller) for call, at in over if at < now)
    yield from _since_notified(facts, AlarmKind.CALLS_HANG, tuple(hang))


def network_away(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """What the network has not taken although it was asked several times."""
    for desk, error in {job.desk: job.error for job in facts.tried_often}.items():
        yield FoundAlarm(desk, Alarm(AlarmKind.NETWORK_AWAY, values=(("error", error),)))


def outbox_late(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Something is due, and nobody takes it."""
    yield from _too_old(AlarmKind.OUTBOX_LATE, facts.due_since, LATE, now)


def recordings_stay(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Recordings that are stored here are not deleted at the network."""
    kind = AlarmKind.RECORDINGS_STAY
    yield from _too_old(kind, facts.deletion_due_since, DELETED_WITHIN, now)


def copy_old(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """The web processes do not write what they need without the database."""
    yield from _too_old(AlarmKind.SNAPSHOT_OLD, facts.copied_at, FACTS_OLD_AFTER, now)


def journal_waits(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """The database is there, and does not get the calls of its outage."""
    yield from _too_old(AlarmKind.JOURNAL_WAITS, facts.journaled_since, JOURNAL_LASTS, now)


def journal_damaged(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """Files of an outage's calls that could not be read since the contacts were last notified."""
    kind = AlarmKind.JOURNAL_DAMAGED
    for desk in facts.desks:
        notified_at = facts.notified.get((desk.id, kind))
        new = [each for each in facts.damaged if not (notified_at and each.found_at <= notified_at)]
        if new:
            lost, since = sum(each.lost for each in new), min(each.since for each in new)
            yield FoundAlarm(desk.id, Alarm(kind, values=(("count", lost), ("since", since))))


def wrong_clocks(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """A machine whose clock is not the database's: logs, files and signatures go by it."""
    wrong = {_machine(worker): skew for worker, skew in facts.clocks if is_wrong(skew)}
    for machine, skew in wrong.items():
        values = (("worker", machine), ("seconds", round(skew.total_seconds())))
        yield FoundAlarm(None, Alarm(AlarmKind.CLOCK_WRONG, machine[:64], values))


def silent_workers(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """A machine whose worker has not signed off, and on which none lives."""
    last: dict[str, datetime] = {}
    for worker, beat_at in facts.beats:
        machine = _machine(worker)
        last[machine] = max(beat_at, last.get(machine, beat_at))
    for machine, since in last.items():
        if WORKER_SILENT_AFTER < now - since < LOOK_BACK:
            values = (("worker", machine), ("since", since))
            yield FoundAlarm(None, Alarm(AlarmKind.WORKER_SILENT, machine[:64], values))


def lifeline_old(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """What answers without the system cannot be put where the network finds it."""
    for each in facts.not_pushed:
        if now - each.at > PUSH_LASTS:
            values = (("since", each.at), ("error", each.error))
            yield FoundAlarm(each.desk, Alarm(AlarmKind.LIFELINE_OLD, values=values))


CHECKS: Final[tuple[Check, ...]] = (
    unacknowledged_tickets,
    failed_calls,
    stranger_flood,
    rings_used_up,
    opted_out,
    hanging_calls,
    given_up,
    network_away,
    outbox_late,
    recordings_stay,
    copy_old,
    journal_waits,
    journal_damaged,
    wrong_clocks,
    silent_workers,
    lifeline_old,
)


def _machine(worker: str) -> str:
    return worker.rpartition(":")[0] or worker


def _since_notified(
    facts: HealthFacts, kind: AlarmKind, failed: tuple[FailedItem, ...]
) -> Iterator[FoundAlarm]:
    for desk in dict.fromkeys(each.desk for each in failed):
        notified_at = facts.notified.get((desk, kind))
        new = [
            each
            for each in failed
            if each.desk == desk and not (notified_at and each.at <= notified_at)
        ]
        if new:
            last = max(new, key=lambda each: each.at)
            values: tuple[tuple[str, Value], ...] = (
                ("count", len(new)),
                ("last", last.at),
                ("caller", masked(last.caller)),
                ("error", last.error),
            )
            yield FoundAlarm(desk, Alarm(kind, values=values))


def _too_old(
    kind: AlarmKind, since: datetime | None, lasts: timedelta, now: datetime
) -> Iterator[FoundAlarm]:
    if since is not None and now - since > lasts:
        yield FoundAlarm(None, Alarm(kind, values=(("since", since),)))


def _may_last(facts: HealthFacts, call: OpenCall) -> timedelta:
    desk = next((desk for desk in facts.desks if desk.id == call.desk), None)
    if desk is None:
        return LOOK_BACK
    if call.talks:
        return IN_PLACE + timedelta(minutes=desk.ceilings.talk_minutes)
    return IN_PLACE + timedelta(seconds=desk.ceilings.message_seconds)
