import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.texts.catalogue import Texts
from app.domain.texts.message import Message

OSLO = "Europe/Oslo"
PROMPTS = Path(__file__).parents[3] / "voice_prompts"
TEXTS = Texts.read(
    {
        "names.toml": (PROMPTS / "names.toml").read_text("utf-8"),
        "call.toml": """
[only]
nb = "{at:when}"
nn = "{at:when}"
en = "{at:when}"

[until]
nb = "Åpent til {at:by}"
nn = "Ope til {at:by}"
en = "Open until {at:by}"
""",
    }
)
MONTHS = [
    "jan.",
    "feb.",
    "mars",
    "apr.",
    "mai",
    "juni",
    "juli",
    "aug.",
    "sept.",
    "okt.",
    "nov.",
    "des.",
]
WEEKDAYS = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"]


def told(at: str, now: str, language: str = "nn", *, spoken: bool = True) -> str:
    return words(wall(at), wall(now), language, spoken=spoken)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def words(at: datetime, now: datetime, language: str, *, spoken: bool) -> str:
    message = Message("only", language, (("at", at),))
    return TEXTS.render(message, now=now, time_zone=OSLO, spoken=spoken)


@pytest.mark.parametrize(
    ("at", "language", "spoken"),
    [
        ("2026-11-21 14:30", "nn", "i dag klokka 14 30"),
        ("2026-11-22 08:00", "nb", "i morgen klokken 8"),
        ("2026-11-23 08:05", "nn", "måndag klokka 8 0 5"),
        ("2026-11-27 08:00", "en", "Friday at 8 o'clock"),
        ("2026-11-28 08:00", "nb", "lørdag 28. november klokken 8"),
        ("2027-01-04 08:00", "nn", "måndag 4. januar klokka 8"),
        ("2027-10-18 16:45", "en", "18 October 2027 at 16 45"),
        ("2026-11-20 23:59", "nb", "fredag 20. november klokken 23 59"),
    ],
)
def test_a_voice_tells_the_day_as_seen_from_saturday_night(
    at: str, language: str, spoken: str
) -> None:
    assert told(at, "2026-11-21 03:00", language) == spoken


@pytest.mark.parametrize(
    ("at", "language", "written"),
    [
        ("2026-11-21 14:30", "nb", "i dag kl. 14.30"),
        ("2026-11-23 08:00", "nn", "måndag kl. 08.00"),
        ("2027-01-04 08:00", "nb", "man. 4. jan. kl. 08.00"),
        ("2027-01-04 08:00", "en", "Mon 4 Jan at 08:00"),
        ("2027-10-18 06:05", "nn", "18. okt. 2027 kl. 06.05"),
    ],
)
def test_an_eye_reads_the_day_with_a_full_clock(at: str, language: str, written: str) -> None:
    assert told(at, "2026-11-21 03:00", language, spoken=False) == written


def test_days_are_counted_on_the_wall_of_the_desk_not_in_utc() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # 00:30 on Sunday in Oslo
    assert words(late, late - timedelta(hours=2), "nb", spoken=True) == "i morgen klokken 0 30"


@pytest.mark.parametrize(
    ("at", "language", "spoken", "written"),
    [
        ("2026-11-21 16:00", "nb", False, "Åpent til kl. 16.00"),
        ("2026-11-21 16:00", "en", False, "Open until 16:00"),
        ("2026-11-22 08:00", "nn", False, "Ope til i morgon kl. 08.00"),
        ("2026-11-21 16:00", "nb", True, "Åpent til i dag klokken 16"),  # heard once: which day
    ],
)
def test_after_until_the_clock_says_enough_of_today(
    at: str, language: str, spoken: bool, written: str
) -> None:
    message = Message("until", language, (("at", wall(at)),))
    now = wall("2026-11-21 12:00")
    assert TEXTS.render(message, now=now, time_zone=OSLO, spoken=spoken) == written


def test_the_short_night_of_march_is_one_day_like_any_other() -> None:
    assert told("2027-03-28 08:00", "2027-03-27 20:00") == "i morgon klokka 8"


@given(
    minutes=st.integers(0, 4 * 365 * 24 * 60),
    ahead=st.timedeltas(timedelta(0), timedelta(days=400)),
)
@settings(max_examples=200)
def test_the_wall_time_can_be_read_back_from_what_is_written(
    minutes: int, ahead: timedelta
) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    at = (now + ahead).replace(second=0, microsecond=0)
    day, clock = words(at, now, "nb", spoken=False).split(" kl. ")
    local, today = at.astimezone(ZoneInfo(OSLO)), now.astimezone(ZoneInfo(OSLO)).date()
    assert clock == local.strftime("%H.%M")
    assert local.date() in _days_meant(day, today)


def _days_meant(day: str, today: date) -> set[date]:
    """The dates that a reader can mean; one only, except that a date leaves its year open."""
    if day in ("i dag", "i morgen"):
        return {today + timedelta(days=["i dag", "i morgen"].index(day))}
    if day in WEEKDAYS:
        ahead = (WEEKDAYS.index(day) - today.weekday()) % 7
        return {today + timedelta(days=ahead)} if ahead else set()
    found = re.fullmatch(r"(?:\S+ )?(\d+)\. (\S+)(?: (\d{4}))?", day)
    assert found, day
    number, month = int(found[1]), MONTHS.index(found[2]) + 1
    if found[3]:
        return {date(int(found[3]), month, number)}
    this_year = (today.month, today.day) <= (month, number)
    return {date(today.year if this_year else today.year + 1, month, number)}
