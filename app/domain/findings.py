"""What the auditor looks for: a table of checks over facts. When it is over is endings.py.

Pure: the facts are gathered in store/troubles.py, what is found is told by actions/audit.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.alarms import DAY, Alarm, AlarmKind, masked, ticket_unanswered
from app.domain.call import RateLimit
from app.domain.decision import Value
from app.domain.desk import Desk, Priority
from app.domain.opted_out import Unreached
from app.domain.people import mask
from app.domain.time.clocks import is_wrong

LOOKS_BACK: Final = DAY  # what is older was found before, or the house was not there
UNTAKEN_FOR: Final = timedelta(minutes=15)  # a critical ticket about which nobody is rung
ROUNDS_END: Final = timedelta(minutes=10)  # so late is the next round: it does not come
IN_PLACE: Final = timedelta(minutes=10)  # longer than any ringing, menu or queue
LATE: Final = timedelta(minutes=5)
DELETED_WITHIN: Final = timedelta(hours=1)  # at the network, once a recording is stored here
COPY_LASTS: Final = timedelta(minutes=20)  # it is written every five
JOURNAL_LASTS: Final = timedelta(minutes=10)  # it is brought in within seconds
SILENT: Final = timedelta(minutes=2)
PUSH_LASTS: Final = timedelta(minutes=2)  # several tries


@dataclass(frozen=True, slots=True)
class Untaken:
    """An urgent ticket that nobody has taken. `since` is real time, as everywhere here."""

    desk: str
    number: int
    since: datetime
    caller: str
    customer: str | None
    next_round_at: datetime | None = None  # when it is looked whether the duty is rung again
    rounds: int = 0  # in which it was rung: none while the duty is not there to be rung
    priority: Priority = Priority.CRITICAL


@dataclass(frozen=True, slots=True)
class Failed:
    """A call that ended without help or hangs, or a job that was given up for its reason."""

    desk: str
    at: datetime
    caller: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call whose end was not told yet, and when it last moved."""

    desk: str
    sid: str
    moved_at: datetime
    caller: str
    talks: bool


@dataclass(frozen=True, slots=True)
class Damaged:
    """What of the journal of an outage could not be read, and how many entries are lost."""

    found_at: datetime
    since: datetime
    lost: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the auditor knows. None where something is not there to be asked."""

    desks: tuple[Desk, ...]
    told: dict[tuple[str, AlarmKind], datetime]  # when the contacts were last told of what happens
    untaken: tuple[Untaken, ...] = ()
    taken: tuple[tuple[int, str], ...] = ()  # tickets with an alarm, and who has them now
    failed: tuple[Failed, ...] = ()
    open_calls: tuple[OpenCall, ...] = ()
    rate_limited: tuple[tuple[RateLimit, Failed], ...] = ()  # calls, by whose limit it was
    unreached: tuple[Unreached, ...] = ()  # of the desks' people, by SMS
    given_up: tuple[Failed, ...] = ()
    tried_often: tuple[Failed, ...] = ()  # waits although the network was asked several times
    sent_at: datetime | None = None  # when the network last took something
    due_since: datetime | None = None
    deletion_due_since: datetime | None = None
    clocks: tuple[tuple[str, timedelta], ...] = ()  # of living workers: ahead of the database's
    beats: tuple[tuple[str, datetime], ...] = ()  # of every worker that has not signed off
    copied_at: datetime | None = None
    journaled_since: datetime | None = None
    damaged: tuple[Damaged, ...] = ()
    not_pushed: tuple[Failed, ...] = ()  # what the network keeps of a desk is old, since when


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and whose it is; None is every desk's."""

    desk: str | None
    alarm: Alarm


Check = Callable[[Facts, datetime], Iterator[Finding]]


def findings(facts: Facts, now: datetime) -> tuple[Finding, ...]:
    """Return everything that is wrong now."""
    return tuple(found for check in CHECKS for found in check(facts, now))


def untaken_tickets(facts: Facts, now: datetime) -> Iterator[Finding]:
    """A critical ticket that nobody takes, and about which nobody is rung any more."""
    for ticket in facts.untaken:
        next_round = ticket.next_round_at
        goes_on = next_round is not None and now - next_round < ROUNDS_END
        is_rung_about = goes_on and ticket.rounds > 0
        if now - ticket.since > UNTAKEN_FOR and not is_rung_about:
            about = (ticket.number, ticket.caller, ticket.customer, ticket.since, ticket.priority)
            yield Finding(ticket.desk, ticket_unanswered(*about))


def failed_calls(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Callers who got no help since the contacts were last told."""
    yield from _since_told(facts, AlarmKind.CALLS_FAILED, facts.failed)


def stranger_flood(facts: Facts, now: datetime) -> Iterator[Finding]:
    """So many strangers call that nobody is rung for them any more, since last told."""
    yield from _limited(facts, RateLimit.STRANGERS, AlarmKind.STRANGER_FLOOD)


def rings_used_up(facts: Facts, now: datetime) -> Iterator[Finding]:
    """So many known customers call that nobody is rung for them any more, since last told."""
    yield from _limited(facts, RateLimit.CUSTOMERS, AlarmKind.RINGS_USED_UP)


def opted_out(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Somebody on the roster or a contact has sent STOP: no SMS of the night reaches them."""
    for each in facts.unreached:
        about = f"{mask(each.number)} {each.line}"
        values = (("who", each.who), ("line", each.line), ("number", mask(each.number)))
        yield Finding(each.desk, Alarm(AlarmKind.SMS_OPTED_OUT, about, values))


def _limited(facts: Facts, limit: RateLimit, kind: AlarmKind) -> Iterator[Finding]:
    calls = tuple(call for whose, call in facts.rate_limited if whose is limit)
    yield from _since_told(facts, kind, calls)


def given_up(facts: Facts, now: datetime) -> Iterator[Finding]:
    """What will not be sent, since the contacts were last told."""
    yield from _since_told(facts, AlarmKind.MESSAGE_GIVEN_UP, facts.given_up)


def hanging_calls(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Calls that have not moved for longer than where they stand can last, since last told.

    Together: where the network never tells of an end, every call hangs.
    """
    over = ((call, call.moved_at + _may_last(facts, call)) for call in facts.open_calls)
    hang = (Failed(call.desk, at, call.caller) for call, at in over if at < now)
    yield from _since_told(facts, AlarmKind.CALLS_HANG, tuple(hang))


def network_away(facts: Facts, now: datetime) -> Iterator[Finding]:
    """What the network has not taken although it was asked several times."""
    for desk, error in {job.desk: job.error for job in facts.tried_often}.items():
        yield Finding(desk, Alarm(AlarmKind.NETWORK_AWAY, values=(("error", error),)))


def outbox_late(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Something is due, and nobody takes it."""
    yield from _too_old(AlarmKind.OUTBOX_LATE, facts.due_since, LATE, now)


def recordings_stay(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Recordings that are stored here are not deleted at the network."""
    kind = AlarmKind.RECORDINGS_STAY
    yield from _too_old(kind, facts.deletion_due_since, DELETED_WITHIN, now)


def copy_old(facts: Facts, now: datetime) -> Iterator[Finding]:
    """The web processes do not write what they need without the database."""
    yield from _too_old(AlarmKind.SNAPSHOT_OLD, facts.copied_at, COPY_LASTS, now)


def journal_waits(facts: Facts, now: datetime) -> Iterator[Finding]:
    """The database is there, and does not get the calls of its outage."""
    yield from _too_old(AlarmKind.JOURNAL_WAITS, facts.journaled_since, JOURNAL_LASTS, now)


def journal_damaged(facts: Facts, now: datetime) -> Iterator[Finding]:
    """Files of an outage's calls that could not be read since the contacts were last told."""
    kind = AlarmKind.JOURNAL_DAMAGED
    for desk in facts.desks:
        told_at = facts.told.get((desk.id, kind))
        new = [each for each in facts.damaged if not (told_at and each.found_at <= told_at)]
        if new:
            lost, since = sum(each.lost for each in new), min(each.since for each in new)
            yield Finding(desk.id, Alarm(kind, values=(("count", lost), ("since", since))))


def wrong_clocks(facts: Facts, now: datetime) -> Iterator[Finding]:
    """A machine whose clock is not the database's: logs, files and signatures go by it."""
    wrong = {_machine(worker): ahead for worker, ahead in facts.clocks if is_wrong(ahead)}
    for machine, ahead in wrong.items():
        values = (("worker", machine), ("seconds", round(ahead.total_seconds())))
        yield Finding(None, Alarm(AlarmKind.CLOCK_WRONG, machine[:64], values))


def silent_workers(facts: Facts, now: datetime) -> Iterator[Finding]:
    """A machine whose worker has not signed off, and on which none lives."""
    last: dict[str, datetime] = {}
    for worker, beat_at in facts.beats:
        machine = _machine(worker)
        last[machine] = max(beat_at, last.get(machine, beat_at))
    for machine, since in last.items():
        if SILENT < now - since < LOOKS_BACK:
            values = (("worker", machine), ("since", since))
            yield Finding(None, Alarm(AlarmKind.WORKER_SILENT, machine[:64], values))


def lifeline_old(facts: Facts, now: datetime) -> Iterator[Finding]:
    """What answers without the house cannot be put where the network finds it."""
    for each in facts.not_pushed:
        if now - each.at > PUSH_LASTS:
            values = (("since", each.at), ("error", each.error))
            yield Finding(each.desk, Alarm(AlarmKind.LIFELINE_OLD, values=values))


CHECKS: Final[tuple[Check, ...]] = (
    untaken_tickets,
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


def _since_told(facts: Facts, kind: AlarmKind, failed: tuple[Failed, ...]) -> Iterator[Finding]:
    for desk in dict.fromkeys(each.desk for each in failed):
        told_at = facts.told.get((desk, kind))
        new = [
            each for each in failed if each.desk == desk and not (told_at and each.at <= told_at)
        ]
        if new:
            last = max(new, key=lambda each: each.at)
            values: tuple[tuple[str, Value], ...] = (
                ("count", len(new)),
                ("last", last.at),
                ("caller", masked(last.caller)),
                ("error", last.error),
            )
            yield Finding(desk, Alarm(kind, values=values))


def _too_old(
    kind: AlarmKind, since: datetime | None, lasts: timedelta, now: datetime
) -> Iterator[Finding]:
    if since is not None and now - since > lasts:
        yield Finding(None, Alarm(kind, values=(("since", since),)))


def _may_last(facts: Facts, call: OpenCall) -> timedelta:
    desk = next((desk for desk in facts.desks if desk.id == call.desk), None)
    if desk is None:
        return LOOKS_BACK
    if call.talks:
        return IN_PLACE + timedelta(minutes=desk.ceilings.talk_minutes)
    return IN_PLACE + timedelta(seconds=desk.ceilings.message_seconds)
