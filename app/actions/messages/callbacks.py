"""Callbacks outside a call's turns: taken in the database, or stored offline while that is away."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from pydantic import TypeAdapter

from app.actions.calls.turn_service import TurnService
from app.actions.messages.take_sms import (
    REQUESTS,
    SmsResult,
    name_of,
    take_delivery,
    take_recording,
    take_sms,
)
from app.domain.calls.sms_intent import ONE_REPLY_IN, SmsIntent, intent_of
from app.domain.numbers import parse_number
from app.domain.texts.message import Message
from app.offline.callbacks import StoredCallback
from app.offline.offline_store import OfflineStore
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, desk_of_line
from app.store.sms import DeliveryReport, ReceivedSms

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingCallback:
    """What the network tells of a recording."""

    call_sid: str
    recording: str
    status: str


Callback = ReceivedSms | DeliveryReport | RecordingCallback
KINDS: Final[dict[str, type[Callback]]] = {
    "sms": ReceivedSms,
    "delivery": DeliveryReport,
    "recording": RecordingCallback,
}
NAMES: Final = {kind: name for name, kind in KINDS.items()}


def take_callback(turn_service: TurnService, callback: Callback, now: datetime) -> SmsResult | None:
    """Take a callback, once; for an SMS return the desk it came to, and how it is answered.

    DatabaseUnavailable where it can be kept nowhere: then the network is told so.
    """
    if not turn_service.breaker.is_open(now):
        try:
            return _take(turn_service.database, callback, now)
        except DatabaseUnavailable as trouble:
            turn_service.breaker.trip(now)
            log.error("database_away", error=str(trouble))
    is_answered = isinstance(callback, ReceivedSms) and _is_first(
        turn_service.offline, callback, now
    )
    turn_service.offline.store_callback(NAMES[type(callback)], asdict(callback), now)
    if not isinstance(callback, ReceivedSms):
        return None
    line = parse_number(callback.line).digits or callback.line
    live = turn_service.offline.query(partial(desk_of_line, line=line))
    return _deferred(live, callback, is_answered=is_answered)


def _deferred(live: LiveDesk | None, sms: ReceivedSms, *, is_answered: bool) -> SmsResult:
    """What an SMS asks for has to wait: who may ask for it is told to ask once more."""
    intent = intent_of(sms.body)
    if intent in (SmsIntent.STOP, SmsIntent.START):
        return SmsResult(live, is_answered=False)
    if live and intent in REQUESTS and name_of(live, sms.sender):
        values = (("desk", live.desk.name),)
        later = Message("sms_withheld_not_now", live.desk.lines[0].languages[0], values)
        return SmsResult(live, is_answered, later)
    return SmsResult(live, is_answered)


def _is_first(offline: OfflineStore, sms: ReceivedSms, now: datetime) -> bool:
    """Tell whether nothing from this sender waits here since less than an hour."""
    return bool(sms.sender) and not any(
        callback.kind == NAMES[ReceivedSms]
        and callback.facts["sender"] == sms.sender
        and callback.facts["sid"] != sms.sid
        and now - callback.at < ONE_REPLY_IN
        for callback in offline.stored_callbacks()
    )


def import_callbacks(database: Database, offline: OfflineStore) -> None:
    """Take what the offline store has kept. Each is taken once, however often it is tried."""
    for callback in offline.stored_callbacks():
        try:
            _take(database, _read(callback), callback.at, is_late=True)
            offline.delete_callback(callback)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("callback_stuck", kind=callback.kind)


def _read(callback: StoredCallback) -> Callback:
    return TypeAdapter(KINDS[callback.kind]).validate_python(callback.facts)


def _take(
    database: Database, callback: Callback, now: datetime, *, is_late: bool = False
) -> SmsResult | None:
    match callback:
        case ReceivedSms():
            return take_sms(database, callback, now, is_late=is_late)
        case DeliveryReport():
            take_delivery(database, callback, now)
        case RecordingCallback():
            take_recording(database, callback.call_sid, callback.recording, callback.status, now)
    return None
