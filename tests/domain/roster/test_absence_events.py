"""What other programs' calendars say about absence: what counts, when it is, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from textwrap import dedent

import pytest

from app.domain.access.actor import command_line
from app.domain.message_refs import MessageError
from app.domain.roster.absence_events import absences_in
from app.domain.roster.absence_feed import (
    AbsenceFeed,
    FeedFailed,
    FeedTrouble,
    absence_changes,
    read_feed_address,
)
from app.domain.roster.entries import RosterEntry, Withdrawal
from app.domain.roster.plan import Absence
from app.domain.time.intervals import Interval
from tests.domain.time.wall_clock import OSLO, oslo

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
HOLIDAY = "DTSTART;VALUE=DATE:20261012\nDTEND;VALUE=DATE:20261017"
DAYS = Interval(oslo("2026-10-12 00:00"), oslo("2026-10-17 00:00"))
ME = command_line("me")
FEED = AbsenceFeed(3, "drift", "kari", "https://cal.example.org/secret.ics")


def file(*events: str, around: str = "") -> bytes:
    parts = [f"BEGIN:VEVENT\nUID:{n}\nDTSTAMP:20260901T080000Z\n{each}\nEND:VEVENT"
             for n, each in enumerate(events)]  # fmt: skip
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", dedent(around).strip(), *parts]
    return "\r\n".join("\n".join([*filter(None, lines), "END:VCALENDAR", ""]).split("\n")).encode()


def read(*events: str, around: str = "") -> list[tuple[str, str]]:
    found = absences_in(file(*events, around=around), OSLO, NOW)
    return [(on_the_wall(each.from_), on_the_wall(each.to)) for each in found]


def on_the_wall(at: datetime) -> str:
    return f"{at.astimezone(OSLO):%d.%m. %H:%M}"


def test_whole_days_are_those_of_the_roster_and_the_last_one_is_not_in() -> None:
    assert absences_in(file(HOLIDAY), OSLO, NOW) == (DAYS,)


@pytest.mark.parametrize(
    "said",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "STATUS:TENTATIVE",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE",
    ],
)
def test_what_is_free_or_cancelled_or_only_perhaps_is_no_absence(said: str) -> None:
    assert read(f"{HOLIDAY}\n{said}") == []


@pytest.mark.parametrize("said", ["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:OOF", "SUMMARY:x"])
def test_what_is_shown_as_away_or_busy_is_one(said: str) -> None:
    assert read(f"{HOLIDAY}\n{said}") == [("12.10. 00:00", "17.10. 00:00")]


@pytest.mark.parametrize(
    "zone",
    [";TZID=Romance Standard Time", ";TZID=Europe/Oslo", "", ";TZID=W. Europe Standard Time"],
)
def test_zones_of_windows_and_times_without_one_are_understood(zone: str) -> None:
    event = f"DTSTART{zone}:20261026T080000\nDTEND{zone}:20261026T160000"
    assert read(event) == [("26.10. 08:00", "26.10. 16:00")]


def test_what_comes_again_is_read_over_the_clock_change_with_its_exceptions() -> None:
    weekly = "DTSTART;TZID=Europe/Oslo:20261019T120000\nDURATION:PT2H\nRRULE:FREQ=WEEKLY;COUNT=4\n"
    assert read(f"{weekly}EXDATE;TZID=Europe/Oslo:20261102T120000") == [
        ("19.10. 12:00", "19.10. 14:00"),
        ("26.10. 12:00", "26.10. 14:00"),
        ("09.11. 12:00", "09.11. 14:00"),
    ]


def test_a_calendar_that_only_tells_when_somebody_is_busy_is_read() -> None:
    busy = """
        BEGIN:VFREEBUSY
        UID:1
        DTSTAMP:20260901T080000Z
        FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261012T080000Z/20261012T100000Z
        FREEBUSY;FBTYPE=FREE:20261013T080000Z/PT2H
        END:VFREEBUSY
    """
    assert read(around=busy) == [("12.10. 10:00", "12.10. 12:00")]


def test_what_is_over_or_far_ahead_is_left_alone_and_what_touches_is_one() -> None:
    over = "DTSTART:20260901T080000Z\nDTEND:20260902T080000Z"
    far = "DTSTART:20290901T080000Z\nDTEND:20290902T080000Z"
    next_one = "DTSTART;VALUE=DATE:20261017\nDTEND;VALUE=DATE:20261018"
    assert read(over, far, HOLIDAY, next_one) == [("12.10. 00:00", "18.10. 00:00")]


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", FeedTrouble.NOT_A_CALENDAR),
        (b"<html>Log in</html>", FeedTrouble.NOT_A_CALENDAR),
        (b"\xff\xfe", FeedTrouble.NOT_A_CALENDAR),
        (file(HOLIDAY)[:-20], FeedTrouble.NOT_A_CALENDAR),
        (file("SUMMARY:no time at all"), FeedTrouble.NOT_A_CALENDAR),
        (file("DTSTART:yesterday"), FeedTrouble.NOT_A_CALENDAR),
        (file("DTSTART:20261012T080000Z\nRRULE:FREQ=SECONDLY"), FeedTrouble.TOO_MANY_EVENTS),
        (
            file(*["DTSTART:20261012T080000Z\nDTEND:20261012T090000Z\nRRULE:FREQ=DAILY"] * 51),
            FeedTrouble.TOO_MANY_EVENTS,
        ),
    ],
)
def test_what_is_no_calendar_or_has_no_end_is_refused(content: bytes, trouble: FeedTrouble) -> None:
    with pytest.raises(FeedFailed) as failed:
        absences_in(content, OSLO, NOW)
    assert failed.value.trouble is trouble


def entry(
    number: int, when: Interval, *, by_feed: bool = True, gone_by: object = None
) -> RosterEntry:
    author = FEED.actor if by_feed else ME
    withdrawal = Withdrawal(gone_by, NOW) if gone_by else None  # type: ignore[arg-type]
    return RosterEntry(number, Absence("kari", when.from_, when.to), author, NOW, withdrawal)


def test_a_reading_changes_only_what_the_same_calendar_has_told() -> None:
    moved = Interval(DAYS.from_, DAYS.to + timedelta(days=1))
    over = Interval(NOW - timedelta(days=3), NOW - timedelta(days=1))
    other = Interval(oslo("2026-12-01 00:00"), oslo("2026-12-05 00:00"))
    stored = (entry(1, DAYS), entry(2, over), entry(3, other, by_feed=False))
    changes = absence_changes(FEED, (moved, other), stored, NOW)
    assert [(each.from_, each.to) for each in changes.add] == [(moved.from_, moved.to)]
    assert changes.withdraw == (1,)
    assert changes.add[0].author == "iCal cal.example.org"
    assert not absence_changes(FEED, (DAYS, other), stored, NOW)


def test_what_somebody_took_back_is_not_brought_back() -> None:
    assert not absence_changes(FEED, (DAYS,), (entry(1, DAYS, gone_by=ME),), NOW)
    assert absence_changes(FEED, (DAYS,), (entry(1, DAYS, gone_by=FEED.actor),), NOW)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("webcal://cal.example.org/a.ics", "https://cal.example.org/a.ics"),
        (" HTTPS://cal.example.org:8443/a?b=1 ", "https://cal.example.org:8443/a?b=1"),
        ("http://cal.example.org/a.ics", None),
        ("file:///etc/passwd", None),
        ("https://me:word@cal.example.org/", None),
        ("https://cal.example.org/a\r\nX: y", None),
        ("https:///a", None),
    ],
)
def test_addresses_are_read_strictly(text: str, url: str | None) -> None:
    if url:
        assert read_feed_address(text) == url
        return
    with pytest.raises(MessageError):
        read_feed_address(text)
