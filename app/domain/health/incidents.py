"""Incidents at a desk that only the auditor looks for: tickets, calls and messages.

What is wrong with the installation as such stands in checks.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.delivery_errors import delivery_error
from app.domain.health.alarms import Alarm, AlarmKind, masked, ticket_unacknowledged
from app.domain.health.facts import FailedItem, HealthFacts, OpenCall
from app.domain.health.thresholds import (
    CALL_OUT_OVERDUE,
    IN_PLACE,
    LOOK_BACK,
    UNACKNOWLEDGED_FOR,
)
from app.domain.hunts.hunt import RateLimit
from app.domain.texts.message import Value


@dataclass(frozen=True, slots=True)
class FoundAlarm:
    """Something wrong, and whose it is; None is every desk's."""

    desk: str | None
    alarm: Alarm


IncidentCheck = Callable[[HealthFacts, datetime], Iterator[FoundAlarm]]


def find_incidents(facts: HealthFacts, now: datetime) -> tuple[FoundAlarm, ...]:
    """Return every incident of which the contacts must hear."""
    return tuple(found for check in INCIDENT_CHECKS for found in check(facts, now))


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
        yield FoundAlarm(
            desk, Alarm(AlarmKind.NETWORK_AWAY, values=(("error", delivery_error(error)),))
        )


def unconfirmed_shifts(facts: HealthFacts, now: datetime) -> Iterator[FoundAlarm]:
    """A shift that begins soon, or has begun, and that nobody has confirmed."""
    for asked in facts.unconfirmed:
        values: tuple[tuple[str, Value], ...] = (("name", asked.name), ("since", asked.since))
        alarm = Alarm(AlarmKind.SHIFT_UNCONFIRMED, str(asked.shift), values)
        yield FoundAlarm(asked.desk, alarm)


INCIDENT_CHECKS: Final[tuple[IncidentCheck, ...]] = (
    unacknowledged_tickets,
    failed_calls,
    stranger_flood,
    rings_used_up,
    hanging_calls,
    given_up,
    network_away,
    unconfirmed_shifts,
)


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
                ("error", delivery_error(last.error)),
            )
            yield FoundAlarm(desk, Alarm(kind, values=values))


def _may_last(facts: HealthFacts, call: OpenCall) -> timedelta:
    desk = next((desk for desk in facts.desks if desk.id == call.desk), None)
    if desk is None:
        return LOOK_BACK
    if call.talks:
        return IN_PLACE + timedelta(minutes=desk.ceilings.talk_minutes)
    return IN_PLACE + timedelta(seconds=desk.ceilings.message_seconds)
