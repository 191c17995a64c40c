"""What each source would say itself of the schedules in exports/, half hour by half hour.

Written without any of our calculations: who has the telephone is told from the wall clock alone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tests.domain.time.wall_clock import OSLO, oslo

EXPORTS = Path(__file__).parent / "exports"
HALF_HOUR = timedelta(minutes=30)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
Who = Callable[[datetime, datetime], "str | None"]  # by the wall clock, and the instant
Piece = tuple[datetime, datetime, str]


def turn(wall: datetime, first: str, length: timedelta, members: tuple[str, ...]) -> str:
    """Whose turn it is, counted on the wall clock."""
    return members[((wall - datetime.fromisoformat(first)) // length) % len(members)]


def is_night(wall: datetime) -> bool:
    """Monday to Friday from 15:30 to 08:00, and the whole weekend."""
    minute = wall.hour * 60 + wall.minute
    return wall.weekday() >= 5 or minute < 480 or minute >= 930


def between(at: datetime, from_: str, to: str) -> bool:
    return oslo(from_) <= at < oslo(to)


def opsgenie_night(wall: datetime, at: datetime) -> str | None:
    if between(at, "2026-10-24 18:00", "2026-10-25 12:00"):
        return "u-per"
    if not is_night(wall):
        return None
    return turn(wall, "2026-08-03 15:30", WEEK, ("u-kari", "", "u-ola")) or None


def opsgenie_day(wall: datetime, at: datetime) -> str | None:
    is_day = 480 <= wall.hour * 60 + wall.minute < 930
    return turn(wall, "2026-08-03 08:00", DAY, ("u-per", "u-kari")) if is_day else None


def pagerduty(wall: datetime, at: datetime) -> str | None:
    if between(at, "2026-10-23 20:00", "2026-10-25 10:00"):
        return "POLA"
    if wall.weekday() >= 5:
        return turn(wall, "2026-08-01 00:00", WEEK, ("PEVA", "PPER"))
    return turn(wall, "2026-07-06 08:00", timedelta(hours=12), ("PKARI", "POLA", "PEVA"))


def grafana(wall: datetime, at: datetime) -> str | None:
    if between(at, "2026-10-24 18:00", "2026-10-25 08:00"):  # fifteen hours that night
        return "kari"
    since_saturday = (wall - datetime.fromisoformat("2026-08-08 08:00")) % WEEK
    if since_saturday < timedelta(hours=48):
        return turn(wall, "2026-08-08 08:00", WEEK, ("ola", "per"))
    evening = wall - timedelta(hours=15, minutes=30)
    if evening.weekday() >= 5 or wall - evening.replace(hour=0, minute=0) < timedelta(0):
        return None
    began = evening.replace(hour=0, minute=0) + timedelta(hours=15, minutes=30)
    if wall - began >= timedelta(hours=16, minutes=30):
        return None
    return turn(began, "2026-08-03 15:30", 2 * WEEK, ("ola", "per", "kari"))


def ilert(wall: datetime, at: datetime) -> str | None:
    if between(at, "2026-10-25 00:30", "2026-10-25 05:00"):
        return "Ola Ås"
    minute = wall.weekday() * 1440 + wall.hour * 60 + wall.minute
    wednesday, saturday = (
        2 * 1440 + 960 <= minute < 3 * 1440 + 450,
        5 * 1440 + 600 <= minute < 6 * 1440 + 1080,
    )
    if wednesday or saturday:
        return turn(wall, "2026-08-05 16:00", 2 * WEEK, ("Per Lie", "Kari Vik"))
    return turn(wall, "2026-08-03 08:00", WEEK, ("Kari Vik", "Ola Ås"))


def pieces(who: Who, first: str, days: int = 92) -> Iterator[Piece]:
    """Each person's stretches from a date on."""
    begun: Piece | None = None
    at, end = oslo(first), oslo(first) + timedelta(days=days)
    while at < end:
        person = who(at.astimezone(OSLO).replace(tzinfo=None, fold=0), at)
        if begun and begun[2] == person:
            begun = (begun[0], at + HALF_HOUR, begun[2])
        else:
            if begun:
                yield begun
            begun = (at, at + HALF_HOUR, person) if person else None
        at += HALF_HOUR
    if begun:
        yield begun


def opsgenie_timeline(first: str) -> str:
    rotations = [
        {
            "name": name,
            "periods": [
                {
                    "startDate": from_.isoformat(),
                    "endDate": to.isoformat(),
                    "type": "default",
                    "recipient": {"type": "user", "id": person, "name": person},
                }
                for from_, to, person in pieces(who, first)
            ],
        }
        for name, who in (("Natt og helg", opsgenie_night), ("Dag", opsgenie_day))
    ]
    return json.dumps({"data": {"finalTimeline": {"rotations": rotations}, "baseTimeline": {}}})


def pagerduty_final(first: str) -> str:
    entries = [
        {"start": from_.isoformat(), "end": to.isoformat(), "user": {"id": person}}
        for from_, to, person in pieces(pagerduty, first)
    ]
    return json.dumps({"schedule": {"final_schedule": {"rendered_schedule_entries": entries}}})


def grafana_final(first: str) -> str:
    shifts = [
        {
            "user_pk": f"U{person.upper()}",
            "user_email": f"{person}@kommune.example",
            "user_username": person,
            "shift_start": f"{from_:%Y-%m-%dT%H:%M:%SZ}",
            "shift_end": f"{to:%Y-%m-%dT%H:%M:%SZ}",
        }
        for from_, to, person in pieces(grafana, first)
    ]
    return json.dumps({"count": len(shifts), "results": shifts})


def ilert_ical(first: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN"]
    for n, (from_, to, person) in enumerate(pieces(ilert, first)):
        lines += [
            "BEGIN:VEVENT",
            f"UID:{n}@x",
            f"DTSTAMP:{from_:%Y%m%dT%H%M%SZ}",
            f"DTSTART:{from_:%Y%m%dT%H%M%SZ}",
            f"DTEND:{to:%Y%m%dT%H%M%SZ}",
            f"SUMMARY:On call: {person} (Vakt IT)",
            "END:VEVENT",
        ]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


@dataclass(frozen=True)
class Exported:
    """A source's files, and its final schedule from a date on."""

    files: tuple[str, ...]
    final: Callable[[str], str]


SOURCES = {
    "opsgenie": Exported(("opsgenie.json", "opsgenie_overrides.json"), opsgenie_timeline),
    "pagerduty": Exported(("pagerduty.json",), pagerduty_final),
    "grafana": Exported(("grafana.json",), grafana_final),
    "ilert": Exported(("ilert.json",), ilert_ical),
}
