"""Posts beside the turns: taken in the database, or kept by the standby while that is away."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from pydantic import TypeAdapter

from app.actions.corridor import Corridor
from app.actions.take_sms import (
    REQUESTS,
    SmsTaken,
    name_of,
    take_delivery,
    take_recording,
    take_sms,
)
from app.domain.decision import Sentence
from app.domain.people import parse_number
from app.domain.sms_intent import SmsIntent, intent_of
from app.standby.posts import KeptPost
from app.standby.standby import Standby
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, desk_of_line
from app.store.sms import ReceivedSms, Told
from app.store.sms_senders import ONE_REPLY_IN

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ToldRecording:
    """What the network tells of a recording."""

    call_sid: str
    recording: str
    status: str


Beside = ReceivedSms | Told | ToldRecording
KINDS: Final[dict[str, type[Beside]]] = {
    "sms": ReceivedSms,
    "delivery": Told,
    "recording": ToldRecording,
}
NAMES: Final = {kind: name for name, kind in KINDS.items()}


def take_beside(corridor: Corridor, post: Beside, now: datetime) -> SmsTaken | None:
    """Take a post, once; for an SMS return the desk it came to, and how it is answered.

    DatabaseUnavailable where it can be kept nowhere: then the network is told so.
    """
    if not corridor.breaker.is_open(now):
        try:
            return _take(corridor.database, post, now)
        except DatabaseUnavailable as trouble:
            corridor.breaker.trip(now)
            log.error("database_away", error=str(trouble))
    is_answered = isinstance(post, ReceivedSms) and _is_first(corridor.standby, post, now)
    corridor.standby.keep_post(NAMES[type(post)], asdict(post), now)
    if not isinstance(post, ReceivedSms):
        return None
    line = parse_number(post.line).digits or post.line
    live = corridor.standby.look(partial(desk_of_line, line=line))
    return _taken_later(live, post, is_answered=is_answered)


def _taken_later(live: LiveDesk | None, sms: ReceivedSms, *, is_answered: bool) -> SmsTaken:
    """What an SMS asks for has to wait: who may ask for it is told to ask once more."""
    intent = intent_of(sms.body)
    if intent in (SmsIntent.STOP, SmsIntent.START):
        return SmsTaken(live, is_answered=False)
    if live and intent in REQUESTS and name_of(live, sms.sender):
        values = (("desk", live.desk.name),)
        later = Sentence("sms_withheld_not_now", live.desk.lines[0].languages[0], values)
        return SmsTaken(live, is_answered, later)
    return SmsTaken(live, is_answered)


def _is_first(standby: Standby, sms: ReceivedSms, now: datetime) -> bool:
    """Tell whether nothing from this sender waits here since less than an hour."""
    return bool(sms.sender) and not any(
        post.kind == NAMES[ReceivedSms]
        and post.facts["sender"] == sms.sender
        and post.facts["sid"] != sms.sid
        and now - post.at < ONE_REPLY_IN
        for post in standby.kept_posts()
    )


def replay_posts(database: Database, standby: Standby) -> None:
    """Take what the standby has kept. Each is taken once, however often it is tried."""
    for kept in standby.kept_posts():
        try:
            _take(database, _read(kept), kept.at, is_late=True)
            standby.forget_post(kept)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("post_stuck", kind=kept.kind)


def _read(kept: KeptPost) -> Beside:
    return TypeAdapter(KINDS[kept.kind]).validate_python(kept.facts)


def _take(
    database: Database, post: Beside, now: datetime, *, is_late: bool = False
) -> SmsTaken | None:
    match post:
        case ReceivedSms():
            return take_sms(database, post, now, is_late=is_late)
        case Told():
            take_delivery(database, post, now)
        case ToldRecording():
            take_recording(database, post.call_sid, post.recording, post.status, now)
    return None
