"""A rotation in words: `Primary, every week on Monday at 08.00: Vakt 1, Vakt 2 (60 %)`."""

from typing import Final

from app.domain.message_refs import MessageRef, RefValue, ref
from app.domain.roster.plan import Roster
from app.domain.roster.rotation import Rotation, RotationKind
from app.domain.roster.turn_order import EQUAL, FULL
from app.domain.time.wall_time import WEEKDAY_CODES
from app.web.pages.hours_words import clock_text

# What a shift of one is called.
EACH: Final = {
    RotationKind.WEEKLY: "rotation_words.every_week",
    RotationKind.DAILY: "rotation_words.every_day",
    RotationKind.HOURS: "rotation_words.every_hour",
}


def rotation_words(rotation: Rotation, roster: Roster) -> MessageRef:
    """Say who takes turns in what, how long, and in what order."""
    latest = rotation.weights[-1] if rotation.weights else EQUAL
    members = tuple(_member(roster.name_of(each), latest.of(each)) for each in rotation.members)
    return ref(
        "rotation_words.rotation",
        role=MessageRef(f"role.{rotation.role}"),
        length=_length(rotation),
        handover=_handover(rotation),
        members=members,
        backup=MessageRef("rotation_words.backup") if rotation.backup_is_next else "",
        over=ref("rotation_words.over", rotation=rotation.over) if rotation.over else "",
    )


def _length(rotation: Rotation) -> MessageRef:
    single = EACH.get(rotation.kind) if rotation.every == 1 else None
    if single:
        return MessageRef(single)
    return ref(f"rotation_words.{rotation.kind}", every=rotation.every)


def _member(name: str, percent: int) -> str | MessageRef:
    return name if percent == FULL else ref("rotation_words.member", name=name, percent=percent)


def _handover(rotation: Rotation) -> RefValue:
    at = clock_text(rotation.handover_minute)
    if rotation.handover_weekday is None:
        return ref("rotation_words.at", at=at)
    day = MessageRef(f"weekday.{WEEKDAY_CODES[rotation.handover_weekday]}")
    return ref("rotation_words.day_at", day=day, at=at)
