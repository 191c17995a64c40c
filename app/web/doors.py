"""Twilio's doors for the caller: every turn of a call, and its end.

Thin: read the form, call one action, render. Whatever fails in there, the caller gets
the lifeline (house.md, rule 6).
"""

from functools import partial

from flask import Response, request

from app.actions.take_turn import Answer, UnknownCall
from app.domain.call import Event, HungUp
from app.phone import inbound, lifeline
from app.phone.status_words import StatusDoor, status_word
from app.web.guard import doors, nothing
from app.web.measured import measured
from app.web.metrics import UNKNOWN_STATUS
from app.web.spoken import Turn, spoken, this_turn


@doors.post("/voice")
def voice() -> Response:
    """Take an incoming call; the number that was called picks the line."""
    turn = this_turn()
    return spoken(turn, partial(_arrive, turn), partial(_lifeline, turn))


@doors.post("/voice/turn/<int(max=9999):number>")
def voice_turn(number: int) -> Response:
    """Answer what the caller did on a turn."""
    turn = this_turn()
    query = request.query_string.decode("latin-1")
    if inbound.has_unknown_dial_status(request.form):
        UNKNOWN_STATUS.labels("dial").inc()  # the caller still gets the next step
    events = inbound.read_turn(request.form, turn.post, query)
    return spoken(turn, partial(_go_on, turn, number, events, query), partial(_lifeline, turn))


@doors.post("/status")
def line_status() -> Response:
    """Note that the caller has hung up: a hang-up during a prompt is told here only."""
    turn = this_turn()
    if not status_word(StatusDoor.CALL, turn.post.status):
        UNKNOWN_STATUS.labels("call").inc()
    gone = inbound.read_line_status(turn.post)
    if gone:
        _gone(turn, gone)
    return nothing()


def _arrive(turn: Turn, number: int = 0) -> Answer:
    post, corridor = turn.post, turn.house.corridor
    who = (post.call_sid, post.to, post.caller)
    answer = corridor.answer_call(*who, turn.real_now, turn.moment, turn=number)
    if post.has_ended:
        _gone(turn, HungUp(post.status))
    return answer


def _go_on(turn: Turn, number: int, events: tuple[Event, ...], query: str) -> Answer | None:
    """Take the turn, then the hang-up that came with it; a call not known here begins anew."""
    first, *rest = events
    if isinstance(first, HungUp):
        return _gone(turn, first)
    first = measured(turn, first, query)
    sid, corridor = turn.post.call_sid, turn.house.corridor
    try:
        answer = corridor.take_turn(sid, number, first, turn.real_now, turn.moment)
    except UnknownCall:
        return _arrive(turn, number)
    for event in rest:
        if isinstance(event, HungUp):
            _gone(turn, event)
    return answer


def _gone(turn: Turn, gone: HungUp) -> Answer | None:
    sid, corridor = turn.post.call_sid, turn.house.corridor
    return corridor.hang_up(sid, turn.real_now, turn.moment, gone.status)


def _lifeline(turn: Turn) -> str:
    here, line = turn.house, turn.post.to
    return lifeline.answer(here.lifeline.rope(line), line, here.addresses)
