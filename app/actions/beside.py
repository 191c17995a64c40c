"""Posts beside the turns: taken in the database, or kept by the standby while that is away."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Final

import structlog
from pydantic import TypeAdapter

from app.actions.corridor import Corridor
from app.actions.take_sms import take_delivery, take_recording, take_sms
from app.domain.people import parse_number
from app.standby.posts import KeptPost
from app.standby.standby import Standby
from app.store import Database, DatabaseUnavailable
from app.store.desks import LiveDesk, desk_of_line
from app.store.sms import ReceivedSms, Told

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


def take_beside(corridor: Corridor, post: Beside, now: datetime) -> LiveDesk | None:
    """Take a post, once; for an SMS return the desk it came to, where that can be known.

    DatabaseUnavailable where it can be kept nowhere: then the network is told so.
    """
    if not corridor.breaker.is_open(now):
        try:
            return _take(corridor.database, post, now)
        except DatabaseUnavailable as trouble:
            corridor.breaker.trip(now)
            log.error("database_away", error=str(trouble))
    corridor.standby.keep_post(NAMES[type(post)], asdict(post), now)
    if not isinstance(post, ReceivedSms):
        return None
    line = parse_number(post.line).digits or post.line
    return corridor.standby.look(partial(desk_of_line, line=line))


def replay_posts(database: Database, standby: Standby) -> None:
    """Take what the standby has kept. Each is taken once, however often it is tried."""
    for kept in standby.kept_posts():
        try:
            _take(database, _read(kept), kept.at)
            standby.forget_post(kept)
        except DatabaseUnavailable:
            raise
        except Exception:
            log.exception("post_stuck", kind=kept.kind)


def _read(kept: KeptPost) -> Beside:
    return TypeAdapter(KINDS[kept.kind]).validate_python(kept.facts)


def _take(database: Database, post: Beside, now: datetime) -> LiveDesk | None:
    match post:
        case ReceivedSms():
            return take_sms(database, post, now)
        case Told():
            take_delivery(database, post, now)
        case ToldRecording():
            take_recording(database, post.call_sid, post.recording, post.status, now)
    return None
