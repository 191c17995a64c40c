"""Turns as the doors ask for them, given to the database itself or to the whole turn service."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from app.actions.calls.answer import Answer, TurnWriter, UnknownCall
from app.actions.calls.take_turn import prepare_turn
from app.actions.calls.take_turn import take_turn as _take_turn
from app.actions.calls.turn_service import TurnService
from app.domain.calls import turn_request
from app.domain.calls.call import Event
from app.domain.calls.turn_request import ClockReading, Dialled, TurnRequest
from app.domain.hunts.events import LegEvent
from app.domain.numbers import Number
from app.store import Database
from app.store.apply import apply

Taker = Database | TurnService


def take(taker: Taker, request: TurnRequest, write_turn: TurnWriter = apply) -> Answer:
    if isinstance(taker, TurnService):
        return taker.take(request)
    if write_turn is apply:
        return taker.write(prepare_turn(taker, request))
    return taker.write(partial(_take_turn, request=request, write_turn=write_turn))


def answer_call(
    taker: Taker,
    sid: str,
    line: str,
    caller: Number,
    now: datetime,
    moment: datetime | None = None,
    *,
    turn: int = 0,
    write_turn: TurnWriter = apply,
) -> Answer:
    request = turn_request.arrival(sid, Dialled(line, caller), ClockReading(now, moment), turn)
    return take(taker, request, write_turn)


def take_turn(
    taker: Taker,
    sid: str,
    turn: int,
    event: Event,
    now: datetime,
    moment: datetime | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer:
    request = turn_request.callers_turn(sid, turn, event, ClockReading(now, moment))
    return take(taker, request, write_turn)


def take_leg_turn(
    taker: Taker,
    sid: str,
    event: LegEvent,
    now: datetime,
    moment: datetime | None = None,
    heard: int | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer:
    clock = ClockReading(now, moment)
    return take(taker, turn_request.leg_turn(sid, event, clock, heard), write_turn)


def hang_up(
    taker: Taker,
    sid: str,
    now: datetime,
    moment: datetime | None = None,
    *,
    write_turn: TurnWriter = apply,
) -> Answer | None:
    """None for a call that was never stored."""
    try:
        return take(taker, turn_request.hang_up(sid, ClockReading(now, moment)), write_turn)
    except UnknownCall:
        return None
