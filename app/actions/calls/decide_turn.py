"""Decide on one event of a call, in the world as the database has it.

What strangers may cause is counted for the roster, so two of their calls must not count at the
same instant: each would find room. Only a stranger's turn that rings the duty, or opens an urgent
ticket, waits for the others; a known customer's turn asks nothing more.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from app.actions.calls.staff_turn import is_staff_turn, take_staff_turn
from app.domain.calls.call import Call, Event
from app.domain.calls.context import CallContext
from app.domain.calls.decide import decide
from app.domain.calls.decision import Decision
from app.domain.calls.turn_request import Moment
from app.domain.hunts.world import World
from app.domain.roles import Role
from app.store.snapshot import Snapshot, lock_roster_of, take_snapshot


def decide_turn(
    connection: Connection, call: Call, event: Event, moment: Moment, *, knows_less: bool = False
) -> tuple[Snapshot, Decision]:
    """Return what was known, and what follows from it.

    What somebody's key in the staff's menu asks for is done before; nothing is where this knows
    less, because the database is away.
    """
    if is_staff_turn(call, event) and not knows_less:
        view = take_staff_turn(connection, call, event, moment)
        snapshot = take_snapshot(connection, call, event, moment.now, moment.real)
        snapshot = replace(snapshot, world=replace(snapshot.world, staff=view))
        return snapshot, decide(call, event, snapshot.world, moment.now)
    snapshot = take_snapshot(connection, call, event, moment.now, moment.real)
    decision = decide(call, event, snapshot.world, moment.now)
    if uses_strangers_limits(call, decision, snapshot.world, moment.now):
        lock_roster_of(connection, decision.call.desk)
        # Others may have rung, or opened the ticket, since the first look.
        snapshot = take_snapshot(connection, call, event, moment.now, moment.real)
        decision = decide(call, event, snapshot.world, moment.now)
    return snapshot, decision


def uses_strangers_limits(before: Call, decision: Decision, world: World, now: datetime) -> bool:
    """Tell whether this may only be decided while others who count there wait."""
    call = decision.call
    rung, ticket = call.legs[len(before.legs) :], call.ticket
    wakes = any(leg.callee.role is not Role.FIRST_LINE for leg in rung)
    opens = before.ticket is None and ticket is not None and ticket.is_urgent
    if world.roster is None or not (wakes or opens):
        return False
    return CallContext(call, world, now).is_stranger
