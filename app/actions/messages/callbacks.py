"""Callbacks outside a call's turns: taken in the database, or stored offline while that is away."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from pydantic import TypeAdapter

from app.actions.calls.turn_service import TurnService
from app.actions.messages.answer_sms import HELP, is_asked_for_again, is_contact, name_of
from app.actions.messages.staff import Replies, StaffSms, staff_among
from app.actions.messages.staff_commands import COMMANDS_ALLOWED, not_now, without_database
from app.actions.messages.take_sms import (
    SmsResult,
    take_delivery,
    take_recording,
    take_sms,
)
from app.actions.roster.shown_rosters import rosters_of
from app.domain.desks.desk import Desk
from app.domain.messages.cases import read_level
from app.domain.messages.commands import read_command
from app.domain.messages.intent import ONE_REPLY_IN, REQUESTS, SmsIntent, intent_of
from app.domain.numbers import parse_number
from app.domain.texts.message import Message
from app.offline.callbacks import StoredCallback
from app.offline.offline_store import OfflineStore
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, desk_of_line, list_desks
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
    offline = turn_service.offline
    before = _waiting_from(offline, callback, now) if isinstance(callback, ReceivedSms) else 0
    offline.store_callback(NAMES[type(callback)], asdict(callback), now)
    if not isinstance(callback, ReceivedSms):
        return None
    line = parse_number(callback.line).digits or callback.line
    live = offline.query(partial(desk_of_line, line=line))
    if live and callback.sender and before < COMMANDS_ALLOWED:
        sms = replace(callback, line=line)
        told = _to_staff(offline, sms, live.desk, now, is_first=not before)
        if told is not None:
            return SmsResult(live, is_answered=bool(told), replies=told)
    return _deferred(live, callback, is_answered=bool(callback.sender) and not before)


def _to_staff(
    offline: OfflineStore, sms: ReceivedSms, desk: Desk, now: datetime, *, is_first: bool
) -> Replies | None:
    """Answer a command: what can be read is, and of a change it is said that it did not happen.

    None where it is a caller's words. What may be a machine's is answered where it `is_first`.
    """
    command = read_command(sms.body)
    if command is None and intent_of(sms.body) is not SmsIntent.OTHER:
        return None
    members = offline.query(
        lambda known: staff_among(rosters_of(list_desks(known)).values(), sms.sender, now)
    )
    if not members and not (command and is_asked_for_again(command, desk, sms)):
        return None
    is_answered = is_first or (command and (members or is_contact(desk, sms.sender)))
    asked = StaffSms(sms, command or HELP, members, desk, now)
    if not is_answered:
        return ()
    return without_database(asked) if members else not_now(asked)


def _deferred(live: LiveDesk | None, sms: ReceivedSms, *, is_answered: bool) -> SmsResult:
    """What an SMS asks for has to wait: who may ask for it is told to ask once more."""
    intent = intent_of(sms.body)
    if intent in (SmsIntent.STOP, SmsIntent.START):
        return SmsResult(live, is_answered=False)
    if live and intent in REQUESTS and name_of(live, sms.sender):
        values = (("desk", live.desk.name),)
        later = Message("sms_withheld_not_now", live.desk.lines[0].languages[0], values)
        return SmsResult(live, is_answered, (later,))
    return _of_caller(live, sms, is_answered=is_answered)


def _of_caller(live: LiveDesk | None, sms: ReceivedSms, *, is_answered: bool) -> SmsResult:
    """What a caller wrote is taken later, and they get its number then; an answer is not."""
    number = parse_number(sms.sender)
    line = live.desk.line(parse_number(sms.line).digits) if live else None
    if live is None or line is None or not number.can_receive_sms:
        return SmsResult(live, is_answered)
    key = "sms_case.answer_not_now" if read_level(sms.body) else "sms_case.kept"
    values = (("desk", live.desk.name), ("phone", line.public_number))
    return SmsResult(live, is_answered, (Message(key, line.languages[0], values),))


def _waiting_from(offline: OfflineStore, sms: ReceivedSms, now: datetime) -> int:
    """Count what waits here from this sender since less than an hour."""
    return sum(
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
