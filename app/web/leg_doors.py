"""Twilio's doors for the other end: the whisper to somebody whom we rang, and their keys.

A leg is known by the caller's call and its own count there, both in the address.
"""

from functools import partial

from flask import Response, request

from app.actions.take_turn import LegEvent, UnknownCall
from app.domain.decision import End, Sentence
from app.phone import inbound, lifeline
from app.phone.fields import SID
from app.phone.lifeline import Rope
from app.phone.twiml import LEAVE_QUEUE, wait_in_queue
from app.store.tables import ROUND_SID
from app.web.guard import doors, nothing, xml
from app.web.metrics import UNKNOWN_STATUS
from app.web.spoken import Spoken, Turn, spoken, this_turn, worded

LEG = "/leg/<string(maxlength=64):call>/<int(max=9999):leg>"
WAIT_WITHOUT_KNOWING = 60  # seconds in the queue of a call of which nothing can be learnt


@doors.post(f"{LEG}/whisper")
def leg_whisper(call: str, leg: int) -> Response:
    """Tell whoever lifted the receiver what it is about."""
    turn = this_turn()
    event = inbound.read_leg_answered(turn.post, leg)
    instead = partial(lifeline.whisper, _rope(turn), _key_address(turn, call, leg))
    if _is_round(call):
        instead = partial(_round_lost, turn)
    return spoken(turn, partial(_leg_turn, turn, call, event), instead)


@doors.post(f"{LEG}/key", defaults={"heard": None})
@doors.post(f"{LEG}/key/<int(max=99):heard>")
def leg_key(call: str, leg: int, heard: int | None) -> Response:
    """Do what the key says. Key 1 connects even when the acceptance cannot be stored."""
    turn = this_turn()
    event = inbound.read_leg_key(request.form, leg)
    queue = call if inbound.is_call_of_ours(request.form) else ""
    address = _key_address(turn, call, leg)
    instead = partial(lifeline.key_pressed, event.key, _rope(turn), address, queue)
    if _is_round(call):
        instead = partial(_round_lost, turn)
    return spoken(turn, partial(_leg_turn, turn, call, event, heard), instead)


@doors.post(f"{LEG}/status")
def leg_status(call: str, leg: int) -> Response:
    """Note how a leg fares."""
    turn = this_turn()
    event = inbound.read_leg_status(turn.post, leg)
    if not event.status:  # a word that nobody knows says nothing
        UNKNOWN_STATUS.labels("leg").inc()
        return nothing()
    _leg_turn(turn, call, event)
    return nothing()


@doors.post("/wait/<int(max=9999):number>")
def wait(number: int) -> Response:
    """Let a caller in the queue hear that it rings, or leave it when nobody is left."""
    turn = this_turn()
    waited = inbound.read_queue_seconds(request.form)
    corridor = turn.house.corridor
    try:
        goes_on = corridor.shall_wait(turn.post.call_sid, waited, turn.real_now, number)
    except Exception:  # the legs ring on, whatever we know of them
        goes_on = waited < WAIT_WITHOUT_KNOWING
    return xml(wait_in_queue(turn.house.addresses) if goes_on else LEAVE_QUEUE)


def _leg_turn(turn: Turn, call: str, event: LegEvent, heard: int | None = None) -> Spoken:
    """Take the leg's turn; a leg of a call that nobody knows is hung up."""
    if not SID.fullmatch(call):
        return End()
    try:
        corridor = turn.house.corridor
        return corridor.take_leg_turn(call, event, turn.real_now, turn.moment, heard)
    except UnknownCall:
        return End()


def _is_round(call: str) -> bool:
    """Tell whether no caller waits at the other end: then there is nobody to connect with."""
    return call.startswith(ROUND_SID)


def _round_lost(turn: Turn) -> str:
    """Say that a case waits, and that no key can be kept: there is neither database nor journal."""
    sentence = Sentence("whisper_round_lost", _rope(turn).language)
    return worded(turn.house, End((sentence,))) or ""


def _rope(turn: Turn) -> Rope:
    """The lifeline of the line whose caller waits: a leg is rung with our own number."""
    return turn.house.lifeline.rope(inbound.read_caller_id(request.form))


def _key_address(turn: Turn, call: str, leg: int) -> str:
    return turn.house.addresses.leg(call, leg, "key")
