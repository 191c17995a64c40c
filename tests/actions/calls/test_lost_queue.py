"""The network loses the queue in which a caller waits while the whole first line rings."""

from __future__ import annotations

from app.actions.calls.answer import Answer
from app.domain.calls.call import RingEnded
from app.domain.hunts.events import LegChanged
from app.domain.hunts.hunt import LegOutcome
from app.domain.hunts.instructions import Listen, Ring
from app.store import Database
from tests.support.sample_desk import DAY, DESK_TOML, SUPPORT, folder, sample_database
from tests.support.stored_call import DrivenCall
from tests.support.turns import take_leg_turn

AT_ONCE = DESK_TOML.replace('order = "in_order"', 'order = "at_once"')
LOST = RingEnded("failed", bridged=False)


def waiting(database: Database) -> DrivenCall:
    """A caller in the queue; both telephones of the first line ring."""
    call = DrivenCall(database, line=SUPPORT, start=DAY)
    call.arrives()
    call.presses("1", "1")
    for leg in (1, 2):
        tell(call, leg, "ringing")
    return call


def tell(call: DrivenCall, leg: int, status: str) -> Answer:
    event = LegChanged(leg, status, f"CA-leg-{leg}")
    return take_leg_turn(call.database, call.sid, event, call.now)


def test_while_they_ring_they_are_rung_again_in_order(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(desk=AT_ONCE)) as database:
        call = waiting(database)
        ring = call.does(LOST).instruction

        assert isinstance(ring, Ring)
        assert not ring.at_once
        assert [callee.name for callee in ring.callees] == ["First line 1"]


def test_after_somebody_accepted_they_are_rung_again_in_order(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(desk=AT_ONCE)) as database:
        call = waiting(database)
        call.somebody_accepts(2)
        ring = call.does(LOST).instruction

        assert isinstance(ring, Ring)
        assert call.stored.hunt.accepted_leg is None


def test_when_nobody_rang_any_more_a_message_is_taken(migrated_sqlite_url: str) -> None:
    with sample_database(migrated_sqlite_url, folder(desk=AT_ONCE)) as database:
        call = waiting(database)
        for leg in (1, 2):
            tell(call, leg, "no-answer")
        listen = call.does(LOST).instruction

        assert isinstance(listen, Listen)
        assert {leg.outcome for leg in call.stored.legs} == {LegOutcome.NO_ANSWER}
